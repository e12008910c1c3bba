"""What is kept of articles changes nothing: after any edits, annotations are those that a first run makes."""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from generator import annotating
from generator.annotating import make_annotator
from generator.config import ArchiveConfig
from generator.pipeline import annotate, annotate_both, annotate_known
from generator.read import files
from generator.read.files import SeedFile
from generator.read.seeds import read_entries
from generator.records import Records
from generator.reusing import Kept
from generator.store import digest
from generator.unchanged import lasting_state
from generator.workers import WORTHWHILE, share
from tests.editing import KINDS, NAMES, RULES, STRENGTHS, WORDS, sentence

IDS = [f"e{number}" for number in range(9)]


class Editor:
    """Writes an archive, and changes it in one place after the other."""

    def __init__(self, root, seed):
        self.root, self.chance = root, random.Random(seed)
        self.config = ArchiveConfig(root)
        self.captures = {}
        for folder in ("articles/2025", "glossary", "captures"):
            (root / "seeds" / folder).mkdir(parents=True)
        for entry_id in IDS:
            self.write_entry(entry_id)
            self.write_article()
            self.write_article()

    def edit(self):
        self.chance.choice(
            [self.write_entry, self.write_article, self.change_a_line] * 6
            + [self.remove, self.rename, self.copy, self.write_capture, self.decide, self.spoil]
        )()
        lines = [
            f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(self.captures.items())
        ]
        (self.root / "seeds/captures.sha256").write_text("".join(lines), encoding="utf-8")

    def write_entry(self, entry_id=None):
        chance, some = self.chance, self.maybe
        name = chance.choice(NAMES)
        period = some(f"since: 20{chance.randrange(10, 30)}-01-01")
        strength, word = (
            chance.choice(STRENGTHS),
            chance.choice([*NAMES, *WORDS, "Syrian", "U.N.", "Al-Shara"]),
        )
        place = f"{{lat: {chance.randrange(60)}, lon: {chance.randrange(60)}}}"
        lines = [
            f"name: {name}{some(' (other)')}",
            f"kind: {chance.choice(KINDS)}",
            f"description: About {' '.join(chance.choices(WORDS, k=4))}.",
            some(f"aliases: [{{text: {word}, strength: {strength}{', ' if period else ''}{period}}}]"),
            some(f"roles: [{{title: President, of: {self.an_id()}{', ' if period else ''}{period}}}]"),
            some(f"without: [{', '.join(chance.sample(RULES, 2))}]"),
            some(f"stop: [{chance.choice(NAMES)} {chance.choice(NAMES)}, Axis fell]"),
            some(f"metonym: {{for: {self.an_id()}}}"),
            some(f"location: {place}"),
            some(f"relations: [{{kind: located-in, to: {self.an_id()}}}]"),
            some(f"replaces: [old-{chance.randrange(99)}]", 0.1),
        ]
        text = "\n".join(["---", *filter(None, lines), "---", "Made up.", ""])
        file = self.root / f"seeds/glossary/{entry_id or self.an_id()}.md"
        file.write_text(text, encoding="utf-8")

    def write_article(self, stem=None):
        chance, some = self.chance, self.maybe
        text = "\n\n".join(" ".join(sentence(self.chance) for _ in range(3)) for _ in range(3))
        capture = some(self.new_capture(text), 0.3)
        a_name = next((name for name in NAMES if f" {name} " in text), "Axis")
        lines = [
            f"title: A title {chance.randrange(9)}",
            f"date: 20{chance.randrange(10, 30)}-07-01",
            f"language: {chance.choice(['en', 'de'])}",
            some(f"outlet: {self.an_id()}", 0.05),
            some(f"replaces: [2025/old-{chance.randrange(99)}]", 0.1),
            capture and f"capture: {capture}",
            some(f"annotations: {{prefer: {{{a_name}: {self.an_id()}}}}}", 0.15),
            some("withdrawn: {date: 2025-07-05, reason: A request}", 0.05),
        ]
        head = "\n".join(["---", *filter(None, lines), "---"])
        file = self.root / f"seeds/articles/2025/{stem}.md" if stem else self.an_article()
        file.write_text(f"{head}\n{text}\n", encoding="utf-8")

    def new_capture(self, text):
        name = f"c{self.chance.randrange(6)}.txt"
        self.captures[name] = text.encode()
        (self.root / "seeds/captures" / name).write_bytes(self.captures[name])
        return name

    def write_capture(self):
        self.new_capture(sentence(self.chance))

    def change_a_line(self):
        """Take a line of one entry's front matter into another's, or away."""
        one, other = (self.chance.choice(self.files("glossary")) for _ in range(2))
        lines = one.read_text(encoding="utf-8").splitlines(keepends=True)
        mine, theirs = (
            self.chance.choice(lines[1:-2]),
            other.read_text(encoding="utf-8").splitlines(keepends=True),
        )
        key = mine.partition(":")[0]
        found = [line for line in theirs if line.startswith(f"{key}:")]
        lines[lines.index(mine)] = found[0] if found else ""
        one.write_text("".join(lines), encoding="utf-8")

    def remove(self):
        self.a_file().unlink()

    def rename(self):
        file = self.a_file()
        file.rename(file.with_name(f"{self.chance.choice([*IDS, 'a1'])}.md"))

    def copy(self):
        self.an_article().write_bytes(self.a_file().read_bytes())

    def decide(self):
        (self.root / "seeds/decisions.yml").write_text(
            f"rejected: [{self.chance.choice(NAMES)}]\n", encoding="utf-8"
        )

    def spoil(self):
        file = self.a_file()
        text = file.read_text(encoding="utf-8")
        file.write_text(
            text.replace(self.chance.choice("e:-"), self.chance.choice("x:"), 1), encoding="utf-8"
        )

    def files(self, folder):
        return sorted((self.root / "seeds" / folder).rglob("*.md")) or [self.an_article()]

    def a_file(self):
        return self.chance.choice(self.files(self.chance.choice(["articles", "glossary"])))

    def an_id(self):
        """Return the id of an entry that there is, nearly always."""
        known = [file.stem for file in sorted((self.root / "seeds/glossary").glob("*.md"))]
        return self.chance.choice(known if known and self.chance.random() < 0.98 else IDS)

    def an_article(self):
        return self.root / f"seeds/articles/2025/a{self.chance.randrange(20)}.md"

    def maybe(self, text, share=0.4):
        return text if self.chance.random() < share else ""


