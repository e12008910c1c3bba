"""Seeds: what a comparison needs to know of one seed, read leniently: what is wrong with it is said elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.read.articles import FOLDER as ARTICLES
from generator.read.articles import article_id
from generator.read.blocks import words_without_marks
from generator.read.captures import FOLDER as CAPTURES
from generator.read.front_matter import parse_seed
from generator.read.glossary import FOLDER as GLOSSARY
from generator.read.glossary import entry_id
from generator.read.nodes import Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.read.front_matter import Document
    from generator.read.revisions import Snapshot


@dataclass(frozen=True, slots=True)
class Seed:
    """An article or entry at one moment."""

    path: str
    body: str
    """What follows the front matter."""
    first_line: int
    """The file's line on which `body` begins."""
    replaces: tuple[str, ...]
    """Earlier ids."""
    files: tuple[str, ...]
    """The names under `capture` and `original`."""
    corrections: int
    """How many there are."""
    withdrawn: bool
    """Whether the text was taken down."""

    @property
    def words(self) -> list[str]:
        """The words of the text, block marks dropped."""
        return words_without_marks(self.body)


def is_article(path: str) -> bool:
    """Tell whether a path is an article's."""
    return path.startswith(f"{ARTICLES}/") and path.endswith(".md")


def is_entry(path: str) -> bool:
    """Tell whether a path is an entry's."""
    return path.startswith(f"{GLOSSARY}/") and path.endswith(".md")


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


def successor(path: str, after: Mapping[str, Seed]) -> Seed | None:
    """Return the seed that stands for one of earlier: at its path, else the one that replaces its id."""
    wanted = address(path)
    heirs = (seed for seed in after.values() if wanted in earlier_addresses(seed.path, seed.replaces))
    return after.get(path) or next(heirs, None)


def changed_paths(base: Snapshot, head: Snapshot) -> list[str]:
    """Return the paths below seeds/ that are not in both alike, sorted."""
    return sorted(path for path in {*base.files, *head.files} if base.files.get(path) != head.files.get(path))


def read_some(snapshot: Snapshot, paths: Iterable[str]) -> dict[str, Seed]:
    """Return these articles and entries of a snapshot by path; those that cannot be taken apart are left out."""
    regular = [path for path in paths if snapshot.files[path].is_regular]
    seeds = ((path, _parse(path, data)) for path, data in snapshot.read(regular))
    return {path: seed for path, seed in seeds if seed is not None}


def _parse(path: str, data: bytes) -> Seed | None:
    document, _ = parse_seed(path, data.decode("utf-8", errors="replace"))
    if document is None:
        return None
    return Seed(
        path=path,
        body=document.body,
        first_line=document.first_line,
        replaces=_texts(document, "replaces"),
        files=(*_texts(document, "capture"), *_texts(document, "original")),
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
