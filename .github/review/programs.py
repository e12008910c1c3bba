"""Programs: started one after another, ended when the review is to end. Comes in: words; goes out: an exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE_COMMANDS = {"GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"}
"""Files through which a step of a job speaks to later ones; programs that read strangers' words get none of them."""


class InterruptedReviewError(Exception):
    """Somebody ended the review."""


class Programs:
    """Runs one program at a time, and ends it when the review is to end.

    A signal handler that raised could do so anywhere, also in the middle of cleaning up; this one takes a note and
    ends the program under way. Programs have a process group of their own, so that what they started ends as well.
    """

    def __init__(self) -> None:
        self.stopped = False
        self.under_way: subprocess.Popen[bytes] | None = None

    def stop(self, *_: object) -> None:
        """End the program under way; without mercy when asked a second time."""
        last = self.stopped
        self.stopped = True
        if self.under_way is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.under_way.pid, signal.SIGKILL if last else signal.SIGTERM)

    def run(
        self, *words: str | Path, cwd: Path, out: IO[bytes] | None = None, err: IO[bytes] | None = None,
        **environment: str,
    ) -> int:  # fmt: skip
        """Run a program to its end and return its exit code."""
        self.go_on()
        kept = {name: value for name, value in os.environ.items() if name not in FILE_COMMANDS}
        sys.stdout.flush()
        with subprocess.Popen(
            words, cwd=cwd, env=kept | environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
            start_new_session=True,
        ) as process:  # fmt: skip
            self.under_way = process
            if self.stopped:
                self.stop()
            code = process.wait()
            self.under_way = None
        self.go_on()
        return code

    def go_on(self) -> None:
        """Raise where the review is to end.

        Raises:
            InterruptedReviewError: a signal came.
        """
        if self.stopped:
            raise InterruptedReviewError
