"""Indexes and pictures: what is listed where, how lists are cut, and what the charts and maps show."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from generator import pipeline
from generator.link.concordance import join_lines
from generator.model import Entity, Kind, KwicLine, Location
from generator.read.dates import parse_date
from generator.render.addresses import topic_uri
from generator.render.charts import MOST_BARS, chart_over_time
from generator.render.grouping import year_of
from generator.render.maps import busiest_region, map_of, map_of_all
from generator.render.outlines import Point, area, clip, countries
from generator.render.paging import paginate

PEOPLE = {name.lower(): {"kind": "person", "name": name} for name in ("Ada", "Bo", "Cy", "Di")}


@pytest.fixture
def archive_of(build_archive, seed_text):
    """Return a function that gives the archive of some texts and the four people, and the pages by address."""

    article_seed, entry_seed = seed_text

    def archive_of(*texts, people=PEOPLE, dates=(), **front_matter):
        seeds = {f"seeds/glossary/{name}.md": entry_seed(**values) for name, values in people.items()}
        for number, text in enumerate(texts):
            day = dates[number] if dates else "2031-01-01"
            seeds[f"seeds/articles/a{number:03}.md"] = article_seed(text, date=day, **front_matter)
        config = build_archive(seeds)
        archive = pipeline.link(pipeline.annotate(config))
        return archive, {page.src_uri: page for page in pipeline.render(config, archive, "Site")}

    return archive_of


@pytest.mark.parametrize(
    ("items", "most", "parts"),
    [(0, 2, [0]), (1, 2, [1]), (2, 2, [2]), (3, 2, [2, 1]), (5, 2, [2, 2, 1])],
)
def test_a_list_is_cut_into_pages_and_has_at_least_one(items, most, parts):
    leaves = list(paginate(range(items), "browse/x/index.md", most=most))
    assert [len(leaf.items) for leaf in leaves] == parts
    assert [item for leaf in leaves for item in leaf.items] == list(range(items))
    addresses = ("browse/x/index.md", *(f"browse/x/{n}/index.md" for n in range(2, len(parts) + 1)))
    assert all(leaf.uris == addresses for leaf in leaves)
    assert tuple(leaf.uri for leaf in leaves) == addresses


def test_topics_that_look_alike_in_an_address_have_each_their_own():
    topics = ["security", "Security", "security talks", "security-talks", "أمن", "سلام", "a/b", "a b", ".."]
    addresses = {topic_uri(topic) for topic in topics}
    assert len(addresses) == len(topics)
    assert all(address.isascii() and ".." not in address for address in addresses)


@pytest.mark.parametrize(
    ("days", "step", "bars"),
    [
        (
            ["2031-01-05", "2031-03-01", "2031-03-09"],
            "Month",
            [("January 2031", 1), ("February 2031", 0), ("March 2031", 2)],
        ),
        (["2031", "2032-03-01"], "Year", [("2031", 1), ("2032", 1)]),
        (["2031-01-05", "2033-03-01"], "Year", [("2031", 1), ("2032", 0), ("2033", 1)]),
    ],
)
def test_a_chart_counts_by_month_or_by_year(days, step, bars):
    chart = chart_over_time(map(parse_date, days))
    assert chart.step == step
    assert [(bar.label, bar.count) for bar in chart.bars] == bars
    assert all((bar.height == 0) == (bar.count == 0) for bar in chart.bars)


def test_a_chart_of_centuries_has_few_bars_and_holds_everything():
    chart = chart_over_time([parse_date(f"{year}-01-01") for year in range(1700, 2031)])
    assert len(chart.bars) <= MOST_BARS
    assert sum(bar.count for bar in chart.bars) == 331
    assert chart.bars[0].label == "1698–1703"


@pytest.mark.parametrize("days", [[], ["XXXX"], ["2031-01-01", "2031-01-31"]])
def test_what_one_bar_would_hold_has_no_chart(days):
    assert chart_over_time(map(parse_date, days)) is None


def test_a_chart_says_what_has_no_date():
    assert chart_over_time(map(parse_date, ["2031-01-01", "2032-01-01", "XXXX"])).undated == 1


def test_an_open_date_is_listed_under_the_end_that_is_known():
    assert [year_of(parse_date(day)) for day in ("../2020", "2021/..", "XXXX")] == [
        "2020",
        "2021",
        "Date unknown",
    ]


def test_who_is_named_in_one_sentence_is_a_pair_and_who_is_in_the_next_is_not(archive_of):
    archive, _ = archive_of("Ada met Bo. Cy slept.\n\nBo saw Ada, Ada saw Bo.", "Ada and Bo and Cy met.")
    assert [(p.entities, p.articles, len(p.sentences)) for p in archive.together["ada"]] == [
        (("ada", "bo"), 2, 3),
        (("ada", "cy"), 1, 1),
    ]
    assert archive.together["bo"][0] is archive.together["ada"][0]
    first, second = archive.together["ada"][0].sentences[1]
    assert (first.anchor, second.anchor) == ("m-ada-2", "m-bo-2")


def test_a_pair_gives_its_mentions_in_the_order_of_the_ids(archive_of):
    archive, _ = archive_of("Bo met Ada.", "Ada met Bo.")
    (pair,) = archive.together["bo"]
    assert [(first.entity_id, second.entity_id) for first, second in pair.sentences] == [("ada", "bo")] * 2


def test_a_sentence_that_names_very_many_connects_none(archive_of):
    names = [f"Person{letter}" for letter in "ABCDEFGHIJKLM"]
    people = {name.lower(): {"kind": "person", "name": name} for name in names}
    archive, _ = archive_of(f"{', '.join(names)} met.", f"{' and '.join(names[:2])} met.", people=people)
    assert [pair.articles for pair in archive.together["persona"]] == [1]


def test_a_pair_has_a_page_from_three_articles_on(archive_of):
    archive, pages = archive_of("Ada met Bo.", "Ada met Bo.", "Ada met Bo.", "Ada met Cy.", "Ada met Cy.")
    assert "browse/together/ada/bo/index.md" in pages
    assert "browse/together/ada/cy/index.md" not in pages
    assert "[3 articles](../../browse/together/ada/bo/index.md)" in pages["glossary/ada/index.md"].markdown
    assert "[3 articles](../../browse/together/ada/bo/index.md)" in pages["glossary/bo/index.md"].markdown
    assert len(archive.together["ada"]) == 2


@pytest.mark.parametrize(
    ("first", "second", "pieces"),
    [
        (("", "Ada", " met Bo."), ("Ada met ", "Bo", "."), "[Ada] met [Bo]."),
        (("Bo met ", "Ada", "."), ("", "Bo", " met Ada."), "[Bo] met [Ada]."),
        (("", "Ada", " met Bo."), ("…met ", "Bo", "."), "[Ada] met Bo."),
    ],
)
def test_a_sentence_shows_both_that_it_names(first, second, pieces):
    joined = join_lines(KwicLine(*first, sentence=0), KwicLine(*second, sentence=0))
    assert "".join(f"[{text}]" if line else text for text, line in joined) == pieces


def test_further_mentions_stand_on_further_pages_and_none_is_lost(archive_of):
    text = "\n\n".join(f"Ada slept {number} times." for number in range(250))
    _, pages = archive_of(text)
    addresses = ["glossary/ada/index.md", "browse/mentions/ada/2/index.md", "browse/mentions/ada/3/index.md"]
    found = [pages[uri].markdown.count("{: .backlink }") for uri in addresses]
    assert found == [100, 100, 50]
    for number in range(1, 251):
        assert sum(f"#m-ada-{number})" in pages[uri].markdown for uri in addresses) == 1
    assert "[2](../../browse/mentions/ada/2/index.md)" in pages[addresses[0]].markdown
    assert "[1](../../../../glossary/ada/index.md)" in pages[addresses[2]].markdown


def test_a_year_of_many_articles_is_paged_and_lists_each_once(archive_of):
    _, pages = archive_of(*(["Ada slept."] * 101))
    first, second = (pages[f"browse/date/2031/{rest}index.md"].markdown for rest in ("", "2/"))
    assert [sum(f"/a{n:03}/" in page for n in range(101)) for page in (first, second)] == [100, 1]
    assert "## January" in first
    assert sum(f"](a{n:03}/" in pages["articles/index.md"].markdown for n in range(101)) == 50


def test_no_two_pages_have_one_address(build_archive, seed_text):
    article_seed, entry_seed = seed_text
    dates = ["2020-05-01", "../2020", "2021-01-01", "XXXX", "2020", "2019/.."]
    seeds = {
        f"seeds/articles/d{n}.md": article_seed(f"Ada {n}.", date=day, topics=[str(n), *map(str, range(300))])
        for n, day in enumerate(dates)
    }
    config = build_archive(seeds | {"seeds/glossary/2.md": entry_seed(name="Ada", kind="outlet")})
    pages = pipeline.render(config, pipeline.link(pipeline.annotate(config)), "Site")
    addresses = [page.src_uri for page in pages]
    assert len(addresses) == len(set(addresses))
    hub = next(page.markdown for page in pages if page.src_uri == "browse/index.md")
    assert re.findall(r"\(date/(\w+)/index.md\)", hub) == ["2021", "2020", "2019", "unknown"]
    assert [year for year in addresses if year.startswith("browse/date/")] == [
        f"browse/date/{year}/index.md" for year in (2019, 2020, 2021, "unknown")
    ]


def test_articles_of_one_year_stand_together_whichever_end_of_their_date_is_known(archive_of):
    days = ["2019-05-01", "../2019", "2020-01-01", "XXXX", "2019", "XXXX"]
    _, pages = archive_of(*(f"Ada slept {n} times." for n in range(len(days))), dates=days)
    headings = [line for line in pages["glossary/ada/index.md"].markdown.splitlines() if "#mentions-" in line]
    assert [line.split(" {")[0] for line in headings] == ["### 2020", "### 2019", "### Date unknown"]


def test_every_index_can_be_reached_from_the_browse_page(archive_of):
    _, pages = archive_of(
        "Ada met Bo in May.",
        people=PEOPLE | {"gazette": {"kind": "outlet", "name": "Gazette"}},
        topics=["security", "Old News"],
        outlet="gazette",
    )
    hub = pages["browse/index.md"].markdown
    indexes = [uri for uri in pages if uri.startswith("browse/") and uri != "browse/index.md"]
    assert len(indexes) == 9
    for uri in indexes:
        in_full = uri in {"browse/topic/index.md", "browse/published-by/index.md"}
        assert in_full or f"({uri.removeprefix('browse/')})" in hub, uri


def place(name, lat, lon):
    return Entity(name.lower(), "", Kind.PLACE, name, "", "", location=Location(lat, lon))


def test_a_place_is_in_the_middle_of_its_map_and_its_neighbours_are_around():
    kestrel, near, far = place("Kestrel", 34.2, 36.1), place("Near", 36, 36.1), place("Far", -30, 100)
    drawn = map_of(kestrel, [far, near, kestrel])
    assert [(dot.entity.name, dot.own) for dot in drawn.dots] == [("Kestrel", True), ("Near", False)]
    own, other = drawn.dots
    assert abs(own.x - 320) <= 40
    assert abs(own.y - 200) <= 40
    assert other.y < own.y - 40
    assert "Syria" in [name for name, _, _ in drawn.countries]


def test_the_map_of_a_country_shows_it_whole():
    drawn = map_of(
        place("Brazil", -10, -53), [place("Porto Alegre", -30, -51.2), place("Boa Vista", 2.8, -60.7)]
    )
    assert {dot.entity.name for dot in drawn.dots} == {"Brazil", "Porto Alegre", "Boa Vista"}


def test_a_country_that_is_a_place_of_the_archive_is_named_once():
    names = [name for name, _, _ in map_of(place("Iraq", 30.5, 47), []).countries]  # far from its middle
    assert "Syria" in names
    assert "Iraq" not in names


def test_names_on_a_map_cover_no_other_name():
    crowd = [place(f"Place number {n}", 34 + n / 100, 36) for n in range(30)]
    drawn = map_of_all(crowd)
    named = [dot for dot in drawn.dots if dot.anchor]
    assert len(drawn.dots) == 30
    assert named[0].entity.name == "Place number 0"
    for number, one in enumerate(named):
        for other in named[number + 1 :]:
            assert one.anchor != other.anchor or abs(one.y - other.y) >= 25


def test_the_map_of_all_places_holds_all_of_them_on_both_sides_of_the_date_line():
    places = [place("Suva", -18.1, 178.4), place("Apia", -13.8, -171.8), place("Paris", 48.9, 2.3)]
    assert len(map_of_all(places).dots) == 3
    assert [p.name for p in busiest_region([*places, place("Lyon", 45.8, 4.8)])] == ["Paris", "Lyon"]


def test_a_map_on_the_date_line_shows_the_land_on_both_sides():
    drawn = map_of(place("Wrangel", 66, 180), [place("Wales", 65.6, -168.1), place("Pevek", 69.7, 170.3)])
    assert {dot.entity.name for dot in drawn.dots} == {"Wrangel", "Wales", "Pevek"}
    starts = [int(re.match("-?[0-9]+", part)[0]) for part in drawn.land.split("M")[1:]]
    assert min(starts) < 200
    assert max(starts) > 450  # Alaska
    assert all(-10 <= x <= 650 for x in starts)


def test_outlines_have_no_line_across_the_map():
    """A ring that jumps from one side of the world to the other would be drawn as one."""
    for country in countries():
        for ring in country.rings:
            assert all(abs(a.x - b.x) <= 180 or a.y == b.y == -90 for a, b in pairwise(ring)), country.name


def test_a_polygon_is_cut_at_the_frame():
    square = [Point(-5, -5), Point(5, -5), Point(5, 5), Point(-5, 5)]
    assert abs(area(clip(square, (0, 0, 10, 10)))) == 25
    assert clip(square, (6, 6, 10, 10)) == []
    assert clip(square, (-9, -9, 9, 9)) == square
