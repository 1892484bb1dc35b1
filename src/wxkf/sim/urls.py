"""The check of a callback URL when it is entered: it must decrypt what it is asked (platform.md 5.2)."""

from urllib.parse import urlsplit

from wxkf.sim.notice import url_check
from wxkf.sim.suites import Suite
from wxkf.sim.world import App, World


def check_callback(world: World, whose: App | Suite, url: str) -> None:
    """Ask a URL its question, where there is a way to ask. Raises `ValueError` with what is wrong; "" is fine.

    The thread waits for a second at most, so a URL that this very thread serves cannot answer.
    """
    if not url:
        return
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
        raise ValueError("a callback URL begins with http:// or https:// and a host")
    if world.asks is None:
        return
    check = url_check(world, whose)
    try:
        said = world.asks(url, check.query)
    except (OSError, ValueError) as error:  # a timeout is one too
        why = str(error) or type(error).__name__
        raise ValueError(f"the URL does not answer its check within a second: {why}") from None
    if said != check.expected:
        raise ValueError("the URL's answer to its check is not the decrypted text, exactly that and nothing else")
