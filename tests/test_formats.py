"""Formats: what a check prints for people and programs, and that no word of a contributor becomes a command."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest
import yaml
from markdown import Markdown
from selectolax.lexbor import LexborHTMLParser

from generator import cli
from generator.check import github
from generator.check.catalogue import read_catalogue
from generator.check.formats import FORMATS, Report
from generator.issues import Edit, Fix, Issue, Level

ARTICLE = "seeds/articles/a.md"
SOUND = "---\ntitle: T\ndate: 2031-01-01\nlanguage: en\n---\nWords.\n"


@pytest.fixture
def run(monkeypatch, capsys):
    """Return a function that runs a command line in a folder and gives (exit code, stdout, stderr)."""
    environment = dict(os.environ)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    def run_command(root, *words):
        monkeypatch.chdir(root)
        monkeypatch.setattr(sys, "argv", ["archive", *words])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        captured = capsys.readouterr()
        return stopped.value.code, captured.out, captured.err

    yield run_command
    os.environ.clear()
    os.environ.update(environment)


# The runner of GitHub Actions, as its source reads lines (ActionCommand.cs). It knows a fixed list of commands; here
# every name counts as one.


def unescape_data(text):
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def unescape_property(text):
    for sign, written in (("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C"), ("%", "%25")):
        text = text.replace(written, sign)
    return text


def parse_new_form(line):
    """`::name key=value,key=value::data`, at the start of a line, after white space."""
    line = line.lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, properties = line[2:end].partition(" ")
    pairs = (pair.partition("=") for pair in properties.strip().split(",") if pair)
    return (
        name,
        {key.strip(): unescape_property(value) for key, _, value in pairs},
        unescape_data(line[end + 2 :]),
    )


def parse_old_form(line):
    """`##[name key=value;key=value]data`, anywhere in a line."""
    start = line.find("##[")
    end = line.find("]", start)
    return (line[start + 3 : end].partition(" ")[0], {}, line[end + 1 :]) if start >= 0 and end >= 0 else None


def commands(output):
    """Return what the runner would obey; any character that ends a line anywhere counts as such."""
    found = [parse_new_form(line) or parse_old_form(line) for line in output.splitlines()]
    return [command for command in found if command]


def test_the_runner_of_this_test_obeys_what_the_real_one_obeys():
    assert commands("  ::error file=a%2Cb,line=1::x%0Ay\nno ::error::x\n::x") == [
        ("error", {"file": "a,b", "line": "1"}, "x\ny")
    ]
    assert commands("before ##[warning]after\n## [error]x\n##[x") == [("warning", {}, "after")]
    assert [command[0] for command in commands("a\r::debug::x\u2028\t::group::y")] == ["debug", "group"]


HOSTILE = [
    "::error::x", "::error file=app.js,line=1::x", " ::warning::x", "\t::notice::x", "##[error]x", "x##[error]x",
    "##[add-mask]x", "##[set-env name=PATH]x", "##[group]", "%0A::set-output name=a::b", "%0D::error::x",
    "%250A::error::x", "::stop-commands::token", "::add-mask::e", "::set-env name=LD_PRELOAD::x", "::add-path::.",
    "::save-state name=a::b", "::echo::on", "::debug::x", "::endgroup::", "\r::error::x", "\n::error::x",
    "\r\n##[error]x", "a\n\n::error::x", "\x0b::error::x", "\x0c::error::x", "\x85::error::x", "\u2028::error::x",
    "\u2029##[error]x", "\u200b::error::x", "\ufeff::error::x", "\u202e::error::x", "\u2066x\u2069", "\x1b[31mred",
    "\x1b]8;;https://e.example\x07x", "\x9b2J", "$(touch pwned)", "`touch pwned`", ";touch pwned", "&& touch pwned",
    "| tee x |", ",line=1", ",title=x::y", "x:y:z", "%", "%%0A", "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "@octocat", "#1", "[x](https://e.example)", "![x](https://e.example/x.png)", "<img src=x onerror=alert(1)>",
    "<!-- x", "</td></table>", "\\|x", "a@b.example", "www.e.example", "https://e.example", "**x** __y__ ~~z~~",
    "'; x", '"quoted"', "--fix", "-", "...", "\u0000"[:0] + "con", "x" * 200, "##\\x5berror]x", "# #[error]x",
    "###[error]x", "##[[error]x",
]  # fmt: skip


def hostile_archive(root, words):
    """Write seeds that say hostile words wherever a contributor can: in names of files, keys and values."""
    name = words.replace("/", "_")
    values = {
        "title": words, "date": words, "language": words, "outlet": words, "url": words, "capture": words,
        "supplied": [words], "replaces": [words], "topics": words, words: words,
    }  # fmt: skip
    front = json.dumps(values, ensure_ascii=True)
    places = [f"seeds/articles/{name}.md", f"seeds/articles/{name}/x.md", f"seeds/glossary/{name}.md"]
    for place in (*places, f"seeds/{name}", f"seeds/captures/{name}", f"seeds/articles/{name}.txt"):
        file = root / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(f"---\n{front}\n---\n{words}\n".encode())
    sound = "name: N\nkind: person\ndescription: D\naliases: [{text: A, strength: Full}]"
    (root / "seeds/glossary/sound.md").write_text(f"---\n{sound}\nroles: [{front}]\n---\n")
    (root / ARTICLE).write_text(SOUND.replace("Words", "<b>bold</b>"))


def test_there_are_fifty_hostile_words_at_least():
    assert len(set(HOSTILE)) >= 50


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_words_become_no_command_in_any_format(run, tmp_path, number, form):
    hostile_archive(tmp_path, HOSTILE[number])
    code, out, err = run(tmp_path, "check", "--format", form)
    assert code == 1
    assert err == ""
    assert all(char.isprintable() or char == "\n" for char in out)
    if form != "github":
        assert commands(out) == []
        return
    obeyed = commands(out)
    assert 1 <= len(obeyed) <= 10
    listed = json.loads(run(tmp_path, "check", "--format", "json")[1])
    known = {(issue["path"].replace("##[", "##\\x5b"), issue["kind"], issue["level"]) for issue in listed}
    for name, properties, data in obeyed:
        assert set(properties) <= {"file", "line", "col", "title"}
        assert (properties["file"], properties["title"], name) in known
        assert data
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_words_stay_words_in_the_summary_of_a_job(run, tmp_path, monkeypatch, number):
    hostile_archive(tmp_path, HOSTILE[number])
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    _, out, _ = run(tmp_path, "check", "--format", "github")
    assert len(commands(out)) <= 10
    text = (tmp_path / "summary.md").read_bytes().decode()
    issues = json.loads(run(tmp_path, "check", "--format", "json")[1])
    html = LexborHTMLParser(Markdown(extensions=["tables"]).convert(text))
    rows = html.css("tbody tr")
    assert len(rows) == len(issues)
    assert {len(row.css("td")) for row in rows} == {5}
    tags = {node.tag for node in html.body.traverse()}
    assert tags <= {"body", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "code"}
    outside = re.sub(r"<code>[A-Za-z0-9 &#;\u0080-\U0010ffff-]*</code>", "", text)
    assert re.fullmatch(r"[a-zA-Z#| \n?-]*", outside)
    said = {cell.text() for row in rows for cell in row.css("td:nth-child(4)")}
    wanted = {github._visible(issue["message"]).replace("@", "@\u2060") for issue in issues}  # noqa: SLF001
    assert said == wanted


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_mended_says_no_command_either(run, tmp_path, form):
    for words in ("##[error]x", "::error::x"):
        (tmp_path / "seeds/articles").mkdir(parents=True, exist_ok=True)
        (tmp_path / ARTICLE).write_text(SOUND.replace("---\nW", f"topics: '{words}'\n---\nW"))
        code, out, err = run(tmp_path, "check", "--fix", "--format", form)
        assert code == 0
        assert commands(out) == commands(err) == []
        assert "mended[wrong-shape]" in out + err


# Which ten annotations.


def issue(path="a.md", line=1, kind="k", level=Level.ERROR, **values):
    return Issue(path, line, 1, kind, level, "m", "h", **values)


def test_errors_are_annotated_before_warnings_and_these_before_notices():
    issues = [issue(line=n, level=level) for level in reversed(Level) for n in range(1, 5)]
    levels = [chosen.level for chosen in github.choose(issues)]
    assert levels == [Level.ERROR] * 4 + [Level.WARNING] * 4 + [Level.NOTICE] * 2


def test_annotations_are_spread_over_files_and_kinds_before_any_comes_again():
    issues = [issue(line=n) for n in range(1, 30)]
    issues += [issue(f"{name}.md", kind=f"k-{name}") for name in "bcdefg"]
    chosen = github.choose(issues)
    assert [one.path for one in chosen[:7]] == [f"{name}.md" for name in "abcdefg"]
    assert len(chosen) == 10


def test_the_issues_without_an_annotation_stand_in_plain_lines_where_there_is_no_summary(run, tmp_path):
    (tmp_path / "seeds/articles").mkdir(parents=True)
    for number in range(15):
        (tmp_path / f"seeds/articles/a{number:02}.md").write_text(SOUND.replace("2031-01-01", "soon"))
    code, out, _ = run(tmp_path, "check", "--format", "github")
    assert code == 1
    assert len(commands(out)) == 10
    assert len([line for line in out.splitlines() if line.startswith("- seeds/articles/")]) == 5
    last = "- 15 seeds checked, 15 errors; 10 shown as annotations, the rest above"
    assert out.splitlines()[-1] == last


def test_a_summary_is_added_to_and_never_longer_than_github_takes(run, tmp_path, monkeypatch):
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    (tmp_path / "seeds/articles").mkdir(parents=True)
    (tmp_path / ARTICLE).write_text(SOUND)
    assert run(tmp_path, "check", "--format", "github")[:2] == (0, "- 1 seed checked, no issues\n")
    assert summary.read_text().startswith("# Before\n## archive check\n")
    many = Report(5000, tuple(issue(f"{'long/' * 30}{n}.md", line=n) for n in range(1, 5001)))
    text = github.as_summary(many, "", 300_000)
    assert 250_000 < len(text.encode()) <= 300_000
    left = re.search(r"\n([0-9,]+) more have no room here", text)
    assert int(left[1].replace(",", "")) + text.count("\n| <code>") == 5000


def test_paths_begin_at_the_root_of_the_repository(run, tmp_path):
    folder = tmp_path / "repository/our, archive"
    (folder / "seeds/articles").mkdir(parents=True)
    (folder / ARTICLE).write_text(SOUND.replace("2031-01-01", "soon"))
    ((_, without, _),) = commands(run(folder, "check", "--format", "github")[1])
    subprocess.run(["git", "init", "--quiet", str(tmp_path / "repository")], check=True)
    ((_, within, _),) = commands(run(folder, "check", "--format", "github")[1])
    assert (without["file"], within["file"]) == (ARTICLE, f"our, archive/{ARTICLE}")
    (result,) = json.loads(run(folder, "check", "--format", "sarif")[1])["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == f"our%2C%20archive/{ARTICLE}"


# JSON and SARIF.

FILE = {
    "type": "object",
    "required": ["uri", "uriBaseId"],
    "properties": {
        "uri": {"type": "string", "pattern": r"^(?![/.])([A-Za-z0-9/._~-]|%[0-9A-F]{2})+$"},
        "uriBaseId": {"const": "%SRCROOT%"},
    },
}
TEXT = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {"text": {"type": "string", "minLength": 1}},
}
LEVEL = {"enum": ["error", "warning", "note", "none"]}
RULE = {
    "type": "object",
    "required": ["id", "shortDescription", "defaultConfiguration"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z0-9-]+$"},
        "shortDescription": TEXT,
        "help": TEXT,
        "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}},
        "properties": {"type": "object"},
    },
}
NUMBER = {"type": "integer", "minimum": 0}
CHANGE = {
    "type": "object",
    "required": ["artifactLocation", "replacements"],
    "properties": {
        "artifactLocation": FILE,
        "replacements": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["deletedRegion"],
                "additionalProperties": False,
                "properties": {
                    "deletedRegion": {
                        "type": "object",
                        "required": ["charOffset", "charLength"],
                        "properties": {"charOffset": NUMBER, "charLength": NUMBER},
                    },
                    "insertedContent": {"type": "object", "properties": {"text": {"type": "string"}}},
                },
            },
        },
    },
}
RESULT = {
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message", "locations"],
    "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": NUMBER,
        "level": LEVEL,
        "message": TEXT,
        "locations": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["physicalLocation"],
                "properties": {
                    "physicalLocation": {
                        "type": "object",
                        "required": ["artifactLocation"],
                        "additionalProperties": False,
                        "properties": {
                            "artifactLocation": FILE,
                            "region": {
                                "type": "object",
                                "required": ["startLine"],
                                "additionalProperties": False,
                                "properties": {
                                    "startLine": {"type": "integer", "minimum": 1},
                                    "startColumn": {"type": "integer", "minimum": 1},
                                },
                            },
                        },
                    }
                },
            },
        },
        "fixes": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["artifactChanges"],
                "properties": {
                    "description": TEXT,
                    "artifactChanges": {"type": "array", "minItems": 1, "items": CHANGE},
                },
            },
        },
    },
}
SARIF = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results", "columnKind"],
                "additionalProperties": False,
                "properties": {
                    "columnKind": {"enum": ["unicodeCodePoints", "utf16CodeUnits"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "rules": {"type": "array", "items": RULE, "uniqueItems": True},
                                },
                            }
                        },
                    },
                    "results": {"type": "array", "items": RESULT},
                },
            },
        },
    },
}
"""The parts of the standard's schema that are used here, as strict as it is or stricter."""


