"""The JSON Schemas of front matter: as wide as the reader, and refusing what is of a wrong shape."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from generator import cli, pipeline
from generator.config import ArchiveConfig
from generator.editing import article_schema, entry_schema
from generator.read import articles, glossary
from generator.read.dates import parse_date

ROOT = Path(__file__).parents[1]
ARTICLE, ENTRY = article_schema(), entry_schema()
SOUND = {
    "articles": {"title": "T", "date": "2031", "language": "en"},
    "glossary": {"name": "N", "kind": "term", "description": "D"},
}
SHAPES = {
    "bad-file-name", "bad-language", "bad-number", "bad-wikidata-id", "empty-value", "line-break", "missing-key",
    "unknown-key", "unknown-value", "wrong-shape",
}  # fmt: skip
"""Kinds of issues that a schema can tell."""


class _EditorsLoader(yaml.SafeLoader):
    """YAML as an editor reads it: numbers and truth values; a day may be a text or a date."""


_EditorsLoader.add_constructor(
    "tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node)
)


def front_matter(text):
    return yaml.load(re.split(r"^---[ \t]*\r?\n", text, flags=re.MULTILINE)[1], Loader=_EditorsLoader)


def faults(path, values):
    schema = ARTICLE if path.startswith("seeds/articles/") else ENTRY
    return list(jsonschema.Draft202012Validator(schema).iter_errors(values))


def nested(schema):
    """Return every mapping of a schema below its top."""
    found = []
    for value in schema.get("properties", {}).values():
        for inner in (value, value.get("items", {}), *value.get("items", {}).get("anyOf", ())):
            if inner.get("type") == "object":
                found += [inner, *nested(inner)]
    return found


@pytest.mark.parametrize("schema", [ARTICLE, ENTRY], ids=["article", "entry"])
def test_a_schema_is_one_and_describes_each_key(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    for mapping in [schema, *nested(schema)]:
        if "properties" in mapping:
            assert mapping["additionalProperties"] is False
            assert set(mapping.get("required", ())) <= set(mapping["properties"])
            assert all(len(value["description"]) > 5 for value in mapping["properties"].values())


def test_the_schemas_have_the_keys_of_the_reader_and_no_other():
    assert tuple(ARTICLE["properties"]) == articles.KEYS
    assert tuple(ENTRY["properties"]) == glossary.KEYS
    assert tuple(ARTICLE["required"]) == articles.REQUIRED
    assert tuple(ENTRY["required"]) == glossary.REQUIRED


@pytest.mark.parametrize(("schema", "kind"), [(ARTICLE, "articles"), (ENTRY, "glossary")])
def test_each_mapping_inside_has_the_keys_that_the_reader_knows_there(build_archive, schema, kind):
    for key, value in schema["properties"].items():
        for inner in (value, value.get("items", {}), *value.get("items", {}).get("anyOf", ())):
            if inner.get("type") == "object" and "properties" in inner:
                mapping = {"no-such-key": "x"} | dict.fromkeys(inner["properties"], "x")
                values = SOUND[kind] | {key: mapping if inner is value else [mapping]}
                text = f"---\n{json.dumps(values)}\n---\n"
                issues = pipeline.annotate(build_archive({f"seeds/{kind}/a.md": text})).issues
                unknown = [issue.message for issue in issues if issue.kind == "unknown-key"]
                assert unknown == ["'no-such-key' is not a key here"], key
                (hint,) = [i.hint for i in issues if i.kind == "unknown-key"]
                assert set(hint.removeprefix("known keys: ").split(", ")) == set(inner["properties"]), key


@pytest.mark.parametrize(
    "file", sorted([*ROOT.glob("seeds/*/**/*.md"), *ROOT.glob("tests/site/**/seeds/*/**/*.md")])
)
def test_every_seed_of_the_project_is_valid(file):
    path = "seeds/" + file.as_posix().partition("/seeds/")[2]
    assert [fault.message for fault in faults(path, front_matter(file.read_text(encoding="utf-8")))] == []


def examples():
    text = (ROOT / "docs/writing.md").read_text(encoding="utf-8")
    for title, kind in (("An article", "articles"), ("An entry", "glossary")):
        section = text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
        for example in re.findall(r"^```yaml\n(.*?)^```$", section, re.MULTILINE | re.DOTALL):
            values = front_matter(example if example.startswith("---") else f"---\n{example}---\n")
            yield pytest.param(kind, values, id=f"{kind}-{next(iter(values))}")


@pytest.mark.parametrize(("kind", "values"), list(examples()))
def test_every_example_of_the_page_on_writing_is_valid(kind, values):
    assert faults(f"seeds/{kind}/a.md", SOUND[kind] | values) == []


def test_what_is_wrong_in_shape_in_the_cases_of_issues_is_refused(issue_case):
    said = issue_case.values.get("issues", "")
    for path, text in issue_case.values.items():
        kinds = set(
            re.findall(rf"^{re.escape(path)}:[0-9]+:[0-9]+: error\[([a-z0-9-]+)\]", said, re.MULTILINE)
        )
        if path.startswith(("seeds/articles/", "seeds/glossary/")) and kinds & SHAPES:
            assert faults(path, front_matter(text)), f"{path}: {kinds}"
        elif said == "none" and isinstance(text, str) and path.endswith(".md") and text.startswith("---"):
            values = {key: value for key, value in front_matter(text).items() if value is not None}
            assert faults(path, values) == [], path


@pytest.mark.parametrize(
    "date",
    [
        "1969", "1969-07", "1969-07-20", "196X", "19XX", "XXXX", "XXXX-XX", "1969-XX", "1969-07-XX", "1969~", "1969?",
        "1969%", "1969-07~", "1969-07-20?", "1969/1970", "1969-07/..", "../1969", "1969/", "/1969", "2001-21",
        "1969-07-16~/1969-07-24?", "?1969-07", "1969-?07-20", "1969/..",
    ],
)  # fmt: skip
def test_a_date_that_is_read_is_valid(date):
    parse_date(date)
    assert faults("seeds/articles/a.md", SOUND["articles"] | {"date": date}) == []


@pytest.mark.parametrize(
    "date", ["20/7/1969", "July 1969", "1969-7-20", "1969.07.20", "soon", "", True, ["1969"]]
)
def test_a_date_that_is_none_is_refused(date):
    assert faults("seeds/articles/a.md", SOUND["articles"] | {"date": date})


def test_texts_may_be_what_an_editor_takes_for_a_number_a_truth_or_a_day():
    values = {
        "title": 1984,
        "date": 1984,
        "language": False,
        "byline": True,
        "outlet": 1984,
        "topics": [1, 2.5],
    }
    assert faults("seeds/articles/a.md", values) == []
    loaded = front_matter("---\ntitle: 2031-01-01\ndate: 2031-01-01\nlanguage: no\n---\n")
    assert not isinstance(loaded["date"], dt.date)
    assert faults("seeds/articles/a.md", loaded) == []


@pytest.mark.parametrize("schema", ["article", "entry"])
def test_own_keys_are_left_alone_and_others_refused(schema):
    kind = {"article": "articles", "entry": "glossary"}[schema]
    assert faults(f"seeds/{kind}/a.md", SOUND[kind] | {"x-mine": {"a": [1]}}) == []
    assert faults(f"seeds/{kind}/a.md", SOUND[kind] | {"mine": 1})


def test_the_command_writes_both_and_may_be_run_again(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        monkeypatch.setattr(sys, "argv", ["archive", "export", "schema", "out"])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        assert stopped.value.code == 0
        assert capsys.readouterr().out == "out/article.schema.json\nout/entry.schema.json\n"
    assert json.loads((tmp_path / "out/article.schema.json").read_text(encoding="utf-8")) == ARTICLE
    assert json.loads((tmp_path / "out/entry.schema.json").read_text(encoding="utf-8")) == ENTRY


def test_the_page_that_the_descriptions_come_from_is_part_of_the_package():
    assert '"docs/writing.md" = "generator/docs/writing.md"' in (ROOT / "pyproject.toml").read_text("utf-8")


# The hook for pre-commit.


def test_the_hooks_are_called_with_the_seeds_that_changed():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["language"], hook["pass_filenames"], hook["entry"]) == ("python", True, "archive check")
    assert re.search(hook["files"], "seeds/articles/a.md")
    assert not re.search(hook["files"], "docs/seeds/a.md")
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    own = {hook["id"]: hook for repo in config["repos"] for hook in repo["hooks"]}
    assert own["archive-check"].get("pass_filenames", True)


def test_a_check_of_changed_files_as_the_hook_calls_it_has_no_issue_in_the_project(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    files = sorted(str(file.relative_to(ROOT)) for file in ROOT.glob("seeds/**/*") if file.is_file())
    monkeypatch.setattr(sys, "argv", ["archive", "check", *files])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 0, capsys.readouterr().out
    assert ArchiveConfig(ROOT).seeds.is_dir()
