"""Suggesting: names that the glossary lacks, and what an editor makes of one: an entry, an alias, or nothing.

Nothing is overwritten, and nothing is changed silently: what was written is returned, to be said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from generator.annotate.gazetteer import Gazetteer
from generator.check.coverage import known_spans
from generator.check.names import small_words
from generator.check.near_matches import NearMatches, Reason
from generator.check.suggestions import slug, suggest
from generator.entries import create_file, refuse_links
from generator.issues import ArchiveError, near_miss, quote
from generator.model import Strength
from generator.read.decisions import FILE, add_rejected, read_decisions, write_scalar
from generator.read.files import SeedFile, list_files, read_text
from generator.read.front_matter import parse_seed
from generator.read.glossary import FOLDER, entry_id
from generator.read.nodes import SequenceNode, as_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.check.near_matches import NearMatch
    from generator.check.suggestions import Suggestion
    from generator.config import ArchiveConfig
    from generator.model import AnnotatedArticle, Entity, Kind
    from generator.read.front_matter import Document


class Suggested(Struct, frozen=True):
    """The suggestions of an archive."""

    suggestions: tuple[Suggestion, ...]
    """Most articles first."""
    entities: tuple[Entity, ...]
    near: NearMatches
    """Where in the glossary a name may belong."""

    def find(self, wanted: str) -> Suggestion:
        """Return the suggestion with this id or name.

        Raises:
            ArchiveError: there is none.
        """
        by_id = {suggestion.id: suggestion for suggestion in self.suggestions}
        found = by_id.get(wanted) or by_id.get(slug(wanted))
        if found is None:
            guess = near_miss(slug(wanted), by_id)
            hint = (
                f"did you mean {guess}?"
                if guess
                else "archive suggest lists them; --least 1 shows the rare ones"
            )
            raise ArchiveError(f"{quote(wanted)} is no suggestion", hint)
        return found


def suggest_names(
    config: ArchiveConfig, articles: Sequence[AnnotatedArticle], entities: tuple[Entity, ...]
) -> Suggested:
    """Return the names that the glossary of an archive lacks, without those rejected or under work.

    Args:
        config: the archive.
        articles: its annotated articles, sorted by id.
        entities: its entries without errors.
    """
    gazetteer = Gazetteer(entities)
    rejected = read_decisions(config.root)[0].rejected
    found = suggest(articles, lambda article: known_spans(article, gazetteer), rejected)
    files, _ = list_files(config.root, FOLDER)
    unfinished = {entry_id(file.path) for file in files} - {entity.id for entity in entities}
    vocabulary = {word for article in articles for word in small_words(article.article.text)}
    kept = tuple(suggestion for suggestion in found if suggestion.id not in unfinished)
    return Suggested(kept, entities, NearMatches(entities, vocabulary))


def reject_name(config: ArchiveConfig, suggested: Suggested, wanted: str) -> str:
    """Note in seeds/decisions.yml that a name is not to be suggested again, and return the name.

    Raises:
        ArchiveError: it is no suggestion, or the file cannot be added to.
    """
    file = config.root / FILE
    decisions, issues = read_decisions(config.root)
    for name in decisions.rejected:
        if slug(name) == slug(wanted):
            return name
    if issues or file.is_symlink():
        raise ArchiveError(
            "\n".join(str(issue) for issue in issues) or f"{FILE} is a symbolic link", "mend it first"
        )
    name = suggested.find(wanted).name
    text = file.read_bytes().decode() if file.exists() else ""
    new = add_rejected(text, name)
    if new is None:
        raise ArchiveError(
            f"{FILE} has no list of one name a line", f"add to it by hand: {write_scalar(name)}"
        )
    _replace_file(config, FILE, new)
    return name


def accept_as_entry(config: ArchiveConfig, suggested: Suggested, accepted: str, kind: Kind) -> str:
    """Write an entry for a name, its description left to a person, and return its path.

    Raises:
        ArchiveError: it is no suggestion; or there is such an entry, or was one; or a symbolic link is in the way.
    """
    suggestion = suggested.find(accepted)
    path = f"{FOLDER}/{suggestion.id}.md"
    owner = next((e for e in suggested.entities if suggestion.id in {e.id, *e.replaces}), None)
    if owner is not None or (config.root / path).exists():
        taken = owner.path if owner is not None else path
        target = owner.id if owner is not None else suggestion.id
        hint = f"add the name to it with --as {target}, or write another entry by hand"
        raise ArchiveError(f"the id {quote(suggestion.id)} belongs to {taken}", hint)
    aliases = [f"  - {write_scalar(spelling)}" for spelling in suggestion.spellings[1:]]
    lines = [
        f"name: {write_scalar(suggestion.name)}",
        f"kind: {kind}",
        "description:",
        *(["aliases:", *aliases] if aliases else []),
    ]
    create_file(config.root, config.root / path, "\n".join(["---", *lines, "---", ""]).encode())
    return path


def alias_line(suggestion: Suggestion, match: NearMatch | None) -> str:
    """Return the line that makes a name an alias, its strength proposed from why the two are near."""
    strengths = {Reason.SHORT: Strength.SHORT, Reason.DEMONYM: Strength.DEMONYM}
    strength = strengths.get(match.reason) if match is not None else None
    text = write_scalar(suggestion.name)
    return f"  - {{text: {text}, strength: {strength}}}" if strength else f"  - {text}"


def accept_as_alias(
    config: ArchiveConfig, suggested: Suggested, accepted: str, wanted: str
) -> tuple[str, str, bool]:
    """Add a name to the aliases of an entry where every other byte can stay.

    Returns the entry's path, the line, and whether it was added; if not, a person has to.

    Raises:
        ArchiveError: it is no suggestion, or there is no such entry.
    """
    suggestion = suggested.find(accepted)
    entity = next((entity for entity in suggested.entities if entity.id == wanted), None)
    if entity is None:
        ids = [entity.id for entity in suggested.entities]
        guess = near_miss(wanted, ids)
        hint = (
            f"did you mean {guess}?"
            if guess
            else "name the id of an entry, which is its file's name without .md"
        )
        raise ArchiveError(f"{quote(wanted)} is the id of no entry without errors", hint)
    match = next((m for m in suggested.near.of(suggestion.name) if m.entity_id == wanted), None)
    line = alias_line(suggestion, match)
    new = _with_alias(config, entity, line)
    if new is not None:
        _replace_file(config, entity.path, new)
    return entity.path, line, new is not None


def _with_alias(config: ArchiveConfig, entity: Entity, line: str) -> str | None:
    """Return the text of an entry with one line more, or None where that would change anything else."""
    text, _ = read_text(SeedFile(entity.path, config.root / entity.path))
    document, _ = parse_seed(entity.path, text or "")
    if text is None or document is None or "\r" in text:
        return None
    nodes = {key.value: (key, node) for key, node in document.mapping.pairs}
    lines = text.split("\n")
    if "aliases" not in nodes:
        at, added = document.first_line - 2, ["aliases:", line]
    else:
        key, node = nodes["aliases"]
        if not isinstance(node, SequenceNode) or not node.items or node.items[0].line == key.line:
            return None
        at = node.items[-1].line
        first = lines[node.items[0].line - 1]
        added = [first[: len(first) - len(first.lstrip())] + line.lstrip()]
    new = "\n".join([*lines[:at], *added, *lines[at:]])
    after, issues = parse_seed(entity.path, new)
    return new if after is not None and not issues and _says_one_alias_more(document, after) else None


def _says_one_alias_more(before: Document, after: Document) -> bool:
    """Tell whether two seeds differ by one alias at the end, and by nothing else."""
    old, new = ({key.value: as_values(node) for key, node in seed.mapping.pairs} for seed in (before, after))
    aliases = new.pop("aliases", None)
    known = old.pop("aliases", [])
    return isinstance(aliases, list) and aliases[:-1] == known and old == new and before.body == after.body


def _replace_file(config: ArchiveConfig, path: str, text: str) -> None:
    """Put a new text in the place of a file, whole or not at all."""
    file = config.root / path
    refuse_links(config.root, file)
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    create_file(config.root, new, text.encode())
    new.replace(file)
