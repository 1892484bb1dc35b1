"""A provider's suite, its command callbacks sealed as the platform seals them, and the answers to its calls."""

from typing import Any

from kit.callbacks import KEY, TOKEN, envelope, seal, signed
from kit.server import Said, Script, says
from wxkf.client.settings import Suite
from wxkf.protocol.callback import Receiver
from wxkf.provider.events import Command, command_of

SUITE, CORP = "dk1234567890abcdef", "ww0000000000000001"
TICKET, CODE, PERMANENT = "TICKET-" + "t" * 40, "AUTHCODE-" + "c" * 64, "PERMANENT-" + "p" * 40
NOW = 1_780_300_800
SECRETS = (TICKET, CODE, PERMANENT, "suite-secret")

EXCHANGE, SUITE_TOKEN = "service/v2/get_permanent_code", "service/get_suite_token"


def suite(url: str = "http://127.0.0.1:1", **changed: Any) -> Suite:
    """Make the settings of the template of 代开发 apps."""
    own = {"token": TOKEN, "aes_key": KEY, "kind": "agency", "base_url": url}
    return Suite(SUITE, "suite-secret", **{**own, **changed})


def command_xml(kind: str, stamp: int = NOW, **fields: str) -> bytes:
    """Write a command as the platform does."""
    more = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
    head = (
        f"<SuiteId><![CDATA[{SUITE}]]></SuiteId><InfoType><![CDATA[{kind}]]></InfoType><TimeStamp>{stamp}</TimeStamp>"
    )
    return f"<xml>{head}{more}</xml>".encode()


def pushed(message: bytes, receiver: str = SUITE) -> tuple[str, bytes]:
    """Seal a message into the query string and the body of a POST to the suite."""
    encrypted = seal(message, receiver)
    return signed(encrypted), envelope(encrypted)


def ticket(stamp: int = NOW, value: str = TICKET) -> bytes:
    """The push of every ten minutes."""
    return command_xml("suite_ticket", stamp, SuiteTicket=value)


def create_auth(stamp: int = NOW, code: str = CODE) -> bytes:
    """A corp authorises."""
    return command_xml("create_auth", stamp, AuthCode=code, State="")


def reset_code(stamp: int = NOW, code: str = CODE + "2") -> bytes:
    """The secret of an agency-developed app was reset."""
    return command_xml("reset_permanent_code", stamp, AuthCode=code)


def change_auth(stamp: int = NOW, corp: str = CORP) -> bytes:
    """A corp changes what it authorised."""
    return command_xml("change_auth", stamp, AuthCorpId=corp, State="")


def cancel_auth(stamp: int = NOW, corp: str = CORP) -> bytes:
    """A corp takes its authorisation back."""
    return command_xml("cancel_auth", stamp, AuthCorpId=corp)


def read(message: bytes) -> Command:
    """Read a command as the receiver does."""
    command = command_of(Receiver(TOKEN, KEY, SUITE).read(*pushed(message)))
    assert command is not None
    return command


def permanent(code: str = PERMANENT, corp: str = CORP) -> Said:
    """The answer to an exchange."""
    return says(permanent_code=code, auth_corp_info={"corpid": corp, "corp_name": "小店"})


def tell_suite_tokens(script: Script, count: int = 9) -> None:
    """Answer get_suite_token: SUITE-1, SUITE-2 …"""
    script.tell(SUITE_TOKEN, *(says(suite_access_token=f"SUITE-{n}", expires_in=7200) for n in range(1, count + 1)))
