"""Linking: anchors, backlinks and the sentences around mentions."""

from __future__ import annotations

import pytest

from generator import pipeline
from generator.link.concordance import MAX_CONTEXT, kwic_lines


def lines(annotated):
    return [(line.left, line.keyword, line.right) for _, line in kwic_lines(annotated.articles[0])]


def test_an_anchor_counts_the_mentions_of_its_entity_alone(annotate_text):
    glossary = {"syria": "Syria", "iran": "Iran", "syria-1": "Syria One"}
    (article,) = annotate_text("Syria, Iran, Syria One, Syria", glossary).articles
    assert [m.anchor for m in article.mentions] == ["m-syria-1", "m-iran-1", "m-syria-1-1", "m-syria-2"]


def test_a_new_mention_of_somebody_else_renumbers_nothing(annotate_text):
    glossary = {"syria": "Syria"}
    (before,) = annotate_text("Iran, Syria, Syria", glossary).articles
    (after,) = annotate_text("Iran, Syria, Syria", {**glossary, "iran": "Iran"}).articles
    assert [m for m in after.mentions if m.entity_id == "syria"] == list(before.mentions)


def test_an_ambiguous_mention_has_no_anchor_and_no_backlink(annotate_text):
    annotated = annotate_text("Georgia", {"one": "Georgia", "two": "Georgia"})
    (mention,) = annotated.articles[0].mentions
    assert (mention.anchor, mention.visible, mention.entity_id) == ("", False, None)
    assert not pipeline.link(annotated).backlinks


@pytest.mark.parametrize(
    "text, expected",
    [
        ("One. In Syria now. Two.", ("In ", "Syria", " now.")),
        ("😀 One. 😀 سوريا Syria now. Two.", ("😀 سوريا ", "Syria", " now.")),
        ("Syria", ("", "Syria", "")),
        ("A line\nwith Syria\r\nin it.", ("A line with ", "Syria", " in it.")),
        ("> Quoted\n> Syria\n> here.", ("Quoted ", "Syria", " here.")),
        ("Before.\n\n## On Syria\n\nAfter.", ("On ", "Syria", "")),
    ],
)
def test_a_mention_stands_in_its_sentence(annotate_text, text, expected):
    assert lines(annotate_text(text, {"syria": "Syria"})) == [expected]


def test_a_name_over_two_sentences_shows_both(annotate_text):
    text = "It is Mr. Smith. He went home."
    assert lines(annotate_text(text, {"x": "Smith. He"})) == [("It is Mr. ", "Smith. He", " went home.")]


def test_a_long_sentence_is_cut_at_words_on_both_sides(annotate_text):
    ((left, _, right),) = lines(annotate_text("word " * 200 + "Syria" + " word" * 200, {"syria": "Syria"}))
    assert left.startswith("…word")
    assert right.endswith("word…")
    assert max(len(left), len(right)) <= MAX_CONTEXT + 1


def test_every_mention_of_one_long_sentence_has_its_context(annotate_text):
    found = lines(annotate_text("Syria " * 16_000, {"syria": "Syria"}))
    assert len(found) == 16_000
    assert max(len(left) + len(right) for left, _, right in found) <= 2 * MAX_CONTEXT + 2


def test_a_paragraph_of_quotation_marks_is_cut_for_the_sentence_splitter(annotate_text):
    found = lines(annotate_text("«" * 45_000 + " Syria", {"syria": "Syria"}))
    assert len(found) == 1


def test_backlinks_come_newest_first_and_in_the_order_of_the_text(build_archive, seed_text):
    article, entry = seed_text
    seeds = {
        "seeds/glossary/syria.md": entry(name="Syria"),
        "seeds/articles/old.md": article("Syria.", date="2024"),
        "seeds/articles/new.md": article("Syria. Syria!", date="2025-07-01"),
        "seeds/articles/also-new.md": article("In Syria.", date="2025-07-01"),
    }
    archive = pipeline.link(pipeline.annotate(build_archive(seeds)))
    found = [(link.article_id, link.anchor) for link in archive.backlinks["syria"]]
    assert found == [
        ("also-new", "m-syria-1"),
        ("new", "m-syria-1"),
        ("new", "m-syria-2"),
        ("old", "m-syria-1"),
    ]
    assert [annotated.article.id for annotated in archive.articles] == ["also-new", "new", "old"]


@pytest.fixture
def related(build_archive, seed_text):
    article_seed, entry_seed = seed_text

    def of(texts, names=("Syria", "Egypt", "Rareville")):
        seeds = {f"seeds/glossary/{name.lower()}.md": entry_seed(name=name) for name in names}
        seeds |= {f"seeds/articles/{key}.md": article_seed(text) for key, text in texts.items()}
        return pipeline.link(pipeline.annotate(build_archive(seeds))).related

    return of


def test_what_few_articles_mention_relates_them_most(related):
    found = related(
        {"a": "Syria, Rareville.", "b": "Syria.", "c": "Rareville.", "d": "Egypt.", "e": "Syria here."}
    )
    assert found["a"] == ("c", "b", "e")
    assert found["b"] == ("a", "e")
    assert found["d"] == ()


def test_an_article_that_mentions_nobody_is_related_to_none(related):
    assert related({"a": "Nothing.", "b": "Nothing else."}) == {"a": (), "b": ()}


def test_what_very_many_articles_mention_relates_nothing(related):
    found = related({f"a{n}": f"Syria, {'Rareville' if n < 2 else 'nothing'}, {n}." for n in range(51)})
    assert found["a0"] == ("a1",)
    assert found["a9"] == ()


def test_only_the_nearest_articles_are_shown(related):
    found = related({f"a{n}": f"Syria, {n}." for n in range(9)})
    assert found["a8"] == ("a0", "a1", "a2", "a3", "a4")
