"""Front matter: the YAML at the top of a seed, as nodes that know their line and column.

Scalars stay as written; types come from the schema. YAML aliases, anchors, tags, duplicate keys and deep nesting
are refused, so that a seed means what it shows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml
from msgspec import Struct

from generator.issues import Issue, Level, quote
from generator.read.mends import Mends
from generator.read.nodes import MappingNode, Node, ScalarNode, SequenceNode, as_values

if TYPE_CHECKING:
    from generator.issues import Fix

MAX_DEPTH = 6
"""`annotations: {link: [{text: …}]}` needs 4."""


class Document(Struct, frozen=True):
    """A seed file, taken apart."""

    mapping: MappingNode
    body: str
    """Everything after the closing line, untouched."""
    first_line: int
    """The file's line on which `body` begins."""
    mends: Mends
    """What makes the fixes of this file."""


_OPENING = re.compile(r"---[ \t]*(?:\r\n|\n|\r)")
_CLOSING = re.compile(r"(?:^|(?<=\n)|(?<=\r))---[ \t]*(?:\r\n|\n|\r|\Z)")
_LINE_END = re.compile(r"\r\n|\n|\r")


_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML 1.1 refuses anywhere (and, as PyYAML has it, a byte-order mark)."""


class _RefusedError(Exception):
    """Carries the issue that ends the reading of a front matter."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.message)
        self.issue = issue


def parse_seed(path: str, text: str) -> tuple[Document | None, list[Issue]]:
    """Return the front matter and the body of a seed, or None and what is wrong.

    Duplicate keys are reported together and the first one is kept, so that the schema can be checked as well.
    """
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        message = (
            "the file does not start with front matter" if opening is None else "front matter is not closed"
        )
        hint = (
            "begin with a line '---', then 'key: value' lines, then a line '---'"
            if opening is None
            else "write a line '---' between the last key and the text"
        )
        return None, [Issue(path, 1, 1, "no-front-matter", Level.ERROR, message, hint)]
    source = text[opening.end() : closing.start()]
    first_line = len(_LINE_END.findall(text, 0, closing.end())) + 1
    mends = Mends(path, text)
    # libyaml does not count a byte-order mark
    base = opening.end() + source.startswith("\ufeff")
    issues: list[Issue] = []
    try:
        mapping = _compose(mends, source, base, issues)
    except _RefusedError as refused:
        return None, [*issues, refused.issue]
    return Document(mapping, text[closing.end() :], first_line, mends), issues


def body_of(text: str) -> str:
    """Return what of a file nobody edits: everything after the closing line, or all of it where there is none."""
    text = text.lstrip("\ufeff")
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    return text[closing.end() :] if closing else text


def _compose(mends: Mends, source: str, base: int, issues: list[Issue]) -> MappingNode:
    """Return what a front matter says; line 1 of `source` is line 2 of the file, and its offset 0 is `base` there."""
    try:
        top = _fold(mends, source, base, issues)
    except yaml.YAMLError as error:
        raise _broken(mends, source, base, error) from error
    if not top:
        return MappingNode((), 2, 1, base, base, in_flow=False)
    if not isinstance(top[0], MappingNode):
        message = "the front matter is not a list of 'key: value' lines"
        hint = "write a key, a colon, a space and the value in each line"
        raise _refuse(mends.path, (top[0].line, top[0].column), "broken-yaml", message, hint)
    return top[0]


def _fold(mends: Mends, source: str, base: int, issues: list[Issue]) -> list[Node]:
    """Fold YAML's events into nodes, at most one of them at the top."""
    path = mends.path
    open_nodes: list[tuple[yaml.Event, list[Node]]] = []
    top: list[Node] = []
    for event in yaml.parse(source, Loader=yaml.CSafeLoader):
        node: Node | None = None
        if isinstance(event, yaml.NodeEvent):
            _check_plain(path, event)
            if isinstance(event, yaml.ScalarEvent):
                node = ScalarNode(event.value, *_place(event), *_extent(event, base), event.style or "")
            else:
                open_nodes.append((event, []))
                _check_depth(path, event, len(open_nodes))
        elif isinstance(event, yaml.CollectionEndEvent):
            start, nodes = open_nodes.pop()
            node = _close(mends, start, nodes, (_extent(start, base)[0], _extent(event, base)[1]), issues)
        elif top and isinstance(event, yaml.DocumentStartEvent):
            message, hint = "the front matter holds a second YAML document", "remove the line that ends the first one"
            raise _refuse(path, _place(event), "broken-yaml", message, hint)
        if node is not None:
            (open_nodes[-1][1] if open_nodes else top).append(node)
    return top


def _place(event: yaml.Event) -> tuple[int, int]:
    """Return the file's line and column at which an event begins."""
    mark = event.start_mark
    assert mark is not None
    return mark.line + 2, mark.column + 1


def _extent(event: yaml.Event, base: int) -> tuple[int, int]:
    """Return the offsets of the file's text at which an event begins and ends."""
    assert event.start_mark is not None
    assert event.end_mark is not None
    return base + event.start_mark.index, base + event.end_mark.index


