"""Seeds: what a comparison needs to know of one seed, read leniently: what is wrong with it is said elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from generator.read.articles import FOLDER as ARTICLES
from generator.read.articles import article_id
from generator.read.blocks import words_without_marks
from generator.read.captures import FOLDER as CAPTURES
from generator.read.front_matter import body_of, parse_seed
from generator.read.glossary import FOLDER as GLOSSARY
from generator.read.glossary import entry_id
from generator.read.nodes import Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.read.front_matter import Document
    from generator.read.revisions import Snapshot


class Seed(Struct, frozen=True):
    """An article or entry at one moment."""

    path: str
    body: str
    """What follows the front matter."""
    first_line: int
    """The file's line on which `body` begins."""
    replaces: tuple[str, ...] = ()
    """Earlier ids."""
    files: tuple[str, ...] = ()
    """The paths of the captures under `capture` and `original`."""
    corrections: int = 0
    """How many there are."""
    withdrawn: bool = False
    """Whether the text was taken down."""

    @property
    def words(self) -> list[str]:
        """The words of the text, block marks dropped."""
        return words_without_marks(self.body)


def is_article(path: str) -> bool:
    """Tell whether a path is an article's: hidden files are never read."""
    return path.startswith(f"{ARTICLES}/") and path.endswith(".md") and "/." not in path


def is_entry(path: str) -> bool:
    """Tell whether a path is an entry's."""
    return path.startswith(f"{GLOSSARY}/") and path.endswith(".md") and "/." not in path


def is_capture(path: str) -> bool:
    """Tell whether a path is a capture's."""
    return path.startswith(f"{CAPTURES}/")


def address(path: str) -> str:
    """Return the address of an article's or entry's page, below the site's root."""
    return f"articles/{article_id(path)}/" if is_article(path) else f"glossary/{entry_id(path)}/"


def earlier_addresses(path: str, replaces: Iterable[str]) -> list[str]:
    """Return the addresses that lead to a seed's page, given the ids that it replaces."""
    folder = "articles" if is_article(path) else "glossary"
    return [f"{folder}/{old}/" for old in replaces]


def changed_paths(base: Snapshot, head: Snapshot) -> list[str]:
    """Return the paths below seeds/ that are not in both alike, sorted."""
    return sorted(path for path in {*base.files, *head.files} if base.files.get(path) != head.files.get(path))


class ChangedSeeds:
    """The articles and entries that are not in two snapshots alike, read from both."""

    def __init__(self, base: Snapshot, head: Snapshot) -> None:
        self.base = base
        self.head = head
        self.paths = changed_paths(base, head)
        """Of all files that changed, captures among them."""
        self.before = _read_seeds(base, self.paths)
        """By path."""
        self.after = _read_seeds(head, self.paths)
        self._heirs = {
            old: seed
            for seed in self.after.values()
            for old in earlier_addresses(seed.path, seed.replaces)
        }

    def successor(self, path: str) -> Seed | None:
        """Return the seed that stands for one of the base: at its path, else the one that replaces its id."""
        return self.after.get(path) or self._heirs.get(address(path))

    def took_over(self, seed: Seed, path: str) -> bool:
        """Tell whether a successor was there before beside the seed of this path: it is not that seed, moved."""
        return seed.path != path and seed.path in self.base.files


def _read_seeds(snapshot: Snapshot, paths: Iterable[str]) -> dict[str, Seed]:
    """Return those of these paths that are articles or entries of a snapshot."""
    wanted = [path for path in paths if path in snapshot.files and (is_article(path) or is_entry(path))]
    regular = [path for path in wanted if snapshot.files[path].is_regular]
    return {path: _parse(path, data) for path, data in snapshot.read(regular)}


def _parse(path: str, data: bytes) -> Seed:
    """Return a seed; of one that cannot be taken apart, nothing but its text."""
    text = data.decode("utf-8", errors="replace")
    document, _ = parse_seed(path, text)
    if document is None:
        body = body_of(text)
        return Seed(path, body, text.count("\n", 0, len(text) - len(body)) + 1)
    return Seed(
        path=path,
        body=document.body,
        first_line=document.first_line,
        replaces=_texts(document, "replaces"),
        files=tuple(f"{CAPTURES}/{name}" for key in ("capture", "original") for name in _texts(document, key)),
        corrections=len(_items(document, "corrections")),
        withdrawn=any(key.value == "withdrawn" for key, _ in document.mapping.pairs),
    )


def _items(document: Document, key: str) -> tuple[Node, ...]:
    """Return what stands under a key: the items of a list, or the one value."""
    for found, node in document.mapping.pairs:
        if found.value == key:
            return node.items if isinstance(node, SequenceNode) else (node,)
    return ()


def _texts(document: Document, key: str) -> tuple[str, ...]:
    return tuple(node.value for node in _items(document, key) if isinstance(node, ScalarNode))
