"""What is kept from build to build changes nothing: after any edits, a site is that of a clean build, byte for byte."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from functools import partial

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from generator.config import ArchiveConfig
from generator.publish import making
from generator.workers import share
from tests.editing import Editor
from tests.publishing import copy_tiny, differing, environment_kept, read_site, run_stopped_build, try_build

SETTINGS = "site_name: Tiny archive\ntheme: {name: material}\nplugins: [news-archive]\n"
SEQUENCES, SOAKED = 2, 300
CALLS = 1000
"""A build of these archives changes files about so often."""


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    monkeypatch.setenv("ARCHIVE_JOBS", "1")


def build_by_mkdocs(config):
    """Let MkDocs build, as its own command does."""
    loaded = load_config(config_file=str(config.root / "mkdocs.yml"))
    with environment_kept():
        loaded.plugins.on_startup(command="build", dirty=False)
        try:
            mkdocs_build(loaded)
        finally:
            loaded.plugins.on_shutdown()


def check_against_a_clean_build(editor, folder, *, search=True):
    """Build what was edited, and a copy without anything kept: they become, and say, the same."""
    before = read_site(editor.config)
    found = try_build(editor.config, search=search)
    editor.write(folder)
    clean = ArchiveConfig(folder)
    wanted = try_build(clean, search=search)
    assert found._replace(unchanged=False) == wanted
    assert differing(read_site(editor.config), before if wanted.failed else read_site(clean)) == []
    if not wanted.failed:
        assert try_build(editor.config, search=search) == wanted._replace(unchanged=True)
        assert differing(read_site(editor.config), read_site(clean)) == []
    shutil.rmtree(folder)


def build_somehow(editor):
    """Build, mostly as the command line does, and say how."""
    way = editor.chance.choice(["as usual"] * 6 + ["twice", "without search", "by MkDocs", "killed"])
    editor.said.append(f"build {way}")
    if way == "by MkDocs" and (editor.config.root / "docs").is_dir() and not editor.wrong:
        build_by_mkdocs(editor.config)
    elif way == "killed":
        moment = editor.chance.randrange(1, CALLS)
        run_stopped_build("site", editor.config.root, "kill", "build", moment)
    else:
        for _ in range(2 if way == "twice" else 1):
            try_build(editor.config, search=way != "without search")


def check_sequence(root, seed, **sizes):
    """Edit and build several times; whatever is wrong is told with the edits that led to it."""
    editor = Editor(root / "archive", seed, **sizes)
    try:
        for _ in range(editor.chance.randrange(2, 5)):
            build_somehow(editor)
            for _ in range(editor.chance.choice([1, 1, 2, 4])):
                editor.edit()
            editor.write()
        check_against_a_clean_build(editor, root / "clean", search=editor.chance.random() < 0.9)
    except Exception as error:
        error.add_note("\n".join([f"sequence {seed!r}:", *editor.said]))
        raise
    shutil.rmtree(root / "archive")


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_after_edits_the_site_is_that_of_a_clean_build(tmp_path, seed):
    check_sequence(tmp_path, f"sequence {seed}")


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(SOAKED))
def test_the_same_for_many_more_sequences(tmp_path, seed):
    check_sequence(tmp_path, f"soak {seed}")


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_the_same_where_several_processes_make_a_larger_archive(tmp_path, seed, monkeypatch):
    monkeypatch.setenv("ARCHIVE_JOBS", "2")
    check_sequence(tmp_path, f"large {seed}", articles=170, entries=40)


FOOTER = "templates/theme/partials/copyright.html"
ONE, TWO = "templates/theme/partials/one.html", "templates/theme/partials/two.html"
MOVED, NOTE = "templates/pages/moved.html.j2", "templates/pages/note.html"
NEW = "---\ntitle: New\ndate: 2031-07-30\nlanguage: en\n---\nThe Ada Lindqvist hall.\n\nAn Ada Lindqvist park.\n"
LONGER = "---\nname: Ada Lindqvist {}\nkind: place\ndescription: A place.\n---\nMade up.\n"
CASES = {
    "in which of two places an entry is mentioned": (
        {"seeds/articles/2031/07/new.md": NEW, "seeds/glossary/longer.md": LONGER.format("hall")},
        {"seeds/glossary/longer.md": LONGER.format("park")},
    ),
    "a folder of pages where there was none": (
        {"docs/about.md": None}, {"docs/about.md": "# About\n"}
    ),
    "a title in the navigation, which a template of the archive shows": (
        {FOOTER: "<p>{% for item in nav %}{{ item.title }}{% for one in item.children or () %}{{ one.title }}"
         "{% endfor %}{% endfor %}</p>"},
        {"docs/about.md": "# Another title\n"},
    ),
    "a template of the archive that takes the place of another": (
        {FOOTER: '{% include ["partials/one.html", "partials/two.html"] ignore missing %}', ONE: "1", TWO: "2"},
        {ONE: "2", TWO: "1"},
    ),
    "what a page template includes, whatever its name": (
        {MOVED: '<h1>{{ title }}</h1>\n<p>{% include "note.html" %}</p>\n', NOTE: "One"}, {NOTE: "Two"}
    ),
    "a template of the archive under another name": (
        {FOOTER: '<p>{% include "partials/one.html" ignore missing %}</p>', ONE: "1"}, {ONE: None, TWO: "1"}
    ),
    "the newest day, which a template of the archive shows": (
        {FOOTER: "<p>{{ build_date_utc }}</p>"},
        {"seeds/articles/2031/07/new.md": "---\ntitle: New\ndate: 2031-07-30\nlanguage: en\n---\nNothing.\n"},
    ),
    "settings that another file holds": (
        {"mkdocs.yml": f"{SETTINGS}INHERIT: base.yml\n", "base.yml": "copyright: A", FOOTER: "{{ config.copyright }}"},
        {"base.yml": "copyright: B"},
    ),
}
"""What an archive holds beyond the tiny one, and how that changes: files by path, None for none."""


def write(root, files):
    for path, text in files.items():
        file = root / path
        if text is None:
            file.unlink(missing_ok=True)
            if not any(file.parent.iterdir()):
                file.parent.rmdir()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")


@pytest.mark.parametrize("what", CASES)
def test_what_was_overlooked_once_is_seen(tmp_path, what):
    before, after = CASES[what]
    config, clean = copy_tiny(tmp_path / "archive"), copy_tiny(tmp_path / "clean")
    write(config.root, before)
    assert not try_build(config).failed
    write(config.root, after)
    write(clean.root, {**before, **after})
    assert try_build(config) == try_build(clean)
    assert differing(read_site(config), read_site(clean)) == []


def test_pages_that_are_known_and_missing_by_turns_come_from_several_processes_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(making, "_AT_ONCE", 7)
    monkeypatch.setattr(making, "share", partial(share, jobs=2, worthwhile=1))
    config, clean = copy_tiny(tmp_path / "archive"), copy_tiny(tmp_path / "clean")
    own = {"templates/theme/partials/source-file.html": "<p>{{ page.title }}</p>"}  # some pages have no shell
    for changes in ({}, {"seeds/articles/2031/07/new.md": NEW}, own, {"seeds/articles/2031/07/new.md": None}):
        write(config.root, changes)
        write(clean.root, changes)
        assert not try_build(config).failed
        shutil.rmtree(clean.cache, ignore_errors=True)
        assert not try_build(clean).failed
        assert differing(read_site(config), read_site(clean)) == []


def keys_of_pages(config):
    """Return under which keys a build left the pages that it made."""
    with closing(sqlite3.connect(config.cache / "pages.db")) as records:
        return {key for (key,) in records.execute("SELECT key FROM kept")}


def test_who_else_is_mentioned_in_an_article_does_not_touch_the_pages_of_the_others(tmp_path):
    config = copy_tiny(tmp_path / "archive")
    article = "---\ntitle: New\ndate: 2031-07-30\nlanguage: en\n---\nAda Lindqvist came.\n\nThe lantern shone.\n"
    entry = "---\nname: Light\nkind: term\ndescription: A light.\n{}---\nIt shines.\n"
    write(config.root, {"seeds/articles/2031/07/new.md": article, "seeds/glossary/light.md": entry.format("")})
    assert not try_build(config).failed
    keys, pages = keys_of_pages(config), read_site(config)
    write(config.root, {"seeds/glossary/light.md": entry.format("aliases: [{text: lantern, strength: full}]\n")})
    assert not try_build(config).failed
    changed = [path for path in differing(pages, read_site(config)) if path.endswith(".html")]
    assert "articles/2031/07/new/index.html" in changed
    assert "glossary/ada-lindqvist/index.html" not in changed
    assert len(keys_of_pages(config) - keys) == len(changed)


def test_mkdocs_builds_the_same_site(tmp_path):
    config, other = copy_tiny(tmp_path / "archive"), copy_tiny(tmp_path / "other")
    build_by_mkdocs(config)
    assert not try_build(other).failed
    assert differing(read_site(config), read_site(other)) == []
    build_by_mkdocs(other)
    assert differing(read_site(config), read_site(other)) == []


def test_the_settings_may_name_folders_that_are_read_anyway(tmp_path):
    config = copy_tiny(tmp_path / "archive")
    write(config.root, {"mkdocs.yml": SETTINGS.replace("}", ", custom_dir: templates/theme}"), FOOTER: "<p>Ours</p>"})
    assert not try_build(config).unchanged
    assert try_build(config).unchanged
