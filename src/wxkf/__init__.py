"""WeChat Customer Service (微信客服): typed client, durable bots, the platform in a box.

The names below are the public ones. They load on first use, so `import wxkf` costs next to nothing and an
application that only calls never loads the bot, nor one that only bots the sync client.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wxkf.bot.app import Bot as Bot
    from wxkf.bot.blocking import SyncContext as SyncContext
    from wxkf.bot.context import Context as Context
    from wxkf.bot.draining import Drained as Drained
    from wxkf.bot.failures import Failure as Failure
    from wxkf.bot.fleet import Fleet as Fleet
    from wxkf.bot.history import History as History
    from wxkf.bot.hours import Hours as Hours
    from wxkf.bot.match import came_from as came_from
    from wxkf.bot.match import picked as picked
    from wxkf.bot.match import says as says
    from wxkf.bot.methods import on as on
    from wxkf.bot.plain import plain as plain
    from wxkf.bot.quota import Quota as Quota
    from wxkf.bot.routing import Router as Router
    from wxkf.bot.service import Service as Service
    from wxkf.bot.transcripts import Transcriber as Transcriber
    from wxkf.client.aio import AsyncClient as AsyncClient
    from wxkf.client.settings import App as App
    from wxkf.client.settings import Suite as Suite
    from wxkf.client.settings_file import load_settings as load_settings
    from wxkf.client.sources import Elsewhere as Elsewhere
    from wxkf.client.sources import SuiteSecret as SuiteSecret
    from wxkf.client.stores.memory import MemoryTokenStore as MemoryTokenStore
    from wxkf.client.stores.redis import RedisTokenStore as RedisTokenStore
    from wxkf.client.stores.sqlite import SqliteTokenStore as SqliteTokenStore
    from wxkf.client.sync import Client as Client
    from wxkf.engine.inbox import Inbox as Inbox
    from wxkf.engine.inbox import OpenWork as OpenWork
    from wxkf.engine.settings import InboxSettings as InboxSettings
    from wxkf.engine.settings import Limits as Limits
    from wxkf.engine.sqlite import SqliteStore as SqliteStore
    from wxkf.engine.timer import TimerDue as TimerDue
    from wxkf.errors import ApiError as ApiError
    from wxkf.errors import CallbackError as CallbackError
    from wxkf.errors import CannotSend as CannotSend
    from wxkf.errors import ConfigError as ConfigError
    from wxkf.errors import FileError as FileError
    from wxkf.errors import LimitError as LimitError
    from wxkf.errors import NotAuthorised as NotAuthorised
    from wxkf.errors import NoTicket as NoTicket
    from wxkf.errors import QuotaExceeded as QuotaExceeded
    from wxkf.errors import SessionStateError as SessionStateError
    from wxkf.errors import TransportError as TransportError
    from wxkf.errors import VoiceError as VoiceError
    from wxkf.errors import WxkfError as WxkfError
    from wxkf.health import HealthApp as HealthApp
    from wxkf.messages import outbound as _outbound
    from wxkf.messages.events import EnterSession as EnterSession
    from wxkf.messages.events import MsgSendFail as MsgSendFail
    from wxkf.messages.events import RejectSwitchChange as RejectSwitchChange
    from wxkf.messages.events import ServicerRecallMsg as ServicerRecallMsg
    from wxkf.messages.events import ServicerStatusChange as ServicerStatusChange
    from wxkf.messages.events import SessionStatusChange as SessionStatusChange
    from wxkf.messages.events import UserRecallMsg as UserRecallMsg
    from wxkf.messages.inbound import BusinessCard as BusinessCard
    from wxkf.messages.inbound import Calendar as Calendar
    from wxkf.messages.inbound import Channels as Channels
    from wxkf.messages.inbound import File as File
    from wxkf.messages.inbound import Image as Image
    from wxkf.messages.inbound import Inbound as Inbound
    from wxkf.messages.inbound import Link as Link
    from wxkf.messages.inbound import Location as Location
    from wxkf.messages.inbound import Meeting as Meeting
    from wxkf.messages.inbound import Menu as Menu
    from wxkf.messages.inbound import Merged as Merged
    from wxkf.messages.inbound import MiniProgram as MiniProgram
    from wxkf.messages.inbound import Note as Note
    from wxkf.messages.inbound import Origin as Origin
    from wxkf.messages.inbound import ShopOrder as ShopOrder
    from wxkf.messages.inbound import ShopProduct as ShopProduct
    from wxkf.messages.inbound import Text as Text
    from wxkf.messages.inbound import Unknown as Unknown
    from wxkf.messages.inbound import Video as Video
    from wxkf.messages.inbound import Voice as Voice
    from wxkf.protocol.callback import Notice as Notice
    from wxkf.protocol.callback import Receiver as Receiver
    from wxkf.protocol.flow import Retry as Retry
    from wxkf.protocol.flow import RetryPolicy as RetryPolicy
    from wxkf.protocol.limiter import Limiter as Limiter
    from wxkf.protocol.notices import CancelAuth as CancelAuth
    from wxkf.protocol.notices import ChangeAuth as ChangeAuth
    from wxkf.protocol.notices import CreateAuth as CreateAuth
    from wxkf.protocol.notices import KfAccountAuthChange as KfAccountAuthChange
    from wxkf.protocol.notices import KfMsgOrEvent as KfMsgOrEvent
    from wxkf.protocol.notices import ResetPermanentCode as ResetPermanentCode
    from wxkf.protocol.notices import SuiteTicket as SuiteTicket
    from wxkf.protocol.notices import UploadMediaJobFinish as UploadMediaJobFinish
    from wxkf.provider.store import ProviderStore as ProviderStore
    from wxkf.web.asgi import CallbackApp as CallbackApp
    from wxkf.web.forward import Forward as Forward
    from wxkf.web.forward import SyncForward as SyncForward
    from wxkf.web.wsgi import SyncCallbackApp as SyncCallbackApp

    out = _outbound  # by `import … as` it would be nobody's to export

__version__ = "0.1.0"

_HOMES = {
    "wxkf.bot.app": ("Bot",),
    "wxkf.bot.blocking": ("SyncContext",),
    "wxkf.bot.context": ("Context",),
    "wxkf.bot.draining": ("Drained",),
    "wxkf.bot.failures": ("Failure",),
    "wxkf.bot.fleet": ("Fleet",),
    "wxkf.bot.history": ("History",),
    "wxkf.bot.hours": ("Hours",),
    "wxkf.bot.match": ("came_from", "picked", "says"),
    "wxkf.bot.methods": ("on",),
    "wxkf.bot.plain": ("plain",),
    "wxkf.bot.quota": ("Quota",),
    "wxkf.bot.routing": ("Router",),
    "wxkf.bot.service": ("Service",),
    "wxkf.bot.transcripts": ("Transcriber",),
    "wxkf.client.aio": ("AsyncClient",),
    "wxkf.client.settings": ("App", "Suite"),
    "wxkf.client.settings_file": ("load_settings",),
    "wxkf.client.sources": ("Elsewhere", "SuiteSecret"),
    "wxkf.client.stores.memory": ("MemoryTokenStore",),
    "wxkf.client.stores.redis": ("RedisTokenStore",),
    "wxkf.client.stores.sqlite": ("SqliteTokenStore",),
    "wxkf.client.sync": ("Client",),
    "wxkf.engine.inbox": ("Inbox", "OpenWork"),
    "wxkf.engine.settings": ("InboxSettings", "Limits"),
    "wxkf.engine.sqlite": ("SqliteStore",),
    "wxkf.engine.timer": ("TimerDue",),
    "wxkf.errors": (
        "ApiError",
        "CallbackError",
        "CannotSend",
        "ConfigError",
        "FileError",
        "LimitError",
        "NotAuthorised",
        "NoTicket",
        "QuotaExceeded",
        "SessionStateError",
        "TransportError",
        "VoiceError",
        "WxkfError",
    ),
    "wxkf.messages.events": (
        "EnterSession",
        "MsgSendFail",
        "RejectSwitchChange",
        "ServicerRecallMsg",
        "ServicerStatusChange",
        "SessionStatusChange",
        "UserRecallMsg",
    ),
    "wxkf.messages.inbound": (
        "BusinessCard",
        "Calendar",
        "Channels",
        "File",
        "Image",
        "Inbound",
        "Link",
        "Location",
        "Meeting",
        "Menu",
        "Merged",
        "MiniProgram",
        "Note",
        "Origin",
        "ShopOrder",
        "ShopProduct",
        "Text",
        "Unknown",
        "Video",
        "Voice",
    ),
    "wxkf.protocol.callback": ("Notice", "Receiver"),
    "wxkf.protocol.notices": (
        "CancelAuth",
        "ChangeAuth",
        "CreateAuth",
        "KfAccountAuthChange",
        "KfMsgOrEvent",
        "ResetPermanentCode",
        "SuiteTicket",
        "UploadMediaJobFinish",
    ),
    "wxkf.protocol.flow": ("Retry", "RetryPolicy"),
    "wxkf.protocol.limiter": ("Limiter",),
    "wxkf.provider.store": ("ProviderStore",),
    "wxkf.health": ("HealthApp",),
    "wxkf.web.asgi": ("CallbackApp",),
    "wxkf.web.forward": ("Forward", "SyncForward"),
    "wxkf.web.wsgi": ("SyncCallbackApp",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

if not TYPE_CHECKING:  # type checkers read the imports above; a test holds these against them
    __all__ = sorted(["__version__", "out", *_HOME_OF])  # noqa: PLE0605


def __getattr__(name: str) -> object:
    if name == "out":
        return import_module("wxkf.messages.outbound")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'wxkf' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(["__version__", "out", *_HOME_OF])
