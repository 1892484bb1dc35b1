"""Several apps at one callback address: whose a request is, decided by its signature alone.

The envelope says whom it is for (ToUserName, AgentID), but nothing protects what it says: it only tells which Token to
try first. A Token that fits proves the sender and names the key; the id sealed inside, behind the message, then says
for whom of those that share this pair. So a lie in the envelope costs a few more tries and changes nothing.

Tries are bounded, because each hashes the whole request: up to `_HASHED` bytes in all, and at least `_LEAST` tries.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, Protocol, TypeVar

from wxkf.errors import CallbackError, ConfigError
from wxkf.protocol.callback import Notice, claims_of, encrypted_of, notice_of, parse_query, signed_with
from wxkf.protocol.crypto import Crypto, check_token


class Named(Protocol):
    """Whoever may own a callback: told apart by equality, called by name in errors."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...


K = TypeVar("K", bound=Named)

_HASHED = 1 << 20
_LEAST = 8

Pair = tuple[str, str]
"""A Token and its EncodingAESKey."""


@dataclass(frozen=True, slots=True)
class Door(Generic[K]):
    """Who expects callbacks under which receiver ids, sealed with which pairs (two while they are being changed).

    `agent_id` and `receivers` are what an honest envelope says of itself.
    """

    owner: K
    receivers: tuple[str, ...]
    pairs: tuple[Pair, ...] = field(repr=False)
    agent_id: str = ""


class _Seal(Generic[K]):
    """One pair, and whose it is by receiver id."""

    __slots__ = ("crypto", "owners", "token")

    def __init__(self, token: str, aes_key: str) -> None:
        self.token, self.crypto = check_token(token), Crypto(aes_key, "")
        self.owners: dict[bytes, K] = {}

    def admit(self, door: Door[K]) -> None:
        """Let a door's owner have what is sealed with this pair for its receiver ids."""
        for receiver in door.receivers:
            other = self.owners.setdefault(receiver.encode(), door.owner)
            if other != door.owner:
                both = f"{other.name} and {door.owner.name}"
                raise ConfigError(
                    f"{both} have the same Token and EncodingAESKey for {receiver or 'nobody'}, "
                    "so nothing tells their callbacks apart: give each its own, or a path of its own"
                )

    def opened(self, encrypted: str) -> tuple[K, bytes] | None:
        """Give owner and message; None when another key, or nobody here, is meant: a Token alone may be shared."""
        try:
            message, receiver = self.crypto.unseal(encrypted)
        except CallbackError:
            return None
        owner = self.owners.get(receiver)
        return None if owner is None else (owner, message)


class Receivers(Generic[K]):
    """Check and read callbacks for several owners. Raises `ConfigError` for malformed or ambiguous settings."""

    __slots__ = ("_by_claim", "_seals")

    def __init__(self, doors: Iterable[Door[K]]) -> None:
        self._seals: dict[Pair, _Seal[K]] = {}
        self._by_claim: dict[tuple[str, str], list[_Seal[K]]] = {}
        for door in doors:
            for pair in door.pairs:
                self._admit(door, pair)

    def _admit(self, door: Door[K], pair: Pair) -> None:
        try:
            seal = self._seals.get(pair) or self._seals.setdefault(pair, _Seal(*pair))
            seal.admit(door)
        except ConfigError as error:
            raise ConfigError(f"{door.owner.name}: {error}") from None
        for receiver in door.receivers:
            for claim in {(receiver, door.agent_id), (receiver, "")}:
                self._by_claim.setdefault(claim, []).append(seal)

    def __repr__(self) -> str:
        return f"Receivers({sorted({owner.name for seal in self._seals.values() for owner in seal.owners.values()})})"

    def verify_url(self, query: str) -> bytes:
        """Answer the console's URL check, whoever's it is. Raises `CallbackError`."""
        values = parse_query(query)
        return self._open(values, values.get("echostr", ""), self._seals.values())[1]

    def read(self, query: str, body: bytes) -> tuple[K, Notice]:
        """Tell whose a pushed notice is, and read it. Raises `CallbackError`, the same whatever was wrong."""
        encrypted = encrypted_of(body)
        owner, message = self._open(parse_query(query), encrypted, self._in_order(*claims_of(body)))
        return owner, notice_of(message)

    def _in_order(self, to: str, agent: str) -> Iterator[_Seal[K]]:
        """List what to try: what the envelope claims, what it claims but for the agent, the rest."""
        tried = set[int]()
        for group in (self._by_claim.get((to, agent), ()), self._by_claim.get((to, ""), ()), self._seals.values()):
            for seal in group:
                if id(seal) not in tried:
                    tried.add(id(seal))
                    yield seal

    def _open(self, values: Mapping[str, str], encrypted: str, seals: Iterable[_Seal[K]]) -> tuple[K, bytes]:
        for seal in islice(seals, max(_LEAST, _HASHED // (len(encrypted) + 1))):
            if signed_with(seal.token, values, encrypted) and (found := seal.opened(encrypted)):
                return found
        raise CallbackError