@pytest.fixture
def spoilt(tmp_path):
    """A copy of the tiny archive with all defects that can stand side by side."""
    shutil.copytree(Path(__file__).parent / "site/archive", tmp_path / "archive")
    defects = yaml.load(
        (Path(__file__).parent / "cases/defects.yml").read_text(encoding="utf-8"), Loader=yaml.CBaseLoader
    )
    for defect in defects:
        if "alone" not in defect:
            file = tmp_path / "archive" / defect["file"]
            file.write_bytes(file.read_bytes().replace(defect["replace"].encode(), defect["by"].encode()))
    return tmp_path / "archive"


def test_sarif_has_the_form_of_the_standard_and_says_every_issue(run, spoilt):
    code, out, err = run(spoilt, "check", "--format", "sarif")
    listed = json.loads(run(spoilt, "check", "--format", "json")[1])
    sarif = json.loads(out)
    jsonschema.Draft202012Validator(SARIF).validate(sarif)
    assert (code, err) == (1, "")
    (sarif_run,) = sarif["runs"]
    rules = sarif_run["tool"]["driver"]["rules"]
    results = sarif_run["results"]
    assert [rules[result["ruleIndex"]]["id"] for result in results] == [issue["kind"] for issue in listed]
    assert [bool(issue["fix"]) for issue in listed] == ["fixes" in result for result in results]
    levels = {"error": "error", "warning": "warning", "notice": "note"}
    for result, one in zip(results, listed, strict=True):
        place = result["locations"][0]["physicalLocation"]
        assert unquote(place["artifactLocation"]["uri"]) == one["path"]
        assert place.get("region", {}).get("startLine", 0) == one["line"]
        assert result["level"] == levels[one["level"]]
        assert result["message"]["text"] == f"{one['message']}\nhelp: {one['hint']}"


