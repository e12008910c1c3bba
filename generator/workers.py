"""Workers: one task for many values, shared out to processes, or done here where there is little to share.

How many processes there are, what they know of this one and what becomes of their errors is decided here alone.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import cache
from itertools import chain, islice
from multiprocessing import forkserver, get_context, parent_process
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from generator.issues import ArchiveError, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future

_Value = TypeVar("_Value")
_Result = TypeVar("_Result")

VARIABLE = "ARCHIVE_JOBS"
MOST = 8
"""Processes, unless more are asked for: each takes some 50 MB before it has done anything."""
_MOST_THERE = 61
"""Processes for which Windows lets one wait."""
WORTHWHILE = 300
"""Values from which on sharing them pays: a process takes about 0.3 s to start, an article or a page about 1 ms."""
_METHOD = "forkserver" if sys.platform == "linux" else "spawn"
"""How processes start. On Linux, one loads what they need, and each begins as a copy of it: at once, sharing memory."""
_NICE = 5
"""By how much processes that share work give way: what one process makes beside them alone would be finished last."""
_CHUNK = 25
"""Values that go to a process at once."""
_WAITING = 3
"""Chunks for each process that are on their way: what comes back is held until its turn."""
_TURN = 0.0002
"""Seconds for which a thread keeps others waiting; Python has 0.005."""
_BESIDE = 2
"""Values that are on their way to a task beside: who wants no more results waits until it is through with these."""


@contextmanager
def without_collector() -> Iterator[None]:
    """Let nobody look for garbage while values are made by the million: that took as long as to make them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()  # now all of it is old, and not looked through at once
        if was_enabled:
            gc.enable()


