"""Reusing: which drafts of an earlier run still are what this one would make. A doubt means that one is made anew.

A draft is kept under the digest of its bytes. One record, the shelf, says which draft belongs to which seed, and to
which glossary all of them belong. Beside another glossary, a draft holds if it can see nothing of what differs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping  # noqa: TC003 - what decodes a record looks up its types
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick
from msgspec import Struct, field, msgpack
from msgspec.structs import replace

from generator.annotate.fold import fold, squeeze
from generator.annotating import Named, decode_draft, named, seed_key
from generator.model import Kind
from generator.objects import State  # noqa: TC001 - what decodes a record looks up its types
from generator.read.articles import would_be_read_again
from generator.read.files import read_bytes
from generator.store import digest
from generator.unchanged import lasting_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from generator.annotating import Annotator, Draft, Made
    from generator.model import Entity
    from generator.read.files import SeedFile
    from generator.records import Records

_AT_ONCE = 500
"""Drafts that are fetched or put away together."""


class _Place(Struct, frozen=True, array_like=True):
    """Which draft belongs to a seed."""

    key: bytes
    """What stands for the seed."""
    draft: bytes
    """The key of the draft."""
    state: State | None
    """Of the seed's file, where it is known: while that is the same, the file need not be read to know its key."""

    def holds(self, other: _Place | None) -> bool:
        """Tell whether another place has the same draft of the same seed."""
        return other is not None and (self.key, self.draft) == (other.key, other.draft)


class _Shelf(Struct, frozen=True):
    """Which drafts there are."""

    glossary: bytes = b""
    """Key of the sight of the glossary to which they belong."""
    root: str = ""
    """The archive whose files were looked at."""
    places: Mapping[str, _Place] = field(default_factory=dict)
    """By the path of the seed."""

    def says_as_much_as(self, other: _Shelf) -> bool:
        """Tell whether another shelf has the same drafts, whatever it knows of files."""
        return (
            self.glossary == other.glossary
            and self.places.keys() == other.places.keys()
            and all(place.holds(other.places.get(path)) for path, place in self.places.items())
        )


class _Sight(Struct, frozen=True):
    """All that articles can see of a glossary, as digests."""

    forms: Mapping[str, bytes]
    """Of each pattern that is searched: what is known of it, and the outline of every entry that it may mean."""
    names: Mapping[str, bytes]
    """Of each word of the names of people: who has it. A surname after another given name is that of somebody else."""
    outlines: Mapping[str, bytes]
    """Of each entry, by id."""
    profiles: Mapping[str, bytes]
    """Of each entry, by id."""


_SHELF = digest(b"shelf")
_decode_shelf = msgpack.Decoder(_Shelf).decode
_decode_sight = msgpack.Decoder(_Sight).decode


