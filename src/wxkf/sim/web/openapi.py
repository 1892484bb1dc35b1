"""The control API described as OpenAPI 3.1, made from the actions' signatures and docstrings and the table of reads."""

from typing import Any

import msgspec

from wxkf.sim.values import Json
from wxkf.sim.web.routes import Route

_REFS = "#/components/schemas/{name}"
_QUERY = {
    "state": ("bubbles",),
    "session": ("open_kfid", "external_userid"),
    "chat": ("open_kfid", "external_userid"),
    "file": ("media_id",),
    "media": ("media_id",),
    "journal": ("after", "kind"),
}
READS = {
    "state": "Show the whole world as the page draws it: time, accounts, customers, chats, the newest journal lines. "
    "`bubbles` limits how many of each chat.",
    "people": "Show who there is: corps, apps, accounts with those who serve, customers.",
    "chat": "Show one chat: its session and its newest 500 bubbles.",
    "session": "Show one chat's session: state, sends left, end of the window.",
    "journal": "List what happened, oldest first: calls, callbacks, actions; secrets are masked. `after` is a number, "
    "`kind` one of call, callback, action.",
    "faults": "List the faults that are set, oldest first.",
    "samples": "Give a body for each message type that holds no file, to send as it is or changed.",
    "file": "Show a temporary file's name, content type and size.",
    "media": "Give a temporary file's bytes.",
    "events": "Stream changes as server-sent events: bubble, entry, reload.",
    "openapi.json": "Give this description.",
}
"""The paths under /_sim/ that are read with GET, and what they give."""


def describe(routes: dict[str, Route]) -> Json:
    """Make the whole document."""
    results = {path: _result(route) for path, route in routes.items()}
    shapes = [route.shape for route in routes.values()] + [one for one in results.values() if one is not None]
    schemas, components = msgspec.json.schema_components(shapes, ref_template=_REFS)
    given = dict(zip((shape.__name__ for shape in shapes), schemas, strict=True))
    paths: Json = {f"/_sim/{name}": {"get": _read(name, about)} for name, about in READS.items()}
    for path, route in routes.items():
        result = results[path]
        paths[f"/_sim/{path}"] = {"post": _post(route, given, result.__name__ if result else "")}
    about = "What people do in wxkf's simulator, and what can be looked at. Paths under /cgi-bin/ are the platform's."
    info = {"title": "wxkf simulator: control API", "version": "1", "description": about}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": components}}


def _result(route: Route) -> Any:
    return msgspec.defstruct(f"{route.shape.__name__}Result", list(route.returned.items())) if route.returned else None


def _read(name: str, about: str) -> Json:
    query = [{"name": one, "in": "query", "schema": {"type": "string"}} for one in _QUERY.get(name, ())]
    kinds = {"events": "text/event-stream", "media": "application/octet-stream"}
    answer: Json = {"description": "What was asked for.", "content": {kinds.get(name, "application/json"): {}}}
    summary = about.partition(":")[0].partition(".")[0]
    return {
        "summary": summary, "description": about, "operationId": f"get_{name.partition('.')[0]}", "tags": ["look"],
        "parameters": query, "responses": {"200": answer},
    }  # fmt: skip


def _post(route: Route, schemas: Json, result: str) -> Json:
    group = route.path.rpartition("/")[0]
    required = any(one.required for one in msgspec.structs.fields(route.shape))
    content = {"application/json": {"schema": schemas[route.shape.__name__]}}
    done = {"application/json": {"schema": schemas[result] if result else {"type": "object"}}}
    no = {"text/plain": {"schema": {"type": "string"}}}
    return {
        "summary": route.about.partition("\n")[0].partition(". ")[0].rstrip("."), "description": route.about,
        "operationId": route.path.replace("/", "_"), "tags": [group or "world"],
        "requestBody": {"required": required, "content": content},
        "responses": {
            "200": {"description": "Done.", "content": done},
            "400": {"description": "It is impossible; one sentence says why.", "content": no},
        },
    }  # fmt: skip
