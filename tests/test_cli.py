"""The command line: what it prints where, and what it exits with."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from generator import cli, pipeline
from generator.config import find_archive
from tests.publishing import environment_kept

ARTICLE = "seeds/articles/1969/07/eagle.md"
ENTRY = "seeds/glossary/neil-armstrong.md"


@pytest.fixture
def moon(tmp_path):
    """An archive of one article and one entry, in the current folder."""
    files = {
        "mkdocs.yml": "site_name: Moon\ntheme: {name: material}\nplugins: [news-archive]\n",
        ARTICLE: "---\ntitle: Landed\ndate: 1969-07-20\nlanguage: en\n---\n"
        "Neil Armstrong spoke.\nArmstrong was calm.\n",
        ENTRY: "---\nname: Neil Armstrong\nkind: person\ndescription: An astronaut.\n"
        "aliases: [{text: Armstrong, strength: short}]\n---\nAn astronaut.\n",
    }
    for name, text in files.items():
        file = tmp_path / "moon" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "moon"


@pytest.fixture
def run(moon, monkeypatch, capsys):
    """Return a function that runs a command line in the archive and gives (exit code, stdout, stderr)."""
    monkeypatch.chdir(moon)
    environment = dict(os.environ)

    def run_command(*words):
        monkeypatch.setattr(sys, "argv", ["archive", *words])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        captured = capsys.readouterr()
        return stopped.value.code, captured.out, captured.err

    yield run_command
    os.environ.clear()
    os.environ.update(environment)


def break_article(moon):
    (moon / ARTICLE).write_text(
        "---\ntitle: Landed\ndate: 20/7/1969\nlanguage: en\n---\nNeil Armstrong spoke.\n"
    )


def test_a_sound_archive_is_checked_with_exit_code_0(run):
    assert run("check") == (0, "2 seeds checked, no issues\n", "")


def test_an_error_is_printed_with_its_place_and_hint_and_gives_exit_code_1(run, moon):
    break_article(moon)
    code, out, err = run("check")
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        f"{ARTICLE}:3:7: error[bad-date] '20/7/1969' is not a date",
        "  help: write it as 1969-07-20",
        "2 seeds checked, 1 error",
    ]


def test_issues_can_be_read_by_programs(run, moon):
    break_article(moon)
    code, out, _ = run("check", "--format", "json")
    (issue,) = json.loads(out)
    assert code == 1
    assert (issue["path"], issue["line"], issue["column"], issue["kind"]) == (ARTICLE, 3, 7, "bad-date")


def test_a_check_of_some_seeds_leaves_the_issues_of_others_out(run, moon):
    break_article(moon)
    assert run("check", "seeds/glossary")[0] == 0
    assert run("check", ARTICLE)[0] == 1
    assert run("check", str(moon / "seeds" / "articles"))[0] == 1


def test_a_path_that_is_not_there_is_a_matter_of_usage(run):
    code, _, err = run("check", "seeds/articles/nowhere.md")
    assert code == 2
    assert "there is no seeds/articles/nowhere.md" in err


def test_a_folder_without_seeds_is_a_matter_of_set_up(run, tmp_path):
    code, out, err = run("check", "--archive", str(tmp_path))
    assert (code, out) == (2, "")
    assert err.startswith("error: there is no folder seeds/ in ")
    assert "\n  help: " in err


def test_annotations_are_printed_as_one_json_line_an_article(run):
    code, out, err = run("annotate")
    (line,) = out.splitlines()
    assert (code, err) == (0, "")
    assert json.loads(line) == {
        "id": "1969/07/eagle",
        "mentions": [
            {"start": 0, "end": 14, "surface": "Neil Armstrong", "entity": "neil-armstrong", "rule": "name",
             "candidates": ["neil-armstrong"], "evidence": None, "denotes": None},
            {"start": 22, "end": 31, "surface": "Armstrong", "entity": "neil-armstrong", "rule": "short",
             "candidates": ["neil-armstrong"], "evidence": None, "denotes": None},
        ],
        "timexes": [],
        "attributions": [],
    }  # fmt: skip


def test_a_broken_article_is_reported_and_the_others_are_annotated(run, moon):
    (moon / "seeds/articles/1969/07/second.md").write_bytes(
        (moon / ARTICLE).read_bytes().replace(b"Landed", b"Second")
    )
    break_article(moon)
    code, out, err = run("annotate")
    assert code == 1
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["1969/07/second"]
    assert "error[bad-date]" in err


def test_a_line_is_explained_in_words(run):
    code, out, _ = run("explain", f"{ARTICLE}:7")
    assert code == 0
    assert out.splitlines() == [
        f"{ARTICLE}:7:1: 'Armstrong' means neil-armstrong (Neil Armstrong, person)",
        "  rule: short: the words are a short form, and the entry was named in full before in this article",
        "  on the page: an anchor without a visible link, #m-neil-armstrong-2",
    ]


def test_a_place_can_be_copied_from_an_issue_with_its_column(run):
    assert run("explain", f"{ARTICLE}:7:1") == run("explain", f"{ARTICLE}:7")


def test_a_line_is_explained_to_programs(run):
    _, out, _ = run("explain", f"{ARTICLE}:6", "--format", "json")
    assert [row["surface"] for row in json.loads(out)] == ["Neil Armstrong"]


def test_a_line_without_annotations_is_said_to_have_none(run):
    code, out, err = run("explain", f"{ARTICLE}:2")
    assert (code, out) == (0, "")
    assert "no annotation begins in line 2" in err


@pytest.mark.parametrize(
    "place, code, words",
    [
        (ARTICLE, 2, "is not PATH:LINE"),
        (f"{ENTRY}:1", 2, "is not an article"),
        ("seeds/nowhere.md:1", 2, "there is no seeds/nowhere.md"),
    ],
)
def test_a_place_that_is_none_is_named(run, place, code, words):
    found, _, err = run("explain", place)
    assert found == code
    assert words in err


def test_an_article_with_an_error_cannot_be_explained_and_says_why(run, moon):
    break_article(moon)
    code, _, err = run("explain", f"{ARTICLE}:6")
    assert code == 1
    assert "error[bad-date]" in err


def test_a_build_puts_the_site_in_place_and_says_where(run, moon):
    code, out, err = run("build", "--timings")
    assert (code, out) == (0, "")
    assert (moon / "site/articles/1969/07/eagle/index.html").is_file()
    assert err.endswith("built 14 pages in site\n")
    assert "verify" in err


def test_a_build_says_how_many_pages_it_changed(run, moon):
    with environment_kept():
        run("build")
    article = moon / ARTICLE
    article.write_text(article.read_text("utf-8") + "An edit adds this sentence.\n", "utf-8")
    assert run("build")[2].endswith("built 14 pages in site, 1 of them new or changed\n")


def test_a_build_with_an_error_keeps_the_last_good_site(run, moon):
    run("build")
    before = (moon / "site/articles/1969/07/eagle/index.html").read_bytes()
    break_article(moon)
    code, _, err = run("build")
    assert code == 1
    assert err.startswith(f"{ARTICLE}:3:7: error[bad-date]")
    assert "the last good site stays" in err
    assert (moon / "site/articles/1969/07/eagle/index.html").read_bytes() == before


def test_a_build_into_another_folder_leaves_the_default_one_alone(run, moon):
    assert run("build", "--site-dir", "elsewhere")[0] == 0
    assert (moon / "elsewhere/index.html").is_file()
    assert not (moon / "site").exists()


@pytest.mark.parametrize(
    "settings, words",
    [
        (None, "there is no mkdocs.yml"),
        ("site_name: Moon\ntheme: {name: material}\n", "does not name our plugin"),
        ("theme: {name: material}\nplugins: [news-archive]\n", "mkdocs.yml is wrong"),
        ("site_name: [\n", "mkdocs.yml is wrong"),
    ],
)
def test_a_wrong_set_up_is_named(run, moon, settings, words):
    if settings is None:
        (moon / "mkdocs.yml").unlink()
    else:
        (moon / "mkdocs.yml").write_text(settings)
    code, _, err = run("build")
    assert code == 2
    assert words in err


def test_a_text_file_becomes_an_article_whose_words_are_the_files(run, moon, tmp_path):
    text = "Back on Earth\r\nThe three men came down in the ocean. They were well.\r\n"
    text += "What they brought\r\nStones, most of all, and dust.\r\n"
    (tmp_path / "splash down.txt").write_bytes(text.encode())
    code, out, err = run("import", str(tmp_path / "splash down.txt"), "--date", "1969-07-24")
    article = moon / out.strip()
    assert code == 0
    assert article.parent == moon / "seeds/articles/1969/07"
    assert "kept seeds/captures/splash down.txt" in err
    assert (moon / "seeds/captures/splash down.txt").read_bytes() == text.encode()
    assert article.read_text().split("---\n")[1:] == [
        "title: Back on Earth\ndate: 1969-07-24\nlanguage: en\ncapture: splash down.txt\n",
        "## Back on Earth\n\nThe three men came down in the ocean. They were well.\n\n"
        "## What they brought\n\nStones, most of all, and dust.\n",
    ]
    assert run("check")[0] == 0


def test_what_an_import_must_guess_is_marked_as_supplied(run, moon, tmp_path):
    (tmp_path / "a.txt").write_text("The men came down in the ocean.\n\nThey were well.\n")
    _, out, _ = run("import", str(tmp_path / "a.txt"))
    assert out == "seeds/articles/undated/the-men-came-down-in-the-ocean.md\n"
    head = (moon / out.strip()).read_text().split("---\n")[1]
    assert (
        head
        == "title: The men came down in the ocean\ndate: XXXX\nlanguage: en\nsupplied: [title, date]\ncapture: a.txt\n"
    )
    assert run("check")[0] == 0


@pytest.mark.parametrize(
    "text, language",
    [("وصل الرجال إلى الأرض.", "ar"), ("הם חזרו לכדור הארץ.", "he"), ("They are back.", "en")],
)
def test_the_language_of_an_import_is_guessed_from_its_script(run, moon, tmp_path, text, language):
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    _, out, _ = run("import", str(tmp_path / "a.txt"))
    assert f"\nlanguage: {language}\n" in (moon / out.strip()).read_text(encoding="utf-8")


def test_an_import_overwrites_nothing(run, moon, tmp_path):
    (tmp_path / "a.txt").write_text("They are back.")
    run("import", str(tmp_path / "a.txt"), "--title", "Back")
    assert run("import", str(tmp_path / "a.txt"), "--title", "Back")[0] == 2
    (tmp_path / "a.txt").write_text("Other words.")
    code, _, err = run("import", str(tmp_path / "a.txt"), "--title", "Other")
    assert code == 2
    assert "there is another capture named a.txt" in err
    assert (moon / "seeds/captures/a.txt").read_text() == "They are back."


@pytest.mark.parametrize(
    "content, code, words",
    [
        (b"caf\xe9", 1, "byte 3 (0xe9) is not UTF-8"),
        (b"\xef\xbb\xbfa", 1, "byte-order mark"),
        (b" \n", 2, "holds no text"),
    ],
)
def test_a_file_that_cannot_be_imported_is_left_alone(run, moon, tmp_path, content, code, words):
    (tmp_path / "a.txt").write_bytes(content)
    found, _, err = run("import", str(tmp_path / "a.txt"))
    assert found == code
    assert words in err
    assert not (moon / "seeds/captures").exists()


def test_a_date_that_is_none_is_refused_before_anything_is_written(run, moon, tmp_path):
    (tmp_path / "a.txt").write_text("They are back.")
    code, _, err = run("import", str(tmp_path / "a.txt"), "--date", "24.7.1969")
    assert code == 2
    assert "'24.7.1969' is not a date" in err
    assert not (moon / "seeds/captures").exists()


def test_the_export_is_a_tree_that_stock_mkdocs_builds(run, moon, tmp_path):
    code, _, err = run("export", "markdown", str(tmp_path / "out"))
    assert code == 0
    assert "wrote 12 pages" in err
    settings = (tmp_path / "out/mkdocs.yml").read_text()
    assert "news-archive" not in settings
    built = subprocess.run(
        [Path(sys.executable).with_name("mkdocs"), "build", "--strict", "--quiet"],
        cwd=tmp_path / "out", env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (built.returncode, built.stderr) == (0, "")
    page = (tmp_path / "out/site/articles/1969/07/eagle/index.html").read_text()
    assert (
        '<a class="mention" data-entity="neil-armstrong" href="../../../../glossary/neil-armstrong/" '
        'id="m-neil-armstrong-1">' in page
    )


def test_an_export_overwrites_nothing(run, moon):
    (moon / "out").mkdir()
    (moon / "out/mine.txt").write_text("mine")
    code, _, err = run("export", "markdown", "out")
    assert code == 2
    assert "is not an empty folder" in err


def test_an_archive_with_an_error_is_not_exported(run, moon):
    break_article(moon)
    assert run("export", "markdown", "out")[0] == 1
    assert not (moon / "out").exists()


def test_an_unknown_command_and_an_unknown_option_are_matters_of_usage(run):
    assert run("biuld")[0] == 2
    assert run("build", "--fast")[0] == 2


def test_a_fault_of_the_program_gives_exit_code_3_and_a_traceback_only_where_asked_for(run, monkeypatch):
    def fail(folder):
        raise RuntimeError(folder)

    monkeypatch.setattr("generator.cli.export.find_archive", fail)
    code, _, err = run("export", "markdown", "out")
    assert code == 3
    assert "Traceback" not in err
    assert "ARCHIVE_TRACEBACK=1" in err
    monkeypatch.setenv("ARCHIVE_TRACEBACK", "1")
    assert "Traceback" in run("export", "markdown", "out")[2]


@pytest.mark.parametrize(
    "template, words", [("{{ nothing.at.all }}", "'nothing' is undefined"), ("{% if %}", "article.html.j2:1: ")]
)
def test_a_wrong_template_of_the_archive_is_named(run, moon, template, words):
    (moon / "templates/pages").mkdir(parents=True)
    (moon / "templates/pages/article.html.j2").write_text(template)
    code, _, err = run("export", "markdown", "out")
    assert code == 2
    assert words in err
    assert run("build")[0] == 2


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}, {"COLUMNS": "40"}, {"FORCE_COLOR": "1"}])
def test_what_is_printed_holds_no_control_characters(moon, environment):
    break_article(moon)
    done = subprocess.run(
        [Path(sys.executable).with_name("archive"), "check"], cwd=moon, env=os.environ | environment,
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert b"\x1b" not in done.stdout + done.stderr


def test_help_fits_forty_columns(moon):
    done = subprocess.run(
        [Path(sys.executable).with_name("archive"), "--help"], cwd=moon, env=os.environ | {"COLUMNS": "40"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert max(map(len, done.stdout.splitlines())) <= 40


def test_the_project_itself_has_no_issue(capsys):
    root = Path(__file__).parents[1]
    assert pipeline.annotate(find_archive(root)).issues == ()


@pytest.mark.parametrize("target", ["seeds", "seeds/articles", ".", "docs", "templates"])
def test_a_site_never_takes_the_place_of_what_somebody_wrote(run, moon, target):
    for name in ("docs", "templates"):
        (moon / name).mkdir()
        (moon / name / "mine.md").write_text("mine")
    before = sorted(file for file in moon.rglob("*") if file.is_file())
    code, _, err = run("build", "--site-dir", target)
    assert code == 2
    assert "site_dir" in err
    assert sorted(file for file in moon.rglob("*") if file.is_file() and ".lock" not in file.name) == before


def test_a_site_never_takes_the_place_of_a_folder_that_is_no_site(run, moon):
    (moon / "keep").mkdir()
    (moon / "keep/f.txt").write_text("precious")
    code, _, err = run("build", "--site-dir", "keep")
    assert code == 2
    assert "holds files that are no site" in err
    assert (moon / "keep/f.txt").read_text() == "precious"


def test_another_theme_is_refused_with_a_way_out(run, moon):
    (moon / "mkdocs.yml").write_text("site_name: Moon\nplugins: [news-archive]\n")
    code, _, err = run("build")
    assert code == 2
    assert "write the line 'theme: {name: material}'" in err


def test_an_address_that_is_taken_is_named_before_anything_is_built(run, moon):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, err = run("serve", "--address", f"127.0.0.1:{taken.getsockname()[1]}")
    assert code == 2
    assert "cannot be served" in err
    assert "--address" in err


@pytest.mark.parametrize("options", [("--title", "x" * 600), ("--outlet", "nobody"), ("--out", "elsewhere")])
def test_an_import_that_would_not_pass_a_check_leaves_nothing_behind(run, moon, tmp_path, options):
    (tmp_path / "a.txt").write_text("They are back.")
    code, _, err = run("import", str(tmp_path / "a.txt"), *options)
    assert code in (1, 2)
    assert "help:" in err
    assert not list(moon.rglob("a.txt"))
    assert len(list(moon.rglob("*.md"))) == 2


@pytest.mark.parametrize(
    "text, title",
    [
        ("- one\n- two\n", "one"),
        ("## Back\n\nThey are back from the Moon.\n", "Back"),
        ("By Jane Doe\n24 July 1969\nThey are back, all three of them.\n", "By Jane Doe"),
        ("“It’s: done” # now\n", "“It’s: done” # now"),
    ],
)
def test_an_imported_text_passes_a_check_whatever_it_begins_with(run, moon, tmp_path, text, title):
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    code, out, err = run("import", str(tmp_path / "a.txt"))
    assert (code, err.startswith("kept")) == (0, True)
    assert run("check")[0] == 0
    article = next(
        a for a in pipeline.annotate(find_archive(moon)).articles if a.article.path == out.strip()
    )
    assert article.article.front_matter.title == title


def test_a_date_without_a_month_is_filed_under_its_year(run, tmp_path):
    (tmp_path / "a.txt").write_text("They are back.")
    assert (
        run("import", str(tmp_path / "a.txt"), "--date", "1970")[1]
        == "seeds/articles/1970/they-are-back.md\n"
    )


def test_a_short_form_that_is_not_linked_is_explained(run, moon):
    (moon / ARTICLE).write_text("---\ntitle: T\ndate: 1969-07-20\nlanguage: en\n---\nArmstrong was calm.\n")
    _, out, _ = run("explain", f"{ARTICLE}:6")
    assert out.splitlines() == [
        f"{ARTICLE}:6:1: 'Armstrong' is not linked",
        "  neil-armstrong (Neil Armstrong, person): a short form, which needs a full one before it in the article",
    ]


def test_a_weak_form_that_is_not_linked_is_explained(run, moon):
    (moon / ENTRY).write_text((moon / ENTRY).read_text().replace("strength: short", "strength: weak"))
    _, out, _ = run("explain", f"{ARTICLE}:7")
    assert "a weak form, which needs a full one before it and words beside it" in out


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Neil Armstrong Street is long.", "a stop name covers it"),
        ("They read the Neil Armstrong Herald.", "(rule longer-name)"),
        ("They read “Neil Armstrong Tells All”.", "(rule title-of-work)"),
        ("Neil Armstrong-Smith left.", "(rule hyphen)"),
    ],
)
def test_what_speaks_against_a_name_is_explained(run, moon, text, rule):
    entry = (moon / ENTRY).read_text()
    (moon / ENTRY).write_text(entry.replace("kind:", "stop: [Neil Armstrong Street]\nkind:", 1))
    (moon / ARTICLE).write_text(f"---\ntitle: T\ndate: 1969-07-20\nlanguage: en\n---\n{text}\n")
    _, out, _ = run("explain", f"{ARTICLE}:6")
    assert "'Neil Armstrong' is not linked" in out
    assert rule in out


def test_a_common_word_that_is_not_linked_is_explained(run, moon, seed_text):
    entry = seed_text[1](name="Axis", kind="organisation")
    (moon / "seeds/glossary/axis.md").write_text(entry)
    (moon / ARTICLE).write_text(seed_text[0]("Axis of a wheel. An axis turns.\n", date="1969-07-20"))
    _, out, _ = run("explain", f"{ARTICLE}:6")
    assert "(rule common-word)" in out


def test_a_line_that_the_file_does_not_have_is_a_matter_of_usage(run):
    code, _, err = run("explain", f"{ARTICLE}:99")
    assert code == 2
    assert "has 7 lines" in err