class Kept:
    """The drafts of an archive beside one glossary.

    Args:
        records: where they are kept from run to run; None where they are not.
        annotator: has the glossary as articles see it, and their captures.
        root: the archive.
        held: drafts that this process has made or decoded already, by name.
    """

    def __init__(
        self, records: Records | None, annotator: Annotator, root: Path, held: Mapping[bytes, Draft]
    ) -> None:
        self._records, self._annotator, self._root, self._held = records, annotator, str(root.resolve()), held
        views = (*annotator.glossary.entities, *annotator.profiles.values())
        self._glossary = digest(b"glossary", *map(msgpack.encode, views))
        kept = self._get([_SHELF]).get(_SHELF)
        self._shelf = _decode_shelf(kept) if kept is not None else _Shelf()
        """As the last run left it."""
        self._places: dict[str, _Place] = {}
        self._waiting: dict[bytes, bytes] = {}
        """What is not put away yet."""

    def recall(self, files: Iterable[SeedFile]) -> Iterator[Named]:
        """Yield the draft of each seed of which there is one that still holds."""
        change = self._change_since(self._shelf.glossary)
        if not self._shelf.places or change is None:
            return
        captures, kinds = self._annotator.captures, self._annotator.glossary.kinds
        found = ((place.draft, (file.path, place)) for file in files if (place := self._find(file)) is not None)
        while some := dict(islice(found, _AT_ONCE)):
            for name, draft in self._drafts(some):
                if would_be_read_again(draft.article, captures, kinds) and not change.is_seen(draft):
                    path, self._places[path] = some[name]
                    yield Named(draft, name)

    def _drafts(self, names: Iterable[bytes]) -> Iterator[tuple[bytes, Draft]]:
        """Yield those of the drafts with these names that there are."""
        others = []
        for name in names:
            if name in self._held:
                yield name, self._held[name]
            else:
                others.append(name)
        yield from ((name, decode_draft(encoded)) for name, encoded in self._get(others).items())

    def _find(self, file: SeedFile) -> _Place | None:
        """Return the place that a seed had and still has, with the state that its file has now."""
        place = self._shelf.places.get(file.path)
        if place is None:
            return None
        state = lasting_state(file.absolute)
        if state is not None and state == place.state and self._shelf.root == self._root:
            return place
        data, _ = read_bytes(file)
        if data is None or seed_key(file.path, data) != place.key:
            return None
        return _Place(place.key, place.draft, state)

    def keep(self, made: Made) -> Named:
        """Keep what was made of a seed, and return it."""
        found = named(made.draft)
        if self._records is not None:
            self._places[found.draft.article.path] = _Place(made.key, found.name, made.state)
            self._waiting[found.name] = made.draft
            if len(self._waiting) >= _AT_ONCE:
                self._put_away()
        return found

    def close(self) -> None:
        """Let later runs know these drafts, and no others."""
        if self._records is None:
            return
        if self._glossary not in self._get([self._glossary]):
            self._waiting[self._glossary] = msgpack.encode(self._sight)
        if self._waiting:
            self._put_away()
        shelf = _Shelf(self._glossary, self._root, self._places)
        if not shelf.says_as_much_as(self._shelf):
            drafts = (place.draft for place in self._places.values())
            self._records.keep_only([_SHELF, self._glossary, *drafts])
            self._records.put({_SHELF: msgpack.encode(shelf)})  # last: who is stopped before it throws away again

    def _get(self, names: Iterable[bytes]) -> dict[bytes, bytes]:
        return self._records.get(names) if self._records is not None else {}

    def _put_away(self) -> None:
        assert self._records is not None
        self._records.put(self._waiting)
        self._waiting.clear()

    def _change_since(self, glossary: bytes) -> _Change | None:
        """Return how the glossary differs from an earlier one; None where that is not known."""
        if glossary == self._glossary:
            return _Change(set(), set(), set(), set())
        kept = self._get([glossary]).get(glossary)
        if kept is None:
            return None
        old, new = _decode_sight(kept), self._sight
        return _Change(
            _differing(old.forms, new.forms),
            _differing(old.names, new.names),
            _differing(old.outlines, new.outlines),
            _differing(old.profiles, new.profiles),
        )

    @cached_property
    def _sight(self) -> _Sight:
        """What articles can see of the glossary."""
        outlines = {
            entity_id: digest(msgpack.encode(replace(seen, name="", aliases=())))
            for entity_id, seen in self._annotator.outlines.items()
        }
        profiles = {
            entity_id: digest(msgpack.encode(seen)) for entity_id, seen in self._annotator.profiles.items()
        }
        forms = {
            pattern: digest(msgpack.encode((is_stop, forms)), *(outlines[form.entity_id] for form in forms))
            for pattern, is_stop, forms in self._annotator.gazetteer.says()
        }
        return _Sight(forms, _names_of_people(self._annotator.outlines.values()), outlines, profiles)


class _Change:
    """What differs between two glossaries.

    Args:
        forms: patterns.
        names: words of the names of people, in small letters.
        outlines: ids of entries.
        profiles: ids of entries.
    """

    def __init__(self, forms: set[str], names: set[str], outlines: set[str], profiles: set[str]) -> None:
        self._forms = AhoCorasick(forms) if forms else None
        self._names = AhoCorasick(names) if names else None
        self._initials = {f"{name[0].upper()}." for name in names}
        self._outlines = outlines
        self._profiles = profiles

    def is_seen(self, draft: Draft) -> bool:
        """Tell whether an article may have been annotated otherwise.

        The search looks at the forms that stand in the text, at their entries and at those that the author names, and
        whether a word of the text, or a letter with a full stop, may be a given name.
        """
        overrides = draft.article.front_matter.overrides
        named = {override.entity_id for override in (*overrides.prefer, *overrides.link)}
        if not self._outlines.isdisjoint(named) or not self._profiles.isdisjoint(draft.weighed):
            return True
        if self._forms is None and self._names is None:
            return False
        text = squeeze(fold(draft.article.text))[0]
        return bool(
            (self._forms is not None and self._forms.find_matches_as_indexes(text))
            or (self._names is not None and self._names.find_matches_as_indexes(text.casefold()))
            or any(initial in text for initial in self._initials)
        )


def _names_of_people(outlines: Iterable[Entity]) -> dict[str, bytes]:
    """Return each word of the names of people, in small letters as texts are searched for it, with who has it."""
    owners: dict[str, set[str]] = defaultdict(set)
    for person in outlines:
        if person.kind is Kind.PERSON:
            for alias in person.surface_forms:
                for word in (*alias.text.split(), *fold(alias.text).split()):
                    owners[word.casefold()].add(person.id)
    return {word: digest(*map(str.encode, sorted(ids))) for word, ids in owners.items()}


def _differing(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> set[str]:
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
