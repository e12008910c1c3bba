"""What users may type or read is documented, and what is documented exists."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest
import yaml
from markdown import Markdown
from selectolax.lexbor import LexborHTMLParser

from generator import cli, pipeline
from generator.annotate.context import LEFT_ALONE
from generator.config import MARKDOWN_EXTENSIONS, ArchiveConfig, find_archive
from generator.link import evidence, reasons
from generator.model import Kind, Strength
from generator.read import articles, glossary

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "generator"
DOCS = ROOT / "docs"
PAGES = sorted(
    file.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "seeds/*.md", ".github/*.md")
    for file in ROOT.glob(pattern)
)


# Pages, as they are published.


@cache
def html(page: Path) -> LexborHTMLParser:
    return LexborHTMLParser(Markdown(extensions=list(MARKDOWN_EXTENSIONS)).convert(page.read_text("utf-8")))


def headings(page: str, tag: str) -> list[str]:
    return [node.text() for node in html(DOCS / page).css(tag)]


def sections(page: str, level: int) -> dict[str, str]:
    """Return heading → Markdown of a page, for headings of a level; deeper ones belong to their section."""
    parts = re.split(rf"^{'#' * level} (.+)$", (DOCS / page).read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def first_column(markdown: str) -> set[str]:
    """Return the code spans that open the rows of tables."""
    return set(re.findall(r"^\| `([^`]+)` \|", markdown, flags=re.MULTILINE))


def yaml_examples(markdown: str) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```$", markdown, re.MULTILINE | re.DOTALL)


# The source, as Python reads it.


@cache
def modules() -> dict[str, ast.Module]:
    return {
        file.relative_to(PACKAGE).as_posix(): ast.parse(file.read_text("utf-8"))
        for file in sorted(PACKAGE.rglob("*.py"))
    }


def parameters(definition: ast.AST) -> list[str]:
    """Return the parameters of a function without self, or the fields of a struct."""
    if isinstance(definition, ast.ClassDef):
        fields = [node.target for node in definition.body if isinstance(node, ast.AnnAssign)]
        return [field.id for field in fields if isinstance(field, ast.Name)]
    assert isinstance(definition, ast.FunctionDef)
    taken = definition.args
    names = [arg.arg for arg in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def definitions(name: str) -> list[ast.FunctionDef | ast.ClassDef]:
    nodes = [node for tree in modules().values() for node in ast.walk(tree)]
    return [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name]


def width(argument: ast.expr) -> int:
    """Return how many parameters an argument fills: `*place_of(…)` as many as that says that it returns."""
    if not isinstance(argument, ast.Starred):
        return 1
    assert isinstance(argument.value, ast.Call)
    (definition,) = definitions(called(argument.value))
    assert isinstance(definition, ast.FunctionDef)
    assert isinstance(definition.returns, ast.Subscript)
    assert isinstance(definition.returns.slice, ast.Tuple)
    return len(definition.returns.slice.elts)


def argument_of(call: ast.Call, callee: str, parameter: str) -> ast.expr | None:
    """Return what a call hands to a parameter; None where that is left out."""
    for keyword in call.keywords:
        if keyword.arg == parameter:
            return keyword.value
    (position,) = {parameters(d).index(parameter) for d in definitions(callee) if parameter in parameters(d)}
    for argument in call.args:
        if position == 0:
            return argument
        position -= width(argument)
        assert position >= 0, f"line {call.lineno}: a starred argument fills {parameter}"
    return None


def assigned(name: str, target: ast.expr, value: ast.expr) -> list[ast.expr]:
    """Return what an assignment gives to a name, also in `kind, what = ("a", "b") if … else ("c", "d")`."""
    if isinstance(target, ast.Tuple):
        values = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
        tuples = [value for value in values if isinstance(value, ast.Tuple)]
        pairs = [pair for parts in tuples for pair in zip(target.elts, parts.elts, strict=True)]
        return [found for inner, part in pairs for found in assigned(name, inner, part)]
    return [value] if isinstance(target, ast.Name) and target.id == name else []


class Literals:
    """Follows an argument back to the texts that are written in the source; `found` holds (module, text).

    A value that cannot be followed fails the test.
    """

    def __init__(self, callee: str, parameter: str) -> None:
        self.parameter = parameter
        self.found: set[tuple[str, str]] = set()
        self._waiting = [(callee, parameter)]
        seen: set[tuple[str, str]] = set()
        while self._waiting:
            wanted = self._waiting.pop()
            if wanted not in seen:
                seen.add(wanted)
                for module, tree in modules().items():
                    self._visit(module, tree, (tree,), wanted)

    def _visit(
        self, module: str, node: ast.AST, scopes: tuple[ast.AST, ...], wanted: tuple[str, str]
    ) -> None:
        if isinstance(node, ast.Call) and called(node) == wanted[0]:
            argument = argument_of(node, *wanted)
            if argument is not None:
                self._resolve(module, argument, scopes)
        inner = (*scopes, node) if isinstance(node, ast.FunctionDef) else scopes
        for child in ast.iter_child_nodes(node):
            self._visit(module, child, inner, wanted)

    def _resolve(self, module: str, value: ast.expr, scopes: tuple[ast.AST, ...]) -> None:
        match value:
            case ast.Constant(value=str(text)):
                self.found.add((module, text))
            case ast.Tuple(elts=parts) | ast.BoolOp(values=parts) | ast.Dict(values=parts):
                for part in parts:
                    self._resolve(module, part, scopes)
            case ast.IfExp(body=one, orelse=other):
                self._resolve(module, one, scopes)
                self._resolve(module, other, scopes)
            case ast.Starred(value=inner) | ast.Call(func=ast.Attribute(value=inner, attr="get")):
                self._resolve(module, inner, scopes)
            case ast.Attribute(attr=attribute) if attribute == self.parameter:
                pass  # handed on from a value that was made elsewhere
            case ast.Name(id=name):
                self._resolve_name(module, name, scopes)
            case _:
                pytest.fail(f"{module}:{value.lineno}: write {self.parameter} as a text")

    def _resolve_name(self, module: str, name: str, scopes: tuple[ast.AST, ...]) -> None:
        for scope in reversed(scopes):
            if isinstance(scope, ast.FunctionDef) and name in parameters(scope):
                self._waiting.append((scope.name, name))
                return
            values = [
                value
                for node in ast.walk(scope)
                if isinstance(node, ast.Assign)
                for target in node.targets
                for value in assigned(name, target, node.value)
            ]
            for value in values:
                self._resolve(module, value, scopes)
            if values:
                return
        pytest.fail(f"{module}: where {name} comes from cannot be followed")


def literals(callee: str, parameter: str, module: str | None = None) -> set[str]:
    return {text for place, text in Literals(callee, parameter).found if module in (None, place)}


# Issues.


def test_every_kind_of_issue_has_a_heading_and_every_heading_is_a_kind() -> None:
    kinds = literals("Issue", "kind")
    assert {"bad-date", "broken-yaml", "unknown-source", "ambiguous", "duplicate-id"} <= kinds
    assert headings("issues.md", "h2") == sorted(kinds)


@pytest.mark.parametrize("kind", sorted(sections("issues.md", 2)))
def test_the_example_of_an_issue_shows_that_issue_and_a_mend_follows(kind: str) -> None:
    meaning, example, mend = re.split(r"^```(?:text)?$", sections("issues.md", 2)[kind], flags=re.MULTILINE)
    assert meaning.strip()
    assert mend.strip()
    shown = re.fullmatch(r"\n\S+: (error|warning|notice)\[([a-z0-9-]+)\] .+\n", example)
    assert shown
    assert shown[2] == kind


# Front matter.


@pytest.mark.parametrize(
    ("title", "module", "keys"),
    [("An article", "read/articles.py", articles.KEYS), ("An entry", "read/glossary.py", glossary.KEYS)],
)
def test_every_key_is_documented_and_every_documented_key_is_one(
    title: str, module: str, keys: tuple[str, ...]
) -> None:
    nested = literals("inner", "keys", module)
    assert nested
    block_marks_and_strengths = {"## ", "### ", "> ", "- ", "1. ", *Strength}
    written = first_column(sections("writing.md", 2)[title]) - block_marks_and_strengths
    assert written == {*keys, *nested}


@pytest.mark.parametrize("word", [*Kind, *Strength, *glossary.RELATIONS])
def test_every_word_of_a_fixed_list_is_documented(word: str) -> None:
    assert f"`{word}`" in sections("writing.md", 2)["An entry"]


EXAMPLES = [
    (title, example)
    for title in ("An article", "An entry")
    for example in yaml_examples(sections("writing.md", 2)[title])
]
REQUIRED = {
    "An article": "title: T\ndate: 1969\nlanguage: en\n",
    "An entry": "name: N\nkind: term\ndescription: D\n",
}
PLACES = {"An article": "seeds/articles/example.md", "An entry": "seeds/glossary/example.md"}
OF_OTHER_SEEDS = {"unknown-id", "missing-capture", "override-without-match"}


@pytest.mark.parametrize(
    ("title", "example"), EXAMPLES, ids=[text.split(":")[0].strip("-\n") for _, text in EXAMPLES]
)
def test_an_example_of_front_matter_is_read_without_complaint(
    tmp_path: Path, title: str, example: str
) -> None:
    text = "" if "withdrawn" in example else "Some words.\n"
    seed = example if example.startswith("---") else f"---\n{REQUIRED[title]}{example}---\n{text}"
    file = tmp_path / PLACES[title]
    file.parent.mkdir(parents=True)
    file.write_text(seed, "utf-8")
    issues = pipeline.annotate(ArchiveConfig(tmp_path)).issues
    assert [str(issue) for issue in issues if issue.kind not in OF_OTHER_SEEDS] == []


# Rules.


def test_every_rule_has_a_heading_and_every_heading_is_a_rule() -> None:
    assert set(headings("linking.md", "h3")) == {*reasons.RULES, *LEFT_ALONE, *reasons.EVIDENCE}


def test_every_rule_that_can_make_a_mention_has_its_words() -> None:
    switches = {rule for rule in glossary.VARIANT_RULES if rule != "spelling"}
    written = literals("Candidate", "rule") | literals("Mention", "rule")
    assert {"prefer", "ambiguous", "bracketed"} <= written
    assert written | switches <= set(reasons.RULES)


def test_every_kind_of_evidence_has_its_words() -> None:
    assert set(evidence.KINDS) == set(reasons.EVIDENCE)


# Commands.


def commands(command: click.Command | None = None, name: str = "archive") -> dict[str, click.Command]:
    """Return the commands that do something, by their full names."""
    command = command or cli.archive
    if not isinstance(command, click.Group):
        return {name: command}
    context = click.Context(command)
    below = [
        commands(command.get_command(context, sub), f"{name} {sub}") for sub in command.list_commands(context)
    ]
    return {full: leaf for found in below for full, leaf in found.items()}


def options(command: click.Command) -> set[str]:
    return {text for option in command.params if isinstance(option, click.Option) for text in option.opts}


def test_every_command_is_documented_and_every_documented_command_is_one() -> None:
    assert set(commands()) == {title for title in sections("commands.md", 2) if title.startswith("archive ")}


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_is_documented_and_every_documented_option_is_one(name: str) -> None:
    section = sections("commands.md", 2)[name]
    assert set(re.findall(r"--[a-z][a-z-]*", section)) == options(commands()[name])


@pytest.mark.parametrize("name", sorted(commands()))
def test_the_arguments_and_choices_of_a_command_are_documented(name: str) -> None:
    section, command = sections("commands.md", 2)[name], commands()[name]
    arguments = [
        parameter.make_metavar(click.Context(command))
        for parameter in command.params
        if isinstance(parameter, click.Argument)
    ]
    assert not arguments or f"`{' '.join([name, *arguments])}`" in section
    for parameter in command.params:
        for choice in getattr(parameter.type, "choices", ()):
            assert re.search(rf"\b{choice}\b", section)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_only_commands_and_targets_that_exist(page: str) -> None:
    known = {name.split()[1] for name in commands()}
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    text = "\n".join(node.text() for node in html(ROOT / page).css("code"))
    assert set(re.findall(r"^(?:\.venv/bin/)?archive ([a-z]+)", text, re.MULTILINE)) <= known
    assert set(re.findall(r"^make ([a-z]+)", text, re.MULTILINE)) <= targets


# Modules and dependencies.


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_module_opens_with_what_it_is_for(module: str) -> None:
    assert ast.get_docstring(modules()[module])


def test_every_module_is_in_the_architecture_and_every_one_there_is_a_module() -> None:
    named = first_column(sections("architecture.md", 2)["Where things are"])
    assert named == {module for module in modules() if not module.endswith("__init__.py")}


def test_every_runtime_dependency_has_its_reason_and_every_reason_its_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[^A-Za-z0-9-]", dependency)[0] for dependency in project["dependencies"]}
    assert first_column((DOCS / "decisions/0002-runtime-dependencies.md").read_text("utf-8")) == names


# Links.


def dead_links(page: Path) -> list[str]:
    dead = []
    for node in html(page).css("a[href], img[src]"):
        address = node.attributes.get("href") or node.attributes.get("src") or ""
        parts = urlsplit(address)
        if parts.scheme:
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        not_published = page.is_relative_to(DOCS) and not target.is_relative_to(DOCS)
        if not target.exists() or not_published or (parts.fragment and parts.fragment not in anchors(target)):
            dead.append(address)
    return dead


def anchors(page: Path) -> set[str | None]:
    return {node.attributes["id"] for node in html(page).css("[id]")} if page.suffix == ".md" else set()


@pytest.mark.parametrize("page", PAGES)
def test_no_link_of_a_page_is_dead(page: str) -> None:
    assert dead_links(ROOT / page) == []


# The readme.


def readme_archive(folder: Path) -> ArchiveConfig:
    """Write the files that the readme shows: a name in a line of its own, then the content, indented."""
    text = (ROOT / "README.md").read_text("utf-8")
    for path, content in re.findall(r"^`([^`\n]+)`:\n\n((?:    .*\n|\n)+)", text, re.MULTILINE):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(re.sub(r"^    ", "", content.rstrip("\n"), flags=re.MULTILINE) + "\n", "utf-8")
    return find_archive(folder)


def test_the_archive_of_the_readme_has_no_issue_and_links_what_it_shows(tmp_path: Path) -> None:
    annotated = pipeline.annotate(readme_archive(tmp_path))
    assert annotated.issues == ()
    (article,) = annotated.articles
    found = [(mention.surface, mention.rule) for mention in article.mentions]
    assert found == [("Neil Armstrong", "name"), ("Armstrong", "short")]
    explained = re.findall(r"archive explain (\S+):(\d+)", (ROOT / "README.md").read_text("utf-8"))
    lines = {(article.article.path, str(article.article.line_of(m.span.start))) for m in article.mentions}
    assert set(explained) == lines


def test_an_mkdocs_file_that_is_shown_needs_nothing_but_name_theme_and_plugin(tmp_path: Path) -> None:
    readme_archive(tmp_path)
    shown = yaml.safe_load((tmp_path / "mkdocs.yml").read_text("utf-8"))
    (example,) = yaml_examples(sections("commands.md", 2)["mkdocs.yml"])
    assert set(shown) == set(yaml.safe_load(example)) == {"site_name", "theme", "plugins"}


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) < 80
