"""Evidence: what settles a form that several entities share, and what the whole archive adds to it."""

from __future__ import annotations

import pytest

from generator import pipeline
from generator.link.evidence import KINDS, _kilometres
from generator.link.reasons import evidence_in_words
from generator.model import Location

PARIS, LONDON = Location(48.8566, 2.3522), Location(51.5074, -0.1278)
HOLLOWAYS = {
    "person": {"name": "Holloway (person)", "kind": "person"},
    "place": {"name": "Holloway (place)", "kind": "place"},
}


@pytest.fixture
def archive(build_archive, seed_text):
    article_seed, entry_seed = seed_text

    def build(texts, glossary):
        seeds = {f"seeds/glossary/{key}.md": entry_seed(**values) for key, values in glossary.items()}
        seeds |= {f"seeds/articles/a{number}.md": article_seed(text) for number, text in enumerate(texts)}
        annotated = pipeline.annotate(build_archive(seeds))
        return [mention for article in annotated.articles for mention in article.mentions], annotated

    return build


def test_distance_is_that_of_a_great_circle():
    assert _kilometres(PARIS, LONDON) == pytest.approx(343.6, abs=1)
    assert _kilometres(PARIS, PARIS) == 0
    assert _kilometres(Location(0, 0), Location(0, 180)) == pytest.approx(20_015, abs=1)


def test_what_a_form_meant_in_other_articles_settles_it(archive):
    mentions, _ = archive(["Holloway said so."] * 3 + ["They saw Holloway."], HOLLOWAYS)
    assert [mention.entity_id for mention in mentions] == ["person"] * 4
    assert [mention.evidence.kind for mention in mentions] == ["expected-kind"] * 3 + ["elsewhere"]


@pytest.mark.parametrize(
    "others",
    [["Holloway said so."] * 2, ["Holloway said so."] * 3 + ["In Holloway."], []],
    ids=["too seldom", "not nearly always", "never"],
)
def test_other_articles_that_do_not_agree_settle_nothing(archive, others):
    mentions, annotated = archive([*others, "They saw Holloway."], HOLLOWAYS)
    assert mentions[-1].entity_id is None
    assert "ambiguous" in [issue.kind for issue in annotated.issues]


def test_a_notice_of_an_ambiguous_mention_tells_three_ways_to_settle_it(archive):
    _, annotated = archive(["They saw Holloway."], HOLLOWAYS)
    (notice,) = [issue for issue in annotated.issues if issue.kind == "ambiguous"]
    assert all(way in notice.hint for way in ("prefer: {Holloway: person}", "'skip'", "'strength: weak'"))


def test_a_word_that_another_article_has_in_small_letters_begins_a_sentence(archive):
    glossary = {"axis": {"name": "Axis", "kind": "organisation"}}
    mentions, _ = archive(["Axis of the wheel.", "Each axis turns."], glossary)
    assert mentions == []
    mentions, _ = archive(["Axis of the wheel.", "Each wheel turns at axis.example."], glossary)
    assert [mention.surface for mention in mentions] == ["Axis"]


def test_every_kind_of_evidence_is_said_in_words(archive):
    mentions, annotated = archive(
        ["Holloway met Grace Holloway."],
        {
            "grace": {"name": "Grace Holloway", "kind": "person", "aliases": ["Holloway"]},
            "place": HOLLOWAYS["place"],
        },
    )
    names = {entity.id: entity.name for entity in annotated.seeds.entities}
    assert mentions[0].evidence.kind in KINDS
    assert evidence_in_words(mentions[0], names) == (
        "the article also says “Grace Holloway”, which means this entry alone"
    )
    assert evidence_in_words(mentions[1], names) == ""


def test_a_shared_form_that_fills_an_article_is_settled_once(archive):
    mentions, _ = archive(["Grace Holloway. " + "They saw Holloway. " * 4000], {
        "grace": {"name": "Grace Holloway", "kind": "person", "aliases": ["Holloway"]}, "place": HOLLOWAYS["place"],
    })  # fmt: skip
    assert len(mentions) == 4001
    assert {mention.entity_id for mention in mentions} == {"grace"}
