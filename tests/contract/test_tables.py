"""Our calls against the documented field tables, in both modes: path, verb, token, every field out and back.

The tables are transcribed from the documentation alone, without a look at `wxkf.api`: two readings that must agree.
What the tables say themselves is checked in test_transcription.py, what arrives in test_inbound_tables.py.
"""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any, Literal, get_args

import msgspec
import pytest

from kit import tables
from kit.tables import Json, Operation
from wxkf import AsyncClient, Client
from wxkf.clock import SystemClock
from wxkf.errors import WxkfError
from wxkf.protocol.body import whole
from wxkf.protocol.call import Request, Response

Mode = Literal["sync", "async"]
MODES: tuple[Mode, Mode] = ("sync", "async")
NOW = 1_780_300_800.0  # the day after the statistics' samples
TOKEN = "TOKEN"
TOKENS = ("access_token", "suite_access_token", "provider_access_token")

APART = frozenset({"kf/send_msg", "kf/send_msg_on_event", "media/upload", "media/uploadimg", "media/get"})
"""They take or give something other than the documented fields, and have tests of their own."""

WALKED = tuple(operation for operation in tables.operations() if operation.path not in APART)
ALIASES = [(o, f, alias) for o in WALKED for f in o.response for alias in f.aliases]
SPELLINGS = [(o, f, other) for o in WALKED for f in o.response for other in f.other_samples]


class Line:
    """Answers one path as told and every call for a token with one; writes down what was asked of the path."""

    def __init__(self, path: str, answer: Json) -> None:
        self.requests: list[Request] = []
        self._path, self._answer = path, answer

    def answer(self, request: Request) -> Response:
        """Answer a request."""
        if request.path == self._path:
            self.requests.append(request)
            return Response(200, tables.dumps(self._answer))
        return Response(200, tables.dumps(dict.fromkeys(TOKENS, TOKEN) | {"expires_in": 7200}))


class SyncLine(Line):
    """For `Client`."""

    def send(self, request: Request) -> Response:
        """Answer."""
        return self.answer(request)

    def close(self) -> None:
        """Hold nothing."""


class AsyncLine(Line):
    """For `AsyncClient`."""

    async def send(self, request: Request) -> Response:
        """Answer."""
        return self.answer(request)

    async def aclose(self) -> None:
        """Hold nothing."""


class StoppedClock(SystemClock):
    """The time at which the samples are valid."""

    def now(self) -> float:
        """Tell it."""
        return NOW


@dataclass
class Findings:
    """What was looked at, and what was wrong with it, by a label such as "response open_kfid"."""

    looked: set[str] = field(default_factory=set)
    wrong: dict[str, str] = field(default_factory=dict)

    def note(self, label: str, problem: str = "") -> None:
        """Write down one look."""
        self.looked.add(label)
        if problem:
            self.wrong.setdefault(label, problem)


async def call(operation: Operation, mode: Mode, answer: Json, kwargs: Json | None = None) -> tuple[Request, Any, Json]:
    """Call an operation; give the request sent, the decoded answer and the keywords it was called with."""
    line = SyncLine(operation.path, answer) if mode == "sync" else AsyncLine(operation.path, answer)
    method = method_of(_client(line), operation.path)
    if kwargs is None:
        kwargs = _made_up(method)
    tokens = {name: TOKEN for name in TOKENS if name in inspect.signature(method).parameters}
    result = method(**kwargs, **tokens)
    assert inspect.isawaitable(result) == (mode == "async")
    decoded = await result if inspect.isawaitable(result) else result
    (request,) = line.requests
    return request, decoded, kwargs


def _client(line: SyncLine | AsyncLine) -> Client | AsyncClient:
    if isinstance(line, SyncLine):
        return Client("ww1", "secret", transport=line, now=lambda: NOW)
    return AsyncClient("ww1", "secret", transport=line, clock=StoppedClock())


def method_of(client: object, path: str) -> Callable[..., Any]:
    """Find the method of a path: `kf/account/add` is `client.account.add`; Python's keywords get an underscore."""
    found: Any = client
    for name in path.removeprefix("kf/").split("/"):
        found = getattr(found, f"{name}_" if iskeyword(name) else name)
    method: Callable[..., Any] = found
    return method


def _made_up(method: Callable[..., Any]) -> Json:
    """Make up arguments where the documentation names none."""
    parameters = inspect.signature(method).parameters.values()
    needed = [one for one in parameters if one.default is one.empty and one.name not in TOKENS]
    kinds = {"int": 1, "str": "x"}
    return {one.name: kinds.get(getattr(one.annotation, "__name__", str(one.annotation)), ["x"]) for one in needed}


def _typed(operation: Operation, kwargs: Json) -> Json:
    """Turn nested parts into the classes a method offers for them: a mapping passes, whatever it holds."""
    method = method_of(_client(SyncLine("", {})), operation.path)
    annotations = {one.name: one.annotation for one in inspect.signature(method).parameters.values()}
    return {name: _as_model(value, _models(annotations.get(name))) for name, value in kwargs.items()}


