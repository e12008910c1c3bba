"""Templates: a planned page becomes the HTML of its content; every value that a template inserts is escaped."""

from __future__ import annotations

import traceback
from functools import cache, cached_property, lru_cache, partial
from html import escape as escape_text
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from generator.issues import ArchiveError
from generator.render.compiled import AlikeGenerator, keep_compiled
from generator.render.sentences import ShownMentions
from generator.render.views import VIEWS
from generator.render.vocabulary import FILTERS, GLOBALS
from generator.store import digest

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.compiler import CodeGenerator, Frame

    from generator.config import ArchiveConfig
    from generator.model import Page

_PIECES = "pieces.html.j2"
_REMEMBERED = 20_000
"""Rendered pieces that are remembered, the oldest given up first: some 12 MB."""


def _shown(value: object) -> str:
    """Return a value as HTML shows it. Jinja2's own way makes each one Markup, which takes a third of a page's time."""
    if type(value) is str:
        if "&" in value or "<" in value or ">" in value or '"' in value or "'" in value:
            return escape_text(value)
        return value
    if type(value) is Markup:
        return value
    return str(value) if type(value) is int else escape(value)


class _Generator(AlikeGenerator):
    """Has templates call `_shown` wherever they escape what they insert."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.shown(")


class _Environment(Environment):
    code_generator_class = _Generator
    shown = staticmethod(_shown)


class Templates:
    """The page templates; one of the archive takes the place of ours of the same name."""

    def __init__(self, config: ArchiveConfig) -> None:
        """Find the templates of an archive.

        Raises:
            ArchiveError: a template of the archive is one for Markdown.
        """
        self._own, self._shipped = config.page_templates
        self._folders = [folder for folder in config.page_templates if folder.is_dir()]
        for folder in self._folders:
            for file in sorted(folder.glob("*.md.j2")):
                instead = file.name.replace(".md.j2", ".html.j2")
                raise ArchiveError(
                    f"templates/pages/{file.name}: page templates are HTML, not Markdown",
                    f"write it as HTML, after the example of our own template, into templates/pages/{instead}",
                )

    @cached_property
    def _environment(self) -> Environment:
        """What renders templates. The pieces are filters in it: they see nothing but their arguments."""
        environment = _Environment(
            loader=FileSystemLoader(self._folders),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        keep_compiled(environment, self._shipped)
        environment.globals |= GLOBALS
        environment.filters |= FILTERS
        # typed: words and markup that are equal are not the same
        remember = lru_cache(_REMEMBERED, typed=True)(lambda piece, *given: piece(*given))
        pieces = vars(environment.get_template(_PIECES).module)
        environment.filters |= {
            name: partial(remember, piece) for name, piece in pieces.items() if isinstance(piece, Macro)
        }
        return environment

    @property
    def digest(self) -> bytes:
        """What stands for the sources of all templates: it is another one where any file there changes."""
        sources = {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for folder in reversed(self._folders)
            for file in folder.rglob("*")  # a template may include files of any name
            if file.is_file()
        }
        return digest(*(part for name in sorted(sources) for part in (name.encode(), sources[name])))

    def html(self, page: Page) -> str:
        """Return the content of a page: what stands inside the article element of the theme.

        Raises:
            ArchiveError: the template cannot be used.
        """
        values = {name: getattr(page.view, name) for name in _fields(page.template)}
        if isinstance(mentions := values.get("sightings"), ShownMentions):
            values["sightings"] = mentions.whole
        try:
            template = self._environment.get_template(page.template)
            return template.render(values, base="../" * page.src_uri.count("/"), title=page.title)
        except Exception as error:
            wrong = self._fault_of_a_template(error)
            if wrong is None:
                raise
            raise wrong from error

    def _fault_of_a_template(self, error: Exception) -> ArchiveError | None:
        """Return what is wrong with a template, given what came of it; None where it is the program that is wrong."""
        hint = "mend it in templates/pages"
        if isinstance(error, UnicodeDecodeError):
            for file in (file for folder in self._folders for file in folder.rglob("*") if file.is_file()):
                if file.read_bytes() == error.object:
                    line = error.object.count(b"\n", 0, error.start) + 1
                    return ArchiveError(f"{file}:{line}: a page template is not UTF-8", "save it as UTF-8")
        if isinstance(error, TemplateSyntaxError):
            return ArchiveError(f"{error.filename}:{error.lineno}: a page template is wrong: {error.message}", hint)
        place = self._place_of(error)
        if isinstance(error, TemplateError):
            return ArchiveError(f"{place}a page template is wrong: {error.message}", hint)
        if Path(place).is_relative_to(self._own):  # it let Python do what cannot be done, as to divide by nothing
            return ArchiveError(f"{place}a page template is wrong: {type(error).__name__}: {error}", hint)
        return None

    def _place_of(self, error: Exception) -> str:
        """Return `file:line: ` of the line of a template that an error came from; nothing where that is unknown."""
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if any(Path(frame.filename).is_relative_to(folder) for folder in self._folders):
                return f"{frame.filename}:{frame.lineno}: "
        return ""


@cache
def _fields(template: str) -> tuple[str, ...]:
    """Return the names under which a template sees what is in its view."""
    return VIEWS[template].__struct_fields__
