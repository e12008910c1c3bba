"""What must not happen to captures, texts and addresses: forty sneaky changes, each of them reported."""

from __future__ import annotations

import hashlib
import os
import subprocess
import unicodedata
from pathlib import Path

import pytest

from generator import pipeline
from generator.comparing import since
from generator.config import ArchiveConfig
from generator.issues import ArchiveError, Level
from tests.repositories import start_repository

ARTICLE = "seeds/articles/2025/07/talks.md"
OTHER = "seeds/articles/2025/07/harbour.md"
ENTRY = "seeds/glossary/place/quneitra.md"
CAPTURE = "seeds/captures/talks.txt"
MANIFEST = "seeds/captures.sha256"
SECOND = "seeds/captures/café.txt"
WORDS = "Envoys met in Quneitra. They left by night.\n\nNobody signed.\n"
WITHDRAWN = "withdrawn: {date: 2025-08-01, reason: At the wish of the author}\n"
SECOND_WORDS, PAGE = "Un café.\n", "<p>Envoys met in Quneitra.</p>\n"
FRONT = "title: Talks\ndate: 2025-07-01\nlanguage: en\n"


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def article(words=WORDS, front=FRONT, **keys):
    more = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return f"---\n{front}{more}---\n{words}"


@pytest.fixture
def archive(tmp_path):
    return start_repository(
        tmp_path / "archive",
        {
            ARTICLE: article(capture="talks.txt", original="page.html"),
            OTHER: article("The harbour is closed.\n\nShips wait in $Id$ order at the café.\n"),
            ENTRY: "---\nname: Quneitra\nkind: place\ndescription: A town.\nreplaces: [kuneitra]\n---\nA town.\n",
            CAPTURE: WORDS,
            SECOND: SECOND_WORDS,
            "seeds/captures/page.html": PAGE,
            MANIFEST: f"{sha256(SECOND_WORDS)}  café.txt\n{sha256(PAGE)}  page.html\n{sha256(WORDS)}  talks.txt\n",
        },
    )


def issues_since_base(archive):
    return since(archive.config, "base", pipeline.annotate(archive.config).issues)


def breaches(archive, level=Level.ERROR):
    """Return (kind, path) of what is said at this level, without what a check says of the files alone."""
    before = {str(issue) for issue in pipeline.annotate(archive.config).issues}
    return {
        (issue.kind, issue.path)
        for issue in issues_since_base(archive)
        if issue.level is level and str(issue) not in before
    }


def move(archive, old, new):
    (archive.root / new).parent.mkdir(parents=True, exist_ok=True)
    (archive.root / old).rename(archive.root / new)


def move_and_edit(archive):
    move(archive, CAPTURE, "seeds/captures/talks-2.txt")
    archive.replace("seeds/captures/talks-2.txt", "night", "day")
    archive.replace(ARTICLE, "capture: talks.txt", "capture: talks-2.txt")
    archive.replace(ARTICLE, "night", "day")


def link_to(archive, path, target):
    (archive.root / path).unlink()
    (archive.root / path).symlink_to(target)


def turn_into_submodule(archive, path):
    place = archive.root / path
    place.unlink(missing_ok=True)
    start_repository(place, {"a.txt": "A\n"})


def remove_text(archive, front):
    archive.write(ARTICLE, f"---\n{front}---\n")


def rename_in_unicode(archive):
    move(archive, SECOND, unicodedata.normalize("NFD", SECOND))


def filter_bytes(archive):
    """What is committed is not what lies on disk: the filter turns one into the other and back."""
    archive.git("config", "filter.sneak.clean", "sed s/night/day/")
    archive.git("config", "filter.sneak.smudge", "sed s/day/night/")
    archive.write(".gitattributes", "*.txt filter=sneak\n")
    archive.replace(CAPTURE, "Nobody", "Nobody")
    os.utime(archive.root / CAPTURE, (0, 0))
    archive.git("add", "--renormalize", ".")
    archive.commit()