def test_the_offsets_of_fixes_in_sarif_and_json_count_code_points_of_the_file(run, spoilt):
    results = json.loads(run(spoilt, "check", "--format", "sarif")[1])["runs"][0]["results"]
    listed = json.loads(run(spoilt, "check", "--format", "json")[1])
    assert sum("fixes" in result for result in results) > 10
    for result, one in zip(results, listed, strict=True):
        for change in (c for fix in result.get("fixes", ()) for c in fix["artifactChanges"]):
            text = (spoilt / unquote(change["artifactLocation"]["uri"])).read_bytes().decode()
            (edit,) = one["fix"]["edits"]
            region = change["replacements"][0]["deletedRegion"]
            start, end = region["charOffset"], region["charOffset"] + region["charLength"]
            assert text[start:end] == edit["found"] == text[edit["start"] : edit["end"]]
            assert change["replacements"][0]["insertedContent"]["text"] == edit["replacement"]


def test_an_issue_of_a_whole_file_has_no_region_and_a_fix_of_another_file_is_not_said_in_sarif():
    from generator.check.sarif import as_sarif  # noqa: PLC0415 - as the command does it

    elsewhere = Fix((Edit("seeds/captures.sha256", 0, 0, "", "x\n"),))
    report = Report(1, (Issue("seeds/a.md", 0, 0, "stray-file", Level.WARNING, "m", "h", elsewhere),))
    (result,) = json.loads(as_sarif(report, ""))["runs"][0]["results"]
    assert "region" not in result["locations"][0]["physicalLocation"]
    assert "fixes" not in result


