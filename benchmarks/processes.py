"""What a command costs: seconds, processor seconds and memory, all its processes together. Linux only: reads /proc.

Memory is the PSS of every process of the command's session, which counts pages that several share once. Pagefind is
counted apart: it takes what it takes, and is the same program for whoever calls it.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
"""Of prctl(2)."""
PAUSE = 0.1
"""Seconds between two looks at memory. A look costs some ms, so runs that are timed are not looked at."""
_PARENT, _SESSION, _SPENT = 1, 3, slice(11, 15)
"""Fields of /proc/PID/stat, counted from the state; the last are ticks of the process and of its ended children."""


@dataclass(frozen=True)
class Run:
    """What one run of a command took."""

    seconds: float
    cpu: float
    """Seconds on any core, of all processes."""
    said: str
    """What it wrote, on both streams."""


@dataclass
class Memory:
    """Bytes used at one moment, or the most of several."""

    peak: int = 0
    """Of all processes but Pagefind."""
    pagefind: int = 0


def run(command: list[str | Path], folder: Path) -> Run:
    """Run a command in a folder to its end.

    Raises:
        SystemExit: this is not Linux, or the command failed; says how.
    """
    if not sys.platform.startswith("linux"):
        sys.exit("what processes cost is read from /proc: these benchmarks run on Linux only")
    _adopt_orphans()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        cpu, start = _spent(), time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdout=said, stderr=said, env=quiet(), start_new_session=True
        )
        try:
            code = process.wait()
        except BaseException:  # an interrupt reaches this process alone
            os.killpg(process.pid, signal.SIGKILL)
            raise
        seconds = time.perf_counter() - start
        _wait_for_orphans(process.pid)
        cpu = _spent() - cpu
        said.seek(0)
        words = said.read()
    if code:
        sys.exit(f"{' '.join(map(str, command))} ended with {code}\n{words[-2000:]}")
    return Run(seconds, cpu, words)


def quiet() -> dict[str, str]:
    """Return the environment of commands: without Material's notice about its end of life, and compiled only once."""
    return {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "",
    }


@contextmanager
def watched_memory() -> Iterator[Memory]:
    """Yield what the processes that are started meanwhile use, each in a session below this process."""
    memory, over = Memory(), threading.Event()

    def watch() -> None:
        while not over.wait(PAUSE):
            now = memory_of({pid for pid, stat in _stats().items() if _leads_for(pid, stat)})
            memory.peak = max(memory.peak, now.peak)
            memory.pagefind = max(memory.pagefind, now.pagefind)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield memory
    finally:
        over.set()
        thread.join()


def memory_of(leaders: set[int]) -> Memory:
    """Return the bytes that all processes of these sessions use now."""
    memory = Memory()
    for pid, stat in _stats().items():
        if int(stat[_SESSION]) in leaders:
            if _read(pid, "comm").startswith("pagefind"):
                memory.pagefind += _pss(pid)
            else:
                memory.peak += _pss(pid)
    return memory


def cpu_of(leader: int) -> float:
    """Return the processor seconds of all running processes of a session so far, and of those that they waited for."""
    ticks = [stat[_SPENT] for stat in _stats().values() if int(stat[_SESSION]) == leader]
    return sum(int(spent) for process in ticks for spent in process) / os.sysconf("SC_CLK_TCK")


def _leads_for(pid: int, stat: list[str]) -> bool:
    """Tell whether a process leads a session that this process started."""
    return int(stat[_SESSION]) == pid and int(stat[_PARENT]) == os.getpid()


def _adopt_orphans() -> None:
    """Become the parent of what commands leave running, such as the process that workers are copies of."""
    if ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        sys.exit("this Linux does not let a process wait for what a command left running")


def _wait_for_orphans(leader: int) -> None:
    """Wait until nothing of a command runs any more: only then what all its processes spent is known."""
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-leader, 0)


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _stats() -> dict[int, list[str]]:
    """Return PID → the fields of /proc/PID/stat from the state on, of all processes.

    What comes before them is a name in brackets, `4711 (python3) S 1 4711 4711 …`, which may hold spaces.
    """
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    stats = {pid: _read(pid, "stat").rpartition(")")[2].split() for pid in pids}
    return {pid: stat for pid, stat in stats.items() if stat}


def _pss(pid: int) -> int:
    lines = _read(pid, "smaps_rollup").splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _read(pid: int, name: str) -> str:
    """Return what the kernel says of a process; nothing once it has ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""
