"""A build that would change nothing is told from one that would, by the files alone."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager

import pytest

from generator import unchanged as module
from generator.objects import Objects, state_of
from generator.store import edition
from generator.unchanged import (
    UNKNOWN,
    Built,
    compare,
    last_build,
    look_again,
    look_at,
    look_at_site,
    remember,
    site_is_whole,
)

OPTIONS = ("", "True")


class Archive:
    """A folder that was read and a site that was made of it."""

    def __init__(self, folder):
        self.read = folder / "read"
        self.site = folder / "site"
        self.last = folder / "last-build"
        for name in ("one", "deep/two", "deep/er/three"):
            (self.read / name).parent.mkdir(parents=True, exist_ok=True)
            (self.read / name).write_text(name)
        objects = Objects(folder / "objects")
        self.files = {}
        for name in ("index.html", "a/index.html"):
            self.files[name] = objects.add(name.encode())
            (self.site / name).parent.mkdir(parents=True, exist_ok=True)
            objects.place(self.files[name], self.site / name)

    def remember(self, inputs=None):
        roots = (str(self.read), str(self.read / "no-such-folder"))
        inputs = look_again(inputs or look_at([self.read]))
        outputs = look_at_site(self.site, self.files, {})
        site = str(self.site)
        remember(self.last, Built(edition(), OPTIONS, roots, inputs, site, site, outputs, ("a warning",)))

    def unchanged(self):
        """Return the last build, if another one would give the very same."""
        built = last_build(self.last, OPTIONS)
        return built if built and not compare(built).changed and site_is_whole(built) else None


@pytest.fixture
def archive(tmp_path):
    made = Archive(tmp_path)
    made.remember()
    return made


def test_nothing_has_changed(archive):
    built = archive.unchanged()
    assert built is not None
    assert built.warnings == ("a warning",)
    assert sorted(built.outputs) == ["a/index.html", "index.html"]


@pytest.fixture
def large(tmp_path):
    """A site of 502 new files, of which nothing is remembered yet."""
    made = Archive(tmp_path)
    objects = Objects(tmp_path / "objects")
    for number in range(500):
        made.files[f"{number}.html"] = objects.add(f"page {number}".encode())
        objects.place(made.files[f"{number}.html"], made.site / f"{number}.html")
    return made


def test_a_site_of_many_new_files_need_not_be_read_again(large, monkeypatch):
    large.remember()
    monkeypatch.setattr(module, "_read", lambda path: pytest.fail(f"{path} was read"))
    assert site_is_whole(last_build(large.last, OPTIONS))


def test_what_was_written_before_anybody_looked_is_seen(large):
    (large.site / "7.html").write_text("page X")
    large.remember()
    built = last_build(large.last, OPTIONS)
    assert [path for path, seen in built.outputs.items() if seen == UNKNOWN] == ["7.html"]
    assert not site_is_whole(built)


def test_of_files_that_only_got_one_name_more_those_are_read_that_were_written(large, monkeypatch):
    known = {}
    for path, name in large.files.items():
        size, modified, _, inode = state_of((large.site / path).stat())
        known[name] = (size, modified, 0, inode)
    (large.site / "7.html").write_text("page X")
    were_read = []
    read = module._read  # noqa: SLF001 - it is still read
    monkeypatch.setattr(module, "_read", lambda path: were_read.append(path) or read(path))
    found = look_at_site(large.site, large.files, known)
    assert were_read == [str(large.site / "7.html")]
    assert [path for path, seen in found.items() if seen == UNKNOWN] == ["7.html"]


def looked_at_in_haste(folder, monkeypatch):
    """Return what is in a folder, as it is seen as soon as it was written."""
    with monkeypatch.context() as patched:
        patched.setattr(module, "_is_fresh", lambda *_: True)
        return look_at([folder])


def test_what_was_another_while_it_was_read_is_seen(tmp_path, monkeypatch):
    archive = Archive(tmp_path)
    before = looked_at_in_haste(archive.read, monkeypatch)
    file = archive.read / "one"
    first = file.stat().st_ctime_ns
    while file.stat().st_ctime_ns == first:  # the system's clock ticks seldom
        file.write_text("eno")
    file.write_text("one")
    archive.remember(before)
    assert archive.unchanged() is None


def test_what_was_new_when_it_was_read_is_later_told_by_its_times(archive, monkeypatch):
    before = looked_at_in_haste(archive.read, monkeypatch)
    assert all(seen.digest for seen in before.values())
    monkeypatch.setattr(module, "_is_fresh", lambda *_: False)
    archive.remember(before)
    monkeypatch.setattr(module, "_read", lambda path: pytest.fail(f"{path} was read"))
    assert not compare(last_build(archive.last, OPTIONS)).changed


CHANGES = {
    "a file is edited": lambda a: (a.read / "one").write_text("another"),
    "a file is edited, its length kept": lambda a: (a.read / "one").write_text("eno"),
    "a file is edited at once, its length and time kept": lambda a: with_time_kept(a.read / "one", "eno"),
    "a file comes": lambda a: (a.read / "deep/new").write_text(""),
    "a file goes": lambda a: (a.read / "deep/two").unlink(),
    "a file is renamed": lambda a: (a.read / "one").rename(a.read / "won"),
    "a folder comes that was missing": lambda a: made(a.read / "no-such-folder" / "file"),
    "a page is edited": lambda a: (a.site / "index.html").write_text("index.htm1"),
    "a page goes": lambda a: (a.site / "a/index.html").unlink(),
    "a file comes into the site": lambda a: (a.site / "other").write_text(""),
    "the site goes": lambda a: shutil.rmtree(a.site),
    "what was kept goes": lambda a: a.last.unlink(),
}


def with_time_kept(file, text):
    before = file.stat()
    file.write_text(text)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def made(file):
    file.parent.mkdir()
    file.write_text("")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_seen(archive, change):
    change(archive)
    assert archive.unchanged() is None


@pytest.mark.parametrize("change", list(CHANGES.values())[:6], ids=list(CHANGES)[:6])
def test_a_change_while_the_build_ran_is_seen(tmp_path, change):
    archive = Archive(tmp_path)
    before = look_at([archive.read])
    change(archive)
    archive.remember(before)
    assert archive.unchanged() is None


def test_a_page_that_was_written_anew_with_the_same_bytes_is_the_same(archive):
    page = archive.site / "index.html"
    page.unlink()
    page.write_bytes(b"index.html")
    assert archive.unchanged() is not None


LINKS = {
    "to a folder": lambda a: (a.read / "deep/link").symlink_to(a.site),
    "to its own folder": lambda a: (a.read / "deep/link").symlink_to(a.read / "deep"),
    "to itself, and read as a folder": lambda a: (a.read / "no-such-folder").symlink_to(a.read / "no-such-folder"),
    "to nothing": lambda a: (a.read / "deep/link").symlink_to(a.read / "gone"),
}


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_beside_a_link_that_leads_to_no_file_nothing_is_skipped(tmp_path, link):
    archive = Archive(tmp_path)
    link(archive)
    archive.remember(look_at([archive.read, archive.read / "no-such-folder"]))
    assert archive.unchanged() is None


@pytest.fixture
def linked(tmp_path):
    """Return an archive that reads a link, and the file to which that leads."""
    made, target = Archive(tmp_path), tmp_path / "target"
    target.write_text("text")
    (made.read / "deep/link").symlink_to(target)
    made.remember()
    return made, target


def test_a_link_is_not_followed_unseen(linked):
    archive, target = linked
    assert archive.unchanged() is not None
    target.write_text("txet")
    assert archive.unchanged() is None


def test_a_link_that_takes_the_place_of_a_file_is_seen(archive):
    file = archive.read / "one"
    file.rename(archive.last.with_name("moved"))
    file.symlink_to(archive.last.with_name("moved"))
    assert archive.unchanged() is None


def test_what_is_read_may_lie_behind_a_link(archive, tmp_path):
    (tmp_path / "link").symlink_to(archive.read)
    archive.read = tmp_path / "link"
    archive.remember()
    assert archive.unchanged() is not None
    (archive.read / "one").write_text("another")
    assert archive.unchanged() is None


def test_a_folder_that_becomes_a_link_is_seen(archive):
    moved = archive.last.with_name("moved")
    archive.read.rename(moved)
    archive.read.symlink_to(moved)
    assert archive.unchanged() is None


def test_what_is_no_file_is_not_read(tmp_path):
    archive = Archive(tmp_path)
    os.mkfifo(archive.read / "deep/pipe")
    archive.remember()
    assert archive.unchanged() is None


def test_what_cannot_be_read_is_no_reason_to_stop(archive, monkeypatch):
    """Whoever runs this may read every file, so that the system has to say otherwise."""
    (archive.read / "one").write_text("eno")
    os.utime(archive.read / "one", (time.time() + 60,) * 2)  # so new that it is told by its bytes

    def fail(*_):
        raise PermissionError

    monkeypatch.setattr("builtins.open", fail)
    seen = look_at([archive.read])
    monkeypatch.undo()
    archive.remember(seen)
    assert archive.unchanged() is None


def test_what_cannot_be_listed_is_no_reason_to_stop(archive, monkeypatch):
    def fail(*_):
        raise PermissionError

    monkeypatch.setattr(os, "scandir", fail)
    assert archive.unchanged() is None


def test_backslashes_make_no_difference(archive, monkeypatch):
    scandir = os.scandir

    class Entry:
        def __init__(self, entry, folder):
            self.path, self._entry = f"{folder}\\{entry.name}", entry

        def __getattr__(self, name):
            return getattr(self._entry, name)

    @contextmanager
    def scan(folder):
        with scandir(folder) as entries:
            yield [Entry(entry, folder) for entry in entries]

    monkeypatch.setattr(os, "scandir", scan)
    archive.remember()
    assert archive.unchanged().outputs.keys() == archive.files.keys()


def test_other_options_or_another_program_are_another_build(archive, monkeypatch):
    assert last_build(archive.last, ("", "False")) is None
    monkeypatch.setattr(module, "edition", lambda: b"another one")
    assert archive.unchanged() is None


def test_no_flipped_bit_of_what_was_kept_is_believed(archive):
    whole = archive.last.read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        archive.last.write_bytes(damaged)
        assert archive.unchanged() is None
    archive.last.write_bytes(whole[:40])
    assert archive.unchanged() is None


def test_what_became_of_each_file_is_told(archive):
    (archive.read / "one").write_text("another")
    (archive.read / "deep/two").unlink()
    (archive.read / "new").write_text("")
    (archive.site / "index.html").write_text("index.htm1")
    built = last_build(archive.last, OPTIONS)
    compared = compare(built)
    assert compared.changed == {str(archive.read / name) for name in ("one", "deep/two", "new")}
    assert compared.inputs.keys() == look_at([archive.read]).keys()