def test_every_heading_of_the_page_of_issues_is_in_the_catalogue_with_its_level_and_a_sentence():
    page = (Path(__file__).parents[1] / "docs/issues.md").read_text(encoding="utf-8")
    catalogue = read_catalogue()
    assert list(catalogue) == re.findall(r"^## (.+)$", page, re.MULTILINE)
    for kind, rule in catalogue.items():
        assert f"{rule.level.value}[{kind}]" in page
        assert 10 < len(rule.meaning) < 300
        assert rule.meaning.endswith(".")
        assert rule.mend
        assert "`" not in rule.meaning + rule.mend


def test_what_the_catalogue_needs_is_part_of_the_package():
    settings = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    assert '"docs/issues.md" = "generator/docs/issues.md"' in settings


def test_json_names_the_heading_of_each_kind_and_the_edits_of_its_fix(run, tmp_path):
    (tmp_path / "seeds/articles").mkdir(parents=True)
    (tmp_path / ARTICLE).write_text(SOUND.replace("2031-01-01", "1/31/2031"))
    (one,) = json.loads(run(tmp_path, "check", "--format", "json")[1])
    assert one["docs"] == "docs/issues.md#bad-date"
    at = SOUND.index("2031")
    edit = {
        "path": ARTICLE, "start": at, "end": at + 9, "found": "1/31/2031", "replacement": "2031-01-31",
    }  # fmt: skip
    assert one["fix"] == {"edits": [edit]}


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_what_was_mended_is_talk_where_stdout_is_for_programs(run, tmp_path, form):
    (tmp_path / "seeds/articles").mkdir(parents=True)
    (tmp_path / ARTICLE).write_text(SOUND.replace("2031-01-01", "1/31/2031"))
    code, out, err = run(tmp_path, "check", "--fix", "--format", form)
    assert code == 0
    assert json.loads(out) == [] or json.loads(out)["runs"][0]["results"] == []
    assert err.splitlines() == [
        f"{ARTICLE}:3:7: mended[bad-date] '1/31/2031' becomes '2031-01-31'",
        "1 seed checked, no issues, 1 mended",
    ]