def _models(annotation: object) -> list[type]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models(inner)]


def _as_model(value: Any, models: list[type]) -> Any:
    if not models:
        return value
    (model,) = models
    return [msgspec.convert(one, model) for one in value] if isinstance(value, list) else msgspec.convert(value, model)


async def examine(operation: Operation, mode: Mode) -> Findings:
    """Call an operation in every documented way and look at every documented field."""
    findings = Findings()
    sample = tables.response_sample(operation)
    try:
        if not operation.fields_documented:
            request, _, kwargs = await call(operation, mode, sample)
            _look_at_request(findings, operation, request, kwargs)
            return findings
        for only_required in (True, False):
            for kwargs in tables.request_samples(operation, only_required=only_required):
                request, decoded, _ = await call(operation, mode, sample, kwargs)
                _look_at_request(findings, operation, request, kwargs)
                request, _, _ = await call(operation, mode, sample, _typed(operation, kwargs))
                _look_at_request(findings, operation, request, kwargs)
                problems = tables.misread(decoded, sample, operation.response)
                for one in operation.response:
                    findings.note(f"response {one.path}", problems.get(one.path, ""))
    except (AttributeError, TypeError, ValueError, AssertionError, WxkfError) as error:
        findings.note("call", f"{type(error).__name__}: {error}")
    return findings


def _look_at_request(findings: Findings, operation: Operation, request: Request, kwargs: Json) -> None:
    query = dict(request.query)
    body: Json = json.loads(whole(request.body)) if request.body is not None else {}
    findings.note("path", "" if request.path == operation.path else request.path)
    findings.note("verb", "" if request.verb == (operation.verb or request.verb) else request.verb)
    findings.note("token", _wrong_token(operation, query, body))
    place_of = {one.path: one.place for one in operation.request}
    for name, found in tables.places(kwargs).items():
        for place, want in found:
            sent = query if place_of.get(name) == "query" else body
            findings.note(f"request {name}", _missent(sent, place, want, as_text=sent is query))
    known = {one.top for one in operation.request} if operation.fields_documented else set(kwargs)
    strangers = (set(body) | set(query)) - known - set(TOKENS)
    findings.note("nothing else", f"{sorted(strangers)}" if strangers else "")


def _wrong_token(operation: Operation, query: Json, body: Json) -> str:
    given = {name: value for name, value in query.items() if name in TOKENS}
    if set(body) & (set(TOKENS) - {one.path for one in operation.request}):
        return "a token in the body"
    if operation.token == "none":
        return f"{given}" if given else ""
    wanted = {operation.token or next(iter(given), "a token"): TOKEN}
    return "" if given == wanted else f"{given}, not {wanted}"


def _missent(sent: Any, place: tables.Place, want: Any, *, as_text: bool) -> str:
    for step in place:
        try:
            sent = sent[step]
        except (LookupError, TypeError):
            return f"{tables.documented(place)} was not sent"
    want = str(want) if as_text else want
    return "" if tables.same(sent, want) else f"{tables.documented(place)} was sent as {sent!r}, not {want!r}"


def _name(value: object) -> str | None:
    return value.path if isinstance(value, Operation | tables.Field) else None


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", WALKED, ids=_name)
async def test_a_call_is_as_documented(operation: Operation, mode: Mode) -> None:
    findings = await examine(operation, mode)
    assert findings.wrong == {}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("operation", "aliased", "alias"), ALIASES, ids=_name)
async def test_another_documented_name_is_read_as_the_same(
    operation: Operation, aliased: tables.Field, alias: str, mode: Mode
) -> None:
    answer = tables.response_sample(operation, moved={aliased.path: alias})
    kwargs = tables.request_samples(operation)[0]
    _, decoded, _ = await call(operation, mode, answer, kwargs)
    assert tables.misread(decoded, tables.response_sample(operation), operation.response) == {}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("operation", "spelled", "other"), SPELLINGS, ids=_name)
async def test_another_documented_type_is_read_as_the_same(
    operation: Operation, spelled: tables.Field, other: object, mode: Mode
) -> None:
    answer = tables.response_sample(operation, changed={spelled.path: other})
    kwargs = tables.request_samples(operation)[0]
    _, decoded, _ = await call(operation, mode, answer, kwargs)
    assert tables.misread(decoded, tables.response_sample(operation), operation.response) == {}


@pytest.mark.parametrize("mode", MODES)
async def test_every_documented_field_is_looked_at(mode: Mode) -> None:
    seen, total = 0, 0
    for operation in WALKED:
        findings = await examine(operation, mode)
        right = findings.looked - set(findings.wrong)
        seen += sum(f"request {one.path}" in right for one in operation.request)
        seen += sum(f"response {one.path}" in right for one in operation.response)
        total += len(operation.fields)
    apart = sum(len(one.fields) for one in tables.operations() if one.path in APART)
    print(f"{mode}: {seen} of {total} documented fields of {len(WALKED)} calls; {apart} of {len(APART)} calls apart")
    assert seen == total
