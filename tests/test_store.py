"""What builds keep: values and files that are believed only while they have their digests."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generator import store
from generator.objects import Objects, state_of
from generator.records import Records
from generator.store import digest


@pytest.fixture
def records(tmp_path):
    opened = Records(tmp_path / "kept.db")
    yield opened
    opened.close()


def reopened(records, tmp_path):
    records.close()
    return Records(tmp_path / "kept.db")


VALUES = {bytes([number]) * 32: bytes([number]) * 400 for number in range(60)}


def test_what_was_kept_is_there_in_the_next_process(records, tmp_path):
    records.put(VALUES)
    again = reopened(records, tmp_path)
    assert again.get(VALUES) == VALUES
    assert again.get([b"unknown"]) == {}
    again.close()


def test_a_value_takes_the_place_of_the_former_one_and_unused_ones_go(records):
    records.put({b"a": b"1", b"b": b"2"})
    records.put({b"a": b"3"})
    assert records.get([b"a", b"b"]) == {b"a": b"3", b"b": b"2"}
    records.keep_only([b"a", b"c"])
    assert records.get([b"a", b"b"]) == {b"a": b"3"}


def test_more_keys_than_one_question_takes_are_found(records):
    many = {number.to_bytes(32, "big"): b"x" for number in range(1300)}
    records.put(many)
    assert records.get(many) == many


def test_another_edition_of_the_program_knows_nothing_of_what_this_one_kept(records, tmp_path, monkeypatch):
    records.put(VALUES)
    records.close()
    monkeypatch.setattr("generator.records.edition", lambda: b"another one")
    again = Records(tmp_path / "kept.db")
    assert again.get(VALUES) == {}
    again.close()


def test_a_second_process_goes_without(records, tmp_path):
    records.put(VALUES)
    second = Records(tmp_path / "kept.db")
    assert second.get(VALUES) == {}
    second.put({b"a": b"1"})
    second.close()
    assert records.get([*VALUES, b"a"]) == VALUES


def test_a_second_process_takes_nothing_away_from_the_first(records, tmp_path):
    records.put(VALUES)
    second = Records(tmp_path / "kept.db")
    assert second.get([object()]) == {}  # which SQLite cannot be asked for, and says as it says that a file is damaged
    second.close()
    assert reopened(records, tmp_path).get(VALUES) == VALUES


@pytest.mark.parametrize(
    ("stem", "suffix"),
    [("x" * 252, ".db"), ("x" * 248, ".sqlite")],
    ids=["not even a lock", "a lock, and no journal beside the file"],
)
def test_what_cannot_be_written_keeps_nothing_and_holds_nothing(tmp_path, stem, suffix):
    """Names may have 255 characters: longer ones no system writes, whoever asks."""
    opened = Records(tmp_path / f"{stem}{suffix}")
    opened.put(VALUES)
    assert opened.get(VALUES) == VALUES
    if suffix == ".sqlite":
        with store.lock_of(tmp_path / f"{stem}.lock").acquire(timeout=0):
            opened.keep_only([])
    opened.close()


def test_no_flipped_bit_of_the_file_gives_another_value(tmp_path):
    chance = random.Random(7)
    file = tmp_path / "kept.db"
    first = Records(file)
    first.put(VALUES)
    first.close()
    whole = file.read_bytes()
    noticed = 0
    for _ in range(150):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        records = Records(file)
        found = records.get(VALUES)
        assert found.items() <= VALUES.items()
        noticed += found != VALUES
        records.put(VALUES)
        if records.get(VALUES) != VALUES:  # the damage was met only now, and the file begun anew
            records.put(VALUES)
        assert records.get(VALUES) == VALUES
        records.close()
    assert noticed > 75, "too few of the flips met a value"


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100, b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_is_no_database_is_begun_anew(tmp_path, content):
    (tmp_path / "kept.db").write_bytes(content)
    records = Records(tmp_path / "kept.db")
    records.put(VALUES)
    assert records.get(VALUES) == VALUES
    records.close()


def test_parts_and_not_only_their_bytes_decide_a_digest():
    assert digest(b"a", b"bc") != digest(b"ab", b"c") != digest(b"abc")


def test_an_object_is_found_by_its_digest_and_placed_elsewhere(tmp_path):
    objects = Objects(tmp_path / "objects")
    name = objects.add(b"content")
    assert objects.add(b"content") == name
    assert objects.is_whole(name)
    objects.place(name, tmp_path / "here")
    assert (tmp_path / "here").read_bytes() == b"content"
    assert objects.inode(name) == (tmp_path / "here").stat().st_ino


def test_an_object_whose_bytes_were_changed_is_not_whole_and_made_anew(tmp_path):
    objects = Objects(tmp_path / "objects")
    name = objects.add(b"content")
    Path(objects.path(name)).write_bytes(b"Content")
    assert not objects.is_whole(name)
    assert objects.add(b"content") == name
    assert objects.is_whole(name)


def test_several_may_mend_an_object_at_once(tmp_path):
    objects = Objects(tmp_path / "objects")
    name = objects.add(b"content")
    with ThreadPoolExecutor(6) as pool:
        for _ in range(100):
            Path(objects.path(name)).write_bytes(b"Content")
            assert set(pool.map(objects.add, [b"content"] * 6)) == {name}
            assert objects.add(b"content") == name
            assert objects.is_whole(name)


def test_objects_that_nobody_needs_go(tmp_path):
    objects = Objects(tmp_path / "objects")
    kept, gone = objects.add(b"kept"), objects.add(b"gone")
    objects.keep_only([kept])
    assert objects.is_whole(kept)
    assert not objects.is_whole(gone)
    assert not Path(objects.path(gone)).exists()


def test_an_object_that_got_one_name_more_was_changed_at_another_time(tmp_path):
    made = Objects(tmp_path / "objects")
    one, other = (made.add(text) for text in (b"one", b"other"))
    known = {name: state_of(Path(made.path(name)).stat()) for name in (one, other)}
    objects = Objects(tmp_path / "objects", known)
    objects.place(one, tmp_path / "one")
    size, modified, _, inode = known[one]
    assert objects.states == {one: (size, modified, 0, inode), other: known[other]}


def test_an_object_in_the_state_in_which_it_was_whole_is_not_read_again(tmp_path):
    made = Objects(tmp_path)
    one, other = (made.add(text) for text in (b"one", b"other"))
    known = {name: state_of(Path(made.path(name)).stat()) for name in (one, other)}
    with Path(made.path(other)).open("r+b") as file:
        file.write(b"OTHER")
    objects = Objects(tmp_path, known)
    assert objects.states == {one: known[one]}
    assert objects.is_whole(one)
    assert not objects.is_whole(other)
    with Path(made.path(one)).open("r+b") as file:
        file.write(b"ONE")
    assert objects.is_whole(one), "it was read"
    assert not Objects(tmp_path, known).is_whole(one)
