"""Keys: what of a mapping is known, required, and one value or a list.

Which words a value may be is decided by `schema`; which keys there are, by `articles` and `glossary`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from generator.issues import Issue, Level, near_miss, quote
from generator.read.nodes import MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from generator.issues import Fix
    from generator.read.mends import Mends

T = TypeVar("T")

MAX_ITEMS = 1000
"""In one list: the most aliases of one person in Wikidata are some hundreds."""


class Keys:
    """The keys of one mapping, read one by one; what is wrong with them gathers in `issues`.

    Args:
        path: the seed.
        mapping: its nodes.
        issues: where to gather.
        keys: all keys that may stand here; `x-…` keys are the archive's own and always may.
        ids: the ids of all entries, for references.
        mends: what makes fixes of this file; none are made without.
    """

    def __init__(
        self,
        path: str,
        mapping: MappingNode,
        issues: list[Issue],
        keys: Collection[str],
        ids: Collection[str],
        *,
        mends: Mends | None = None,
    ) -> None:
        self.path = path
        self.issues = issues
        self.mends = mends
        self._ids = ids
        self._mapping = mapping
        self._nodes = {key.value: node for key, node in mapping.pairs}
        self._required: set[str] = set()
        for key, _ in mapping.pairs:
            if key.value not in keys and not key.value.startswith("x-"):
                guess = near_miss(key.value, keys)
                hint = f"write '{guess}'" if guess else f"known keys: {', '.join(keys)}"
                fix = self.mends.rename(key, keys, self._nodes) if self.mends else None
                self.add(key, "unknown-key", f"{quote(key.value)} is not a key here", hint, fix)

    def add(self, node: Node, kind: str, message: str, hint: str, fix: Fix | None = None) -> None:
        """Report an error at a node."""
        self.issues.append(Issue(self.path, node.line, node.column, kind, Level.ERROR, message, hint, fix))

    def removal(self, node: Node) -> Fix | None:
        """Return the fix that takes a value away together with its key, if the key may be absent."""
        key = next((key for key, value in self._mapping.pairs if value is node), None)
        may_go = key is not None and key.value not in self._required
        return self.mends.remove(key, node) if self.mends and key and may_go else None

    def node(self, key: str) -> Node | None:
        """Return a key's node, or None where the key is absent."""
        return self._nodes.get(key)

    def line(self, key: str) -> int:
        """Return the line of a key's value, or of the mapping where the key is absent."""
        return (self._nodes.get(key) or self._mapping).line

    def lines(self, key: str) -> tuple[int, ...]:
        """Return the line of each item of a key that holds a list."""
        node = self._nodes.get(key)
        return tuple(item.line for item in node.items) if isinstance(node, SequenceNode) else ()

    def require(self, *keys: str) -> None:
        """Report each of these keys that is absent."""
        self._required.update(keys)
        for key in keys:
            if key not in self._nodes:
                self.add(self._mapping, "missing-key", f"the key '{key}' is missing", f"add '{key}: …'")

    def one(self, key: str, parse: Callable[[Node], T | None]) -> T | None:
        """Return the parsed value of a key, or None where it is absent or wrong."""
        node = self._nodes.get(key)
        return None if node is None else parse(node)

    def many(self, key: str, parse: Callable[[Node], T | None]) -> tuple[T, ...]:
        """Return the parsed items of a key that holds a list; items that are wrong are left out."""
        node = self._nodes.get(key)
        if node is None:
            return ()
        if not isinstance(node, SequenceNode):
            message = f"'{key}' holds one value where a list belongs"
            into_list = self.mends.into_list(node) if self.mends else None
            fix = self.removal(node) if is_empty(node) else into_list
            self.add(node, "wrong-shape", message, f"write '{key}: [first, second]'", fix)
            return ()
        if len(node.items) > MAX_ITEMS:
            message = f"'{key}' holds {len(node.items):,} values; {MAX_ITEMS:,} are allowed"
            self.add(node, "too-long", message, "shorten it")
            return ()
        return tuple(value for item in node.items if (value := parse(item)) is not None)

    def inner(self, node: Node, keys: Collection[str], example: str) -> Self | None:
        """Return the fields of a nested mapping, or None with an issue where the node is none."""
        if not isinstance(node, MappingNode):
            fix = self.removal(node) if is_empty(node) else None
            self.add(node, "wrong-shape", "a mapping belongs here", f"write it as {example}", fix)
            return None
        return type(self)(self.path, node, self.issues, keys, self._ids, mends=self.mends)


def is_empty(node: Node) -> bool:
    """Tell whether a node is a text of nothing but white space."""
    return isinstance(node, ScalarNode) and not node.value.strip()
