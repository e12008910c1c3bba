"""The shape of the house: imports point one way, modules and functions stay small."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import generator

ROOT = Path(generator.__file__).parent
STAGES = ["read", "annotate", "link", "render", "check", "compare", "publish"]
FOR_ALL = {"model", "issues", "config", "store", "records", "objects", "progress", "unchanged", "workers"}
DOORS = {"cli", "plugin"}
ABOVE = DOORS | {"pipeline"}
"""Modules that no stage may know."""
WITH_MKDOCS = {"plugin.py"} | {f"publish/{name}.py" for name in ("handing", "running", "settings", "theme")}
MODULES = sorted(ROOT.rglob("*.py"))
FUNCTION_LINES = 40
MODULE_LINES = 300
LONGER = {"model.py": 530}
"""The nouns stand in one place: short values one after another, with a sentence under every field."""


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def layer_of(path):
    """Return `read` for generator/read/files.py, `cli` for generator/cli/site.py."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path, *, at_run_time=False):
    """Return the full names of everything that a module imports, also inside functions."""
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if at_run_time:
        tree.body = [
            node
            for node in tree.body
            if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
        ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def own_layers(path):
    """Return the layers of the generator that a module imports from, its own left out."""
    names = {name.split(".")[1] for name in imports(path) if name.startswith("generator.")}
    return names - {layer_of(path)}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_what_comes_before_it(path):
    layer = layer_of(path)
    if layer in STAGES:
        assert own_layers(path) <= FOR_ALL | set(STAGES[: STAGES.index(layer)])
    elif layer in FOR_ALL:
        assert own_layers(path) <= FOR_ALL
    else:
        assert not own_layers(path) & DOORS


def test_only_doors_and_the_public_names_import_the_pipeline():
    users = {layer_of(path) for path in MODULES if "pipeline" in own_layers(path)}
    assert users <= DOORS | {"renewing", "live", "__init__"}


def test_only_these_modules_know_mkdocs():
    users = {
        name_of(path)
        for path in MODULES
        if any(name.split(".")[0] in {"mkdocs", "material"} for name in imports(path, at_run_time=True))
    }
    assert users <= WITH_MKDOCS


def test_stages_are_those_that_are_on_disk():
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert folders - FOR_ALL - DOORS == set(STAGES)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_can_be_read_in_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGER.get(name_of(path), MODULE_LINES)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_function_fits_on_a_screen(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {
        f.name: f.end_lineno - f.lineno + 1 for f in functions if f.end_lineno - f.lineno + 1 > FUNCTION_LINES
    }
    assert not long


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
