"""The manifest of captures: what is read from it, what is said about bad lines, how a line is added."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from generator import cli
from generator.check.formats import Report
from generator.config import ArchiveConfig
from generator.fixing import fix_seeds
from generator.issues import ArchiveError, Fix, Issue, Level, sort_issues
from generator.read.captures import Captures
from generator.read.manifest import (
    FILE,
    MOST_FAULTS,
    Manifest,
    Places,
    add_line,
    list_capture,
    parse_manifest,
    read_manifest,
)
from tests.effort import times_the_work

ONE, TWO = hashlib.sha256(b"one").hexdigest(), hashlib.sha256(b"two").hexdigest()


def said(text):
    return [f"{issue.line} {issue.message}; {issue.hint}" for issue in parse_manifest(text)[1]]


def test_an_archive_without_a_manifest_lists_nothing(tmp_path):
    manifest, issues = read_manifest(tmp_path)
    assert (manifest.digests, issues) == ({}, [])


def test_a_listed_capture_has_its_digest_and_its_line(tmp_path):
    for name, data in (("b.txt", b"two"), ("a.txt", b"one")):
        list_capture(tmp_path, name, data)
    manifest, issues = read_manifest(tmp_path)
    assert issues == []
    assert manifest.digests == {"a.txt": ONE, "b.txt": TWO}
    assert manifest.lines == {"a.txt": 1, "b.txt": 2}
    assert (tmp_path / FILE).read_bytes() == f"{ONE}  a.txt\n{TWO}  b.txt\n".encode()


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not on PATH")
def test_sha256sum_understands_the_manifest(tmp_path):
    folder = tmp_path / "seeds/captures"
    folder.mkdir(parents=True)
    for name, data in (("b c.txt", b"two"), ("نص.txt", b"one")):
        (folder / name).write_bytes(data)
        list_capture(tmp_path, name, data)
    command = ["sha256sum", "--check", "--strict", "../captures.sha256"]
    assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0
    (folder / "b c.txt").write_bytes(b"three")
    assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 1


def test_listing_a_capture_again_changes_nothing(tmp_path):
    list_capture(tmp_path, "a.txt", b"one")
    before = (tmp_path / FILE).read_bytes()
    list_capture(tmp_path, "a.txt", b"one")
    assert (tmp_path / FILE).read_bytes() == before


def test_a_capture_is_never_listed_with_a_second_digest(tmp_path):
    list_capture(tmp_path, "a.txt", b"one")
    with pytest.raises(ArchiveError, match=r"captures\.sha256:1 lists 'a\.txt' with another digest"):
        list_capture(tmp_path, "a.txt", b"two")


@pytest.mark.parametrize("name", ["a\nb", "a\\b", "../a", "", "/a", "a\u202eb"])
def test_a_name_that_sha256sum_would_not_read_back_is_refused(tmp_path, name):
    with pytest.raises(ArchiveError, match="rename the file"):
        list_capture(tmp_path, name, b"one")
    assert not (tmp_path / FILE).exists()


def test_nothing_is_added_to_a_manifest_that_is_wrong(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / FILE).write_bytes(b"nonsense\n")
    with pytest.raises(ArchiveError, match="nothing was added"):
        list_capture(tmp_path, "a.txt", b"one")
    assert (tmp_path / FILE).read_bytes() == b"nonsense\n"


def test_a_line_is_added_after_a_last_line_without_an_end():
    assert add_line(f"{ONE}  a.txt", "b.txt", TWO) == f"{ONE}  a.txt\n{TWO}  b.txt\n"


def test_each_bad_line_is_told_with_its_mend():
    text = f"{ONE.upper()}  a\n{ONE} *b\n{ONE}  c\r\n\n{ONE}  ../d\nwords\n{ONE}  e\n{TWO}  e\n"
    assert said(text) == [
        f"1 '{ONE.upper()}  a' is not in the form of sha256sum; write it as sha256sum does: '{ONE}  a'",
        f"2 '{ONE} *b' is not in the form of sha256sum; write it as sha256sum does: '{ONE}  b'",
        "3 the line ends in a carriage return; save the file with line ends of Unix (LF)",
        "4 the line is empty; remove it",
        "5 '../d' is not the name of a file in seeds/captures/; list files of seeds/captures/ by their names",
        "6 'words' is no digest and name; write 64 of 0-9 and a-f, two spaces and the file's name",
        "8 'e' is listed twice, first in line 7; keep one of the two",
    ]


def test_a_file_of_another_kind_gives_a_bounded_number_of_issues():
    assert len(said("x\n" * 100_000)) == MOST_FAULTS


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xef\xbb\xbf" + ONE.encode() + b"  a\n", "byte-order-mark"),
        (b"\xff", "not-utf-8"),
        (b"x" * 8_000_001, "too-large"),
    ],
    ids=["byte-order mark", "other encoding", "huge"],
)
def test_a_manifest_that_is_no_text_is_an_issue(tmp_path, data, kind):
    (tmp_path / "seeds").mkdir()
    (tmp_path / FILE).write_bytes(data)
    assert [issue.kind for issue in read_manifest(tmp_path)[1]] == [kind]


def test_a_folder_in_the_place_of_the_manifest_is_an_issue(tmp_path):
    (tmp_path / FILE).mkdir(parents=True)
    assert [issue.message for issue in read_manifest(tmp_path)[1]] == ["this is a folder"]


def test_a_symbolic_link_in_the_place_of_the_manifest_is_not_followed(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "elsewhere").write_text(f"{ONE}  a\n")
    (tmp_path / FILE).symlink_to(tmp_path / "elsewhere")
    assert read_manifest(tmp_path)[0].digests == {}
    with pytest.raises(ArchiveError, match="nothing was added"):
        list_capture(tmp_path, "b", b"two")


def test_an_original_that_cannot_be_read_is_an_issue(tmp_path):
    (tmp_path / "seeds/captures").mkdir(parents=True)
    (tmp_path / "seeds/captures/a.html").write_bytes(b"one")
    captures = Captures(tmp_path)
    (tmp_path / "seeds/captures/a.html").unlink()
    found = list(captures.check(Manifest({"a.html": ONE}, {"a.html": 1}), whole=True))
    assert [issue.kind for issue in found] == ["unreadable"]


@given(st.sets(st.text(st.characters(categories=["L", "N", "P"], exclude_characters="/\\."), min_size=1)))
def test_whatever_is_added_is_read_back_sorted_by_name(names):
    text = ""
    for name in names:
        text = add_line(text, name, ONE)
    manifest, issues = parse_manifest(text)
    assert issues == []
    assert list(manifest.digests) == sorted(names)


def put(root, name):
    file = root / "seeds/captures" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(name)


def fix(root):
    def look():
        manifest, found = read_manifest(root)
        return Report(1, sort_issues([*found, *Captures(root).check(manifest, whole=not found)]))

    return fix_seeds(ArchiveConfig(root), look)


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("", "a b c d e/f g"),
        ("d g", "a b c d e/f g"),
        ("g b", "a c d e/f g b"),
        ("c a g", "b c a d e/f g"),
    ],
)
@pytest.mark.parametrize("end", ["\n", ""], ids=["closed", "open"])
def test_fixes_put_every_line_in_its_place_by_name_as_imports_do(tmp_path, listed, expected, end):
    names = sorted(expected.split(), reverse=True)
    for name in names:
        put(tmp_path, name)
    lines = [f"{hashlib.sha256(name.encode()).hexdigest()}  {name}" for name in listed.split()]
    text = "\n".join(lines) + (end if lines else "")
    (tmp_path / FILE).write_text(text)
    report = fix(tmp_path)
    assert report.issues == ()
    assert all(
        str(issue.fix).endswith(f"{issue.path.removeprefix('seeds/captures/')}' is added")
        for issue in report.mended
    )
    after = (tmp_path / FILE).read_text()
    assert [line.split("  ")[1] for line in after.splitlines()] == expected.split()
    for name in sorted({*names} - {*listed.split()}):
        text = add_line(text, name, hashlib.sha256(name.encode()).hexdigest())
    assert after == text


def test_captures_by_the_thousand_are_listed_in_time_that_grows_with_them(tmp_path):
    def listing(captures):
        places = Places("")
        listed = [
            Issue(f"seeds/captures/{n:05}", 0, 0, "k", Level.WARNING, "m", "h", Fix(places.edits(f"{n:05}", ONE)))
            for n in range(captures)
        ]

        def fix():
            root = Path(tempfile.mkdtemp(dir=tmp_path))
            (root / "seeds").mkdir()
            reports = iter([Report(1, tuple(listed)), Report(1, ())])
            assert len(fix_seeds(ArchiveConfig(root), lambda: next(reports)).mended) == captures
            assert list(read_manifest(root)[0].digests) == [f"{n:05}" for n in range(captures)]

        return fix

    assert times_the_work(listing(10_000), than=listing(1250)) < 20


def test_check_fix_lists_the_captures_that_are_missing_and_touches_nothing_else(tmp_path):
    root = tmp_path / "archive"
    for name in ("b.txt", "a.txt"):
        put(root, name)
    for _ in range(2):
        ran = CliRunner().invoke(cli.archive, ["check", "--fix", "--archive", str(root)])
    assert "unlisted-capture" not in ran.output
    names = [line.split("  ")[1] for line in (root / FILE).read_text().splitlines()]
    assert names == ["a.txt", "b.txt"]
    assert subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "../captures.sha256"], cwd=root / "seeds/captures", check=False
    ).returncode == 0  # fmt: skip
