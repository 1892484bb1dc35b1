"""Who may use the page's side of the server: browsers that came to a loopback name, from a page of ours.

Where the server was opened to other machines, addresses and names without a dot (a container's) are let in as well.
"""

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Tell whether a Host header names this machine; a missing one comes from in-process callers."""
    if not host:
        return True
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_near(host: str) -> bool:
    """Tell whether a Host header is an address or a name without a dot: no public name server can make up either."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return "." not in name or bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def is_own_origin(origin: str, host: str) -> bool:
    """Tell whether an Origin header is the page's own; programs send none, browsers always do when it is another's."""
    return not origin or origin == f"http://{host}"