@pytest.fixture
def editor(tmp_path):
    return Editor(tmp_path / "archive", 1)


@pytest.fixture
def records(tmp_path):
    opened = Records(tmp_path / "articles.db")
    yield opened
    opened.close()


def check_edits(editor, records, edits):
    for _ in range(edits):
        assert annotate(editor.config, records) == annotate(editor.config)
        editor.edit()


def test_annotations_that_are_kept_are_those_of_a_first_run(editor, records):
    check_edits(editor, records, 60)


ENTRY, OTHER = "glossary/one.md", "glossary/two.md"
SEEN = {
    "a form": ("A Bay.", {}, "aliases: [Bay]"),
    "a form of another": ("One Bay.", {OTHER: "name: Two\nkind: term"}, {OTHER: "name: Bay\nkind: term"}),
    "its strength": ("A One.", {}, "aliases: [{text: One, strength: weak}]"),
    "its period": ("A One.", {}, "aliases: [{text: One, until: 2000}]"),
    "a stop name": ("A One Bay.", {}, "stop: [One Bay]"),
    "a rule left out": ("Old Mr Bay. Bay.", {ENTRY: "name: Mr Bay\nkind: person"}, "without: [surname]"),
    "a kind": ("A One 2.", {}, {ENTRY: "name: One\nkind: place"}),
    "a kind that an author names": (
        "The New Agency (NA) said. The NA.",
        {
            ENTRY: "name: Other\nkind: organisation",
            "head": "annotations: {link: [{text: New Agency, to: one}]}",
        },
        {ENTRY: "name: Other\nkind: person"},
    ),
    "names of a person beside others": (
        "Ann Bay left. Mary Bay came.",
        {ENTRY: "name: Ann Bay\nkind: person"},
        "aliases: [Mary Ann]",
    ),
    "an initial of a person": (
        "Ann Bay left. M. Bay came.",
        {ENTRY: "name: Ann Bay\nkind: person"},
        "aliases: [Mary Smith]",
    ),
    "a name after an office": (
        "Bay's President Mary was here.",
        {
            ENTRY: "name: Ann\nkind: person\nroles: [{title: President, of: two}]",
            OTHER: "name: Bay\nkind: place",
        },
        "aliases: [Mary Smith]",
    ),
    "an office": (
        "Ann Bay, then President Bay.",
        {ENTRY: "name: Ann Bay\nkind: person"},
        "roles: [{title: President, of: two}]",
    ),
    "a name of what an office is of": (
        "Bay's President.",
        {ENTRY: "name: Ann\nkind: person\nroles: [{title: President, of: two}]"},
        {OTHER: "name: Bay\nkind: place"},
    ),
    "a metonym": ("The talks with One failed.", {ENTRY: "name: One\nkind: place"}, "metonym: {for: two}"),
    "a description": (
        "One of harbours and boats.",
        {ENTRY: "name: One\nkind: term\ndescription: On harbours and boats.", OTHER: "name: One\nkind: term"},
        {ENTRY: "name: One\nkind: term\ndescription: On nothing."},
    ),
    "a relation": (
        "One is in Bay.",
        {
            OTHER: "name: One\nkind: term\nrelations: [{kind: located-in, to: bay}]",
            "glossary/bay.md": "name: Bay\nkind: term",
        },
        "relations: [{kind: located-in, to: bay}]",
    ),
    "a location": (
        "One is in Bay.",
        {
            ENTRY: "name: One\nkind: place\nlocation: {lat: 1, lon: 1}",
            OTHER: "name: One\nkind: place\nlocation: {lat: 50, lon: 50}",
            "glossary/bay.md": "name: Bay\nkind: place\nlocation: {lat: 1, lon: 2}",
        },
        {"glossary/bay.md": "name: Bay\nkind: place\nlocation: {lat: 50, lon: 51}"},
    ),
    "a word of another article": (
        "Stock fell.",
        {ENTRY: "name: Stock\nkind: organisation"},
        {"articles/b.md": "In stock."},
    ),
    "meanings in other articles": (
        "One fell.",
        {OTHER: "name: One\nkind: term\naliases: [Bay]"},
        {"articles/b.md": "By the Bay, the One, the One and the One."},
    ),
}
"""What an article sees of the others and of the glossary: its text, what is beside it, and what then changes."""


