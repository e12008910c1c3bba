"""Annotating: rules that mentions carry, and texts made to keep a matcher busy."""

from __future__ import annotations

import pytest

from generator.annotate.fold import fold, is_whole_word
from generator.annotate.gazetteer import Gazetteer
from generator.annotate.masks import find_masks
from generator.annotate.overlaps import settle_overlaps
from generator.model import Candidate, Entity, Find, Kind, Span, Strength


def mentions(annotated):
    return annotated.articles[0].mentions


def find(start, end, rule="name"):
    return Find(Span(start, end), "x" * (end - start), (Candidate("e", Strength.FULL, rule),))


@pytest.mark.parametrize(
    "text, annotations, rules",
    [
        ("Ahmad Sharaa", {}, ["name"]),
        ("Abu Mohammad", {}, ["alias"]),
        ("Ahmad Sharaa, Sharaa", {}, ["name", "short"]),
        ("Syrian", {}, ["demonym"]),
        ("Sharaa", {"prefer": {"Sharaa": "ahmad"}}, ["prefer"]),
        ("the man", {"link": [{"text": "the man", "to": "ahmad"}]}, ["link"]),
        ("Both", {}, ["ambiguous"]),
    ],
)
def test_a_mention_names_the_rule_that_made_it(annotate_text, text, annotations, rules):
    aliases = [
        "Abu Mohammad",
        "Both",
        {"text": "Sharaa", "strength": "short"},
        {"text": "Syrian", "strength": "demonym"},
    ]
    glossary = {"ahmad": {"name": "Ahmad Sharaa", "aliases": aliases}, "both": "Both"}
    assert [m.rule for m in mentions(annotate_text(text, glossary, annotations=annotations))] == rules


def test_a_form_that_is_name_and_alias_has_the_strength_of_the_alias(annotate_text):
    glossary = {"x": {"name": "X", "aliases": [{"text": "X", "strength": "weak"}]}}
    assert not mentions(annotate_text("X", glossary))


def test_of_two_forms_of_one_entity_the_stronger_counts(annotate_text):
    glossary = {"x": {"name": "Ex", "aliases": [{"text": "X", "strength": "short"}, "X"]}}
    (mention,) = mentions(annotate_text("X", glossary))
    assert mention.candidates == ("x",)
    assert mention.rule == "alias"


def test_an_override_that_matches_nothing_is_an_error_and_the_article_is_left_out(annotate_text):
    annotated = annotate_text("words", {}, annotations={"skip": [{"text": "none"}]})
    assert not annotated.articles
    assert [issue.kind for issue in annotated.issues] == ["override-without-match"]


def test_an_nth_counts_places_that_overlap_a_false_start(annotate_text):
    annotated = annotate_text(
        "xa a a", {"g": "Gamma"}, annotations={"link": [{"text": "a a", "to": "g", "nth": 1}]}
    )
    assert [mention.span for mention in mentions(annotated)] == [Span(3, 6)]


def test_the_authors_link_goes_first_then_length_then_place():
    kept = settle_overlaps([find(0, 5), find(3, 10), find(4, 6, "link"), find(9, 11), find(11, 12)])
    assert [(f.span.start, f.span.end) for f in kept] == [(4, 6), (9, 11), (11, 12)]


def test_nothing_overlaps_nothing():
    assert settle_overlaps([]) == ()


@pytest.mark.parametrize("one, other", ["’'", "ʼ'", "‑-", "–-", "\u00a0 ", "\n ", "\t "])
def test_variants_fold_to_one_character(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize("one, other", ["—-", "Aa", "éе", "\u200b "])
def test_what_means_something_else_stays_apart(one, other):
    assert fold(one) != fold(other)


def test_a_final_full_stop_belongs_to_the_word():
    assert is_whole_word("U.S. a", 0, 4)
    assert not is_whole_word("U.S.A", 0, 4)


@pytest.mark.parametrize(
    "text, masked",
    [
        ("see https://example.org/a(b), c", "https://example.org/a(b),"),
        ("see www.example.org.", "www.example.org."),
        ("to desk@example.org now", "desk@example.org"),
        ("in notes/syria.txt now", "notes/syria.txt"),
        ("## a", "## "),
    ],
)
def test_a_mask_covers_an_address_and_no_more(text, masked):
    assert [span.of(text) for span in find_masks(text)] == [masked]


@pytest.mark.parametrize(
    "text", ["Syria. Israel", "U.S. and e.g. this", "3.5 per cent", "A/B", "@name", "Mr.Smith", "1."]
)
def test_a_sentence_is_not_masked(text):
    assert not [span for span in find_masks(text) if "e.g" not in span.of(text)]


@pytest.mark.parametrize(
    "piece", ["a.", "a-", "a@", "a/", "www.", "https://", "a", "_", "a.a@", "@", ".", "a+", "é."]
)
def test_masks_of_a_megabyte_do_not_go_over_it_twice(piece):
    text = piece * (1_000_000 // len(piece))
    assert sum(map(len, find_masks(text))) <= len(text)


def test_a_long_run_of_one_alias_is_that_many_mentions(annotate_text):
    text = "Syria Syria Syria Syria Syria\n\n" * 10_000
    annotated = annotate_text(text, {"syria": "Syria", "also": {"name": "Other", "aliases": ["Syria Syria"]}})
    found = mentions(annotated)
    assert len(found) == 30_000
    assert sum(mention.visible for mention in found) == 2


def test_ambiguous_mentions_by_the_thousand_have_their_places(annotate_text):
    annotated = annotate_text("Syria Syria\n" * 5000, {"a": "Syria", "b": "Syria"})
    notices = [issue for issue in annotated.issues if issue.kind == "ambiguous"]
    assert [(i.line, i.column) for i in notices[-2:]] == [(5005, 1), (5005, 7)]
    assert len(notices) == 10_000


def test_names_inside_names_give_one_hit_each_and_the_longest_stands():
    names = [" ".join("a" * count) for count in range(1, 21)]
    entities = [Entity(f"e{n}", "", Kind.TERM, name, "D", "") for n, name in enumerate(names)]
    text = " ".join("a" * 2000)
    assert len(list(Gazetteer(entities).find(text))) == sum(2000 - n for n in range(20))


def test_an_empty_gazetteer_finds_nothing():
    assert not list(Gazetteer([]).find("a " * 1000))


@pytest.mark.parametrize("override", [{"prefer": {"Bay": "bay"}}, {"link": [{"text": "Bay", "to": "bay"}]}])
def test_an_author_who_names_an_entry_with_errors_names_nothing(annotate_text, override):
    glossary = {"bay": {"name": "Bay", "kind": "none"}, "one": "One", "other": {"name": "One"}}
    annotated = annotate_text("One is by the Bay (BY).", glossary, annotations=override)
    assert [(mention.surface, mention.entity_id) for mention in mentions(annotated)] == [("One", None)]
    assert {issue.kind for issue in annotated.issues} >= {"unknown-value"}
