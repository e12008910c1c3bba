"""Suggestions: which names the glossary lacks, what an editor makes of them, and what of a glossary is not used."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import cli, pipeline
from generator.check.coverage import check_coverage
from generator.check.near_matches import NearMatches
from generator.check.suggestions import slug
from generator.model import Entity, Kind
from generator.read.decisions import add_rejected, parse_decisions, write_scalar
from generator.read.files import ID_RULE
from generator.suggesting import suggest_names
from tests.effort import times_the_work

# No article of its own: these sentences give the words that they hold in small letters to the archive.
SMALL = " Yesterday they saw the new house; a party of the court was there, on this day, under the first sun."


@pytest.fixture
def archive(build_archive, seed_text):
    """Return a function that writes an archive: texts or (text, front matter), and a glossary as in the cases."""
    article_seed, entry_seed = seed_text

    def build(*texts, glossary=None, decisions=None):
        seeds = {}
        for number, given_text in enumerate(texts):
            text, front_matter = given_text if isinstance(given_text, tuple) else (given_text, {})
            seeds[f"seeds/articles/{number}.md"] = article_seed(text, **front_matter)
        for entity_id, keys in (glossary or {}).items():
            entry = keys if isinstance(keys, dict) else {"name": keys}
            seeds[f"seeds/glossary/{entity_id}.md"] = entry_seed(**entry)
        if decisions is not None:
            seeds["seeds/decisions.yml"] = decisions
        return build_archive(seeds)

    return build


def suggested(config):
    annotated = pipeline.annotate(config)
    return suggest_names(config, annotated.articles, annotated.seeds.entities)


def names(config):
    """Return name → how often it stands."""
    return {suggestion.name: len(suggestion.places) for suggestion in suggested(config).suggestions}


def near(name, glossary, vocabulary=()):
    """Return [(entry, alias, reason)] for a glossary of {name: kind}."""
    entities = [
        Entity(slug(text), "e.md", Kind(kind), text, "D", "", aliases=()) for text, kind in glossary.items()
    ]
    return [(m.alias, m.reason.value) for m in NearMatches(entities, vocabulary).of(name)]


# What is a name.


@pytest.mark.parametrize(
    "text, found",
    [
        ("He met Angela Merkel in Berlin.", {"Angela Merkel", "Berlin"}),
        ("He went to the University of Damascus.", {"University of Damascus"}),
        ("She met Ursula von der Leyen.", {"Ursula von der Leyen"}),
        ("He named Bashar al-Assad and Al-Shara.", {"Bashar al-Assad", "Al-Shara"}),
        ("They wrote to the Committee on Foreign Relations.", {"Committee on Foreign Relations"}),
        ("He bought an iPhone and AT&T.", {"iPhone", "AT&T"}),
        ("It hit the U.S. Senate.", {"U.S. Senate"}),
        ("He met J. K. Rowling and Kim Jong-un.", {"J. K. Rowling", "Kim Jong-un"}),
        ("He told Germany's Angela Merkel.", {"Germany", "Angela Merkel"}),
        ("In the east Germany’s towns.", {"Germany"}),
        ("There were Berlin, Paris and Rome.", {"Berlin", "Paris", "Rome"}),
        ("The pro-Brexit vote, a US-based firm based there.", {"Brexit", "US"}),
        ("She met Prime Minister Boris Johnson.", {"Boris Johnson"}),
        ("He met US Secretary of State Mike Pompeo.", {"US", "Mike Pompeo"}),
        ("He met Dr. Angela Merkel and Mr. Macron.", {"Angela Merkel", "Macron"}),
        ("On a Monday in January he met her.", set()),
        ("The President and the Prime Minister spoke.", set()),
        ("He said “Nobody came” and left.", set()),
        ("the Łódź and the Čapek and Ελλάδα.", {"Łódź", "Čapek", "Ελλάδα"}),
    ],
)
def test_names_are_runs_of_words_with_capitals(archive, text, found):
    assert set(names(archive(text))) == found


@pytest.mark.parametrize(
    "text",
    [
        "House prices rose. It was a house.",
        "Nobody came. Nobody left.",
        "Furthermore it rained.",
        "## Focus on Foreign Violations and Local Struggles\n\nit rained",
        "Small Party Wins the Big Election Today\n\nit rained",
        "WAR IN BERLIN\n\nit rained",
        "Write to Berlin@Berlin.de or https://example.org/Angela_Merkel",
        "the @Berlin and #Berlin",
        "أعلن الرئيس السوري أحمد الشرع في دمشق",
        "הנשיא דיבר בדמשק",
    ],
)
def test_what_only_looks_like_a_name_is_none(archive, text):
    assert names(archive(text)) == {}


def test_a_word_at_a_sentences_start_counts_where_the_same_name_stands_inside_one(archive):
    text = "New York froze. They like New York. United Nations aid came." + SMALL
    assert names(archive(text)) == {"New York": 2, "United Nations": 1}


def test_a_common_word_before_a_name_at_a_sentences_start_is_no_part_of_it(archive):
    assert names(archive("House Berlin burnt. They like Berlin." + SMALL)) == {"Berlin": 2}


def test_a_word_that_is_mostly_in_small_letters_is_no_name(archive):
    assert names(archive("The Court ruled. A court and a court.")) == {}
    assert names(archive("The Court ruled, the Court said. A court.")) == {"Court": 2}


def test_articles_in_german_give_no_names_since_all_nouns_have_capitals(archive):
    text = ("Wir sahen das Haus.", {"language": "de-AT"})
    assert names(archive(text)) == {}
    assert names(archive((text[0], {"language": "da"}))) == {"Haus": 1}


def test_names_go_over_a_lines_end_and_not_into_the_next_block(archive):
    assert set(names(archive("> He met Angela\n> Merkel.\n\nhe met Angela\n\nMerkel"))) == {
        "Angela Merkel",
        "Angela",
    }


# What the glossary knows.


def test_a_name_that_is_linked_is_not_suggested(archive):
    assert names(archive("He met Angela Merkel.", glossary={"am": "Angela Merkel"})) == {}


@pytest.mark.parametrize(
    "keys",
    [
        {"name": "X", "aliases": [{"text": "Merkel", "strength": "weak"}]},
        {"name": "X", "aliases": [{"text": "Merkel", "strength": "short"}]},
        {"name": "X", "aliases": [{"text": "Merkel", "until": "1950"}]},
        {"name": "X", "stop": ["Merkel"]},
    ],
)
def test_a_form_that_the_glossary_knows_and_does_not_link_is_not_suggested(archive, keys):
    assert names(archive("He met Merkel.", glossary={"x": keys})) == {}


def test_an_ambiguous_name_is_known(archive):
    assert names(archive("He saw Mercury.", glossary={"a": "Mercury", "b": "Mercury"})) == {}


def test_a_longer_name_is_suggested_although_a_part_of_it_is_known(archive):
    assert names(archive("He read the New York Times.", glossary={"ny": "New York"})) == {"New York Times": 1}


def test_words_that_an_author_skips_are_not_suggested(archive):
    skip = {"annotations": {"skip": [{"text": "Merkel", "nth": 2}]}}
    assert names(archive(("He met Merkel, then Merkel.", skip))) == {"Merkel": 1}


# Counting.


def test_spellings_that_differ_in_accents_hyphens_and_capitals_are_one_name(archive):
    config = archive("He met Recep Erdoğan, Recep Erdogan, Recep Erdoğan.")
    (suggestion,) = suggested(config).suggestions
    assert (suggestion.id, suggestion.spellings) == ("recep-erdogan", ["Recep Erdoğan", "Recep Erdogan"])


def test_an_acronym_in_brackets_belongs_to_the_name_before_it(archive):
    config = archive("The World Health Organization (WHO) met.", "He asked the WHO.")
    (suggestion,) = suggested(config).suggestions
    assert (suggestion.spellings, suggestion.articles) == (["World Health Organization", "WHO"], 2)


def test_an_acronym_that_cannot_stand_for_the_name_before_it_is_its_own(archive):
    assert set(names(archive("He met Angela Merkel (CDU)."))) == {"Angela Merkel", "CDU"}


def test_a_surname_counts_for_the_full_name_of_the_same_article(archive):
    config = archive("He met Boris Johnson. The talks with Johnson failed.", "He knew Kenya.")
    suggestion = suggested(config).suggestions[0]
    assert (suggestion.name, dict(suggestion.short_forms)) == ("Boris Johnson", {"Johnson": 1})


def test_a_surname_that_mostly_stands_alone_is_its_own_name(archive):
    config = archive("He met Boris Johnson, Johnson.", *["He met Johnson."] * 3)
    assert names(config)["Johnson"] == 4


def test_the_last_word_after_of_is_no_short_form(archive):
    assert names(archive("The Bank of England, in England.")) == {"Bank of England": 1, "England": 1}


def test_most_articles_go_first_then_most_places_then_the_alphabet(archive):
    config = archive("In Berlin and Cairo, Cairo.", "In Berlin.", "In Accra and Oslo.")
    assert list(names(config)) == ["Berlin", "Cairo", "Accra", "Oslo"]


def test_a_name_loses_its_place_to_a_more_frequent_one_at_its_end(archive):
    config = archive(
        "The man from Vermont Bernie Sanders won, in Vermont.", "He met Bernie Sanders, Bernie Sanders."
    )
    assert names(config) == {"Bernie Sanders": 3, "Vermont": 1}


def test_a_name_has_an_id_of_the_glossarys_form_that_depends_on_nothing_else():
    assert slug("Москва") == slug("москва")
    assert ID_RULE.fullmatch(slug("Москва"))
    assert slug("U.S.") == slug("US") == "us"


@given(st.text(max_size=200))
def test_every_text_has_an_id(text):
    assert ID_RULE.fullmatch(slug(text))


@given(
    st.lists(
        st.sampled_from(["New York", "the", "WHO (", "’s ", "of", ". ", "\n\n", "Łódź", "x", "§"]),
        max_size=30,
    )
)
def test_no_text_raises_and_every_place_says_the_words_that_its_span_covers(build_archive, seed_text, parts):
    config = build_archive({"seeds/articles/a.md": seed_text[0](" ".join(["X", *parts]))})
    for suggestion in suggested(config).suggestions:
        for place in suggestion.places:
            assert place.span.of(place.article.article.text).split() == place.surface.split()


@pytest.mark.parametrize(
    "text",
    [
        "A" * 20000,
        "A b-" * 5000,
        "Ab " * 7000,
        "A." * 9000,
        "“" * 20000,
        "A\u0301" * 9000,
        "a'" * 9000 + "B",
        "Ab of the " * 3000,
    ],
)
def test_a_hostile_text_takes_not_much_longer_than_any_other(archive, text):
    texts = "\n\n".join([text[:90000]] * 2)
    hostile, other = archive(texts), archive(("They saw Berlin again. " * len(texts))[: len(texts)])
    assert times_the_work(lambda: suggested(hostile), lambda: suggested(other)) < 5


# Near matches.


@pytest.mark.parametrize(
    "name, glossary, match",
    [
        ("Angela Merkl", {"Angela Merkel": "person"}, ("Angela Merkel", "misspelling")),
        ("Mekrel", {"Merkel": "person"}, ("Merkel", "misspelling")),
        ("Angela Castern", {"Angela Carsten": "person"}, ("Angela Carsten", "misspelling")),
        (
            "Trump Administration",
            {"Trump administration": "organisation"},
            ("Trump administration", "spelling"),
        ),
        ("Merkel", {"Angela Merkel": "person"}, ("Angela Merkel", "short")),
        ("WFP", {"World Food Programme": "organisation"}, ("World Food Programme", "initials")),
        ("World Food Programme", {"WFP": "organisation"}, ("WFP", "initials")),
        ("Iranian", {"Iran": "place"}, ("Iran", "demonym")),
        ("British", {"Britain": "place"}, ("Britain", "demonym")),
        ("Angela Dorothea Merkel", {"Angela Merkel": "person"}, ("Angela Merkel", "longer")),
        ("Sara Netanyahu", {"Benjamin Netanyahu": "person"}, ("Benjamin Netanyahu", "shared")),
    ],
)
def test_an_entry_is_near_for_a_reason(name, glossary, match):
    assert near(name, glossary) == [match]


@pytest.mark.parametrize(
    "name, glossary",
    [
        ("Iraq", {"Iran": "place"}),
        ("Austria", {"Australia": "place"}),
        ("Itran", {"Iran": "place"}),
        ("Castern", {"Carsten": "person"}),
        ("Boeing 737", {"Boeing 747": "term"}),
        ("GB", {"Gordon Brown": "person"}),
        ("New York Times", {"New York": "place"}),
        ("American Airlines", {"American": "place"}),
        ("Indiana", {"India": "place"}),
        ("Irish", {"Irish airline Aer Lingus": "organisation"}),
        ("Angela Davis", {"Angela Merkel": "person"}),
        ("", {"Angela Merkel": "person"}),
    ],
)
def test_an_entry_that_is_something_else_is_not_near(name, glossary):
    assert near(name, glossary) == []


def test_a_word_that_many_entries_or_the_texts_have_tells_none_apart():
    assert near("Mohammed", {f"Mohammed {n}": "person" for n in "ABCD"}) == []
    assert near("Defence", {"Ministry Defence": "organisation"}, {"defence"}) == []


def test_at_most_three_entries_are_near_the_likeliest_first():
    found = near(
        "Merkel",
        {
            "Ada Merkel": "person",
            "Bea Merkel": "person",
            "Merkels": "person",
            "Mercel": "person",
            "Mer-kel": "term",
        },
    )
    assert [reason for _, reason in found] == ["spelling", "misspelling", "short"]
    assert (
        len(
            near(
                "Merkel",
                {
                    "Merkol": "person",
                    "Merkil": "person",
                    "Merkul": "person",
                    "Mörkil": "person",
                    "Merkal": "person",
                },
            )
        )
        == 3
    )


# The command line.


@pytest.fixture
def run(monkeypatch, capsys):
    """Return a function that runs a command on an archive and gives (exit code, stdout, stderr)."""

    def run_command(config, *words):
        monkeypatch.setattr(sys, "argv", ["archive", *words, "--archive", str(config.root)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        captured = capsys.readouterr()
        return stopped.value.code, captured.out, captured.err

    return run_command


TEXT = "He met Boris Johnson in Berlin. Then Johnson left Berlin for Iran, an Iranian said."
GLOSSARY = {"iran": {"name": "Iran", "kind": "place"}}


def test_a_list_says_how_often_where_and_what_to_type(run, archive):
    code, out, err = run(archive(TEXT, glossary=GLOSSARY), "suggest", "--least", "1")
    assert code == 0
    assert out.split("\n\n") == [
        "berlin: 'Berlin' 2 times in 1 article\n"
        "  seeds/articles/0.md:6:25: He met Boris Johnson in Berlin.\n"
        "  seeds/articles/0.md:6:51: Then Johnson left Berlin for Iran, an Iranian said.\n"
        "  perhaps a new entry: archive suggest --accept berlin",
        "boris-johnson: 'Boris Johnson' 2 times in 1 article (1 as 'Johnson')\n"
        "  seeds/articles/0.md:6:8: He met Boris Johnson in Berlin.\n"
        "  seeds/articles/0.md:6:38: Then Johnson left Berlin for Iran, an Iranian said.\n"
        "  perhaps a new entry: archive suggest --accept boris-johnson",
        "iranian: 'Iranian' once in 1 article\n"
        "  seeds/articles/0.md:6:71: Then Johnson left Berlin for Iran, an Iranian said.\n"
        "  near iran: 'Iran', perhaps its adjective\n"
        "  perhaps a new alias: archive suggest --accept iranian --as iran\n",
    ]
    assert err == "3 of 3 names that the glossary lacks and that stand 1× or more\n"


def test_rare_names_and_those_past_the_limit_are_counted_and_not_listed(run, archive):
    code, out, err = run(archive(TEXT, glossary=GLOSSARY), "suggest", "--limit", "1")
    assert code == 0
    assert out.startswith("berlin:")
    assert "boris" not in out
    assert err.startswith("1 of 2 names")
    assert run(archive("it rained"), "suggest")[1] == ""


def test_a_sentence_with_a_name_in_it_twice_is_shown_once(run, archive):
    _, out, _ = run(archive("From Berlin he left Berlin. In Berlin it rained."), "suggest")
    assert [line.split(": ", 1)[1] for line in out.splitlines()[1:3]] == [
        "From Berlin he left Berlin.",
        "In Berlin it rained.",
    ]


def test_short_forms_of_many_articles_are_counted_in_time_that_grows_with_them(archive):
    def counting(times):
        text = "He met Boris Johnson. " + "Then Johnson left. " * times
        config = archive(*(f"{text}{n}" for n in range(10)))
        articles = pipeline.annotate(config).articles

        def count():
            (suggestion,) = suggest_names(config, articles, ()).suggestions
            assert suggestion.short_forms == {"Johnson": 10 * times}

        return count

    assert times_the_work(counting(1600), than=counting(200)) < 20


def test_programs_read_the_list_as_json(run, archive):
    _, out, _ = run(archive(TEXT, glossary=GLOSSARY), "suggest", "--least", "1", "--format", "json")
    rows = json.loads(out)
    assert [row["id"] for row in rows] == ["berlin", "boris-johnson", "iranian"]
    assert rows[1]["short_forms"] == {"Johnson": 1}
    assert rows[2]["near"] == [{"entry": "iran", "alias": "Iran", "reason": "demonym"}]
    assert [row["advice"] for row in rows] == ["entry", "entry", "alias"]
    assert rows[0]["sentences"][0]["line"] == 6


def test_the_list_comes_with_the_errors_of_the_seeds(run, archive):
    code, out, err = run(archive(TEXT, glossary={"x": {"name": "X", "kind": "plase"}}), "suggest")
    assert code == 1
    assert "berlin:" in out
    assert "error[unknown-value]" in err


def test_an_accepted_name_becomes_an_entry_that_waits_for_its_description(run, archive):
    config = archive("Today the World Health Organization (WHO) met. He asked the WHO.")
    code, out, _ = run(config, "suggest", "--accept", "world-health-organization", "--kind", "organisation")
    assert (code, out) == (0, "seeds/glossary/world-health-organization.md\n")
    file = config.root / out.strip()
    assert file.read_text() == (
        "---\nname: World Health Organization\nkind: organisation\ndescription:\naliases:\n  - WHO\n---\n"
    )
    (issue,) = pipeline.annotate(config).issues
    assert str(issue).startswith(f"{out.strip()}:4:13: error[empty-value]")
    assert names(config) == {}
    file.write_text(file.read_text().replace("description:", "description: A body of the UN."))
    assert pipeline.annotate(config).issues == ()


def test_an_accepted_name_never_overwrites_an_entry(run, archive):
    config = archive(
        "He saw Mercury Orion, Mercury.",
        glossary={"mercury": "Planet", "x": {"name": "X", "replaces": ["mercury-orion"]}},
    )
    before = (config.root / "seeds/glossary/mercury.md").read_bytes()
    for name, owner in (("mercury", "mercury"), ("mercury-orion", "x")):
        code, _, err = run(config, "suggest", "--accept", name)
        assert code == 2
        assert f"--as {owner}" in err
    assert (config.root / "seeds/glossary/mercury.md").read_bytes() == before
    assert not (config.root / "seeds/glossary/mercury-orion.md").exists()


@pytest.mark.parametrize(
    "words, link",
    [
        (["--accept", "berlin"], "seeds/glossary/berlin.md"),
        (["--accept", "berlin"], "seeds/glossary"),
        (["--reject", "Berlin"], "seeds/decisions.yml"),
    ],
)
def test_what_an_editor_makes_of_a_name_is_never_written_through_a_symbolic_link(run, archive, words, link):
    config = archive(TEXT)
    (config.root / link).parent.mkdir(exist_ok=True)
    (config.root / link).symlink_to(config.root / "nowhere")
    code, out, err = run(config, "suggest", *words)
    assert (code, out) == (2, "")
    assert f"{link} is a symbolic link" in err
    assert not (config.root / "nowhere").exists()


def test_a_file_that_a_stopped_command_left_is_in_nobodys_way(run, archive):
    config = archive(TEXT, glossary=GLOSSARY)
    left, outside = config.root / "seeds/glossary/.iran.md.new", config.root / "outside"
    outside.write_text("a letter")
    left.symlink_to(outside)
    assert run(config, "suggest", "--accept", "berlin", "--as", "iran")[0] == 0
    assert outside.read_text() == "a letter"
    assert "  - Berlin\n" in (config.root / "seeds/glossary/iran.md").read_text()
    assert not left.is_symlink()


@pytest.mark.parametrize(
    "words, said",
    [
        (["--accept", "berlim"], "did you mean berlin?"),
        (["--accept", "nowhere"], "is no suggestion"),
        (["--reject", "Nowhere"], "is no suggestion"),
        (["--accept", "berlin", "--as", "irann"], "did you mean iran?"),
        (["--accept", "berlin", "--reject", "Berlin"], "give one of"),
        (["--as", "iran"], "give one of"),
    ],
)
def test_a_name_or_entry_that_is_none_is_a_matter_of_usage(run, archive, words, said):
    config = archive(TEXT, glossary=GLOSSARY)
    code, _, err = run(config, "suggest", *words)
    assert code == 2
    assert said in err
    assert not (config.root / "seeds/decisions.yml").exists()


def test_an_alias_is_added_below_the_others_and_every_other_byte_stays(run, archive):
    config = archive(TEXT, glossary=GLOSSARY)
    file = config.root / "seeds/glossary/iran.md"
    file.write_text(
        "---\nname: 'Iran'\naliases:\n    - Persia  # until 1935\nkind: place\ndescription: X\n---\nX  \n"
    )
    code, out, err = run(config, "suggest", "--accept", "iranian", "--as", "iran")
    assert code == 0
    assert out == "seeds/glossary/iran.md: - {text: Iranian, strength: demonym}\n"
    assert "added" in err
    assert file.read_text() == (
        "---\nname: 'Iran'\naliases:\n    - Persia  # until 1935\n    - {text: Iranian, strength: demonym}\n"
        "kind: place\ndescription: X\n---\nX  \n"
    )
    assert pipeline.annotate(config).issues == ()
    assert "Iranian" not in names(config)


def test_an_entry_without_aliases_gets_them_at_the_end_of_its_front_matter(run, archive):
    config = archive(TEXT, glossary=GLOSSARY)
    file = config.root / "seeds/glossary/iran.md"
    before = file.read_text()
    run(config, "suggest", "--accept", "berlin", "--as", "iran")
    head, body = before.split("\n---\n")
    assert file.read_text() == f"{head}\naliases:\n  - Berlin\n---\n{body}"


@pytest.mark.parametrize(
    "aliases",
    [
        "aliases: [Persia]",
        "aliases:\n  - {text: Persia,\n     language: en}",
        "aliases:\n  - Persia\n    of old",
        "aliases: []",
    ],
)
def test_a_list_that_cannot_be_added_to_is_left_alone_and_the_line_is_printed(run, archive, aliases):
    config = archive(TEXT, glossary=GLOSSARY)
    file = config.root / "seeds/glossary/iran.md"
    text = f"---\nname: Iran\nkind: place\ndescription: X\n{aliases}\n---\nX\n"
    file.write_text(text)
    code, out, err = run(config, "suggest", "--accept", "berlin", "--as", "iran")
    assert code == 0
    assert out == "seeds/glossary/iran.md: - Berlin\n"
    assert "by hand" in err
    assert file.read_text() == text


def test_a_rejected_name_is_remembered_and_never_listed_again(run, archive):
    config = archive(TEXT, glossary=GLOSSARY)
    assert run(config, "suggest", "--reject", "Boris Johnson")[0] == 0
    assert run(config, "suggest", "--reject", "berlin")[0] == 0
    text = (config.root / "seeds/decisions.yml").read_text()
    assert text.startswith("# ")
    assert text.splitlines()[1:] == ["rejected:", "  - Berlin", "  - Boris Johnson"]
    assert names(config) == {"Iranian": 1}
    assert pipeline.annotate(config).issues == ()
    assert run(config, "suggest", "--reject", "BERLIN")[0] == 0
    assert (config.root / "seeds/decisions.yml").read_text() == text


def test_a_rejected_name_is_added_to_what_an_editor_wrote_and_nothing_else_changes():
    text = '# mine\r\nx-note: a  # b\r\nrejected:\r\n- Berlin # no\r\n- "Rome: b"\r\n'
    assert add_rejected(text, "Oslo") == text.replace('- "Rome', '- Oslo\r\n- "Rome')
    assert add_rejected(text, "Zug") == text + "- Zug\r\n"
    assert add_rejected("rejected:\n  - B", "C") == "rejected:\n  - B\n  - C\n"
    assert add_rejected("rejected: [Berlin]\n", "Oslo") is None


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1).filter(str.strip), max_size=5
    )
)
def test_whatever_is_rejected_reads_back(rejected):
    text = ""
    for name in dict.fromkeys(rejected):
        text = add_rejected(text, name)
    decisions, issues = parse_decisions(text)
    assert not issues
    assert sorted(decisions.rejected) == sorted(dict.fromkeys(rejected))
    assert list(decisions.rejected) == sorted(decisions.rejected, key=lambda name: (name.casefold(), name))


@given(st.text(max_size=60))
def test_reading_decisions_never_raises(text):
    decisions, issues = parse_decisions(text)
    assert all(issue.path == "seeds/decisions.yml" and issue.line > 0 for issue in issues)
    assert decisions.rejected == () or all(decisions.rejected)


@pytest.mark.parametrize(
    "text, place",
    [
        ("rejectd: [A]\n", "1:1: error[unknown-key]"),
        ("# a\nrejected: A\n", "2:11: error[wrong-shape]"),
        ("rejected:\n  - A\n  - [B]\n", "3:5: error[wrong-shape]"),
        ("rejected:\n  - A\n  - ''\n", "3:5: error[empty-value]"),
        ("rejected: [A]\nrejected: [B]\n", "2:1: error[duplicate-key]"),
        ("rejected: &a [A]\n", "1:11: error[yaml-alias]"),
        ("rejected: [A\n", "1:11: error[broken-yaml]"),
        ("- A\n", "1:1: error[broken-yaml] the file is not"),
        ("---\nrejected: [A]\n", "1:1: error[broken-yaml]"),
        ("rejected: [A]\n---\nB\n", "2:1: error[broken-yaml]"),
    ],
)
def test_an_error_in_the_decisions_has_its_place_and_a_hint(run, archive, text, place):
    config = archive("it rained", decisions=text)
    code, out, _ = run(config, "check")
    assert code == 1
    assert out.startswith(f"seeds/decisions.yml:{place}")
    assert "\n  help: " in out


def test_decisions_that_say_nothing_are_no_error(archive):
    for text in ("", "# nothing yet\n", "rejected: []\n", "x-mine: a\n"):
        assert pipeline.annotate(archive("it rained", decisions=text)).issues == ()


@pytest.mark.parametrize(
    "value, kind", [({"symlink": "/etc/hostname"}, "symlink"), ({"hex": "ff"}, "not-utf-8")]
)
def test_decisions_are_a_file_in_utf_8(archive, run, value, kind):
    config = archive(TEXT, decisions=value)
    assert [issue.kind for issue in pipeline.annotate(config).issues] == [kind]
    assert run(config, "suggest", "--reject", "Berlin")[0] == 2


def test_decisions_that_are_a_folder_are_an_error(archive):
    config = archive(TEXT)
    (config.root / "seeds/decisions.yml").mkdir()
    assert [issue.kind for issue in pipeline.annotate(config).issues] == ["not-a-file"]


def test_decisions_with_an_error_are_not_added_to(run, archive):
    config = archive(TEXT, decisions="rejectd: [A]\n")
    assert run(config, "suggest", "--reject", "Berlin")[0] == 2
    assert (config.root / "seeds/decisions.yml").read_text() == "rejectd: [A]\n"


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1).filter(str.strip))
def test_a_scalar_reads_back_as_written(text):
    decisions, issues = parse_decisions(f"rejected:\n  - {write_scalar(text)}\n")
    assert (decisions.rejected, issues) == ((text,), [])


# What of a glossary is not used.


def notices(config):
    """Return [(kind, line, message)]."""
    annotated = pipeline.annotate(config)
    return [(i.kind, i.line, i.message) for i in check_coverage(annotated.seeds, annotated.articles)]


def test_an_entry_that_no_article_mentions_is_named_once(archive):
    config = archive("it rained", glossary={"a": {"name": "Angela", "aliases": ["Geli"]}})
    assert notices(config) == [("entry-never-mentioned", 4, "no article mentions 'Angela'")]
    lines = (config.root / "seeds/glossary/a.md").read_text().splitlines()
    assert [lines[line - 1] for _, line, _ in notices(config)] == ["name: Angela"]


def test_an_outlet_of_an_article_is_used(archive):
    outlet = {"name": "Chronicle", "kind": "outlet"}
    assert notices(archive(("it rained", {"outlet": "c"}), glossary={"c": outlet})) == []


def test_an_alias_that_stands_nowhere_is_named_with_its_line(archive):
    config = archive("He met Angela.", glossary={"a": {"name": "Angela", "aliases": ["Geli", "Angie"]}})
    assert [(kind, message) for kind, _, message in notices(config)] == [
        ("alias-never-used", "'Geli' stands in no article"),
        ("alias-never-used", "'Angie' stands in no article"),
    ]
    lines = (config.root / "seeds/glossary/a.md").read_text().splitlines()
    assert [lines[line - 1] for _, line, _ in notices(config)] == ["- Geli", "- Angie"]


def test_an_alias_that_is_used_in_one_article_is_not_named(archive):
    glossary = {"a": {"name": "Angela", "aliases": ["Geli"]}, "b": "Geli Raubal"}
    assert notices(archive("He met Angela.", "He met Geli and Geli Raubal.", glossary=glossary)) == []


def test_an_alias_that_is_used_in_capitals_only_is_used(archive):
    assert (
        notices(archive("GELI WAS HERE, ANGELA TOO", glossary={"a": {"name": "Angela", "aliases": ["Geli"]}}))
        == []
    )


def test_an_alias_inside_longer_forms_of_its_own_entry_is_not_used_on_its_own(archive):
    config = archive("On the Golan Heights.", glossary={"g": {"name": "Golan Heights", "aliases": ["Golan"]}})
    (notice,) = notices(config)
    assert notice[0] == "alias-never-used"
    assert notice[2] == "'Golan' stands only inside longer forms of this entry"


@pytest.mark.parametrize(
    "glossary, ways",
    [
        ({"a": {"name": "Angela", "aliases": ["York"]}, "b": "New York"}, "once inside a longer name"),
        ({"a": {"name": "Angela", "aliases": ["New York"]}, "b": "New York"}, "once taken by another entry"),
        (
            {
                "a": {"name": "Angela", "aliases": [{"text": "New York", "strength": "demonym"}]},
                "b": "New York",
            },
            "once taken by another entry",
        ),
        ({"a": {"name": "Angela", "aliases": [{"text": "York", "strength": "weak"}]}}, "once left alone"),
        ({"a": {"name": "Angela", "aliases": [{"text": "York", "until": "1950"}]}}, "once left alone"),
    ],
)
def test_an_alias_that_only_ever_loses_says_how(archive, glossary, ways):
    found = notices(archive("In New York, before Angela came.", glossary=glossary))
    of_a = [(kind, message) for kind, _, message in found if "York' stands" in message]
    assert ("alias-never-wins", of_a[0][1]) == of_a[0]
    assert of_a[0][1].endswith(f"is never linked: {ways}")


def test_a_name_in_an_address_is_not_found(archive):
    config = archive("Angela wrote to geli@geli.de", glossary={"a": {"name": "Angela", "aliases": ["geli"]}})
    assert [kind for kind, _, _ in notices(config)] == ["alias-never-used"]


def test_coverage_is_checked_where_it_is_asked_for(run, archive):
    config = archive("it rained", glossary={"a": "Angela", "b": "Bea"})
    assert run(config, "check")[1] == "3 seeds checked, no issues\n"
    code, out, _ = run(config, "check", "--glossary")
    assert code == 0
    assert out.count("notice[entry-never-mentioned]") == 2
    assert out.endswith("3 seeds checked, 2 notices\n")
    assert run(config, "check", "--glossary", str(config.root / "seeds/glossary/a.md"))[1].endswith(
        "1 notice\n"
    )


def test_suggestions_do_not_depend_on_the_order_of_the_seeds(archive):
    texts = ["In Berlin and Cairo, Łódź.", "The Food Bank (FB), Cairo.", "FB and Berlin."]
    one, other = archive(*texts), archive(*reversed(texts))
    assert [(s.id, s.name, len(s.places)) for s in suggested(one).suggestions] == [
        (s.id, s.name, len(s.places)) for s in suggested(other).suggestions
    ]
