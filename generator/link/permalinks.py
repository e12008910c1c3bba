"""Permalinks: the anchor of every mention, and which of them readers see as links."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING

from generator.model import AnnotatedArticle, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.model import Article


def link_article(article: Article, mentions: Iterable[Mention]) -> AnnotatedArticle:
    """Return the article with anchored mentions.

    The anchor `m-<entity-id>-<n>` counts the mentions of that entity in that article, so that a new mention of somebody
    else renumbers nothing. The first mention of an entity in each section is visible as a link.
    """
    starts = [block.lines[0].start for block in article.blocks]
    counts: Counter[str] = Counter()
    seen: set[tuple[str, int]] = set()
    anchored = []
    for mention in mentions:
        if mention.entity_id is None:
            anchored.append(mention)
            continue
        counts[mention.entity_id] += 1
        block = article.blocks[bisect_right(starts, mention.span.start) - 1]
        first = (mention.entity_id, block.section) not in seen
        seen.add((mention.entity_id, block.section))
        anchor = f"m-{mention.entity_id}-{counts[mention.entity_id]}"
        anchored.append(
            Mention(  # `replace` takes three times as long, and an archive has mentions by the hundred thousand
                mention.span, mention.surface, mention.entity_id, mention.rule, mention.several,
                mention.evidence, mention.denotes, anchor, visible=first,
            )
        )  # fmt: skip
    return AnnotatedArticle(article, tuple(anchored))
