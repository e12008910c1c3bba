"""Where nothing but seeds has changed, a site is built without MkDocs, and is the same as with it."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from generator import pipeline
from generator.building import build_site
from generator.issues import BuildFailedError, SiteError
from generator.progress import Progress
from generator.store import lock_of
from tests.publishing import HARBOUR, build, copy_tiny, environment_kept, read_tree, replace_in

ARTICLE = "---\ntitle: New\nlanguage: en\ndate: 2031-09-01\n---\nWords.\n"


@pytest.fixture
def config(tmp_path):
    made = copy_tiny(tmp_path / "archive")
    build(made)
    return made


def started_mkdocs(config):
    """Build, and tell whether MkDocs took part; the site must be that of a build from nothing."""
    progress = Progress()
    with environment_kept():
        site = read_tree(build_site(config, progress=progress).site)
    other = config.root.with_name("other")
    shutil.copytree(config.root, other, ignore=shutil.ignore_patterns("site", ".cache"))
    build(type(config)(other))
    assert site == read_tree(other / "site")
    shutil.rmtree(other)
    return "mkdocs" in dict(progress.timings)


def new_article(config, text=ARTICLE, name="new"):
    file = config.seeds / f"articles/2031/09/{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def new_entry(config):
    (config.seeds / "glossary/lighthouse.md").write_text(
        "---\nname: Lighthouse\nkind: place\ndescription: A light.\n---\nIt shines.\n"
    )


def more_words(file):
    file.write_text(f"{file.read_text('utf-8')}\nMore words.\n", "utf-8")


def test_an_edit_that_is_interrupted_while_its_index_is_made_leaves_nothing_behind(config, monkeypatch):
    monkeypatch.setenv("ARCHIVE_JOBS", "2")
    new_article(config)
    threads = threading.enumerate()

    def interrupt(*given, **named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "plan", interrupt)
        with environment_kept(), pytest.raises(KeyboardInterrupt):
            build_site(config)
    assert threading.enumerate() == threads
    assert sys.getswitchinterval() == pytest.approx(0.005), "as Python has it"
    with lock_of(config.cache / ".lock").acquire(timeout=0):
        pass
    assert not started_mkdocs(config)


def test_what_a_build_changed_is_counted(config):
    def build_once():
        with environment_kept():
            return build_site(config).new_pages

    more_words(config.seeds / "articles/2031/04/arabic.md")
    assert build_once() == 1
    before = read_tree(config.root / "site")
    new_article(config)
    changed = build_once()
    after = read_tree(config.root / "site")
    assert changed == sum(path.endswith(".html") and before.get(path) != page for path, page in after.items())
    assert changed > 3
    shutil.rmtree(config.cache)
    assert build_once() is None


def test_nothing_is_counted_beside_a_build_that_is_not_the_last(config):
    """What INHERIT reads is not known, so the second build is not remembered; nor is the first one any more."""
    (config.root / "mkdocs.yml").rename(config.root / "base.yml")
    (config.root / "mkdocs.yml").write_text("INHERIT: base.yml\n", "utf-8")
    counts = []
    for _ in range(2):
        with environment_kept():
            counts.append(build_site(config).new_pages)
    assert counts == [0, None]


class Meddling(Progress):
    """Does something else at the beginning of stages."""

    def __init__(self, **does):
        super().__init__()
        self.does = does

    @contextmanager
    def stage(self, name, total=0):
        self.does.get(name, lambda: None)()
        with super().stage(name, total) as advance:
            yield advance


def test_a_page_that_another_program_writes_meanwhile_is_refused_and_made_again(config):
    new_article(config)
    page = config.root / "site/articles/2031/09/new/index.html"
    progress = Meddling(remember=lambda: page.write_text("Other words."))
    with environment_kept(), pytest.raises(SiteError, match="wrote to 1 file of the new site, such as ") as stopped:
        build_site(config, progress=progress)
    assert str(page) in str(stopped.value)
    assert not started_mkdocs(config)
    assert "Other words." not in page.read_text("utf-8")


def test_words_that_were_read_and_undone_before_the_build_ended_do_not_stay(config):
    article = new_article(config)
    ahead = (time.time() + 1000,) * 2
    os.utime(article, ahead)  # its times never tell

    def write(text):
        article.write_text(text, "utf-8")
        os.utime(article, ahead)

    progress = Meddling(
        seeds=lambda: write(ARTICLE.replace("Words", "Sword")), pages=lambda: write(ARTICLE)
    )
    with environment_kept():
        build_site(config, progress=progress)
    assert "Sword." in (config.root / "site/articles/2031/09/new/index.html").read_text("utf-8")
    started_mkdocs(config)
    assert "Sword." not in (config.root / "site/articles/2031/09/new/index.html").read_text("utf-8")


def test_what_a_build_returns_can_be_printed_and_is_a_key(config):
    more_words(config.seeds / "articles/2031/04/arabic.md")
    with environment_kept():
        built = build_site(config)
    assert built.run is not None
    assert len(repr(built)) < 1000
    assert {built: "known"}[built] == "known"


SEEDS = {
    "an article is edited": lambda c: more_words(c.seeds / "articles/2031/04/arabic.md"),
    "an article comes": new_article,
    "an article goes": lambda c: (c.root / HARBOUR).unlink(),
    "an entry comes": new_entry,
}


@pytest.mark.parametrize("change", SEEDS.values(), ids=SEEDS)
def test_seeds_alone_do_without_mkdocs(config, change):
    change(config)
    assert not started_mkdocs(config)


def hand_written(config):
    (config.root / "docs/about.md").write_text("# About\n\nOther words.\n")


def new_template(config):
    file = config.root / "templates/pages/moved.html.j2"
    file.parent.mkdir(parents=True)
    file.write_text('<h1 id="page-title">Moved to {{ target }}</h1>\n')


OTHERS = {
    "a page that somebody wrote": hand_written,
    "the settings": lambda c: replace_in(c.root / "mkdocs.yml", "site_name:", "copyright: ours\nsite_name:"),
    "a template": new_template,
    "an article of a kind that has not been there": lambda c: new_article(
        c, ARTICLE.replace("language: en", "language: he")
    ),
}


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_anything_else_takes_mkdocs_once(config, change):
    change(config)
    assert started_mkdocs(config)
    new_article(config, name="second")
    assert not started_mkdocs(config)


def test_a_seed_that_docs_show_through_a_link_takes_mkdocs(config):
    note = config.seeds / "README.md"
    note.write_text("# How seeds are written\n\nFirst.\n")
    (config.root / "docs/seeds.md").symlink_to("../seeds/README.md")
    build(config)
    replace_in(note, "First", "Second")
    assert started_mkdocs(config)


def test_pages_of_docs_that_lie_among_the_seeds_take_mkdocs(config):
    shutil.copytree(config.root / "docs", config.seeds / "pages")
    with (config.root / "mkdocs.yml").open("a") as settings:
        settings.write("docs_dir: seeds/pages\n")
    build(config)
    (config.seeds / "pages/about.md").write_text("# About\n\nOther words.\n")
    assert started_mkdocs(config)


@pytest.mark.parametrize("page", ["index.md", "README.md", "browse.md", "browse/map.md"])
def test_a_page_in_the_place_of_a_generated_one_stays(config, page):
    file = config.root / "docs" / page
    file.parent.mkdir(exist_ok=True)
    file.write_text("# By hand\n\nWords of ours.\n")
    site = build(config)
    assert any("Words of ours." in path.read_text("utf-8") for path in site.rglob("*.html"))
    new_article(config)
    assert not started_mkdocs(config)


def test_the_navigation_may_name_generated_pages(config):
    with (config.root / "mkdocs.yml").open("a") as settings:
        settings.write("nav: [index.md, {Lights: [glossary/lighthouse/index.md]}, about.md]\n")
    new_entry(config)
    assert started_mkdocs(config)
    file = config.seeds / "glossary/lighthouse.md"
    replace_in(file, "It shines", "It shines brightly")
    assert not started_mkdocs(config)
    replace_in(file, "name: Lighthouse", "name: The lighthouse")  # it stands on every page
    assert started_mkdocs(config)


def test_a_page_of_docs_goes_before_a_new_one_of_the_same_address(config):
    page = config.root / "docs/glossary/lighthouse/index.md"
    page.parent.mkdir(parents=True)
    page.write_text("# Lighthouse\n\nBy hand.\n")
    with pytest.raises(BuildFailedError):  # no seed has such a page
        build(config)
    new_entry(config)
    assert started_mkdocs(config)


def test_a_dead_link_is_told_as_mkdocs_tells_it(config, capsys):
    (config.root / "docs/about.md").write_text("# About\n\n[New](articles/2031/09/new/index.md)\n")
    file = new_article(config)
    build(config)
    file.unlink()
    capsys.readouterr()
    with pytest.raises(BuildFailedError):
        build(config)
    renewed = capsys.readouterr().err
    shutil.rmtree(config.cache)
    with pytest.raises(BuildFailedError):
        build(config)
    assert capsys.readouterr().err == renewed
    assert "articles/2031/09/new" in renewed


def test_what_mkdocs_warned_of_is_said_again(config, capsys):
    (config.root / "docs/about.md").write_text("# About\n\n![](nowhere.png)\n")
    with (config.root / "mkdocs.yml").open("a") as settings:
        settings.write("markdown_extensions: [admonition]\n")
    (config.root / "docs/about.md").write_text("# About\n")
    build(config)
    said = capsys.readouterr().err
    assert "admonition" in said
    new_article(config)
    assert not started_mkdocs(config)
    assert capsys.readouterr().err.count("admonition") == 2


def test_seeds_with_errors_leave_the_site(config, capsys):
    before = read_tree(config.root / "site")
    new_article(config, ARTICLE.replace("2031-09-01", "yesterday"))
    with pytest.raises(BuildFailedError) as stopped:
        build(config)
    assert stopped.value.exit_code == 1
    assert "the last good site stays" in capsys.readouterr().err
    assert read_tree(config.root / "site") == before


def test_a_folder_that_is_no_site_any_more_is_not_replaced(config):
    site = config.root / "site"
    shutil.rmtree(site)
    site.mkdir()
    (site / "thesis.txt").write_text("mine")
    new_article(config)
    with pytest.raises(BuildFailedError):
        build(config)
    assert (site / "thesis.txt").read_text() == "mine"
