"""While Token and key are being changed, both pairs are good."""

import pytest

from kit.callbacks import CORP, KEY, TOKEN, V5, callback, seal, url_check
from wxkf.errors import CallbackError
from wxkf.protocol.callback import Receiver

NEW = ("newtoken", "n" * 43)
QUERY, BODY = callback(V5.message)


def test_the_old_pair_is_accepted_beside_the_new_one() -> None:
    receiver = Receiver(*NEW, CORP, (TOKEN, KEY))
    assert receiver.read(QUERY, BODY).raw == V5.message
    assert receiver.verify_url(url_check(seal(b"42"))) == b"42"


def test_the_new_pair_is_accepted_beside_the_old_one() -> None:
    assert Receiver(TOKEN, KEY, CORP, NEW).read(QUERY, BODY).raw == V5.message


def test_without_the_old_pair_it_is_refused() -> None:
    with pytest.raises(CallbackError):
        Receiver(*NEW, CORP).read(QUERY, BODY)


def test_the_old_pair_is_for_the_same_receiver() -> None:
    with pytest.raises(CallbackError):
        Receiver(*NEW, "wwother", (TOKEN, KEY)).read(QUERY, BODY)
