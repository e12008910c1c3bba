"""Previewing: pages of edited articles and entries are shown before the rest of a large site is built anew.

An editor waits for the page of what was saved. It is read, searched, settled, planned, made and verified as the build
will do it, beside what the archive said before: so the mentions of an edited entry are still those. Where that does not
tell, or anything is wrong, nothing is shown ahead, and the build tells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.annotating import Annotator, named
from generator.drafting import settle_alone
from generator.issues import ArchiveError
from generator.objects import Objects
from generator.publish.frame import KnownTheme
from generator.publish.links import missing_places
from generator.publish.making import make_page
from generator.read.captures import Captures
from generator.read.files import SeedFile
from generator.read.glossary import read_entry
from generator.read.seeds import Glossary
from generator.render.article import plan_articles
from generator.render.entry import plan_entries
from generator.render.shelves import Shelves
from generator.render.templates import Templates
from generator.render.views import ArticleView
from generator.store import lock_of, remove
from generator.workers import without_collector

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from generator.config import ArchiveConfig
    from generator.link.usage import Usage
    from generator.model import AnnotatedArticle, Article, Entity, Page
    from generator.publish.assembling import Assembly
    from generator.publish.frame import Frame
    from generator.publish.making import Made

LARGE = 1000
"""Articles from which on somebody would notice."""


class _UncertainError(Exception):
    """What would be shown ahead may not be what the build will show."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What can be shown ahead of a build.

    Args:
        config: the archive.
        frame: what the site that is served was built beside.
        assembly: that site.
        usage: what its texts say of forms.
    """

    config: ArchiveConfig
    frame: Frame
    assembly: Assembly
    usage: Usage

    @without_collector()
    def show(self, changed: Collection[str], folder: Path) -> bool:
        """Put the pages of edited articles and entries in their places; False where none are shown ahead.

        Args:
            changed: the paths of all files that have changed.
            folder: where the site is served from.
        """
        if self.frame.strict or len(self.assembly.archive.articles) < LARGE:
            return False
        try:
            with lock_of(self.config.cache / ".lock").acquire(timeout=0):  # no other build throws objects away
                made = self._made(self._planned(changed))
                self._check(made)
                self._put(made, folder)
        except (_UncertainError, ArchiveError, OSError):
            return False
        return True

    def _planned(self, changed: Collection[str]) -> list[Page]:
        """Return the pages of what has changed, among all others as they were."""
        archive = self.assembly.archive
        entries = self._entries(changed)
        entities = dict(archive.entities) | entries
        articles = self._articles(set(changed).difference(map(self._place_of, entries.values())), entities)
        everything = tuple(articles.get(a.article.id, a) for a in archive.articles)
        shelves = Shelves(replace(archive, articles=everything, entities=entities))
        pages = [*plan_articles(shelves, articles.keys()), *plan_entries(shelves, entries.keys())]
        if not all(map(self.frame.takes, pages)):
            raise _UncertainError
        return pages

    def _entries(self, changed: Collection[str]) -> dict[str, Entity]:
        """Return the entries among what has changed, by id, as they are now."""
        entities = self.assembly.archive.entities
        found: dict[str, Entity] = {}
        for path, before in ((self._place_of(entity), entity) for entity in entities.values()):
            if path in changed:
                now, issues = read_entry(self._file(path, before.path), entities.keys())
                if now is None or issues or (now.kind, now.replaces) != (before.kind, before.replaces):
                    raise _UncertainError
                found[now.id] = now
        return found

    def _articles(self, changed: Iterable[str], entities: Mapping[str, Entity]) -> dict[str, AnnotatedArticle]:
        """Return articles by id, as they are now and stand where they stood."""
        glossary = Glossary(tuple(entities.values()), {e.id: e.kind for e in entities.values()}, len(entities))
        annotator = Annotator(glossary, Captures(self.config.root))
        known = {self._place_of(annotated.article): annotated.article for annotated in self.assembly.archive.articles}
        found: dict[str, AnnotatedArticle] = {}
        for path in changed:
            before = known.get(path)
            made = annotator(self._file(path, before.path)) if before else None
            if before is None or made is None:
                raise _UncertainError
            draft = named(made.draft)
            was, now = before.front_matter, draft.draft.article.front_matter
            if (was.date.listed, was.replaces) != (now.date.listed, now.replaces):
                raise _UncertainError
            found[before.id] = settle_alone(draft, entities, self.usage)
        return found

    def _place_of(self, seed: Article | Entity) -> str:
        return f"{self.config.seeds}{seed.path.removeprefix('seeds')}"

    def _file(self, path: str, shown: str) -> SeedFile:
        if Path(path).is_symlink():
            raise _UncertainError
        return SeedFile(shown, Path(path))

    def _made(self, pages: Iterable[Page]) -> dict[str, Made]:
        """Return finished pages by their paths."""
        theme, templates, objects = KnownTheme(self.frame), Templates(self.config), self._objects
        made: dict[str, Made] = {}
        for page in pages:
            shell, _ = theme.shell(page)
            assert shell is not None  # else there were no frame
            text = page.view.annotated.article.text if isinstance(page.view, ArticleView) else None
            made[page.path] = make_page(page, text, shell, templates, objects)
        return made

    def _check(self, made: Mapping[str, Made]) -> None:
        """Make sure that nothing is wrong with finished pages, and that each of their links leads somewhere."""
        there = self.assembly.verified | {path: one.verified for path, one in made.items()}
        offers = [page.offers for page in there.values()]
        needs = (one.verified.needs for one in made.values())
        others = self.assembly.site.keys() - there.keys()
        if any(one.verified.faults for one in made.values()) or missing_places(needs, offers, others):
            raise _UncertainError

    def _put(self, made: Mapping[str, Made], folder: Path) -> None:
        """Let each finished page take the place of the former one in one step."""
        staged = folder / ".next"
        for path, one in made.items():
            remove(staged)
            self._objects.place(one.name, staged)
            staged.replace(folder / path)

    @property
    def _objects(self) -> Objects:
        return Objects(self.config.cache / "objects")
