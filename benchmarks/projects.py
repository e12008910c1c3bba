"""The same pages in the hands of several builders: our archive and its peers, how each is built and edited."""

from __future__ import annotations

import random
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from pagefind_bin import get_executable
from peers import Shown, write_hugo, write_stock
from processes import Memory, Run, run, watched_memory
from synthetic import VOCABULARY, vocabulary, write_archive

PROGRAMS = Path(sys.executable).parent
OURS, STOCK, WHOLE, EVERY, HUGO = "ours", "stock", "stock, whole entries", "stock, every page", "Hugo, every page"
STOCKS: dict[str, Shown] = {STOCK: "bare entries", WHOLE: "entries", EVERY: "every page"}
"""What each shows besides articles."""
SENTENCE = "\n\nAn edit adds this sentence.\n"


@dataclass(frozen=True)
class Size:
    """How large a site is."""

    pages: int
    files: int
    bytes: int


@dataclass
class Project:
    """A site that somebody builds, and the files that it is made of."""

    root: Path
    commands: list[list[str | Path]]
    searchless: list[list[str | Path]]
    """What builds it without a search."""
    site: Path
    article: Path
    """The one that is edited."""
    memory: Memory = field(default_factory=Memory)
    """What the first cold build used."""
    left: Size | None = None
    """What the first cold build left."""
    _before: dict[Path, str | None] = field(default_factory=dict)

    def build(self, *, search: bool = True) -> Run:
        """Build, and return what all commands took together."""
        runs = [run(command, self.root) for command in (self.commands if search else self.searchless)]
        return Run(sum(r.seconds for r in runs), sum(r.cpu for r in runs), "".join(r.said for r in runs))

    def build_cold(self, *, search: bool = True) -> Run:
        """Build from the sources alone, as after a fresh clone.

        What was built is put aside, not removed: for minutes, ext4 passes over the inodes of removed files one by one
        whenever a file is made, which no fresh clone has to wait for.
        """
        for folder in (self.site, self.root / ".cache"):
            if folder.exists():
                folder.rename(Path(tempfile.mkdtemp(dir=self.root.parent)) / folder.name)
        return self.build(search=search)

    def weigh(self) -> None:
        """Build cold, and note the memory that it takes and the site; looking takes time, so this run is not timed."""
        with watched_memory() as self.memory:
            self.build_cold()
        files = [path for path in self.site.rglob("*") if path.is_file()]
        self.left = Size(
            sum(path.suffix == ".html" for path in files), len(files), sum(path.stat().st_size for path in files)
        )

    def write(self, file: Path, text: str) -> None:
        """Write a source, and remember what it was."""
        self._before.setdefault(file, file.read_text("utf-8") if file.exists() else None)
        file.write_text(text, "utf-8")

    def edit_article(self) -> None:
        """Add a sentence to the article."""
        self.write(self.article, self.article.read_text("utf-8").rstrip() + SENTENCE)

    def undo(self) -> None:
        """Bring the sources back as they were."""
        for file, text in self._before.items():
            if text is None:
                file.unlink()
            else:
                file.write_text(text, "utf-8")
        self._before.clear()


class Archive(Project):
    """Ours, which has seeds."""

    def add_article(self) -> None:
        """Add an article that has the paragraphs of the other one, and so its mentions, in another order."""
        front_matter, _, text = self.article.read_text("utf-8").partition("\n---\n")
        titled = re.sub("title: .*", "title: An added article", front_matter)
        words = "\n\n".join(reversed(text.strip().split("\n\n")))
        self.write(self.article.with_name("added.md"), f"{titled}\n---\n{words}\n")

    def add_alias(self) -> None:
        """Give an entry that is mentioned now and then an alias that one article of eighty holds: the rarest word."""
        glossary = self.root / "seeds" / "glossary"
        entry = glossary / f"e{len(list(glossary.iterdir())) // 10}.md"
        word = vocabulary(random.Random("words"), VOCABULARY)[-1]
        alias = f"aliases: [{{text: {word}, strength: full}}]\ndescription:"
        self.write(entry, entry.read_text("utf-8").replace("description:", alias, 1))


def prepare(folder: Path, articles: int, entries: int) -> dict[str, Project]:
    """Write an archive, build it, write its pages for the peers and build these; note what memory each took."""
    root = folder / "archive"
    write_archive(root, articles, entries)
    article = sorted((root / "seeds" / "articles").rglob("*.md"))[articles // 2]
    address = article.relative_to(root / "seeds").with_suffix("")
    build = [PROGRAMS / "archive", "build", "--archive", root, "--timings"]
    projects: dict[str, Project] = {
        OURS: Archive(root, [build], [[*build, "--no-search"]], root / "site", article)
    }
    projects[OURS].weigh()
    for name, shown in STOCKS.items():
        projects[name] = _stock(root / "site", folder / name, address, shown)
        projects[name].weigh()
    if shutil.which("hugo"):
        projects[HUGO] = _hugo(projects[EVERY].root / "docs", folder / HUGO, address)
        projects[HUGO].weigh()
    return projects


def _stock(site: Path, root: Path, address: Path, shown: Shown) -> Project:
    write_stock(site, root, shown)
    build: list[str | Path] = [PROGRAMS / "mkdocs", "build", "--quiet"]
    searchless = [*build, "--config-file", "searchless.yml"]
    return Project(root, [build], [searchless], root / "site", root / "docs" / address / "index.md")


def _hugo(docs: Path, root: Path, address: Path) -> Project:
    write_hugo(docs, root)
    build: list[str | Path] = ["hugo", "--quiet"]
    pagefind = [get_executable(), "--site", "public", "--silent"]
    article = (root / "content" / address).with_suffix(".md")
    return Project(root, [build, pagefind], [build], root / "public", article)