@contextmanager
def taking_turns() -> Iterator[None]:
    """Let threads take turns often: one that feeds another process would be late each time it has to wait for its."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def count_jobs() -> int:
    """Return how many processes share the work: as many as ARCHIVE_JOBS says, else one for each core.

    Raises:
        ArchiveError: ARCHIVE_JOBS is no such number.
    """
    wanted = os.environ.get(VARIABLE, "")
    if not wanted:
        return min(os.cpu_count() or 1, MOST)
    if not (wanted.isascii() and wanted.isdigit() and int(wanted)):
        raise ArchiveError(
            f"{VARIABLE} is {quote(wanted)}", "set it to a number of processes, 1 for this one alone"
        )
    return min(int(wanted), _MOST_THERE) if sys.platform == "win32" else int(wanted)


def share(
    make: Callable[..., Callable[[_Value], _Result]],
    given: tuple[Any, ...],
    values: Iterable[_Value],
    *,
    jobs: int | None = None,
    worthwhile: int = WORTHWHILE,
    here: Callable[[_Value], _Result] | None = None,
) -> Iterator[_Result]:
    """Yield `make(*given)(value)` for each value, in their order; a bounded number of results waits to be taken.

    Args:
        make: makes the task, once in every process; what it is given, the values and the results are pickled. It is a
            class or a function of a module, which the processes load; they load nothing else of this one.
        given: the arguments of `make`.
        values: what the task is done for; they are taken as they are needed.
        jobs: how many processes share the work, 1 for this one alone; as `count_jobs` has it where absent.
        worthwhile: with fewer values than this, it is all done here.
        here: what `make(*given)` would be, where this process has it already.

    Raises:
        ArchiveError: a process was ended from outside. What a task raises is raised here, as if it had been done here.
    """
    jobs = count_jobs() if jobs is None else jobs
    rest = iter(values)
    first = list(islice(rest, max(worthwhile, 1)))
    if not first:
        return
    is_shared = jobs > 1 and len(first) >= worthwhile
    pool = _pool(jobs, make, given, _NICE) if is_shared else None
    if pool is None:
        yield from map(make(*given) if here is None else here, chain(first, rest))
        return
    every = chain(first, rest)
    yield from _results(pool, iter(lambda: list(islice(every, _CHUNK)), []), _WAITING * jobs)


def beside(
    make: Callable[..., Callable[[_Value], _Result]], given: tuple[Any, ...], values: Iterable[_Value]
) -> Iterator[_Result]:
    """Yield the same as `share`, made by one other process while this one goes on.

    One value after the other goes to one and the same task, which may remember what came before; they are taken as
    they are needed. With ARCHIVE_JOBS=1 it is all done here.

    Raises:
        ArchiveError: as `share`; ARCHIVE_JOBS is no number.
    """
    pool = _pool(1, make, given) if count_jobs() > 1 else None
    if pool is None:
        yield from map(make(*given), values)
    else:
        yield from _results(pool, ([value] for value in values), _BESIDE)


def _results(
    pool: ProcessPoolExecutor, chunks: Iterator[Sequence[_Value]], most: int
) -> Iterator[Any]:
    """Yield the results of chunks in their order, and end the processes."""
    try:
        yield from _in_order(pool, chunks, most)
    except BrokenProcessPool as error:
        hint = f"there may be too little memory: set {VARIABLE}=1 to do everything in one process"
        raise ArchiveError("a process that shared the work was ended from outside", hint) from error
    finally:
        pool.shutdown(cancel_futures=True)


_is_prepared = False


def prepare(modules: Sequence[str]) -> None:
    """Let what processes will need be loaded, beside whatever is done next; some of them may do without it.

    Args:
        modules: names of what tasks of `share` and `beside` are in; other tasks load theirs in each process.

    Raises:
        ArchiveError: ARCHIVE_JOBS is no number.
    """
    global _is_prepared  # noqa: PLW0603 - so is what it tells of, one in a process
    if _METHOD == "forkserver" and count_jobs() > 1:
        with suppress(OSError), _without_main(), _without_interrupts():
            forkserver.set_forkserver_preload(list(modules))
            forkserver.ensure_running()
            _is_prepared = True


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let a process start that leaves interrupts to this one from its first moment on, also while it loads modules."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def is_prepared() -> bool:
    """Tell whether processes start at once, because `prepare` was called and could do something."""
    return _is_prepared


def _pool(
    jobs: int, make: Callable[..., Callable[[Any], Any]], given: tuple[Any, ...], nice: int = 0
) -> ProcessPoolExecutor | None:
    """Return so many processes; None where a system has no semaphores, as a container without /dev/shm."""
    try:
        return ProcessPoolExecutor(jobs, get_context(_METHOD), _begin, (make, given, nice))
    except (OSError, ImportError, NotImplementedError):
        return None


def _in_order(pool: ProcessPoolExecutor, chunks: Iterator[Sequence[_Value]], most: int) -> Iterator[Any]:
    """Yield the results of chunks, of which at most so many are given away ahead."""
    waiting: deque[Future[list[Any]]] = deque()
    while True:
        for chunk in islice(chunks, most - len(waiting)):
            with _without_main():
                waiting.append(pool.submit(_do, chunk))
        if not waiting:
            return
        yield from waiting.popleft().result()


_main = threading.Lock()


@contextmanager
def _without_main() -> Iterator[None]:
    """Let processes start without the script that called us: they would run it, and need nothing of it."""
    with _main:  # two threads would give each other's empty module back
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


_given: tuple[Callable[..., Callable[[Any], Any]], tuple[Any, ...]]
"""In a process that shares the work: what makes its task, and of what."""


def _begin(make: Callable[..., Callable[[Any], Any]], given: tuple[Any, ...], nice: int) -> None:
    """Begin a process, which ends with the one that started it and leaves interrupts to it."""
    if hasattr(os, "nice"):
        os.nice(nice)
    global _given  # noqa: PLW0603 - a pool has no other place for what its processes keep
    _given = (make, given)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(50_000, 20, 100)  # seldom: there is much to look through, and little of it is garbage
    threading.Thread(target=_end_with_parent, daemon=True).start()


@cache
def _task() -> Callable[[Any], Any]:
    """Return the task of this process, made with the first chunk: what fails then fails as the task itself would."""
    make, given = _given
    task = make(*given)
    gc.freeze()  # it stays as long as the process: nothing of it need be looked through for garbage
    return task


def _end_with_parent() -> None:
    """End this process when its parent is gone, even by a kill: nobody would ever tell it."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _do(values: Sequence[Any]) -> list[Any]:
    task = _task()
    return [task(value) for value in values]