def write(root, seeds, more):
    for path, content in seeds.items():
        if path.startswith("articles"):
            head = f"title: T\ndate: 2020-01-01\nlanguage: en\n{more}"
            (root / path).write_text(f"---\n{head}\n---\n{content}\n", encoding="utf-8")
        else:
            rest = "" if "description:" in content else "\ndescription: D."
            (root / path).write_text(f"---\n{content}{rest}\n---\nMade up.\n", encoding="utf-8")


@pytest.mark.parametrize("what", SEEN)
def test_what_an_article_sees_is_seen(tmp_path, records, what):
    text, beside, change = SEEN[what]
    root = tmp_path / "seeds"
    for folder in ("articles", "glossary"):
        (root / folder).mkdir(parents=True)
    seeds = {ENTRY: "name: One\nkind: term", OTHER: "name: Two\nkind: organisation", **beside}
    head = seeds.pop("head", "")
    write(root, {**seeds, "articles/a.md": text}, head)
    before = annotate(ArchiveConfig(tmp_path), records)
    assert not [issue for issue in before.issues if issue.level == "error"]
    change = {ENTRY: f"{seeds[ENTRY]}\n{change}"} if isinstance(change, str) else dict(change)
    write(root, change, change.pop("more", ""))
    after = annotate(ArchiveConfig(tmp_path), records)
    assert after == annotate(ArchiveConfig(tmp_path))
    assert after.articles[0] != before.articles[0]


