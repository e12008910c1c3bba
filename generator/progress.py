"""Progress: what people are told of a build while it runs, and where its time went.

On a terminal one line is written again and again; elsewhere, as in logs, a stage gets a line when it has ended and one
now and then before that. What is done within a moment is not worth a line.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOMENT = 2.0
"""Seconds after which a stage is worth a line."""
AGAIN = 0.1
"""Seconds from one state of the line on a terminal to the next."""
ENOUGH = 0.02
"""Part of a stage from which on its pace tells how long it will take: the first pages wait for processes to start."""
PATIENCE = 30.0
"""Seconds from one line of a log to the next."""


class Progress:
    """The stages of one build."""

    def __init__(
        self,
        say: Callable[[str], object] = lambda _: None,
        redraw: Callable[[str], object] | None = None,
        clock: Callable[[], float] = time.perf_counter,
        go_on: Callable[[], object] = lambda: None,
    ) -> None:
        """Begin with no stage.

        Args:
            say: prints a line.
            redraw: puts a line in the place of the last one on a terminal; an empty one takes it away.
            clock: gives seconds.
            go_on: is called before each stage; what it raises ends the build.
        """
        self._say, self._redraw, self._clock, self._go_on = say, redraw, clock, go_on
        self.timings: list[tuple[str, float]] = []
        """(stage, seconds), in their order."""

    @contextmanager
    def stage(self, name: str, total: int = 0) -> Iterator[Callable[[int], None]]:
        """Time a stage; yield what is to be told how many more of its `total` parts are done."""
        self._go_on()
        start = told = self._clock()
        done = 0
        if self._redraw:
            self._redraw(name)

        def advance(more: int) -> None:
            nonlocal done, told
            done += more
            now = self._clock()
            if now - told >= (AGAIN if self._redraw else PATIENCE):
                told = now
                (self._redraw or self._say)(_state(name, done, total, now - start))

        try:
            yield advance
        finally:
            seconds = self._clock() - start
            self.timings.append((name, seconds))
            if self._redraw:
                self._redraw("")
            if seconds >= MOMENT:
                self._say(_summary(name, total, seconds))


def _state(name: str, done: int, total: int, seconds: float) -> str:
    rate = done / seconds if seconds else 0.0
    known = rate and done >= total * ENOUGH
    left = f", {rate:,.0f} a second, {_duration((total - done) / rate)} left" if known else ""
    return f"{name}: {done:,} of {total:,}{left}"


def _summary(name: str, total: int, seconds: float) -> str:
    counted = f"{total:,} in " if total else ""
    return f"{name}: {counted}{_duration(seconds)}"


def _duration(seconds: float) -> str:
    """Return `3.4 s`, `12 s` or `2 min 5 s`.

    >>> _duration(3.41), _duration(12.3), _duration(125)
    ('3.4 s', '12 s', '2 min 5 s')
    """
    if seconds < 10:  # noqa: PLR2004 - from there on, tenths are noise
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
