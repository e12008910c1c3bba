"""Effort: how many times the work of a peer something takes, in the same run; no test depends on seconds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def times_the_work(of: Callable[[], object], than: Callable[[], object]) -> float:
    """Return how many times as much processor time one call takes as the other, which is made before and after it."""
    before, taken, after = (_processor_seconds(call) for call in (than, of, than))
    return taken / max(before, after)


def _processor_seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start
