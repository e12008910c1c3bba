"""Checking: warnings and notices that the cases of tests/cases/issues do not hold."""

from __future__ import annotations

import pytest

from generator.issues import Edit, Fix, Issue, Level, has_errors, sort_issues, summary


def kinds(annotated):
    return [issue.kind for issue in annotated.issues]


def issue(**values):
    return Issue(
        **{"path": "a.md", "line": 1, "column": 1, "kind": "k", "level": Level.ERROR, "message": "m"} | values
    )


def test_an_entry_shares_no_alias_with_itself(annotate_text):
    assert not kinds(annotate_text("A", {"g": {"name": "Gamma", "aliases": ["Gamma", "Gam", "Gam"]}}))


def test_composed_and_decomposed_spellings_are_one_alias(annotate_text):
    assert kinds(annotate_text("A", {"a": "Jos\u00e9", "b": "Jose\u0301"})) == ["shared-alias"] * 2


def test_a_name_in_one_other_script_is_no_look_alike(annotate_text):
    assert not kinds(annotate_text("A", {"a": "Syria", "b": "Сирия"}))


@pytest.mark.parametrize("text", ["a < b > c", "<3", "x <- y", "1<2>3", "< b >", "a<"])
def test_signs_that_are_no_tag_give_no_notice(annotate_text, text):
    assert not kinds(annotate_text(text, {}))


@pytest.mark.parametrize("text", ["<b>", "</p>", "a <img src=x onerror=y>", "<br/>"])
def test_a_tag_gives_one_notice_however_many_there_are(annotate_text, text):
    assert kinds(annotate_text(text * 3, {})) == ["looks-like-a-tag"]


@pytest.mark.parametrize("text", ["می\u200cخواهم", "👩\u200d👧", "a\u00adb", "العربية"])
def test_characters_that_a_script_needs_give_no_notice(annotate_text, text):
    assert not kinds(annotate_text(text, {}))


def test_tags_that_never_end_are_looked_at_once(annotate_text):
    assert not kinds(annotate_text("word <a " * 9000, {}))


def test_issues_are_sorted_by_place_and_said_once():
    one, two, three = issue(path="b.md"), issue(line=2), issue(line=10)
    assert sort_issues([one, three, two, one]) == (two, three, one)


def test_the_order_of_issues_is_total():
    one, two = issue(hint="a"), issue(hint="b")
    assert sort_issues([two, one]) == sort_issues([one, two]) == (one, two)


def test_of_an_issue_that_two_found_the_first_is_said_with_its_fix():
    first, again = issue(fix=Fix((Edit("a.md", 0, 1, "b", "c"),))), issue()
    [said] = sort_issues([first, again])
    assert said.fix == first.fix


def test_an_error_and_a_notice_in_the_same_words_are_two_issues():
    assert len(sort_issues([issue(), issue(level=Level.NOTICE)])) == 2


def test_only_errors_stop_a_build():
    assert has_errors([issue()])
    assert not has_errors([issue(level=Level.WARNING), issue(level=Level.NOTICE)])


@pytest.mark.parametrize(
    "seeds, levels, words",
    [
        (0, [], "0 seeds checked, no issues"),
        (1, [Level.ERROR], "1 seed checked, 1 error"),
        (
            4,
            [Level.NOTICE, Level.ERROR, Level.ERROR, Level.WARNING],
            "4 seeds checked, 2 errors, 1 warning, 1 notice",
        ),
    ],
)
def test_a_check_ends_with_a_line_of_counts(seeds, levels, words):
    assert summary(seeds, [issue(level=level) for level in levels]) == words


@pytest.mark.parametrize("line, column, place", [(0, 0, "a.md"), (3, 0, "a.md:3"), (3, 7, "a.md:3:7")])
def test_a_place_is_written_as_editors_open_it(line, column, place):
    assert issue(line=line, column=column).place == place
