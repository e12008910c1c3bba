"""What all tests share: golden cases, the archives that are built from them, and the profile of hypothesis.

A golden case is a YAML document. `pytest --update-cases` writes what the code gives into its expectations, in
place; git shows the change.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, settings

from generator import pipeline, workers
from generator.config import ArchiveConfig

CASES = Path(__file__).parent / "cases"
_BETWEEN = re.compile(r"(?m)^---\n")

settings.register_profile(
    "archive", derandomize=True, deadline=None, max_examples=100, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
settings.load_profile("archive")


@pytest.fixture(autouse=True)
def processes_that_no_test_before_prepared(monkeypatch):
    monkeypatch.setattr(workers, "_is_prepared", False)


def pytest_addoption(parser):
    parser.addoption("--update-cases", action="store_true", help="rewrite the expectations of tests/cases")


def pytest_generate_tests(metafunc):
    for folder, name in (("mentions", "mention_case"), ("issues", "issue_case")):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, read_cases(CASES / folder), ids=lambda case: case.name)


@dataclass(frozen=True)
class Case:
    """One document of a file of cases; every scalar is a text, as written."""

    file: Path
    number: int
    values: dict

    @property
    def name(self):
        return f"{self.file.stem}-{self.number + 1}" if self.number else self.file.stem

    def expect(self, key, found, *, update):
        """Compare what was found with an expectation, or write it there."""
        if update and self.values.get(key) != found:
            documents = _BETWEEN.split(self.file.read_text(encoding="utf-8"))
            documents[self.number] = replace_value(documents[self.number], key, found)
            self.file.write_text("---\n".join(documents), encoding="utf-8")
        elif not update:
            assert found == self.values[key], f"{self.file.name}: {key}"


def read_cases(folder):
    return [
        Case(file, number, yaml.load(document, Loader=yaml.CBaseLoader))
        for file in sorted(folder.glob("*.yml"))
        for number, document in enumerate(_BETWEEN.split(file.read_text(encoding="utf-8")))
    ]


def replace_value(document, key, value):
    """Return a document with another value of a key; comments and the other keys stay as they are."""
    block = re.compile(rf"^{key}:.*\n(?:(?:[ \t].*)?\n)*?(?=\S|\s*\Z)", re.MULTILINE)
    new = write_value(key, value)
    if not block.search(document):
        return document.rstrip("\n") + "\n" + new
    return block.sub(lambda _: new, document, count=1)


def write_value(key, value):
    """Return the plainest YAML for a text that reads back as that text."""
    indented = "".join(f"  {line}" if line.strip() else line for line in value.splitlines(keepends=True))
    for written in (f"{key}: {value}\n", f"{key}: |\n{indented}", f"{key}: |-\n{indented}\n"):
        try:
            if yaml.load(written, Loader=yaml.CBaseLoader) == {key: value}:
                return written
        except yaml.YAMLError:
            continue
    return f"{key}: {json.dumps(value, ensure_ascii=False)}\n"


@pytest.fixture
def update_cases(request):
    return request.config.getoption("--update-cases")


def write_seed(root, path, value):
    """Write a file of an archive: a text or one of the mappings below; a path that ends in / is a folder."""
    place = root / path
    if path.endswith("/"):
        place.mkdir(parents=True, exist_ok=True)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    match value:
        case {"symlink": target}:
            place.symlink_to(target)
        case {"hex": digits}:
            place.write_bytes(bytes.fromhex(digits))
        case {"base64": encoded}:
            place.write_bytes(base64.b64decode(encoded, validate=True))
        case {"size": count}:
            place.write_bytes(b"x" * int(count))
        case {"text": text, "repeat": {"text": part, "times": times}}:
            place.write_bytes(text.replace("…", part * int(times)).encode())
        case str():
            place.write_bytes(value.encode())
        case _:
            raise AssertionError(f"{path}: neither a text nor hex, base64, symlink, size or repeat")


def article_seed(text, **front_matter):
    """Return the text of an article's file."""
    values = {"title": "A title", "date": "2025-07-01", "language": "en"} | front_matter
    return f"---\n{_dump(values)}---\n{text}"


def entry_seed(definition="", **front_matter):
    """Return the text of an entry's file."""
    values = {"kind": "term", "description": front_matter["name"]} | front_matter
    return f"---\n{_dump(values)}---\n{definition}"


def _dump(values):
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=10**9)


@pytest.fixture
def build_archive(tmp_path):
    """Return a function that writes seeds below a new folder and returns the archive's configuration."""
    count = 0

    def build(seeds):
        nonlocal count
        count += 1
        root = tmp_path / f"archive-{count}"
        (root / "seeds").mkdir(parents=True)
        for path, value in seeds.items():
            write_seed(root, path, value)
        return ArchiveConfig(root)

    return build


@pytest.fixture
def annotate_text(build_archive):
    """Return a function that annotates one text with a glossary of {id: name or keys of an entry}."""

    def annotate(text, glossary, **front_matter):
        seeds = {
            f"seeds/glossary/{entity_id}.md": entry_seed(
                **(keys if isinstance(keys, dict) else {"name": keys})
            )
            for entity_id, keys in glossary.items()
        }
        seeds["seeds/articles/a.md"] = article_seed(text, **front_matter)
        return pipeline.annotate(build_archive(seeds))

    return annotate


@pytest.fixture
def seed_text():
    """Return the two functions that write the text of an article's and of an entry's file."""
    return article_seed, entry_seed