# Checks of single files.


def test_a_check_of_one_file_says_of_it_what_a_check_of_all_says_but_for_what_all_must_tell(run, spoilt):
    left_out = {"same-text", "replaced-id-in-use", "ambiguous"}
    everything = json.loads(run(spoilt, "check", "--format", "json")[1])
    for file in sorted(spoilt.glob("seeds/[ag]*/**/*.md")):
        path = file.relative_to(spoilt).as_posix()
        alone = json.loads(run(spoilt, "check", path, "--format", "json")[1])
        assert alone == [one for one in everything if one["path"] == path and one["kind"] not in left_out]


def test_a_check_of_single_files_loads_neither_mkdocs_nor_templates(tmp_path):
    (tmp_path / "seeds/articles").mkdir(parents=True)
    (tmp_path / ARTICLE).write_text(SOUND)
    program = "import sys\nfrom generator.cli import main\ntry: main()\nfinally: print(*sorted(sys.modules), sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", program, "check", ARTICLE], cwd=tmp_path, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(Path(cli.__file__).parents[2])}, check=True,
    )  # fmt: skip
    loaded = {name.split(".")[0] for name in done.stdout.splitlines()}
    heavy = {"mkdocs", "material", "jinja2", "babel", "trafilatura", "edtf", "pyparsing", "sentencex", "ssl"}
    assert loaded & heavy == set()


def test_only_the_named_articles_are_read(run, tmp_path):
    (tmp_path / "seeds/articles").mkdir(parents=True)
    (tmp_path / ARTICLE).write_text(SOUND)
    (tmp_path / "seeds/articles/b.md").write_text("broken")
    os.mkfifo(tmp_path / "seeds/articles/pipe.md")
    assert run(tmp_path, "check", ARTICLE)[:2] == (0, "1 seed checked, no issues\n")
    assert run(tmp_path, "check", ARTICLE, "seeds/articles/b.md")[0] == 1


def test_words_in_a_summary_read_as_they_were_written():
    cell = github._words("a|b <c> @d [e](f) \\| `g`")  # noqa: SLF001 - one place makes words harmless
    assert unescape(cell).replace("\u2060", "") == "<code>a|b <c> @d [e](f) \\| `g`</code>"
    assert not set("|<>@[]()\\`") & set(cell.removeprefix("<code>").removesuffix("</code>"))
