"""Work that is shared out to processes comes back as if it had been done here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from generator import workers
from generator.issues import ArchiveError
from generator.workers import MOST, VARIABLE, beside, count_jobs, share

ROOT = Path(__file__).parent.parent
NUMBERS = [str(number) for number in range(200)]


def fail(message):
    raise ArchiveError(message, "make some")


@pytest.fixture
def script(tmp_path):
    """Start a script, without the guard that programs have which start processes, in a process of its own."""
    started = []
    temporary = TemporaryDirectory(ignore_cleanup_errors=True)  # a socket in `tmp_path` may have too long a name

    def start(*lines):
        file = tmp_path / "script.py"
        file.write_text("\n".join(("from generator.workers import share", *lines)), encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, file],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": temporary.name},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
    temporary.cleanup()


def test_results_come_in_the_order_of_the_values():
    assert list(share(partial, (int,), NUMBERS, jobs=2, worthwhile=1)) == list(range(200))


@pytest.mark.parametrize(("jobs", "values"), [(2, 300), (16, 2000)])
def test_as_many_processes_share_the_work_as_are_asked_for(monkeypatch, jobs, values):
    asked, pool = [], vars(workers)["_pool"]
    monkeypatch.setattr(workers, "_pool", lambda *given: asked.append(given[0]) or pool(2, *given[1:]))
    assert list(share(partial, (int,), map(str, range(values)), jobs=jobs)) == list(range(values))
    assert asked == [jobs]


def test_little_work_is_done_here():
    assert list(share(partial, (os.getpid,), [], jobs=2)) == []
    assert list(share(itemgetter, (0,), [(os, 1)], jobs=2)) == [os]  # which cannot be pickled


@pytest.mark.parametrize(("worthwhile", "results"), [(1, [7, 8]), (3, ["7!", "8!"])])
def test_a_task_that_is_there_is_done_here(worthwhile, results):
    there = "{}!".format
    assert list(share(partial, (int,), ["7", "8"], jobs=2, worthwhile=worthwhile, here=there)) == results


@pytest.mark.parametrize("error", [FileNotFoundError, PermissionError, ImportError, NotImplementedError])
def test_where_a_system_has_no_semaphores_all_is_done_here(monkeypatch, error):
    class Nothing:
        SEM_VALUE_MAX = 1

        def __init__(self, *_):
            raise error("no semaphores")

    monkeypatch.setattr("_multiprocessing.SemLock", Nothing)
    assert list(share(itemgetter, (0,), [(os, 1)] * 500, jobs=2, worthwhile=1)) == [os] * 500


def test_one_job_is_this_process():
    assert list(share(itemgetter, (0,), [(os, 1)] * 500, jobs=1)) == [os] * 500


def test_what_a_task_raises_is_raised_here():
    with pytest.raises(IndexError, match="out of range"):
        list(share(itemgetter, (5,), [(1, 2)], jobs=2, worthwhile=1))


def test_what_makes_a_task_may_fail_as_the_task_itself():
    with pytest.raises(TypeError, match="itemgetter expected"):
        list(share(itemgetter, (), NUMBERS, jobs=2, worthwhile=1))


def test_a_process_that_is_ended_from_outside_is_told():
    with pytest.raises(ArchiveError, match="ended from outside"):
        list(share(partial, (os._exit,), [9], jobs=2, worthwhile=1))


def test_results_that_nobody_takes_are_not_made():
    results = share(partial, (int,), [*NUMBERS, "no number"], jobs=2, worthwhile=1)
    assert next(results) == 0
    results.close()


@pytest.fixture
def two_jobs(monkeypatch):
    monkeypatch.setenv(VARIABLE, "2")


def test_a_task_beside_remembers_what_came_before(two_jobs):
    assert list(beside(partial, (next, count(5)), NUMBERS)) == list(range(5, 205))


def test_a_task_beside_is_done_by_another_process_unless_there_is_one_job_only(two_jobs, monkeypatch):
    assert list(beside(partial, (eval,), ["__import__('os').getpid()"])) != [os.getpid()]
    monkeypatch.setenv(VARIABLE, "1")
    assert list(beside(partial, (eval,), ["__import__('os').getpid()"])) == [os.getpid()]


def test_values_of_a_task_beside_are_taken_as_they_are_needed(two_jobs):
    values = count()
    results = beside(partial, (max, 0), values)
    assert [next(results), next(results)] == [0, 1]
    results.close()
    assert next(values) < 10


def test_what_a_task_beside_raises_is_raised_here(two_jobs):
    with pytest.raises(ArchiveError, match="no room") as told:
        list(beside(partial, (fail,), ["no room", "on the disk"]))
    assert told.value.hint == "make some"


def test_threads_that_start_processes_leave_the_script_that_called_us(two_jobs):
    script = sys.modules["__main__"]
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(lambda _: list(beside(partial, (int,), NUMBERS[:2])), range(8))
    assert list(found) == [[0, 1]] * 8
    assert sys.modules["__main__"] is script


@pytest.mark.parametrize(("said", "jobs"), [("1", 1), ("12", 12)])
def test_the_environment_says_how_many_jobs_there_are(monkeypatch, said, jobs):
    monkeypatch.setenv(VARIABLE, said)
    assert count_jobs() == jobs


def test_windows_has_its_own_limit(monkeypatch):
    monkeypatch.setenv(VARIABLE, "100")
    assert count_jobs() == 100
    monkeypatch.setattr(sys, "platform", "win32")
    assert count_jobs() == 61


@pytest.mark.parametrize("said", ["0", "-1", "two", "1.5", "²"])
def test_a_number_of_jobs_that_is_none_is_an_error(monkeypatch, said):
    monkeypatch.setenv(VARIABLE, said)
    with pytest.raises(ArchiveError, match=f"{VARIABLE} is '{said}'"):
        count_jobs()


def test_there_is_a_job_for_each_core_and_not_too_many(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert count_jobs() == min(os.cpu_count(), MOST)


def test_the_script_that_calls_us_runs_once(script):
    process = script(
        "from functools import partial", "print('once', *share(partial, (int,), ['7'], jobs=2, worthwhile=1))"
    )
    assert process.stdout.read() == "once 7\n"


def test_processes_end_with_the_one_that_started_them(script):
    process = script(
        "import os", "from functools import partial",
        "def ids():",
        "    for pid in share(partial, (eval,), ['__import__(\"os\").getpid()'] * 100, jobs=2, worthwhile=1):",
        "        yield pid",
        "print(next(ids()), flush=True) or input()",
    )  # fmt: skip
    pid = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    for _ in range(200):
        if not is_running(pid):
            return
        time.sleep(0.05)
    pytest.fail(f"process {pid} is still there")


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
