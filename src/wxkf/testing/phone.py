"""One customer's phone on a simulated platform, whoever answers there: a bot, a fleet, an inbox in your loop."""

import asyncio

from wxkf.sim import Bubble, Simulator
from wxkf.testing.words import words_of


class Phone:
    """A customer who writes to one account and looks at the screen.

    It does not know who answers, so nothing here waits for an end: write, then wait until you see the answer. For a bot
    take `Chat`, which knows when the bot is through.
    """

    def __init__(self, sim: Simulator, *, open_kfid: str = "", nickname: str = "小王") -> None:
        self.sim = sim
        self._account = open_kfid
        corp_id = sim.platform.world.accounts[self.open_kfid].corp_id
        self._customer = sim.customers.add(nickname, corp_id=corp_id)

    @property
    def external_userid(self) -> str:
        """The customer's id."""
        return self._customer

    @property
    def open_kfid(self) -> str:
        """The account's id."""
        return self._account or self.sim.open_kfid

    @property
    def screen(self) -> list[Bubble]:
        """Everything on the customer's phone, newest last."""
        return self.sim.platform.phone(self.open_kfid, self._customer)

    def writes(self, *texts: str) -> None:
        """Write one or several lines in a row, and wait for nothing."""
        for text in texts:
            self.sim.customers.say(self.open_kfid, self._customer, text)

    async def sees(self, words: str, *, within: float = 5.0) -> None:
        """Return when this is on the screen, in the words that `Chat` gives. Raises `TimeoutError` when it is late."""
        news = asyncio.Event()
        unwatch = self.sim.platform.watch(lambda _: news.set())
        try:
            async with asyncio.timeout(within):
                while words not in self._shown_words():
                    news.clear()
                    await news.wait()
        except TimeoutError:
            raise TimeoutError(f"{words!r} is not there after {within:g} s; there is {self._shown_words()}") from None
        finally:
            unwatch()

    def _shown_words(self) -> list[str]:
        return [words_of(bubble) for bubble in self.screen]
