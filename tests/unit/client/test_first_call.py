"""The first calls of a sync client, from several threads at once."""

import threading
from typing import Any

import pytest
import urllib3

from kit.server import Script
from unit.client.callers import LIST, ONCE
from wxkf.client.sync import Client


def test_a_thread_that_calls_while_another_opens_the_pool_gets_its_answer(
    platform: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, failed = urllib3.PoolManager.connection_from_url, list[Exception]()

    def call() -> None:
        try:
            client.run(LIST)
        except Exception as error:  # noqa: BLE001 - looked at below
            failed.append(error)

    def open_slowly(manager: urllib3.PoolManager, *args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(urllib3.PoolManager, "connection_from_url", opened)
        other = threading.Thread(target=call)
        other.start()
        other.join(10)
        return opened(manager, *args, **kwargs)

    monkeypatch.setattr(urllib3.PoolManager, "connection_from_url", open_slowly)
    with Client("ww1", base_url=platform.url, token_source=lambda _: "OWN", retry=ONCE) as client:
        client.run(LIST)
    assert failed == []
    assert len(platform.asked_for("kf/account/list")) == 2
