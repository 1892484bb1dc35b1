"""What has become old before anybody could answer it: one call for all of a customer's messages, after an outage."""

from collections.abc import Sequence

from wxkf.bot.routing import Route
from wxkf.engine.dispatcher import Gate
from wxkf.messages.inbound import Inbound, Origin


class Stale:
    """The handler for messages of customers that are older than `after` seconds when their turn comes."""

    def __init__(self, route: Route, after: float) -> None:
        self.route, self._after = route, after

    def takes(self, event: Inbound, now: float) -> bool:
        """Whether an event is the customer's, and old."""
        return event.origin == Origin.CUSTOMER and now - event.send_time > self._after

    def before(self, otherwise: Gate) -> Gate:
        """Put all old messages that stand first into one call; about what is not old others decide."""

        def gate(events: Sequence[Inbound], came: Sequence[float], now: float) -> tuple[int, float]:
            old = next((at for at, event in enumerate(events) if not self.takes(event, now)), len(events))
            return (old, 0.0) if old else otherwise(events, came, now)

        return gate
