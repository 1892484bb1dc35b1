"""Times and spans as a person reads them, in this machine's time zone."""

from datetime import datetime

from wxkf.cli.texts import text

_DAY = 86_400


def clock(at: float, now: float) -> str:
    """Give the time of day, with the date in front where it is not today's."""
    then, today = (datetime.fromtimestamp(one).astimezone() for one in (at, now))
    return then.strftime("%H:%M:%S" if then.date() == today.date() else "%Y-%m-%d %H:%M:%S")


def iso(at: float) -> str:
    """Give a time for programs, with its offset."""
    return datetime.fromtimestamp(at).astimezone().isoformat(timespec="milliseconds")


def span(seconds: float) -> str:
    """Give a length of time in its two largest units."""
    whole = max(0, round(seconds))
    minutes, s = divmod(whole, 60)
    hours, m = divmod(minutes, 60)
    d, h = divmod(hours, 24)
    name = "days" if d else "hours" if h else "minutes" if m else "seconds"
    return text(f"inbox.{name}", d=d, h=h, m=m, s=s)