def test_what_nobody_sees_makes_nothing_anew(editor, records, monkeypatch):
    annotate(editor.config, records)
    for file in editor.files("glossary"):
        text = file.read_text(encoding="utf-8").replace("Made up.", "Made up by nobody.")
        file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(Kept, "keep", lambda *_: pytest.fail("a draft was made"))
    annotate(editor.config, records)


def wait_until_times_tell(root):
    """Wait until each article is so old that its times show the next change."""
    while any(lasting_state(file) is None for file in (root / "seeds/articles").rglob("*.md")):
        time.sleep(0.01)


@pytest.fixture
def opened(monkeypatch):
    """The names of the articles that were opened."""
    names = []

    def opening(file, *args, **kwargs):
        if "articles/" in str(file):
            names.append(Path(file).name)
        return open(file, *args, **kwargs)  # noqa: PTH123 - it stands for that

    monkeypatch.setattr(files, "open", opening, raising=False)
    return names


def with_a_draft(annotated):
    return [Path(one.article.path).name for one in annotated.articles]


def test_a_seed_whose_file_is_as_it_was_is_not_read_again(editor, records, opened):
    wait_until_times_tell(editor.root)
    first = annotate(editor.config, records)
    opened.clear()
    assert annotate(editor.config, records) == first
    assert not set(opened) & set(with_a_draft(first))