def _close(
    mends: Mends, start: yaml.Event, nodes: list[Node], extent: tuple[int, int], issues: list[Issue]
) -> Node:
    """Return the collection that `start` opened, and that lies there in the file."""
    first, last = extent
    in_flow, place, path = bool(getattr(start, "flow_style", False)), _place(start), mends.path
    if not in_flow:
        # a list of lines ends, for libyaml, where the next key begins
        last = nodes[-1].end if nodes else first
    if isinstance(start, yaml.SequenceStartEvent):
        return SequenceNode(tuple(nodes), *place, first, last, in_flow)
    pairs: dict[str, tuple[ScalarNode, Node]] = {}
    for key, value in zip(nodes[::2], nodes[1::2], strict=True):
        if not isinstance(key, ScalarNode):
            hint = "put quotation marks around a value that begins with [ or {"
            raise _refuse(path, (key.line, key.column), "broken-yaml", "a key is a list or a mapping", hint)
        if key.value in pairs:
            message = f"{quote(key.value)} stands twice, first in line {pairs[key.value][0].line}"
            hint = "keep one of them"
            same = as_values(pairs[key.value][1]) == as_values(value)
            fix = mends.remove(key, value) if same else None
            issues.append(Issue(path, key.line, key.column, "duplicate-key", Level.ERROR, message, hint, fix))
        else:
            pairs[key.value] = (key, value)
    return MappingNode(tuple(pairs.values()), *place, first, last, in_flow)


def _check_plain(path: str, event: yaml.NodeEvent) -> None:
    """Refuse aliases, anchors and tags."""
    anchor, tag = event.anchor, getattr(event, "tag", None)
    if isinstance(event, yaml.AliasEvent):
        message = f"'*{anchor}' is a YAML alias"
        raise _refuse(path, _place(event), "yaml-alias", message, "write the value out")
    if anchor is not None:
        raise _refuse(path, _place(event), "yaml-alias", f"'&{anchor}' is a YAML anchor", "remove it")
    if tag is not None:
        message = f"{quote(tag.replace('tag:yaml.org,2002:', '!!'))} is a YAML tag"
        raise _refuse(path, _place(event), "yaml-tag", message, "remove it: types come from the key")


def _check_depth(path: str, event: yaml.Event, depth: int) -> None:
    """Refuse a collection inside too many others."""
    if depth > MAX_DEPTH:
        message = f"more than {MAX_DEPTH} levels of nesting"
        hint = "write lists and mappings one inside another only where a key asks for it"
        raise _refuse(path, _place(event), "too-deep", message, hint)


def _refuse(
    path: str, place: tuple[int, int], kind: str, message: str, hint: str, *, fix: Fix | None = None
) -> _RefusedError:
    line, column = place
    return _RefusedError(Issue(path, line, column, kind, Level.ERROR, message, hint, fix))


_UNCLOSED = {"quoted scalar": "quotation mark", "flow sequence": "bracket", "flow mapping": "brace"}
_AT_THE_END = frozenset(
    {"found unexpected end of stream", "did not find expected ',' or ']'", "did not find expected ',' or '}'"}
)
_PROBLEMS = {
    "mapping values are not allowed in this context": "a colon and a space stand inside a value",
    "found character that cannot start any token": "a value cannot begin with this character",
    "did not find expected <document start>": "something follows the end of the YAML document",
    "could not find expected ':'": "a colon is missing after a key",
}
"""What libyaml says, in words for those who never read its source."""


def _unreadable(mends: Mends, source: str, opening: int, found: re.Match[str]) -> _RefusedError:
    """Say which character YAML refuses; `source` begins at the offset `opening` of the file."""
    ends = [end.end() for end in _LINE_END.finditer(source, 0, found.start())]
    place = len(ends) + 2, found.start() - (ends[-1] if ends else 0) + 1
    message = f"the front matter holds the character U+{ord(found[0]):04X}, which YAML does not allow"
    at = opening + found.start()
    fix = mends.replace(at, at + 1, "", found=found[0])
    return _refuse(mends.path, place, "broken-yaml", message, "remove it", fix=fix)


def _broken(mends: Mends, source: str, base: int, error: yaml.YAMLError) -> _RefusedError:
    """Say in one line what PyYAML says in several."""
    path = mends.path
    # at the very beginning a byte-order mark is allowed, and counted in `base`
    mark = source.startswith("\ufeff")
    unreadable = _UNREADABLE.search(source, mark)
    if isinstance(error, yaml.reader.ReaderError) and unreadable:
        return _unreadable(mends, source, base - mark, unreadable)
    problem_mark, opened = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    context, problem = (
        str(getattr(error, "context", "")),
        str(getattr(error, "problem", None) or "it cannot be parsed"),
    )
    unclosed = next((what for where, what in _UNCLOSED.items() if where in context), None)
    if opened and unclosed and problem in _AT_THE_END:
        place = opened.line + 2, opened.column + 1
        return _refuse(
            path, place, "broken-yaml", f"this {unclosed} is not closed", "close it, or write none"
        )
    place = (problem_mark.line + 2, problem_mark.column + 1) if problem_mark else (2, 1)
    hint = (
        "put quotation marks around the whole of a value that holds ': ' or ' #', or begins with a quotation mark or "
        "one of [ ] { } & * ! | > % @ ` -; indent with spaces, never tabs"
    )
    return _refuse(path, place, "broken-yaml", f"this is not YAML: {_PROBLEMS.get(problem, problem)}", hint)
