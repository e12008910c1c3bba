"""Work that is shared out to processes comes back as if it had been done here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from operator import itemgetter
from pathlib import Path

import pytest

from generator.issues import ArchiveError
from generator.workers import MOST, VARIABLE, count_jobs, share

ROOT = Path(__file__).parent.parent
NUMBERS = [str(number) for number in range(200)]


@pytest.fixture
def script(tmp_path):
    """Start a script, without the guard that programs have which start processes, in a process of its own."""
    started = []

    def start(*lines):
        file = tmp_path / "script.py"
        file.write_text("\n".join(("from generator.workers import share", *lines)), encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, file],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def test_results_come_in_the_order_of_the_values():
    assert list(share(partial, (int,), NUMBERS, jobs=2, worthwhile=1)) == list(range(200))


def test_little_work_is_done_here():
    assert list(share(partial, (os.getpid,), [], jobs=2)) == []
    assert list(share(itemgetter, (0,), [(os, 1)], jobs=2)) == [os]  # which cannot be pickled


@pytest.mark.parametrize("error", [FileNotFoundError, PermissionError, ImportError, NotImplementedError])
def test_where_a_system_has_no_semaphores_all_is_done_here(monkeypatch, error):
    def fail(*_):
        raise error("no semaphores")

    monkeypatch.setattr("_multiprocessing.SemLock", fail)
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
