"""Previewing: pages of edited articles and entries are shown before the rest of a large site is built anew.

An editor waits for the page of what was saved. It is read, searched, settled, planned, made and verified as in a build,
beside what the archive said before: an edited entry still has its former mentions, an article its former relatives.
Where that does not tell, or anything is wrong, nothing is shown ahead, and the build tells.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

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
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from generator.config import ArchiveConfig
    from generator.link.usage import Usage
    from generator.model import AnnotatedArticle, Archive, Article, Entity, Page
    from generator.publish.assembling import Assembly
    from generator.publish.frame import Frame
    from generator.publish.links import Verified
    from generator.publish.making import Made

LARGE = 1000
"""Articles from which on somebody would notice."""
MOST = 20
"""Seeds that somebody saves by hand: more have been changed by a program, and the build makes their pages sooner."""


class _UncertainError(Exception):
    """What would be shown ahead may not be what the build will show."""


class Preview(Struct, frozen=True):
    """What can be shown ahead of a build.

    Args:
        config: the archive.
        frame: what the site that is served was built beside.
        archive: what that shows.
        usage: what its texts say of forms.
        files: the digest of each file of the site by its path.
        verified: what is known of each page, by the same path.
        ahead: the paths of the pages that are shown ahead.
    """

    config: ArchiveConfig
    frame: Frame
    archive: Archive
    usage: Usage
    files: Mapping[str, str]
    verified: Mapping[str, Verified]
    ahead: set[str] = field(default_factory=set)

    @without_collector()
    def show(self, changed: Collection[str], folder: Path) -> bool:
        """Put the pages of edited articles and entries in their places; False where none are shown ahead.

        Args:
            changed: the paths of all files that have changed.
            folder: where the site is served from.
        """
        saved = {path for path in changed if not self._is_hidden(path)}
        if not 0 < len(saved) <= MOST:
            return False
        try:
            with self._objects_to_itself(timeout=0) as objects:
                made = self._made(self._planned(saved), objects)
                self._check(made)
                self.ahead.update(made)
                _put({path: one.name for path, one in made.items()}, folder, objects)
        except (_UncertainError, ArchiveError, OSError):
            return False
        return True

    def take_back(self, folder: Path) -> None:
        """Show the last whole site again: the build that was to follow has failed."""
        with self._objects_to_itself() as objects:
            _put({path: self.files[path] for path in self.ahead}, folder, objects)
            self.ahead.clear()

    @contextmanager
    def _objects_to_itself(self, timeout: float = -1) -> Iterator[Objects]:
        """Yield what keeps finished files, while no other build throws any away; wait so many seconds, -1 for any.

        Raises:
            OSError: another build took longer.
        """
        with lock_of(self.config.cache / ".lock").acquire(timeout=timeout):
            yield Objects(self.config.cache / "objects")

    def _is_hidden(self, path: str) -> bool:
        """Tell whether a file is none that is ever read, as an editor's own."""
        return "/." in path.removeprefix(str(self.config.seeds))

    def _planned(self, changed: set[str]) -> list[Page]:
        """Return the pages of articles or of entries, among all others as they were.

        Of both together it is not certain what one of them makes of the other.
        """
        articles = {self._place_of(annotated.article): annotated.article for annotated in self.archive.articles}
        entries = {self._place_of(entity): entity for entity in self.archive.entities.values()}
        pages: list[Page] = []
        if articles.keys() >= changed:
            pages = self._articles({path: articles[path] for path in changed})
        elif entries.keys() >= changed:
            pages = self._entries({path: entries[path] for path in changed})
        if not pages or not all(map(self.frame.takes, pages)):
            raise _UncertainError
        return pages

    def _entries(self, changed: Mapping[str, Entity]) -> list[Page]:
        """Return the pages of entries as they are now, given what they were."""
        entities = dict(self.archive.entities)
        for path, before in changed.items():
            now, issues = read_entry(_file(path, before.path), entities.keys())
            if now is None or issues or (now.kind, now.replaces) != (before.kind, before.replaces):
                raise _UncertainError
            entities[now.id] = now
        shelves = Shelves(replace(self.archive, entities=entities))
        return list(plan_entries(shelves, [entity.id for entity in changed.values()]))

    def _articles(self, changed: Mapping[str, Article]) -> list[Page]:
        """Return the pages of articles as they are now, given what they were; they stand where they stood."""
        entities = self.archive.entities
        glossary = Glossary(tuple(entities.values()), {e.id: e.kind for e in entities.values()}, len(entities))
        annotator = Annotator(glossary, Captures(self.config.root))
        found: dict[str, AnnotatedArticle] = {}
        for path, before in changed.items():
            made = annotator(_file(path, before.path))
            if made is None:
                raise _UncertainError
            draft = named(made.draft)
            was, now = before.front_matter, draft.draft.article.front_matter
            if (was.date.listed, was.replaces) != (now.date.listed, now.replaces):
                raise _UncertainError
            found[before.id] = settle_alone(draft, entities, self.usage)
        articles = tuple(found.get(annotated.article.id, annotated) for annotated in self.archive.articles)
        return list(plan_articles(Shelves(replace(self.archive, articles=articles)), found.keys()))

    def _place_of(self, seed: Article | Entity) -> str:
        return f"{self.config.seeds}{seed.path.removeprefix('seeds')}"

    def _made(self, pages: Iterable[Page], objects: Objects) -> dict[str, Made]:
        """Return finished pages by their paths."""
        theme, templates = KnownTheme(self.frame), Templates(self.config)
        made: dict[str, Made] = {}
        for page in pages:
            shell, _ = theme.shell(page)
            assert shell is not None  # else there were no frame
            text = page.view.annotated.article.text if isinstance(page.view, ArticleView) else None
            made[page.path] = make_page(page, text, shell, templates, objects)
        return made

    def _check(self, made: Mapping[str, Made]) -> None:
        """Make sure that finished pages have no fault and that their links, and those of MkDocs' pages, lead somewhere.

        Other generated pages are made anew by the build.
        """
        new = {path: one.verified for path, one in made.items()}
        there = {**self.verified, **new}
        needs = (page.needs for page in (self.frame.written.pages | new).values())
        missing = missing_places(needs, [page.offers for page in there.values()], self.files.keys() - there.keys())
        if missing or any(page.faults for page in new.values()):
            raise _UncertainError


def preview_of(config: ArchiveConfig, frame: Frame, assembly: Assembly, usage: Usage) -> Preview | None:
    """Return what can be shown ahead of the build after one; None where nothing is.

    Args:
        config: the archive.
        frame: what its site was built beside.
        assembly: the site.
        usage: what the texts of the archive say of forms.
    """
    if frame.strict or len(assembly.archive.articles) < LARGE:
        return None
    return Preview(config, frame, assembly.archive, usage, assembly.site, assembly.verified)


def _file(path: str, shown: str) -> SeedFile:
    if Path(path).is_symlink():
        raise _UncertainError
    return SeedFile(shown, Path(path))


def _put(files: Mapping[str, str], folder: Path, objects: Objects) -> None:
    """Let each of these objects take the place of a file in one step; they are given by paths below a folder."""
    staged = folder / ".next"
    for path, name in files.items():
        remove(staged)
        try:
            objects.place(name, staged)
            staged.replace(folder / path)
        finally:
            remove(staged)  # where it is the very file that was there, it was not moved
