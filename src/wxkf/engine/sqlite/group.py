"""One thread that owns the connection; all verbs that wait are done in one transaction and answered once it is on disk.

A commit waits for the disk and costs the same for one verb as for fifty, so what comes in while one is under way is
done together in the next. Each verb has a savepoint: one that raises takes back its own writes and nobody else's.

The thread also keeps the lease: it beats however busy the event loop is. When it finds that it has been silent for
longer than the lease (the process was stopped), whatever was claimed counts as lost and is given back.
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from wxkf.errors import StoreError

T = TypeVar("T")
Verb = Callable[[sqlite3.Connection], T]

_TOGETHER = 256  # verbs in one transaction, at most
Waiting = tuple[Verb[Any], "asyncio.Future[Any]"]
Outcome = tuple["asyncio.Future[Any]", Any, BaseException | None]


class Group:
    """Runs verbs for one file. `lost` gives back what was claimed, and `told` hears of it after."""

    def __init__(self, name: str, lease: float, lost: Verb[object], told: Callable[[], object]) -> None:
        self._name, self._lease, self._lost, self._told = name, lease, lost, told
        self._todo: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beaten = 0.0

    async def open(self, connect: Callable[[], sqlite3.Connection]) -> None:
        """Start the thread, which connects. Raises what connecting raises."""
        self._loop = asyncio.get_running_loop()
        opened = self._loop.create_future()
        self._beaten = time.monotonic()
        self._thread = threading.Thread(target=self._work, args=(connect, opened), name="wxkf-inbox", daemon=True)
        self._thread.start()
        try:
            await opened
        except BaseException:
            self._thread = None
            raise

    async def aclose(self) -> None:
        """Do what still waits, then close the connection."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._todo.put(None)
            await asyncio.get_running_loop().run_in_executor(None, thread.join)

    @property
    def alive(self) -> bool:
        """Whether what was claimed is still ours."""
        return time.monotonic() - self._beaten <= self._lease

    def run(self, verb: Verb[T]) -> "asyncio.Future[T]":
        """Do a verb. Raises what it raises, and `StoreError` where the file fails."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        if self._thread is None:
            future.set_exception(StoreError(f"the inbox {self._name} is not open"))
        else:
            self._todo.put((verb, future))
        return future

    # ── in the thread ───────────────────────────────────────────────────────────────────────────────────────────

    def _work(self, connect: Callable[[], sqlite3.Connection], opened: "asyncio.Future[None]") -> None:
        try:
            db = connect()
        except BaseException as error:  # noqa: BLE001 - it is raised where the loop waits
            self._answer([(opened, None, error)])
            return
        self._answer([(opened, None, None)])
        try:
            while (waiting := self._wait(db)) is not None:
                if waiting:
                    self._answer(self._together(db, waiting))
        finally:
            db.close()

    def _wait(self, db: sqlite3.Connection) -> list[Waiting] | None:
        """Take what waits; nothing when it is time to beat, None when it is time to go."""
        try:
            first = self._todo.get(timeout=self._lease / 3)
        except Empty:
            first = None
            self._beat(db)
            return []
        self._beat(db)
        taken = []
        while first is not None:
            taken.append(first)
            if len(taken) == _TOGETHER or self._todo.empty():
                return taken
            first = self._todo.get()
        if taken:
            self._todo.put(None)  # once more, when these are done
            return taken
        return None

    def _beat(self, db: sqlite3.Connection) -> None:
        now = time.monotonic()
        if now - self._beaten > self._lease:
            if not self._give_back(db):
                return  # the next beat comes soon
            self._call(self._told)
        self._beaten = now

    def _together(self, db: sqlite3.Connection, waiting: list[Waiting]) -> list[Outcome]:
        done: list[Outcome] = []
        try:
            db.execute("BEGIN IMMEDIATE")
            alone = len(waiting) == 1
            for verb, future in waiting:
                done.append((future, *self._one(db, verb, alone=alone)))
            db.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - the thread lives on: whoever waits for it would wait for ever
            failure = self._failure(error)
            done = [(future, None, failure) for _, future in waiting]
            with suppress(sqlite3.Error):
                db.execute("ROLLBACK")  # unless the database has
        return done

    def _one(self, db: sqlite3.Connection, verb: Verb[Any], *, alone: bool) -> tuple[Any, BaseException | None]:
        """Do one verb; what it raises undoes it alone, unless the database has undone everything."""
        if not alone:
            db.execute("SAVEPOINT verb")
        try:
            found = verb(db)
        except BaseException as error:
            if not db.in_transaction:
                raise
            db.execute("ROLLBACK" if alone else "ROLLBACK TO verb")
            if alone:
                db.execute("BEGIN IMMEDIATE")
            else:
                db.execute("RELEASE verb")
            return None, self._failure(error) if isinstance(error, sqlite3.Error) else error
        if not alone:
            db.execute("RELEASE verb")
        return found, None

    def _give_back(self, db: sqlite3.Connection) -> bool:
        try:
            self._lost(db)
        except sqlite3.Error:
            return False
        return True

    def _failure(self, error: BaseException) -> StoreError:
        found = StoreError(f"the inbox {self._name} failed: {error}")
        found.__cause__ = error
        return found

    def _answer(self, outcomes: list[Outcome]) -> None:
        self._call(lambda: _tell(outcomes))

    def _call(self, what: Callable[[], object]) -> None:
        assert self._loop is not None  # noqa: S101 - for the type checkers
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(what)


def _tell(outcomes: list[Outcome]) -> None:
    for future, found, error in outcomes:
        if future.cancelled():
            continue
        if error is None:
            future.set_result(found)
        else:
            future.set_exception(error)
