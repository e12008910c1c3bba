"""New articles and entries: by options, and by questions on a terminal."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from generator.config import ArchiveConfig
from generator.entries import NewEntry, write_entry
from generator.model import Kind
from generator.read.seeds import read_seeds

ARCHIVE = str(Path(sys.executable).with_name("archive"))
HERE = {"PYTHONPATH": str(Path(__file__).parents[1])}
"""The command of this checkout, wherever the environment was installed from."""
POST = ("--name", "Morning Post", "--kind", "outlet", "--description", "A newspaper: daily.")


@pytest.fixture
def run(tmp_path):
    """Return a function that runs the command without a terminal, in an archive without seeds."""

    def run_command(*words, text=""):
        done = subprocess.run(
            [ARCHIVE, *words], cwd=tmp_path, input=text, capture_output=True, text=True, check=False,
            encoding="utf-8", env=os.environ | HERE,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    return run_command


@pytest.fixture(autouse=True)
def empty_archive(tmp_path):
    (tmp_path / "seeds").mkdir()


def talk(folder, words, answers):
    """Run the command on a terminal, answer its questions one by one, and return its exit code and the talk."""
    parent, child = pty.openpty()
    running = subprocess.Popen(
        [ARCHIVE, *words], cwd=folder, stdin=child, stdout=child, stderr=child, close_fds=True,
        env=os.environ | HERE | {"EDITOR": "sh -c 'echo They are back. > $0'", "VISUAL": ""},
    )  # fmt: skip
    os.close(child)
    said = b""
    waiting = list(answers)
    while True:
        try:
            said += os.read(parent, 4096)
        except OSError:  # Linux says so where the other end is closed
            break
        if waiting and said.rstrip(b" ").endswith(f"{waiting[0][0]}:".encode()):
            os.write(parent, f"{waiting.pop(0)[1]}\n".encode())
    os.close(parent)
    return running.wait(), said.decode()


def test_an_entry_is_written_from_options_and_passes_the_check(run, tmp_path):
    code, out, err = run(
        "new", "entry", *POST, "--alias", "MP", "--source", "History|Press|https://a.example/x|1989"
    )
    assert (code, out) == (0, "seeds/glossary/outlet/morning-post.md\n")
    assert "archive check" in err
    assert (tmp_path / out.strip()).read_text() == (
        '---\nname: Morning Post\nkind: outlet\ndescription: "A newspaper: daily."\naliases:\n  - MP\nsources:\n'
        '  - {title: "History", publisher: "Press", url: "https://a.example/x", date: "1989"}\n---\n'
        "A newspaper: daily.[^1]\n"
    )
    assert run("check")[0] == 0


def test_a_name_that_belongs_to_another_entry_is_refused_unless_forced(run):
    run("new", "entry", *POST, "--alias", "MP")
    words = ("new", "entry", "--name", "mp", "--kind", "person", "--description", "A member.")
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert "'mp' already names seeds/glossary/outlet/morning-post.md" in err
    assert run(*words, "--force")[1] == "seeds/glossary/person/mp.md\n"


def test_an_id_that_is_taken_is_refused_even_if_forced(run):
    run("new", "entry", *POST)
    code, _, err = run("new", "entry", *POST, "--force")
    assert code == 2
    assert "the id 'morning-post' belongs to seeds/glossary/outlet/morning-post.md" in err


def test_a_name_that_is_not_ascii_is_never_transliterated(run):
    words = ("new", "entry", "--name", "نيل", "--kind", "person", "--description", "A man.")
    assert "give --id" in run(*words)[2]
    assert run(*words, "--id", "neil")[1] == "seeds/glossary/person/neil.md\n"


def test_an_entry_that_would_have_an_error_leaves_nothing_behind(run, tmp_path):
    code, out, err = run("new", "entry", *POST, "--source", "History|Press|nowhere")
    assert (code, out) == (1, "")
    assert "error[bad-url]" in err
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_without_a_terminal_missing_options_are_named(run):
    code, _, err = run("new", "entry", "--kind", "term")
    assert code == 2
    assert "give --name, --description" in err
    code, _, err = run("new", "article", "--title", "Back")
    assert code == 2
    assert "give --date" in err


def test_an_article_is_read_from_standard_input_and_its_text_kept(run, tmp_path):
    words = ("new", "article", "--title", "Back", "--date", "1969-07-24", "--topic", "moon, and more")
    code, out, _ = run(*words, text="They are back.\n")
    assert (code, out) == (0, "seeds/articles/1969/07/back.md\n")
    assert (tmp_path / "seeds/captures/back.txt").read_text() == "They are back.\n"
    assert 'topics: ["moon, and more"]' in (tmp_path / out.strip()).read_text()
    assert run("check")[0] == 0


def test_an_article_without_a_text_is_refused(run, tmp_path):
    assert run("new", "article", "--title", "Back", "--date", "1969")[0] == 2
    assert not (tmp_path / "seeds/captures").exists()


def test_on_a_terminal_an_article_is_asked_for_and_a_wrong_date_asked_again(run, tmp_path):
    run("new", "entry", *POST)
    answers = [
        ("Title", "Back"), ("Date", "24.7.1969"), ("Date", "1969-07-24"),
        ("one of morning-post", "evening-post"), ("one of morning-post", "morning-post"),
        ("Address where it was published", "https://post.example/back"),
    ]  # fmt: skip
    code, said = talk(tmp_path, ["new", "article"], answers)
    assert code == 0
    assert "write it as 1969-07-24" in said
    assert "'evening-post' is none of them" in said
    written = (tmp_path / "seeds/articles/1969/07/back.md").read_text()
    assert 'outlet: morning-post\nurl: "https://post.example/back"\n' in written
    assert (tmp_path / "seeds/captures/back.txt").read_text() == "They are back.\n"


def test_on_a_terminal_an_entry_is_asked_for_and_a_long_description_asked_again(run, tmp_path):
    answers = [
        ("Name", "Moon"), ("Description", "a" * 401), ("Description", "A moon."),
        ("Other forms of the name, with commas between", "Luna, the Moon"), ("what you read it in", "Atlas"),
        ("Publisher", ""), ("Url", "https://atlas.example/"), ("Date", "1969"),
    ]  # fmt: skip
    code, said = talk(tmp_path, ["new", "entry", "--kind", "place"], answers)
    assert code == 0
    assert "401 characters; 400 are allowed" in said
    written = (tmp_path / "seeds/glossary/place/moon.md").read_text()
    assert "description: A moon.\naliases:\n  - Luna\n  - the Moon\nsources:\n" in written
    assert '  - {title: "Atlas", url: "https://atlas.example/", date: "1969"}\n---\nA moon.[^1]\n' in written


@pytest.mark.parametrize(("template", "target"), [("article", "articles/1969/07/a.md"), ("entry", "glossary/a.md")])
def test_a_template_that_is_pasted_on_the_web_passes_the_check(run, tmp_path, template, target):
    text = (Path(__file__).parents[1] / ".github" / f"{template}-template.md").read_text()
    file = tmp_path / "seeds" / target
    file.parent.mkdir(parents=True)
    file.write_text(text.replace("id-of-an-outlet", "morning-post"))
    run("new", "entry", *POST)
    code, out, _ = run("check")
    assert (code, out) == (0, "2 seeds checked, no issues\n")


@pytest.mark.parametrize("link", ["seeds/glossary/outlet/morning-post.md", "seeds/glossary/outlet", "seeds/glossary"])
@pytest.mark.parametrize("dangling", [False, True])
def test_an_entry_is_never_written_through_a_symbolic_link(run, tmp_path, link, dangling):
    outside = tmp_path / "outside"
    if not dangling and link.endswith(".md"):
        outside.write_text("a letter")
    elif not dangling:
        (outside / "outlet").mkdir(parents=True)
    (tmp_path / link).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / link).symlink_to(outside)
    code, out, err = run("new", "entry", *POST)
    assert (code, out) == (2, "")
    assert f"{link} is a symbolic link" in err
    assert {file.read_text() for file in tmp_path.rglob("*") if file.is_file()} <= {"a letter"}


def test_whatever_stands_in_the_place_of_an_entry_stays(run, tmp_path):
    (tmp_path / "seeds/glossary/outlet/morning-post.md").mkdir(parents=True)
    code, _, err = run("new", "entry", *POST)
    assert code == 2
    assert "seeds/glossary/outlet/morning-post.md exists already" in err


def test_an_entry_whose_check_is_interrupted_leaves_nothing_behind(tmp_path):
    """Where the tests run in the background, a shell has had interrupts ignored."""
    def interrupt(frame, event, _):
        if event == "call" and frame.f_code is read_seeds.__code__:
            signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.setprofile(interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            write_entry(ArchiveConfig(tmp_path), NewEntry("moon", Kind.PLACE, "Moon", "A moon."))
    finally:
        sys.setprofile(None)
        signal.signal(signal.SIGINT, before)
    assert (tmp_path / "seeds/glossary/place").is_dir()
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


@pytest.mark.parametrize(
    "source",
    ["History|Press|https://a.example/x|1989|page 3", "History|Press|https://a.example/x|y|1989", "||||"],
)
def test_a_source_with_more_parts_than_are_known_is_refused(run, tmp_path, source):
    code, out, err = run("new", "entry", *POST, "--source", source)
    assert (code, out) == (2, "")
    assert f"'{source}' has 5 parts" in err
    assert "%7C" in err
    assert not (tmp_path / "seeds/glossary").exists()


@pytest.mark.parametrize("name", ["Morning Post (London)", "Morning  Post", "Mórning Post", "Mоrning Post"])
def test_a_name_that_looks_like_one_that_is_taken_is_refused_as_well(run, name):
    run("new", "entry", *POST)
    code, _, err = run("new", "entry", "--name", name, "--kind", "place", "--description", "A town.", "--id", "x")
    assert code == 2
    assert "already names seeds/glossary/outlet/morning-post.md" in err


def test_a_text_from_which_no_article_comes_is_kept(run, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    words = ("new", "article", "--title", "Back", "--date", "1969-07-24")
    code, _, err = run(*words, "--language", "klingon", text="They are back.\n")
    assert code == 1
    assert "nothing was written; it would have had these errors:" in err
    (kept,) = tmp_path.glob("text-*.txt")
    assert kept.read_text() == "They are back.\n"
    assert str(kept) in err


def test_an_outlet_that_is_none_is_told_before_anything_is_asked(run):
    words = ("new", "article", "--title", "Back", "--date", "1969-07-24", "--outlet", "nosuch")
    code, _, err = run(*words, text="They are back.\n")
    assert code == 2
    assert "there is no entry 'nosuch' of kind outlet" in err
