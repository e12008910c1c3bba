"""What is said of a build while it runs."""

from __future__ import annotations

import pytest

from generator.progress import Progress


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_stage_is_timed(clock):
    progress = Progress(clock=clock)
    with progress.stage("pages"):
        clock.now += 3
    with progress.stage("verify"):
        clock.now += 0.5
    assert progress.timings == [("pages", 3.0), ("verify", 0.5)]


def test_a_log_gets_a_line_for_a_long_stage_and_none_for_a_moment(clock):
    lines = []
    progress = Progress(lines.append, clock=clock)
    with progress.stage("seeds", 20):
        clock.now += 1.9
    with progress.stage("pages", 20_010):
        clock.now += 19.6
    with progress.stage("put in place"):
        clock.now += 125
    assert lines == ["pages: 20,010 in 20 s", "put in place: 2 min 5 s"]


def test_a_log_gets_a_line_now_and_then_in_a_very_long_stage(clock):
    lines = []
    with Progress(lines.append, clock=clock).stage("pages", 100_000) as advance:
        for _ in range(10):
            clock.now += 10
            advance(1_000)
    assert lines == [
        "pages: 3,000 of 100,000, 100 a second, 16 min 10 s left",
        "pages: 6,000 of 100,000, 100 a second, 15 min 40 s left",
        "pages: 9,000 of 100,000, 100 a second, 15 min 10 s left",
        "pages: 100,000 in 1 min 40 s",
    ]


def test_a_terminal_has_one_line_that_goes_when_the_stage_ends(clock):
    said, drawn = [], []
    with Progress(said.append, drawn.append, clock=clock).stage("pages", 300) as advance:
        clock.now += 0.05
        advance(10)
        clock.now += 0.95
        advance(90)
    assert drawn == ["pages", "pages: 100 of 300, 100 a second, 2.0 s left", ""]
    assert said == []


def test_the_first_parts_tell_nothing_of_the_rest(clock):
    drawn = []
    with Progress(redraw=drawn.append, clock=clock).stage("pages", 1000) as advance:
        clock.now += 1
        advance(1)
        clock.now += 1
        advance(39)
    assert drawn == ["pages", "pages: 1 of 1,000", "pages: 40 of 1,000, 20 a second, 48 s left", ""]


def test_a_stage_that_fails_is_timed_and_its_line_goes(clock):
    drawn = []
    progress = Progress(redraw=drawn.append, clock=clock)

    def fail():
        with progress.stage("pages"):
            clock.now += 1
            raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        fail()
    assert progress.timings == [("pages", 1.0)]
    assert drawn[-1] == ""
