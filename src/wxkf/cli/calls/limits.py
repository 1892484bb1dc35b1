"""The documented limits in words, English (0) or Chinese (1)."""

from wxkf.protocol.files import KINDS, LEAST, Kind, Uploadable
from wxkf.protocol.limits import (
    AllOf,
    AtLeastOne,
    Between,
    Bytes,
    Chars,
    Items,
    Matches,
    MenuLines,
    Needs,
    OneOf,
    Span,
)


def words(limit: object, tongue: int) -> str:
    """Say one limit in words."""
    if isinstance(limit, Bytes | Chars | Items):
        unit = {Bytes: ("bytes", "字节"), Chars: ("characters", "个字符"), Items: ("items", "项")}[type(limit)][tongue]
        cut = (
            (", beyond which the platform cuts silently", "，超出时平台悄悄截断")[tongue]
            if getattr(limit, "cuts", 0)
            else ""
        )
        return f"{_span(limit.least, limit.most)} {unit}{cut}"
    if isinstance(limit, MenuLines):
        return (f"≤ {limit.most} lines, ≤ {limit.taps} to tap", f"≤ {limit.most} 项，可点的 ≤ {limit.taps} 项")[tongue]
    if isinstance(limit, Between):
        return f"{limit.least:.12g} – {limit.most:.12g}"
    if isinstance(limit, OneOf):
        return " / ".join(f"`{value}`" for value in limit.values)
    if isinstance(limit, Matches):
        most = (f", ≤ {limit.most} bytes", f"，≤ {limit.most} 字节")[tongue] if limit.most else ""
        return f"`{limit.pattern}`{most}"
    if isinstance(limit, Uploadable):
        return _file(limit, tongue)
    return _together(limit, tongue)


def _together(limit: object, tongue: int) -> str:
    """Say what several fields have to do with each other."""
    if isinstance(limit, AtLeastOne):
        return ("at least one of {}", "{} 至少其一")[tongue].format(", ".join(f"`{name}`" for name in limit.fields))
    if isinstance(limit, Needs):
        said = ("`{field}` where `{when}` is {equals}", "`{when}` 为 {equals} 时必须有 `{field}`")[tongue]
        return said.format(field=limit.field, when=limit.when, equals=limit.equals)
    if isinstance(limit, Span):
        said = ("`{start}` to `{end}`: ≤ {most} days", "`{start}` 到 `{end}`：≤ {most} 天")[tongue]
        return said.format(start=limit.start, end=limit.end, most=limit.most)
    if isinstance(limit, AllOf):
        return "<br>".join(_together(one, tongue) for one in limit.limits)
    raise TypeError(f"no words for {type(limit).__name__}")


def _span(least: int, most: int) -> str:
    if least == most:
        return f"= {most}"
    return f"{least} – {most}" if least else f"≤ {most}"


def _file(limit: Uploadable, tongue: int) -> str:
    kinds: list[Kind] = [limit.kind] if limit.most else list(KINDS)
    sizes = [f"{kind} ≤ {(limit.most or KINDS[kind].most) >> 20} MB ({KINDS[kind].forms})" for kind in kinds]
    return f"{('≥ {} bytes', '≥ {} 字节')[tongue].format(LEAST)}; {', '.join(sizes)}"