def commit_and_restore(archive):
    """The commit holds other words than the files on disk do."""
    archive.replace(OTHER, "closed", "open")
    archive.commit()
    archive.replace(OTHER, "open", "closed")


CAPTURES = {
    "one letter changed": lambda a: a.replace(CAPTURE, "night", "nights"),
    "one byte added at the end": lambda a: a.write(CAPTURE, f"{WORDS} "),
    "line ends translated": lambda a: a.write(CAPTURE, WORDS.replace("\n", "\r\n")),
    "byte-order mark added": lambda a: a.write(CAPTURE, b"\xef\xbb\xbf" + WORDS.encode()),
    "emptied": lambda a: a.write(CAPTURE, ""),
    "removed": lambda a: (a.root / CAPTURE).unlink(),
    "renamed": lambda a: move(a, CAPTURE, "seeds/captures/talks-2.txt"),
    "renamed and edited, with the text": move_and_edit,
    "moved into a folder": lambda a: move(a, CAPTURE, "seeds/captures/old/talks.txt"),
    "renamed in capitals": lambda a: move(a, CAPTURE, "seeds/captures/Talks.txt"),
    "executable": lambda a: (a.root / CAPTURE).chmod(0o755),
    "a link to a copy": lambda a: (a.write("copy.txt", WORDS), link_to(a, CAPTURE, "../../copy.txt")),
    "a link into nowhere": lambda a: link_to(a, CAPTURE, "/dev/null"),
    "a folder": lambda a: ((a.root / CAPTURE).unlink(), a.write(f"{CAPTURE}/talks.txt", WORDS)),
    "a submodule": lambda a: turn_into_submodule(a, CAPTURE),
    "words and text changed alike": lambda a: (a.replace(CAPTURE, "night", "day"), a.replace(ARTICLE, "night", "day")),
    "committed changed, restored on disk": lambda a: (
        a.replace(CAPTURE, "night", "day"), a.commit(), a.replace(CAPTURE, "day", "night")
    ),
    "rewritten by a filter": filter_bytes,
}  # fmt: skip


@pytest.mark.parametrize("change", CAPTURES.values(), ids=CAPTURES)
def test_a_capture_that_is_not_as_it_was_is_reported(archive, change):
    change(archive)
    assert ("capture-altered", CAPTURE) in breaches(archive)


ELSEWHERE = {
    "renamed in Unicode only": (rename_in_unicode, ("capture-altered", SECOND)),
    "the original of a capture changed": (
        lambda a: a.replace("seeds/captures/page.html", "met", "meet"), ("capture-altered", "seeds/captures/page.html"),
    ),
    "the article names no capture any more": (
        lambda a: a.replace(ARTICLE, "capture: talks.txt\n", ""), ("capture-altered", ARTICLE),
    ),
    "captures as a link": (
        lambda a: (move(a, "seeds/captures", "elsewhere"), (a.root / "seeds/captures").symlink_to("../elsewhere")),
        ("capture-altered", CAPTURE),
    ),
    "a new capture is a submodule": (
        lambda a: turn_into_submodule(a, "seeds/captures/more"), ("not-plain", "seeds/captures/more"),
    ),
    "a new capture is executable": (
        lambda a: a.write("seeds/captures/new.txt", "New\n").chmod(0o755), ("not-plain", "seeds/captures/new.txt"),
    ),
    "an article is executable": (lambda a: (a.root / OTHER).chmod(0o755), ("not-plain", OTHER)),
    "an article is a link": (
        lambda a: (a.write("copy.md", (a.root / OTHER).read_bytes()), link_to(a, OTHER, "../../../../copy.md")),
        ("not-plain", OTHER),
    ),
    "an entry is a submodule": (
        lambda a: turn_into_submodule(a, "seeds/glossary/x"), ("not-plain", "seeds/glossary/x"),
    ),
    "a filter that nobody has set up": (
        lambda a: a.write(".gitattributes", "seeds/** filter=lfs\n"), ("git-attribute", OTHER),
    ),
    "attributes inside the seeds": (
        lambda a: a.write("seeds/captures/.gitattributes", "* text eol=crlf\n"), ("git-attribute", CAPTURE),
    ),
    "keywords expanded": (lambda a: a.write(".gitattributes", "*.md ident\n"), ("git-attribute", OTHER)),
    "a value that is no text": (
        lambda a: a.write(".gitattributes", b"*.md filter=\xff\n"), ("git-attribute", OTHER),
    ),
    "the manifest emptied": (lambda a: a.write(MANIFEST, ""), ("capture-altered", MANIFEST)),
    "the manifest removed": (lambda a: (a.root / MANIFEST).unlink(), ("capture-altered", MANIFEST)),
    "another digest in the manifest": (
        lambda a: a.replace(MANIFEST, f"{sha256(WORDS)}  ", f"{sha256('')}  "), ("capture-altered", MANIFEST),
    ),
    "another encoding": (
        lambda a: a.write(".gitattributes", "*.md working-tree-encoding=UTF-16\n"), ("git-attribute", OTHER),
    ),
}  # fmt: skip


