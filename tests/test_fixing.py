"""Defects, seeded one by one and all together: each is named where it stands, and what can be mended is mended.

The defects stand in tests/cases/defects.yml, for editors to read and add to.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator import cli, fixing, pipeline
from generator.check.formats import Report
from generator.config import ArchiveConfig
from generator.issues import Edit, Fix, Issue, Level
from generator.read.front_matter import body_of, parse_seed
from generator.read.mends import Mends
from generator.read.nodes import ScalarNode

ARCHIVE = Path(__file__).parent / "site/archive"
DEFECTS = yaml.load(
    (Path(__file__).parent / "cases/defects.yml").read_text(encoding="utf-8"), Loader=yaml.CBaseLoader
)
TOGETHER = [defect for defect in DEFECTS if "alone" not in defect]
ARTICLE = "seeds/articles/2031/03/harbour-talks.md"
ENTRY = "seeds/glossary/things/harbour-board.md"


@pytest.fixture
def config(tmp_path):
    shutil.copytree(ARCHIVE, tmp_path / "archive")
    return ArchiveConfig(tmp_path / "archive")


@pytest.fixture
def run(config, monkeypatch, capsys):
    """Return a function that runs a command line in the archive and gives (exit code, stdout, stderr)."""
    monkeypatch.chdir(config.root)
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


def edit(config, path, old, new):
    """Replace words that stand once in a file; line ends stay."""
    data = (config.root / path).read_bytes()
    assert data.count(old.encode()) == 1, f"{path}: {old!r}"
    (config.root / path).write_bytes(data.replace(old.encode(), new.encode()))


def seed(config, defect):
    edit(config, defect["file"], defect["replace"], defect["by"])


def look(config):
    annotated = pipeline.annotate(config)
    return Report(annotated.seeds.count, annotated.issues)


def fix(config):
    return fixing.fix_seeds(config, lambda: look(config))


def seeds(config):
    return {
        file.relative_to(config.root).as_posix(): file.read_bytes()
        for file in sorted(config.seeds.rglob("*"))
        if file.is_file()
    }


def words(files):
    """Return what no fix may touch: what stands below front matter, and every other file as a whole."""
    return {
        path: body_of(data.decode()).encode() if path.endswith(".md") else data
        for path, data in files.items()
    }


def find(report, defect):
    """Return the issue that a defect must give."""
    return next(
        (
            issue
            for issue in report.issues
            if (issue.path, issue.line, issue.kind) == (defect["file"], int(defect["line"]), defect["kind"])
        ),
        None,
    )


def name(defect):
    return f"{defect['kind']}-{Path(defect['file']).stem}-{defect['line']}"


def test_there_are_sixty_defects_at_least():
    assert len(DEFECTS) >= 60
    assert len({defect["kind"] for defect in DEFECTS}) >= 25
    assert sum("mended" in defect for defect in DEFECTS) >= 30


def test_the_page_of_issues_tells_which_kinds_are_mended():
    page = (Path(__file__).parents[1] / "docs/issues.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE)
    assert told == sorted({defect["kind"] for defect in DEFECTS if "mended" in defect})


@pytest.mark.parametrize("defect", DEFECTS, ids=name)
def test_a_defect_is_named_where_it_stands_with_a_way_out(config, defect):
    assert find(look(config), defect) is None
    seed(config, defect)
    issue = find(look(config), defect)
    assert issue is not None, [str(issue) for issue in look(config).issues]
    assert issue.hint
    assert (issue.fix is not None) == ("mended" in defect)


@pytest.mark.parametrize("defect", DEFECTS, ids=name)
def test_a_defect_is_mended_as_expected_or_left_alone_and_no_word_of_a_text_changes(config, defect):
    seed(config, defect)
    spoilt = seeds(config)
    expected = dict(spoilt)
    if "mended" in defect:
        data = (ARCHIVE / defect["file"]).read_bytes()
        expected[defect["file"]] = data.replace(defect["replace"].encode(), defect["mended"].encode())
    report = fix(config)
    assert seeds(config) == expected
    assert words(seeds(config)) == words(spoilt)
    assert bool(report.mended) == ("mended" in defect)
    assert (find(report, defect) is None) == ("mended" in defect)
    assert fix(config).mended == ()
    assert seeds(config) == expected


def test_defects_that_do_not_hide_one_another_are_named_and_mended_all_at_once(config):
    for defect in TOGETHER:
        seed(config, defect)
    spoilt = seeds(config)
    assert [name(defect) for defect in TOGETHER if find(look(config), defect) is None] == []
    report = fix(config)
    assert [name(defect) for defect in TOGETHER if "mended" in defect and find(report, defect)] == []
    assert {issue.fix for issue in report.issues} == {None}
    assert words(seeds(config)) == words(spoilt)
    after = seeds(config)
    assert fix(config).mended == ()
    assert seeds(config) == after


def test_what_was_mended_is_said_in_a_line_each_and_what_is_left_as_usual(config, run):
    edit(config, ARTICLE, "date: 2031-03-14", "date: 14/3/2031")
    edit(config, ARTICLE, "url: https://gazette.example/harbour-talks?part=1&page=2", "url: gazette.example")
    code, out, err = run("check", "--fix")
    assert (code, err) == (1, "")
    assert out.splitlines()[:3] == [
        f"{ARTICLE}:3:7: mended[bad-date] '14/3/2031' becomes '2031-03-14'",
        f"{ARTICLE}:7:6: error[bad-url] 'gazette.example' is not an http or https address",
        "  help: write a whole address that begins with https:// or http://",
    ]
    assert out.splitlines()[-1] == "8 seeds checked, 1 error, 1 mended"


def test_without_the_option_nothing_is_written(config, run):
    edit(config, ARTICLE, "date: 2031-03-14", "date: 14/3/2031")
    before = seeds(config)
    assert run("check")[0] == 1
    assert seeds(config) == before


def test_with_paths_only_these_files_are_mended(config, run):
    edit(config, ARTICLE, "date: 2031-03-14", "date: 14/3/2031")
    edit(config, ENTRY, "kind: organisation", "kind: Organisation")
    before = seeds(config)
    assert run("check", "--fix", ENTRY)[0] == 0
    changed = {path for path, data in seeds(config).items() if before[path] != data}
    assert changed == {ENTRY}
    assert run("check", "--fix", "seeds/articles")[0] == 0
    assert run("check")[0] == 0


def test_line_ends_and_the_rights_of_a_file_stay(config):
    file = config.root / ARTICLE
    data = file.read_bytes().replace(b"\n", b"\r\n")
    spoilt = data.replace(b"date: 2031-03-14", b"date: 14/3/2031").replace(
        b"byline: M. Okonjo-Weiss", b"byline:"
    )
    file.write_bytes(spoilt)
    file.chmod(0o640)
    fix(config)
    assert file.read_bytes() == data.replace(b"byline: M. Okonjo-Weiss\r\n", b"")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_file_behind_a_symbolic_link_is_left_alone(config, tmp_path):
    outside = tmp_path / "outside.md"
    outside.write_text((config.root / ENTRY).read_text().replace("kind: organisation", "kind: Organisation"))
    (config.root / ENTRY).unlink()
    (config.root / ENTRY).symlink_to(outside)
    before = outside.read_bytes()
    fix(config)
    edits = (Edit(ENTRY, 0, 3, "---", "xxx"),)
    fixing.fix_seeds(config, lambda: Report(1, (issue_of(Fix(edits)),)))
    assert outside.read_bytes() == before
    assert (config.root / ENTRY).is_symlink()


def test_a_file_in_a_folder_behind_a_symbolic_link_is_left_alone(config, tmp_path):
    folder = config.root / "seeds/glossary/things"
    folder.rename(tmp_path / "outside")
    folder.symlink_to(tmp_path / "outside")
    before = (tmp_path / "outside/harbour-board.md").read_bytes()
    text = before.decode()
    at = text.index("Harbour Board")
    assert not apply(config, Edit(ENTRY, at, at + 7, "Harbour", "Port"))
    assert (tmp_path / "outside/harbour-board.md").read_bytes() == before


def issue_of(fix, path=ENTRY):
    return Issue(path, 1, 1, "k", Level.ERROR, "m", "h", fix)


def apply(config, *edits):
    """Carry out edits that nobody would propose; return whether they were made."""
    reports = iter([Report(1, (issue_of(Fix(edits)),)), Report(1, ())])
    return bool(fixing.fix_seeds(config, lambda: next(reports)).mended)


def test_a_fix_that_would_change_the_words_of_a_text_stops_everything(config):
    before = seeds(config)
    text = (config.root / ARTICLE).read_bytes().decode()
    start = text.index("Nine berths")
    with pytest.raises(RuntimeError, match="would have changed the text"):
        apply(config, Edit(ARTICLE, start, start + 4, "Nine", "Ten"))
    with pytest.raises(RuntimeError, match="would have changed the text"):
        apply(config, Edit(ARTICLE, len(text), len(text), "", "More."))
    with pytest.raises(RuntimeError, match="would have changed the text"):
        apply(config, Edit(ARTICLE, text.index("---\nAda"), text.index("---\nAda") + 4, "---\n", ""))
    assert seeds(config) == before


@pytest.mark.parametrize(
    "path",
    [
        "seeds/captures/harbour-talks.txt",
        "mkdocs.yml",
        "seeds/../mkdocs.yml",
        "seeds/glossary/\\u200b.md",
        "seeds/glossary",
    ],
)
def test_captures_and_what_is_no_seed_are_never_touched(config, path):
    before = seeds(config), (config.root / "mkdocs.yml").read_bytes()
    assert not apply(config, Edit(path, 0, 0, "", "x"))
    assert (seeds(config), (config.root / "mkdocs.yml").read_bytes()) == before


def test_a_file_that_says_something_else_by_now_is_left_alone(config):
    before = seeds(config)
    assert not apply(config, Edit(ENTRY, 4, 8, "kind", "type"))
    assert seeds(config) == before


def test_a_fix_may_add_a_line_to_another_file_and_make_that_file(config):
    manifest = config.seeds / "captures.sha256"
    before = manifest.read_bytes()
    assert not apply(config, Edit("seeds/captures.sha256", len(before) + 1, len(before) + 1, "", "one\n"))
    assert not apply(config, Edit("seeds/captures.sha256", 5, 5, "", "one\n"))
    assert apply(config, Edit("seeds/captures.sha256", len(before), len(before), "", "one\n"))
    assert manifest.read_bytes() == before + b"one\n"
    manifest.unlink()
    assert apply(config, Edit("seeds/captures.sha256", 0, 0, "", "one\n"))
    assert manifest.read_bytes() == b"one\n"


def test_lines_for_one_place_follow_one_another_in_one_round_and_meet_every_other_edit(config):
    text = (config.root / ENTRY).read_bytes().decode()
    at = text.index("kind:")
    before = (Edit(ENTRY, at - 3, at, text[at - 3 : at], "x\n"), Edit(ENTRY, at, at, "", "x-a: x"))
    lines = [Edit(ENTRY, at, at, "", f"x-{n}: {n}\n") for n in range(3)]
    edits = [*lines, *before, Edit(ENTRY, at, at + 4, "kind", "type"), lines[1]]
    reports = iter([Report(1, tuple(issue_of(Fix((edit,))) for edit in edits)), Report(1, ())])
    mended = fixing.fix_seeds(config, lambda: next(reports)).mended
    assert [issue.fix.edits[0] for issue in mended] == [*lines, lines[1]]
    after = (config.root / ENTRY).read_bytes().decode()
    assert after == text[:at] + "x-0: 0\nx-1: 1\nx-2: 2\n" + text[at:]


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3), st.sampled_from(["x", "x\n"])), max_size=9))
def test_edits_are_taken_just_where_they_meet_none_that_was_taken_before(drawn):
    taken, kept = fixing.Taken(), []
    for start, length, replacement in drawn:
        edit = Edit("a", start, start + length, "y" * length, replacement)
        meets = any(
            one.start <= edit.end and edit.start <= one.end
            and not (one.start == one.end == edit.start == edit.end and one.replacement == replacement == "x\n")
            for one in kept if one != edit
        )  # fmt: skip
        assert taken.meets(edit) == (meets and edit not in kept)
        if not taken.meets(edit):
            taken.take(edit)
            kept.append(edit)
    assert sorted(kept, key=lambda edit: edit.start) == [*taken] or len(kept) != len(set(kept))


def test_fixes_that_meet_are_carried_out_one_after_another(config):
    text = (config.root / ENTRY).read_bytes().decode()
    at = text.index("Board")
    one, two = Edit(ENTRY, at, at + 5, "Board", "Bord"), Edit(ENTRY, at + 3, at + 5, "rd", "t")
    reports = iter([Report(1, (issue_of(Fix((one,))), issue_of(Fix((two,))))), Report(1, ())])
    assert len(fixing.fix_seeds(config, lambda: next(reports)).mended) == 1
    assert "name: Harbour Bord\n" in (config.root / ENTRY).read_text()


def test_mends_that_are_never_done_come_to_an_end(config):
    reports = []

    def never_done():
        text = (config.root / ENTRY).read_bytes().decode()
        at = text.index("name: ") + 6
        reports.append(Report(1, (issue_of(Fix((Edit(ENTRY, at, at, "", "x"),))),)))
        return reports[-1]

    assert len(fixing.fix_seeds(config, never_done).mended) == fixing.MAX_ROUNDS


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("topics: trade # of 2031", "topics: [trade] # of 2031"),
        ("topics: trade, ports", None),
        ("topics: trade and ports", None),
        ("topics: 'a: b'", "topics: ['a: b']"),
        ("byline: # nobody", None),
        ("byline: ''", ""),
        ("date_: 2031", None),
        ("x-date: 30/30/1", "x-date: 30/30/1"),
        ("Byline: A", "byline: A"),
        ("rights: '\u200bIt''s'", "rights: 'It''s'"),
        ("rights: |\n  One\n  two", None),
        ("rights: >-\n  One\u200b", "rights: One"),
        ("capture: ../captures/none.txt", None),
        ("annotations:", ""),
        ("annotations:\n  prefer:", ""),
        ("corrections: {date: 2031, text: T}", "corrections: [{date: 2031, text: T}]"),
        ("corrections:\n  date: 2031\n  text: T", None),
    ],
)
def test_a_line_is_mended_so_or_not_at_all(build_archive, line, mended):
    seed_text = f"---\ntitle: T\ndate: 2031-01-01\nlanguage: en\n{line}\n---\nWords.\n"
    config = build_archive({"seeds/articles/a.md": seed_text})
    fix(config)
    after = (config.root / "seeds/articles/a.md").read_bytes().decode()
    wanted = line if mended is None else mended
    assert after == seed_text.replace(f"{line}\n", f"{wanted}\n" if wanted else "")


@pytest.mark.parametrize(
    ("spoilt", "mended"),
    [
        ("\ufefftitle: A long title\nbyline: Jane\x01 Doe", "\ufefftitle: A long title\nbyline: Jane Doe"),
        ("\ufeff\ufefftitle: A\ufeff long\x7f title", "\ufefftitle: A long title"),
        ("\ufeff\x01title: A\x01", "\ufefftitle: A"),
        ("title: A\r\nbyline: \U0001f600\x1b é\x1b\r\n", "title: A\r\nbyline: \U0001f600 é\r\n"),
        ("title: A\rbyline: B\ufffe\r", "title: A\rbyline: B\r"),
        ("title: A # \u2028\x85\x02", "title: A # \u2028\x85"),
    ],
)
def test_only_the_characters_that_yaml_refuses_are_taken_away(build_archive, spoilt, mended):
    config = build_archive({"seeds/articles/a.md": f"---\n{spoilt}\n---\nWords.\n"})
    fix(config)
    after = (config.root / "seeds/articles/a.md").read_bytes().decode()
    assert after == f"---\n{mended}\n---\nWords.\n"


PIECES = [
    *(
        "\ufeff",
        "\x01",
        "\x7f",
        "\ufffe",
        "\x1b",
        "\U0001f600",
        "é",
        "\r\n",
        "\n",
        "\r",
        "\u2028",
        "\x85",
        "title: ",
    ),
    *("a", "b: c", "k: 'v'", "- x", " ", '"', "{", "}", "[", "]", ",", "#", "|", ">"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_the_character_that_a_fix_takes_away_is_the_one_that_the_issue_names(source):
    for issue in parse_seed("a.md", f"---\n{source}\n---\n")[1]:
        if "which YAML does not allow" in issue.message:
            (only,) = issue.fix.edits
            assert f"U+{ord(only.found):04X}" in issue.message
            assert (only.end - only.start, only.replacement) == (1, "")


def test_words_that_do_not_stand_where_they_should_are_never_replaced():
    mends = Mends("a.md", "---\ntitle: One\nbyline: 'Two'\n---\n")
    assert mends.write(ScalarNode("One", 2, 8, 11, 14, ""), "Three") is not None
    for node in (
        ScalarNode("One", 2, 8, 12, 15, ""),
        ScalarNode("Two", 3, 9, 22, 27, "'"),
        ScalarNode("One", 2, 8, 11, 14, "|"),
    ):
        assert mends.write(node, "Three") is None
    with pytest.raises(RuntimeError, match="does not have 'x' at 4"):
        mends.replace(4, 5, "", found="x")


def test_offsets_of_values_count_code_points_of_the_file():
    text = "---\r\ntitle: '\U0001f600 ''x'''\r\ntopics: [é, {a: b}]\r\nlist:\r\n  - c\r\n---\r\n"
    document, issues = parse_seed("a.md", text)
    assert not issues
    stretches = [text[node.start : node.end] for _, node in document.mapping.pairs]
    assert stretches == ["'\U0001f600 ''x'''", "[é, {a: b}]", "- c"]


def test_a_whole_line_of_commands_is_mended_in_a_process_of_its_own(config):
    edit(config, ENTRY, "kind: organisation", "kind: Organisation")
    done = subprocess.run(
        [sys.executable, "-c", "from generator.cli import main; main()", "check", "--fix", ENTRY],
        cwd=config.root, env=os.environ | {"PYTHONPATH": str(Path(cli.__file__).parents[2])},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{ENTRY}:3:7: mended[unknown-value] 'Organisation' becomes 'organisation'",
        "1 seed checked, no issues, 1 mended",
    ]
