"""Compiled templates: only the program's own are kept, beside its compiled modules, and nothing else is ever run."""

import importlib.util
import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from generator import pipeline
from generator.config import find_archive
from generator.render import compiled
from generator.render.compiled import CompiledTemplates
from generator.render.templates import Templates
from tests.publishing import TINY


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of templates; Python keeps compiled modules elsewhere below `tmp_path`."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "compiled"))
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "a.html.j2").write_text("Hello {{ name }}")
    return folder


def environment(*folders, own):
    return Environment(
        loader=FileSystemLoader(folders), bytecode_cache=CompiledTemplates(own), autoescape=True
    )


def rendered(folder):
    return environment(folder, own=folder).get_template("a.html.j2").render(name="Ada")


def kept():
    """What is kept beside the compiled modules of the package."""
    return sorted(Path(importlib.util.cache_from_source(compiled.__file__)).parent.glob("*"))


def no_compiler(monkeypatch):
    def compile_(*_):
        raise AssertionError("compiled again")

    monkeypatch.setattr(Environment, "compile", compile_)


def test_a_template_is_compiled_once(folder, monkeypatch):
    assert rendered(folder) == "Hello Ada"
    assert [file.name for file in kept()] == [f"a.html.j2.{sys.implementation.cache_tag}"]
    no_compiler(monkeypatch)
    assert rendered(folder) == "Hello Ada"


def test_an_edited_template_is_compiled_again(folder):
    rendered(folder)
    (folder / "a.html.j2").write_text("Bye {{ name }}")
    assert rendered(folder) == "Bye Ada"
    assert len(kept()) == 1


def test_what_another_program_compiled_is_not_run(folder, monkeypatch):
    rendered(folder)
    monkeypatch.setattr(compiled, "edition", lambda: b"another")
    no_compiler(monkeypatch)
    with pytest.raises(AssertionError, match="compiled again"):
        rendered(folder)


@pytest.mark.parametrize("place", [0, 31, 32, 50, 400, -1])
def test_what_is_damaged_is_not_run(folder, monkeypatch, place):
    rendered(folder)
    (file,) = kept()
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    assert rendered(folder) == "Hello Ada"
    no_compiler(monkeypatch)  # it was mended
    assert rendered(folder) == "Hello Ada"


def test_templates_of_others_are_not_kept(folder, tmp_path):
    """They may come from a stranger's pull request, and what is kept here is run by every later build."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.html.j2").write_text("Own {{ name }}")
    assert environment(own, folder, own=folder).get_template("a.html.j2").render(name="Ada") == "Own Ada"
    assert kept() == []


def test_nothing_is_kept_where_python_keeps_no_compiled_modules(folder, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered(folder) == "Hello Ada"
    assert kept() == []


def test_a_place_that_cannot_be_written_is_no_fault(folder, tmp_path):
    (tmp_path / "compiled").write_text("no folder")
    assert rendered(folder) == "Hello Ada"


def test_page_templates_are_compiled_once(folder, monkeypatch):
    config = find_archive(TINY)
    pages = pipeline.plan(pipeline.link(pipeline.annotate(config)), "Tiny archive", search=True)
    page = next(page for page in pages if page.template == "article.html.j2")
    first = Templates(config).html(page)
    assert {file.name.partition(".")[0] for file in kept()} >= {"article", "macros", "pieces"}
    no_compiler(monkeypatch)
    assert Templates(config).html(page) == first
