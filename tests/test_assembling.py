"""Of what a site is put together: nothing is left of what is gone, nothing foreign is taken for ours."""

from __future__ import annotations

import re
import shutil
import stat

import pytest
from selectolax.lexbor import LexborHTMLParser

from generator.config import find_archive
from generator.issues import BuildFailedError
from generator.publish.swap import lock
from tests.publishing import HARBOUR, build, copy_tiny, read_tree, replace_in, run_stopped_build

TALKS = "articles/2031/03/harbour-talks/index.html"


@pytest.fixture
def config(tmp_path):
    return copy_tiny(tmp_path / "archive")


def settings(config, text):
    file = config.root / "mkdocs.yml"
    file.write_text(text + file.read_text("utf-8"), "utf-8")


def test_a_hand_written_page_in_the_place_of_an_article_must_have_its_words(config, capsys):
    page = config.root / "docs/articles/2031/03/harbour-talks/index.md"
    page.parent.mkdir(parents=True)
    page.write_text("# Harbour talks\n\nOther words.\n")
    with pytest.raises(BuildFailedError):
        build(config)
    assert f"{TALKS}: 0 elements carry data-source-text; there must be one" in capsys.readouterr().err


def test_a_copy_of_an_archive_is_built_and_not_taken_for_the_first(config, tmp_path):
    build(config)
    shutil.copytree(config.root, tmp_path / "copy", symlinks=True)
    shutil.rmtree(tmp_path / "copy/site")
    copy = find_archive(tmp_path / "copy")
    assert build(copy) == copy.root / "site"
    assert (copy.root / "site" / TALKS).is_file()


def test_a_file_whose_name_begins_with_a_dot_goes_with_its_source(config):
    settings(config, "exclude_docs: |\n  !.well-known\n")
    file = config.root / "docs/.well-known/security.txt"
    file.parent.mkdir(parents=True)
    file.write_text("Contact: somebody\n")
    assert (build(config) / ".well-known/security.txt").is_file()
    file.unlink()
    assert not (build(config) / ".well-known/security.txt").exists()


def test_what_a_killed_server_left_goes_with_the_next_build_and_what_is_served_stays(config):
    left, served = (config.cache / name for name in ("served-1", "served-2"))
    for folder in (left, served):
        folder.mkdir(parents=True)
        (folder / "index.html").write_text("withdrawn")
    with lock(served):
        build(config)
    assert not left.exists()
    assert served.is_dir()


def test_a_generated_page_that_the_navigation_names_has_its_title_there(config):
    settings(config, "nav: [index.md, {Map: browse/map/index.md}, browse/timeline/index.md]\n")
    (config.root / "docs").mkdir(exist_ok=True)
    site = build(config)
    for page in ("index.html", TALKS, "browse/timeline/index.html"):
        tabs = LexborHTMLParser((site / page).read_text("utf-8")).css(".md-tabs__link")
        assert [tab.text(strip=True) for tab in tabs][1:] == ["Map", "Timeline"], page


HOOK = "def on_post_page(output, page, config):\n    return output.replace('</body>', '<p>{}</p></body>')\n"


def test_a_hook_reaches_every_page_each_time(config):
    settings(config, "hooks: [hook.py]\n")
    hook = config.root / "hook.py"
    for words in ("First", "Second"):
        hook.write_text(HOOK.replace("{}", words))
        code, said = run_stopped_build("site", config.root, "go", "build", 0)  # a process loads a hook once
        assert code == 0, said
        site = read_tree(config.root / "site")
        pages = {path: page.decode() for path, page in site.items() if path.endswith("index.html")}
        assert [path for path, page in pages.items() if f"<p>{words}</p>" not in page] == []


@pytest.mark.parametrize("line", ["INHERIT: base.yml", '"INHERIT": base.yml', "  INHERIT:   base.yml"])
def test_settings_that_another_file_holds_are_read_each_time(config, line):
    indent = " " * (len(line) - len(line.lstrip()))
    text = (config.root / "mkdocs.yml").read_text("utf-8")
    lines = [f"{indent}{one}" for one in text.splitlines() if not one.startswith("site_name")]
    (config.root / "mkdocs.yml").write_text("\n".join([line, *lines]) + "\n", "utf-8")
    for name in ("One", "Two"):
        (config.root / "base.yml").write_text(f"site_name: {name}\n")
        home = (build(config) / "index.html").read_text("utf-8")
        assert re.search("<title>(.*?)</title>", home)[1] == name


def test_an_edit_is_published_and_the_former_words_are_nowhere(config):
    build(config)
    replace_in(config.root / HARBOUR, "Harbour talks *begin* & go on", "Harbour talks end")
    site = build(config)
    assert b"Harbour talks end" in (site / TALKS).read_bytes()
    kept = [*read_tree(site).values(), *read_tree(config.cache / "spare").values()]
    assert not [content for content in kept if b"Harbour talks *begin*" in content]


@pytest.mark.parametrize("name", ["spare", "search", "objects", "objects/aa"])
def test_where_a_link_in_the_cache_leads_nothing_is_changed(config, tmp_path, name):
    """A cache that somebody restored, or linked to another disk: what lies there may be anybody's."""
    wanted = read_tree(build(config))
    others = tmp_path / "others"
    (others / "bb").mkdir(parents=True)
    for file in ("letter", "bb/letter"):
        (others / file).write_text("precious")
    place = config.cache / name
    if place.exists():
        shutil.rmtree(place)
    place.symlink_to(others)
    for words in ("ended", "*begin*"):
        replace_in(config.root / HARBOUR, "*begin*" if words == "ended" else "ended", words)
        site = build(config)
        assert not site.is_symlink()
    assert read_tree(site) == wanted
    assert read_tree(others) == dict.fromkeys(("letter", "bb/letter"), b"precious")


def modes(folder):
    return {path.relative_to(folder).as_posix(): stat.S_IMODE(path.lstat().st_mode) for path in folder.rglob("*")}


def test_what_somebody_did_to_the_modes_of_the_published_files_does_not_stay(config):
    site = build(config)
    usual = modes(site)
    (site / "index.html").chmod(0o600)
    (site / "assets/archive.css").chmod(0o444)
    (site / "articles").chmod(0o700)
    for words in ("once", "twice"):
        replace_in(config.root / HARBOUR, "Harbour talks *begin* & go on", f"Harbour talks {words} *begin* & go on")
        assert set(modes(build(config)).values()) == set(usual.values())
        replace_in(config.root / HARBOUR, f"Harbour talks {words} *begin* & go on", "Harbour talks *begin* & go on")
    shutil.rmtree(site)
    assert modes(build(config)) == usual


def test_a_leftover_that_nobody_may_write_to_does_not_stop_the_next_build(config):
    left = config.root / ".site.next" / "assets"
    left.mkdir(parents=True)
    (left / "file").write_text("x")
    left.chmod(0o500)
    assert (build(config) / TALKS).is_file()


def test_a_site_behind_a_link_that_is_gone_is_built_where_it_is_named(config, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (config.root / "site").symlink_to(tmp_path / "elsewhere")
    build(config)
    (config.root / "site").unlink()
    assert (build(config) / TALKS).is_file()
    assert (config.root / "site" / TALKS).is_file()


@pytest.mark.parametrize("target", ["docs", ".cache/archive/site"])
def test_a_site_goes_neither_among_pages_nor_into_the_cache(config, target, capsys):
    shutil.rmtree(config.root / "docs")
    with pytest.raises(BuildFailedError):
        build(config, config.root / target)
    assert "would replace" in capsys.readouterr().err
