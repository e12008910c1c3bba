"""Nodes of front matter: values as they are written, which know their line and column, where they begin and end."""

from __future__ import annotations

from msgspec import Struct


class ScalarNode(Struct, frozen=True, gc=False):
    """A text, exactly as YAML spells it."""

    value: str
    line: int
    column: int
    start: int
    """Where it begins in the file's text, in code points."""
    end: int
    """Where it ends, half-open."""
    style: str
    """The sign that it is written with: a quotation mark, `|`, `>`, or nothing."""


class SequenceNode(Struct, frozen=True, gc=False):
    """A list of nodes."""

    items: tuple[Node, ...]
    line: int
    column: int
    start: int
    end: int
    in_flow: bool
    """Whether it is written with brackets."""


class MappingNode(Struct, frozen=True, gc=False):
    """Keys with their nodes, in the order of the file."""

    pairs: tuple[tuple[ScalarNode, Node], ...]
    line: int
    column: int
    start: int
    end: int
    in_flow: bool
    """Whether it is written with braces."""


Node = ScalarNode | SequenceNode | MappingNode


def as_values(node: Node) -> object:
    """Return what a node says, wherever and however it is written.

    Two nodes that say the same have equal values.
    """
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, SequenceNode):
        return [as_values(item) for item in node.items]
    return {key.value: as_values(value) for key, value in node.pairs}