@pytest.mark.parametrize("change, expected", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_surrounds_a_capture_or_a_text_is_guarded_as_well(archive, change, expected):
    change(archive)
    assert expected in breaches(archive)


TEXTS = {
    "one letter changed": lambda a: a.replace(OTHER, "closed", "close"),
    "a look-alike letter": lambda a: a.replace(OTHER, "closed", "сlosed"),
    "a word added": lambda a: a.replace(OTHER, "is closed", "is not closed"),
    "a character that shows nothing": lambda a: a.replace(OTHER, "closed", "clo\u200bsed"),
    "a character decomposed": lambda a: a.replace(OTHER, "é", "e\u0301"),
    "hidden from readers": lambda a: (
        move(a, OTHER, "seeds/articles/2025/07/.harbour.md"),
        a.write("seeds/articles/new.md", article("It is open.\n", replaces="[2025/07/harbour]")),
    ),
    "mended where it could not be read": lambda a: (
        a.write(OTHER, a.git("show", f"base:{OTHER}").replace("language: en", "language: [")), a.commit(),
        a.git("tag", "--force", "base"),
        a.replace(OTHER, "language: [", "language: en"), a.replace(OTHER, "closed", "open"),
    ),
    "paragraphs exchanged": lambda a: a.write(
        OTHER, article("Ships wait in $Id$ order at the café.\n\nThe harbour is closed.\n")
    ),
    "lost to another article": lambda a: (
        (a.root / ARTICLE).unlink(), a.replace(OTHER, "language: en", "language: en\nreplaces: [2025/07/talks]")
    ),
    "its end cut off": lambda a: a.replace(OTHER, "\n\nShips wait in $Id$ order at the café.", ""),
    "changed and moved": lambda a: (
        move(a, OTHER, "seeds/articles/2025/08/port.md"),
        a.write("seeds/articles/2025/08/port.md", article("The port is closed.\n", replaces="[2025/07/harbour]")),
    ),
    "committed changed, restored on disk": commit_and_restore,
}  # fmt: skip


@pytest.mark.parametrize("change", TEXTS.values(), ids=TEXTS)
def test_a_text_whose_words_are_not_as_they_were_is_reported(archive, change):
    change(archive)
    assert "text-altered" in {kind for kind, _ in breaches(archive)}


def test_a_text_of_which_only_spaces_differ_is_a_warning(archive):
    archive.replace(OTHER, "harbour is", "harbour\u00a0is")
    assert breaches(archive) == set()
    assert ("text-respaced", OTHER) in breaches(archive, Level.WARNING)


def test_the_place_and_the_words_of_a_change_are_told(archive):
    archive.replace(OTHER, "Ships wait", "Boats wait")
    (issue,) = [issue for issue in issues_since_base(archive) if issue.kind == "text-altered"]
    assert (issue.line, issue.message) == (
        8, "the words of the text are not those of base: 'Boats' stands where 'Ships' stood"
    )  # fmt: skip


def test_what_a_capture_became_is_told(archive):
    (archive.root / CAPTURE).chmod(0o755)
    move(archive, SECOND, "seeds/captures/new.txt")
    said = {issue.path: issue.message for issue in issues_since_base(archive) if issue.kind == "capture-altered"}
    assert said == {
        CAPTURE: "this capture is an executable file now, which it is not in base",
        SECOND: "this capture of base is gone: it was renamed to seeds/captures/new.txt",
    }


def test_a_change_with_a_correction_is_left_to_the_reviewer(archive):
    corrections = "[{date: 2025-07-02, text: A word was missing}]"
    archive.write(OTHER, article("The harbour was closed.\n", corrections=corrections))
    assert breaches(archive) == set()
    assert ("text-altered", OTHER) in breaches(archive, Level.WARNING)


def test_a_withdrawal_may_remove_text_and_captures(archive):
    remove_text(archive, f"{FRONT}capture: talks.txt\noriginal: page.html\n{WITHDRAWN}")
    (archive.root / CAPTURE).unlink()
    (archive.root / "seeds/captures/page.html").unlink()
    assert breaches(archive) == set()


def test_hidden_changes_to_what_reviewers_see_are_a_warning(archive):
    archive.write("seeds/articles/.gitattributes", "*.md linguist-generated=true\n")
    assert ("git-attribute", OTHER) in breaches(archive, Level.WARNING)


def test_a_new_withdrawal_removes_no_capture_that_it_names(archive):
    archive.write("seeds/articles/sly.md", article("", original="café.txt", withdrawn="{date: 2025, reason: Sly}"))
    (archive.root / SECOND).unlink()
    assert ("capture-altered", SECOND) in breaches(archive)


def test_rights_of_files_mean_nothing_where_the_disk_has_none(archive):
    archive.git("config", "core.fileMode", "false")
    for file in (archive.root / "seeds").rglob("*.*"):
        file.chmod(0o777)
    assert issues_since_base(archive) == []


def test_seeds_in_very_deep_folders_are_read(archive):
    place = archive.root / "seeds" / "articles"
    for _ in range(1100):
        place = Path(f"{place}/d")
        place.mkdir()
    found = issues_since_base(archive)
    while place.name == "d":  # pytest removes folders by recursion
        place.rmdir()
        place = Path(str(place).removesuffix("/d"))
    assert found == []


def test_a_name_in_a_command_is_quoted(archive):
    archive.write("seeds/captures/x;id #.txt", "X\n").chmod(0o755)
    (hint,) = [issue.hint for issue in issues_since_base(archive) if issue.kind == "not-plain"]
    assert "'seeds/captures/x;id #.txt'" in hint


def test_a_partial_clone_is_told_and_nothing_is_fetched(archive, tmp_path):
    archive.replace(OTHER, "closed", "open")
    archive.commit()
    archive.git("config", "uploadpack.allowFilter", "true")
    subprocess.run(
        ["git", "clone", "-q", "--filter=blob:none", f"file://{archive.root}", tmp_path / "clone"], check=True
    )
    with pytest.raises(ArchiveError, match="is not in this clone"):
        since(ArchiveConfig(tmp_path / "clone"), "base", ())


def test_a_shallow_clone_in_which_the_branch_point_is_missing_is_told(archive, tmp_path):
    archive.git("switch", "--quiet", "--create", "topic")
    archive.commit("ours")
    archive.git("switch", "--quiet", "main")
    archive.commit("theirs")
    address, clone = f"file://{archive.root}", tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth=1", "--branch=topic", address, clone], check=True)
    subprocess.run(["git", "-C", clone, "fetch", "-q", "--depth=1", "origin", "main:main"], check=True)
    with pytest.raises(ArchiveError, match="the clone is shallow"):
        since(ArchiveConfig(clone), "main", ())


def test_a_withdrawal_removes_no_capture_of_another_article(archive):
    remove_text(archive, f"{FRONT}{WITHDRAWN}")
    (archive.root / SECOND).unlink()
    assert ("capture-altered", SECOND) in breaches(archive)


ADDRESSES = {
    "an article removed": (lambda a: (a.root / OTHER).unlink(), OTHER),
    "an article moved": (lambda a: move(a, OTHER, "seeds/articles/2025/08/harbour.md"), OTHER),
    "an entry removed": (lambda a: (a.root / ENTRY).unlink(), ENTRY),
    "an entry renamed": (lambda a: move(a, ENTRY, "seeds/glossary/quneitra-city.md"), ENTRY),
    "a redirect removed": (lambda a: a.replace(ENTRY, "replaces: [kuneitra]\n", ""), ENTRY),
}  # fmt: skip


@pytest.mark.parametrize("change, path", ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_that_would_lead_nowhere_is_reported(archive, change, path):
    change(archive)
    assert ("lost-address", path) in breaches(archive)


@pytest.mark.parametrize("folder", ["seeds/glossary/moved/", "seeds/glossary/place/"])
def test_an_entry_may_move_between_folders_and_be_merged(archive, folder):
    archive.write(
        f"{folder}quneitra-city.md",
        "---\nname: Quneitra city\nkind: place\ndescription: A city.\nreplaces: [quneitra, kuneitra]\n---\n",
    )
    (archive.root / ENTRY).unlink()
    assert breaches(archive) == set()


@pytest.mark.parametrize("where", ["", "news/archive/"])
def test_what_is_added_breaks_nothing(tmp_path, where):
    archive = start_repository(tmp_path / "new", {f"{where}{OTHER}": article()})
    archive.write(f"{where}{ARTICLE}", article())
    archive.write(f"{where}seeds/captures/new.txt", "New.\n")
    archive.commit()
    config = type(archive)(archive.root / where).config
    assert [i.kind for i in since(config, "base", ())] == []


def test_the_work_of_others_since_the_branch_began_is_no_change_of_ours(archive):
    archive.git("switch", "--quiet", "--create", "ours")
    archive.write("seeds/glossary/ours.md", "---\nname: Ours\nkind: term\ndescription: Ours.\n---\n")
    archive.commit()
    archive.git("switch", "--quiet", "main")
    archive.write("seeds/glossary/theirs.md", "---\nname: Theirs\nkind: term\ndescription: Theirs.\n---\n")
    archive.commit()
    archive.git("switch", "--quiet", "ours")
    assert since(archive.config, "main", ()) == []


def test_only_what_a_change_may_have_caused_is_told(archive):
    archive.write("seeds/captures/lone.txt", "Alone.\n")
    assert "seeds/captures/lone.txt" in {issue.path for issue in issues_since_base(archive)}
    archive.commit()
    archive.git("tag", "--force", "base")
    assert issues_since_base(archive) == []


def test_git_changes_nothing_while_it_is_read(archive):
    archive.replace(OTHER, "closed", "open")
    before = archive.git("status", "--porcelain=v2"), (archive.root / ".git/index").read_bytes()
    issues_since_base(archive)
    assert (archive.git("status", "--porcelain=v2"), (archive.root / ".git/index").read_bytes()) == before


def test_a_hook_of_another_repository_does_not_mislead(archive, tmp_path, monkeypatch):
    other = start_repository(tmp_path / "other", {"seeds/captures/x.txt": "X\n"})
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    assert since(archive.config, "base", ()) == []


def test_a_revision_that_is_not_there_is_a_matter_of_usage(archive):
    with pytest.raises(ArchiveError, match="no revision '--output=x'"):
        since(archive.config, "--output=x", ())


def test_an_archive_outside_a_repository_is_a_matter_of_set_up(tmp_path):
    (tmp_path / "seeds").mkdir()
    archive = type(start_repository(tmp_path / "x", {"a": ""}))(tmp_path)
    with pytest.raises(ArchiveError, match="in no git repository"):
        since(archive.config, "HEAD", ())