def test_a_seed_that_kept_its_length_and_its_time_is_read_again(editor, records, opened):
    wait_until_times_tell(editor.root)
    name = with_a_draft(annotate(editor.config, records))[0]
    (file,) = (editor.root / "seeds/articles").rglob(name)
    before, text = file.stat(), file.read_text(encoding="utf-8")
    file.write_text(text.replace("title: A", "title: B"), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    wait_until_times_tell(editor.root)
    opened.clear()
    after = annotate(editor.config, records)
    assert name in opened
    assert [one.article.front_matter.title[0] for one in after.articles if one.article.path.endswith(name)] == ["B"]
    assert after == annotate(editor.config)


def test_a_seed_of_another_archive_is_read_whatever_its_file_is_like(editor, records, opened, tmp_path):
    wait_until_times_tell(editor.root)
    first = annotate(editor.config, records)
    editor.root.rename(tmp_path / "moved")
    opened.clear()
    assert annotate(ArchiveConfig(tmp_path / "moved"), records) == first
    assert set(opened) >= set(with_a_draft(first))


def test_where_nothing_changed_nothing_is_written(editor, tmp_path):
    file = tmp_path / "articles.db"
    written = []
    for _ in range(2):
        with closing(Records(file)) as records:
            annotate(editor.config, records)
        written.append(file.read_bytes())
    assert written[0] == written[1]


def test_several_processes_annotate_as_one_does(tmp_path):
    editor = Editor(tmp_path / "archive", 2)
    for number in range(WORTHWHILE):
        editor.write_article(f"b{number}")
    assert annotate(editor.config, jobs=2) == annotate(editor.config, jobs=1)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_ours_names_the_article(editor, jobs):
    glossary, _ = read_entries(editor.config)
    nowhere = [SeedFile("seeds/articles/a.md", None)]
    with pytest.raises(TypeError) as raised:
        list(share(make_annotator, (editor.root, glossary), nowhere, jobs=jobs, worthwhile=1))
    assert raised.value.__notes__[-1] == "it came up in seeds/articles/a.md"


def test_what_was_damaged_is_made_anew(editor, tmp_path):
    file = tmp_path / "articles.db"
    expected = annotate(editor.config)
    chance = random.Random(3)
    for _ in range(20):
        records = Records(file)
        assert annotate(editor.config, records) == expected
        records.close()
        data = bytearray(file.read_bytes())
        for _ in range(3):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        file.write_bytes(data)


def test_what_was_lost_is_made_anew_once(editor, records, tmp_path, monkeypatch):
    expected = annotate(editor.config, records)
    with closing(sqlite3.connect(tmp_path / "articles.db")) as other:
        other.execute("DELETE FROM kept WHERE key != ?", [digest(b"shelf")])
        other.commit()
    assert annotate(editor.config, records) == expected
    monkeypatch.setattr(Kept, "keep", lambda *_: pytest.fail("a draft was made"))
    assert annotate(editor.config, records) == expected


@pytest.mark.parametrize("stopped", ["keep_only", "put"])
def test_who_is_stopped_leaves_nothing_that_nobody_throws_away(editor, tmp_path, monkeypatch, stopped):
    """However far a run came that saw a text withdrawn, the next one takes the text out."""
    file, article = tmp_path / "articles.db", editor.root / "seeds/articles/2025/secret.md"
    head = "---\ntitle: T\ndate: 2025-07-01\nlanguage: en\n---\n"
    article.write_text(f"{head}A secret of the lighthouse.\n", encoding="utf-8")
    with closing(Records(file)) as records:
        annotate(editor.config, records)
    assert b"lighthouse" in file.read_bytes()
    article.unlink()

    def stop(*_):
        raise KeyboardInterrupt

    with closing(Records(file)) as records:
        monkeypatch.setattr(records, stopped, stop)
        with pytest.raises(KeyboardInterrupt):
            annotate(editor.config, records)
    with closing(Records(file)) as records:
        annotate(editor.config, records)
    assert b"lighthouse" not in file.read_bytes()


def test_what_has_no_words_is_not_searched_for_names(editor, records, monkeypatch):
    """Withdrawn articles and stray files are read by every build."""
    head = "---\ntitle: T\ndate: 2025-07-01\nlanguage: en\nwithdrawn: {date: 2025-07-05, reason: Asked}\n---\n"
    (editor.root / "seeds/articles/2025/gone.md").write_text(head, encoding="utf-8")
    for file in editor.files("articles"):
        file.write_text(re.sub("^annotations: .*\n", "", file.read_text("utf-8"), flags=re.MULTILINE), encoding="utf-8")
    (editor.root / "seeds/articles/2025/stray.txt").write_text("Stray.", encoding="utf-8")
    expected = annotate(editor.config, records)
    searched = []

    class Recorded(annotating.Gazetteer):
        def __init__(self, entities, seen=None):
            searched.extend(entities)
            super().__init__(entities, seen)

    monkeypatch.setattr(annotating, "Gazetteer", Recorded)
    assert annotate(editor.config, records) == expected
    assert searched == []


def test_what_a_comparison_reads_stays_out_of_what_a_build_left(editor, tmp_path):
    editor.write_article("secret")
    secret = editor.root / "seeds/articles/2025/secret.md"
    secret.write_text(f"{secret.read_text(encoding='utf-8')}\nA secret of the lighthouse.\n", encoding="utf-8")
    old = ArchiveConfig(tmp_path / "old")
    shutil.copytree(editor.root, old.root)
    secret.unlink()
    file = editor.config.cache / "articles.db"
    with closing(Records(file)) as records:
        annotate(editor.config, records)
    left = file.read_bytes()
    for base, head in ((old, editor.config), (editor.config, old), (old, old)):
        annotate_both(editor.config, base, head)
        assert file.read_bytes() == left


def test_a_build_that_left_nothing_is_left_alone(editor):
    assert annotate_known(editor.config) == annotate(editor.config)
    assert not editor.config.cache.exists()


def test_what_a_build_left_is_used_and_renewed(editor):
    with closing(Records(editor.config.cache / "articles.db")) as records:
        annotate(editor.config, records)
    editor.write_article()
    assert annotate_known(editor.config) == annotate(editor.config)
    with closing(Records(editor.config.cache / "articles.db")) as records:
        drafts = annotate(editor.config, records)
    assert drafts == annotate(editor.config)


@pytest.mark.parametrize("is_known", [False, True])
def test_two_moments_are_annotated_as_each_alone(editor, tmp_path, is_known):
    base = ArchiveConfig(tmp_path / "base")
    shutil.copytree(editor.root, base.root)
    if is_known:
        Records(editor.config.cache / "articles.db").close()
    for _ in range(5):
        editor.edit()
    both = annotate_both(editor.config, base, editor.config)
    assert both == (annotate(base), annotate(editor.config))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_the_same_for_many_more_edits(tmp_path, records, seed):
    check_edits(Editor(tmp_path / "archive", f"soak {seed}"), records, 150)
