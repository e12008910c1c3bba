"""Entry pages: who or what somebody is, and every place where the archive mentions them."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from generator.model import Page
from generator.render.addresses import entry_address, mentions_address, outlet_address, src_uri
from generator.render.charts import tally_months
from generator.render.listed import Companion
from generator.render.maps import Places
from generator.render.paging import paginate_newest_first
from generator.render.sentences import sentence_of, sightings_of
from generator.render.views import EntryView, MentionsView

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.model import Archive, Backlink, Entity
    from generator.render.listed import EntryName
    from generator.render.paging import Leaf
    from generator.render.shelves import Shelves


_ARTICLE = attrgetter("article_id")


def plan_entries(shelves: Shelves, wanted: Collection[str] | None = None) -> Iterator[Page]:
    """Yield the pages of entries, one each, and more where the mentions fill them.

    Args:
        shelves: the archive.
        wanted: the ids of these entries; of all where absent.
    """
    archive = shelves.archive
    called = _called(shelves)
    published = {shelf.address: shelf.size for shelf, _ in shelves.outlets}
    places = Places(shelves.prominent)
    for entity in archive.entities.values() if wanted is None else map(archive.entities.__getitem__, wanted):
        backlinks = archive.backlinks.get(entity.id, ())
        newest, *further = paginate_newest_first(
            backlinks, entry_address(entity.id), mentions_address(entity.id)
        )
        view = EntryView(
            entity=entity,
            names=_names(entity, archive),
            called=tuple(called.get(entity.id, ())),
            published=published.get(outlet_address(entity.id), 0),
            region=places.around(entity) if entity.location else None,
            tally=tally_months(map(shelves.months.__getitem__, map(_ARTICLE, backlinks))),
            together=_together(entity, shelves),
            total=len(backlinks),
            sightings=sightings_of(newest.items, shelves),
            pager=newest.pager,
        )
        yield Page(src_uri(newest.address), entity.name, entity.description, view.template, view)
        for leaf in further:
            yield _further(entity, leaf, shelves)


def _further(entity: Entity, leaf: Leaf[Backlink], shelves: Shelves) -> Page:
    """Return a page of earlier mentions of an entry."""
    view = MentionsView(
        entry=shelves.names[entity.id],
        sightings=sightings_of(leaf.items, shelves),
        pager=leaf.pager,
    )
    return Page(
        src_uri(leaf.address), leaf.titled(f"Mentions of {entity.name}"), "", view.template, view
    )


def _together(entity: Entity, shelves: Shelves) -> tuple[Companion, ...]:
    """Return those that are named together with an entity."""
    companions = []
    for pair in shelves.archive.together.get(entity.id, ()):
        first, second = pair.entities
        companions.append(
            Companion(
                entry=shelves.names[second if first == entity.id else first],
                articles=pair.articles,
                page=shelves.page_of(pair),
                sentence=sentence_of(pair.sentences[0], shelves.articles),
            )
        )
    return tuple(companions)


def _called(shelves: Shelves) -> dict[str, list[EntryName]]:
    """Return, for each government or body, the places whose names stand for it."""
    found: dict[str, list[EntryName]] = {}
    for entity in shelves.archive.entities.values():
        if entity.metonym_for:
            found.setdefault(entity.metonym_for, []).append(shelves.names[entity.id])
    return found


def _names(entity: Entity, archive: Archive) -> dict[str, str]:
    """Return the names of the entries that an entry's facts lead to, by id, sorted."""
    ids = {role.of for role in entity.roles} | {relation.to for relation in entity.relations}
    return {
        entity_id: archive.entities[entity_id].name
        for entity_id in sorted(filter(None, ids | {entity.metonym_for}))
        if entity_id in archive.entities
    }
