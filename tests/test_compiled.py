"""Compiled templates: only the program's own are kept, beside its compiled modules, and nothing else is ever run."""

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from generator import pipeline
from generator.config import SHIPPED, ArchiveConfig, find_archive
from generator.render import compiled
from generator.render.compiled import CompiledTemplates
from generator.render.templates import Templates
from tests.publishing import TINY, build, copy_tiny, read_tree


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of templates; Python keeps compiled modules elsewhere below `tmp_path`."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "compiled"))
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "a.html.j2").write_text("Hello {{ name }}")
    return folder


def environment(*folders, ours):
    return Environment(loader=FileSystemLoader(folders), bytecode_cache=CompiledTemplates(ours), autoescape=True)


def rendered(folder):
    return environment(folder, ours=folder).get_template("a.html.j2").render(name="Ada")


def kept():
    """What is kept beside the compiled modules of the package."""
    return sorted(Path(importlib.util.cache_from_source(compiled.__file__)).parent.glob("*"))


@pytest.fixture
def compiled_now(monkeypatch):
    """The names of the templates that are compiled from now on."""
    names, compile_ = [], Environment.compile

    def note(environment, source, name, filename):
        names.append(name)
        return compile_(environment, source, name, filename)

    monkeypatch.setattr(Environment, "compile", note)
    return names


def test_a_template_is_compiled_once(folder, compiled_now):
    assert rendered(folder) == rendered(folder) == "Hello Ada"
    assert [file.name for file in kept()] == [f"templates-a.html.j2.{sys.implementation.cache_tag}"]
    assert compiled_now == ["a.html.j2"]


def test_an_edited_template_is_compiled_again(folder, compiled_now):
    rendered(folder)
    (folder / "a.html.j2").write_text("Bye {{ name }}")
    assert rendered(folder) == rendered(folder) == "Bye Ada"
    assert len(compiled_now) == 2
    assert len(kept()) == 1


def test_what_another_program_compiled_is_not_run(folder, compiled_now, monkeypatch):
    rendered(folder)
    monkeypatch.setattr(compiled, "edition", lambda: b"another")
    rendered(folder)
    assert len(compiled_now) == 2


def test_a_template_that_was_moved_tells_where_it_stands_now(folder, compiled_now):
    rendered(folder)
    moved = folder.rename(folder.with_name("moved"))
    rendered(moved)
    assert len(compiled_now) == 2


@pytest.mark.parametrize("place", [0, 31, 32, 50, 400, -1])
def test_what_is_damaged_is_not_run(folder, compiled_now, place):
    rendered(folder)
    (file,) = kept()
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    assert rendered(folder) == rendered(folder) == "Hello Ada"
    assert len(compiled_now) == 2, "once after the damage, which that mends"


def test_templates_of_others_are_not_kept(folder, tmp_path):
    """They may come from a stranger's pull request, and what is kept here is run by every later build."""
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "a.html.j2").write_text("Own {{ name }}")
    assert environment(archive, folder, ours=folder).get_template("a.html.j2").render(name="Ada") == "Own Ada"
    assert kept() == []


def test_nothing_is_kept_where_python_keeps_no_compiled_modules(folder, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered(folder) == "Hello Ada"
    assert kept() == []


def test_a_place_that_cannot_be_written_is_no_fault(folder, tmp_path):
    (tmp_path / "compiled").write_text("no folder")
    assert rendered(folder) == "Hello Ada"


def test_what_could_not_be_put_in_place_is_taken_away(folder):
    rendered(folder)
    (file,) = kept()
    file.unlink()
    file.mkdir()
    assert rendered(folder) == "Hello Ada"
    assert kept() == [file]


def test_page_templates_are_compiled_once(folder, compiled_now):
    config = find_archive(TINY)
    pages = pipeline.plan(pipeline.link(pipeline.annotate(config)), "Tiny archive", search=True)
    page = next(page for page in pages if page.template == "article.html.j2")
    first = Templates(config).html(page)
    assert {"article.html.j2", "macros.html.j2", "pieces.html.j2"} <= set(compiled_now)
    compiled_now.clear()
    assert Templates(config).html(page) == first
    assert compiled_now == []


def test_what_is_around_pages_is_compiled_once_but_for_templates_of_the_archive(folder, compiled_now, tmp_path):
    config = copy_tiny(tmp_path / "archive")
    own = config.root / "templates" / "theme" / "partials" / "copyright.html"
    own.parent.mkdir(parents=True)
    own.write_text("Our own")
    first = read_tree(build(config))
    assert {"base.html", "partials/header.html", "partials/copyright.html"} <= set(compiled_now)
    compiled_now.clear()
    shutil.rmtree(config.cache)
    assert read_tree(build(config)) == first
    assert "partials/copyright.html" in compiled_now
    assert not {"base.html", "partials/header.html"} & set(compiled_now)


def test_what_an_archive_makes_of_a_constant_is_not_kept_for_others(folder, tmp_path, monkeypatch):
    """Its own pieces are filters, and Jinja2 would apply a filter to a constant while it compiles."""
    pages = pipeline.plan(pipeline.link(pipeline.annotate(find_archive(TINY))), "Tiny archive")
    page = next(page for page in pages if page.template == "moved.html.j2")
    program = tmp_path / "program" / "templates" / "pages"
    shutil.copytree(SHIPPED / "templates" / "pages", program)
    (program / "moved.html.j2").write_text("{{ 'word' | said }}")

    def says(piece):
        own = tmp_path / piece / "templates" / "pages"
        own.mkdir(parents=True)
        said = f"{{% macro said(word) -%}}{piece} {{{{ word }}}}{{%- endmacro %}}"
        (own / "pieces.html.j2").write_text((program / "pieces.html.j2").read_text() + said)
        monkeypatch.setattr(ArchiveConfig, "page_templates", (own, program))
        return Templates(ArchiveConfig(tmp_path / piece)).html(page)

    assert [says("a"), says("b")] == ["a word", "b word"]
