"""A short run of the fuzz target, and the worst cases, which fail by never ending."""

from fuzz.callback import ENVELOPES, MESSAGES, fuzz
from fuzz.worst import worst
from kit.callbacks import V5, callback, receiver
from wxkf.errors import CallbackError


def test_what_is_to_be_broken_is_whole() -> None:
    assert [receiver().read(*callback(message)).raw for message in MESSAGES] == MESSAGES
    assert {receiver().read(V5.query, body).raw for body in ENVELOPES} == {V5.message}


def test_twenty_thousand_broken_requests_are_a_notice_or_the_one_error() -> None:
    tally = fuzz(seed=7, inputs=20_000)
    assert tally.notices + tally.answers + tally.refusals == tally.inputs == 20_000
    assert min(tally.notices, tally.answers, tally.refusals, tally.compared) > 50  # it tried all of them


def test_the_same_seed_makes_the_same_requests() -> None:
    one, other = fuzz(seed=3, inputs=500), fuzz(seed=3, inputs=500)
    assert (one.notices, one.answers, one.refusals) == (other.notices, other.answers, other.refusals)


def test_a_megabyte_of_anything_is_read_about_as_fast_as_it_arrives() -> None:
    one = receiver()
    for name, query, body in worst():
        try:
            one.read(query, body)
        except CallbackError:
            continue
        assert name.startswith(("sealed: ", "groups", "JSON")), name
