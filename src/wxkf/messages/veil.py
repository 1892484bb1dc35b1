"""Structs that hold a one-time code: printed like any other, but for the code."""

from typing import Any, ClassVar


class Veiled:
    """A base beside a Struct: fields named in `veiled` are never printed, only that they are set."""

    __slots__ = ()
    veiled: ClassVar[tuple[str, ...]] = ()
    __struct_fields__: ClassVar[tuple[str, ...]]

    def __repr__(self) -> str:
        parts = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({parts})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Give rich what may be shown."""
        values = [(name, getattr(self, name)) for name in self.__struct_fields__]
        return [(name, "***" if value and name in self.veiled else value) for name, value in values]
