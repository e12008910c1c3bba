"""Indexes and pictures: what is listed where, how lists are cut, and what the charts and maps show."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from generator import pipeline
from generator.model import Entity, Kind, Location
from generator.read.dates import parse_date
from generator.render.addresses import topic_address
from generator.render.charts import MOST_BARS, chart_over_time, month_of, tally_months
from generator.render.grouping import year_of
from generator.render.listed import Line, ListedArticle, Sentence
from generator.render.maps import Places, busiest_region, draw, region_of_all
from generator.render.outlines import area, boxes_of_countries, clip, countries
from generator.render.paging import paginate, paginate_newest_first
from generator.render.sentences import pieces_of
from generator.render.templates import Templates

PEOPLE = {name.lower(): {"kind": "person", "name": name} for name in ("Ada", "Bo", "Cy", "Di")}


@pytest.fixture
def archive_of(build_archive, seed_text):
    """Return a function that gives the archive of some texts and the four people, and the HTML of pages by address."""

    article_seed, entry_seed = seed_text

    def archive_of(*texts, people=PEOPLE, dates=(), **front_matter):
        seeds = {f"seeds/glossary/{name}.md": entry_seed(**values) for name, values in people.items()}
        for number, text in enumerate(texts):
            day = dates[number] if dates else "2031-01-01"
            seeds[f"seeds/articles/a{number:03}.md"] = article_seed(text, date=day, **front_matter)
        config = build_archive(seeds)
        archive = pipeline.link(pipeline.annotate(config))
        templates = Templates(config)
        return archive, {page.url: templates.html(page) for page in pipeline.plan(archive, "Site")}

    return archive_of


@pytest.mark.parametrize(
    ("items", "most", "parts"),
    [(0, 2, [0]), (1, 2, [1]), (2, 2, [2]), (3, 2, [2, 1]), (5, 2, [2, 2, 1])],
)
def test_a_list_is_cut_into_pages_and_has_at_least_one(items, most, parts):
    leaves = list(paginate(range(items), "browse/x/", most=most))
    assert [len(leaf.items) for leaf in leaves] == parts
    assert [item for leaf in leaves for item in leaf.items] == list(range(items))
    addresses = ["browse/x/", *(f"browse/x/{n}/" for n in range(2, len(parts) + 1))]
    assert [leaf.address for leaf in leaves] == addresses
    assert [leaf.titled("X") for leaf in leaves] == ["X", "X, page 2", "X, page 3"][: len(parts)]


@pytest.mark.parametrize(
    ("items", "parts"),
    [(0, [0]), (3, [3]), (4, [4]), (5, [5]), (6, [2, 4]), (9, [5, 4]), (10, [2, 4, 4]), (13, [5, 4, 4])],
)
def test_what_runs_newest_first_is_cut_from_its_oldest_item_on(items, parts):
    leaves = list(paginate_newest_first(range(items), "browse/x/", most=4))
    assert [len(leaf.items) for leaf in leaves] == parts
    assert [item for leaf in leaves for item in leaf.items] == list(range(items))
    further = list(range(len(parts) - 1, 0, -1))
    assert [leaf.address for leaf in leaves] == ["browse/x/", *(f"browse/x/{n}/" for n in further)]
    assert [leaf.titled("X") for leaf in leaves] == ["X", *(f"X, part {n}" for n in further)]


def test_what_is_added_to_a_list_changes_its_first_page_and_the_pagers_near_it():
    """Each list is the one before it with a newer item in front."""
    for newest in range(200):
        before, after = (
            {leaf.address: leaf for leaf in paginate_newest_first(range(n, -1, -1), "x/", most=4)}
            for n in (newest, newest + 1)
        )
        further = before.keys() - {"x/"}
        assert all(after[address].items == before[address].items for address in further)
        changed = {address for address in further if after[address].pager != before[address].pager}
        assert len(changed) <= (4 if len(after) > len(before) else 0)


@pytest.mark.parametrize(
    ("at", "labels"),
    [
        (0, "[Newest] 9 8 … 1"),
        (1, "Newest [9] 8 7 … 1"),
        (4, "Newest … 8 7 [6] 5 4 … 1"),
        (9, "Newest … 3 2 [1]"),
    ],
)
def test_a_pager_leads_to_its_neighbours_the_first_and_the_last(at, labels):
    leaf = list(paginate_newest_first(range(38), "x/", most=4))[at]
    assert " ".join(f"[{step.label}]" if step.current else step.label for step in leaf.pager) == labels
    assert all(bool(step.address) == (step.label != "…") for step in leaf.pager)


def test_topics_that_look_alike_in_an_address_have_each_their_own():
    topics = ["security", "Security", "security talks", "security-talks", "أمن", "سلام", "a/b", "a b", ".."]
    addresses = {topic_address(topic) for topic in topics}
    assert len(addresses) == len(topics)
    assert all(address.isascii() and ".." not in address for address in addresses)


def chart_of(days):
    return chart_over_time(tally_months(month_of(parse_date(day)) for day in days))


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
    chart = chart_of(days)
    assert chart.step == step
    assert [(bar.label, bar.count) for bar in chart.bars] == bars
    assert all((bar.height == 0) == (bar.count == 0) for bar in chart.bars)


def test_a_chart_of_centuries_has_few_bars_and_holds_everything():
    chart = chart_of(f"{year}-01-01" for year in range(1700, 2031))
    assert len(chart.bars) <= MOST_BARS
    assert sum(bar.count for bar in chart.bars) == 331
    assert chart.bars[0].label == "1698–1703"


@pytest.mark.parametrize("days", [[], ["XXXX"], ["2031-01-01", "2031-01-31"]])
def test_what_one_bar_would_hold_has_no_chart(days):
    assert chart_of(days) is None


def test_a_chart_says_what_has_no_date():
    assert chart_of(["2031-01-01", "2032-01-01", "XXXX"]).undated == 1


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
    assert "browse/together/ada/bo/" in pages
    assert "browse/together/ada/cy/" not in pages
    assert '<a href="../../browse/together/ada/bo/">3 articles</a>' in pages["glossary/ada/"]
    assert '<a href="../../browse/together/ada/bo/">3 articles</a>' in pages["glossary/bo/"]
    assert len(archive.together["ada"]) == 2


@pytest.mark.parametrize(("apart", "has_page"), [(27, True), (28, False)])
def test_two_who_are_named_together_by_chance_have_no_page(archive_of, apart, has_page):
    """A tenth of the articles that mention the rarer of the two must name them together."""
    together = ["Ada met Bo."] * 3
    _, pages = archive_of(*together, *(["Ada slept. Bo slept."] * apart), *(["Ada slept."] * 30))
    assert ("browse/together/ada/bo/" in pages) is has_page
    assert "3 articles" in pages["glossary/ada/"]


@pytest.mark.parametrize(
    ("first", "second", "pieces"),
    [
        (("", "Ada", " met Bo."), ("Ada met ", "Bo", "."), "[Ada] met [Bo]."),
        (("Bo met ", "Ada", "."), ("", "Bo", " met Ada."), "[Bo] met [Ada]."),
        (("", "Ada", " met Bo."), ("…met ", "Bo", "."), "[Ada] met Bo."),
    ],
)
def test_a_sentence_shows_both_that_it_names(first, second, pieces):
    article = ListedArticle("a", "A", (), parse_date("2031"), "en", None)
    joined = pieces_of(Sentence(article, Line(*first, "m-ada-1"), Line(*second, "m-bo-1")))
    assert "".join(f"[{text}]" if anchor else text for text, anchor in joined) == pieces


def test_further_mentions_stand_on_further_pages_and_none_is_lost(archive_of):
    text = "\n\n".join(f"Ada slept {number} times." for number in range(250))
    _, pages = archive_of(text)
    addresses = ["glossary/ada/", "browse/mentions/ada/2/", "browse/mentions/ada/1/"]
    assert [pages[address].count('class="backlink"') for address in addresses] == [50, 100, 100]
    for number in range(1, 251):
        assert sum(f'#m-ada-{number}"' in pages[address] for address in addresses) == 1
    assert '<a href="../../browse/mentions/ada/2/">2</a>' in pages[addresses[0]]
    assert '<a href="../../../../glossary/ada/">Newest</a>' in pages[addresses[2]]


def test_a_year_of_many_articles_is_paged_and_lists_each_once(archive_of):
    _, pages = archive_of(*(["Ada slept."] * 150))
    newest, part = (pages[f"browse/date/2031/{rest}"] for rest in ("", "1/"))
    assert [sum(f"/a{n:03}/" in page for n in range(150)) for page in (newest, part)] == [50, 100]
    assert ">January</h2>" in newest
    assert sum(f"articles/a{n:03}/" in pages["articles/"] for n in range(150)) == 50


def test_no_two_pages_have_one_address(build_archive, seed_text):
    article_seed, entry_seed = seed_text
    dates = ["2020-05-01", "../2020", "2021-01-01", "XXXX", "2020", "2019/.."]
    seeds = {
        f"seeds/articles/d{n}.md": article_seed(f"Ada {n}.", date=day, topics=[str(n), *map(str, range(300))])
        for n, day in enumerate(dates)
    }
    config = build_archive(seeds | {"seeds/glossary/2.md": entry_seed(name="Ada", kind="outlet")})
    pages = pipeline.plan(pipeline.link(pipeline.annotate(config)), "Site")
    addresses = [page.url for page in pages]
    assert len(addresses) == len(set(addresses))
    hub = Templates(config).html(next(page for page in pages if page.url == "browse/"))
    assert re.findall(r"browse/date/(\w+)/", hub) == ["2021", "2020", "2019", "unknown"]
    assert [year for year in addresses if year.startswith("browse/date/")] == [
        f"browse/date/{year}/" for year in (2019, 2020, 2021, "unknown")
    ]


def test_articles_of_one_year_stand_together_whichever_end_of_their_date_is_known(archive_of):
    days = ["2019-05-01", "../2019", "2020-01-01", "XXXX", "2019", "XXXX"]
    _, pages = archive_of(*(f"Ada slept {n} times." for n in range(len(days))), dates=days)
    headings = re.findall('<h3 id="mentions-[0-9]+">(.*)</h3>', pages["glossary/ada/"])
    assert headings == ["2020", "2019", "Date unknown"]


def test_every_index_can_be_reached_from_the_browse_page(archive_of):
    _, pages = archive_of(
        "Ada met Bo in May.",
        people=PEOPLE | {"gazette": {"kind": "outlet", "name": "Gazette"}},
        topics=["security", "Old News"],
        outlet="gazette",
    )
    indexes = [address for address in pages if address.startswith("browse/") and address != "browse/"]
    assert len(indexes) == 9
    for address in indexes:
        in_full = address in {"browse/topic/", "browse/published-by/"}
        assert in_full or f'"../{address}"' in pages["browse/"], address


def place(name, lat, lon):
    return Entity(name.lower(), "", Kind.PLACE, name, "", "", location=Location(lat, lon))


def map_of(entity, places):
    return draw(Places(places).around(entity))


def map_of_all(places):
    return draw(region_of_all(places))


def test_a_place_is_in_the_middle_of_its_map_and_its_neighbours_are_around():
    kestrel, near, far = place("Kestrel", 34.2, 36.1), place("Near", 36, 36.1), place("Far", -30, 100)
    drawn = map_of(kestrel, [far, near, kestrel])
    assert [(dot.name, dot.own) for dot in drawn.dots] == [("Kestrel", True), ("Near", False)]
    own, other = drawn.dots
    assert abs(own.x - 320) <= 40
    assert abs(own.y - 200) <= 40
    assert other.y < own.y - 40
    assert "Syria" in [name for name, _, _ in drawn.countries]


def test_the_map_of_a_country_shows_it_whole():
    drawn = map_of(
        place("Brazil", -10, -53), [place("Porto Alegre", -30, -51.2), place("Boa Vista", 2.8, -60.7)]
    )
    assert {dot.name for dot in drawn.dots} == {"Brazil", "Porto Alegre", "Boa Vista"}


def test_a_country_that_is_a_place_of_the_archive_is_named_once():
    names = [name for name, _, _ in map_of(place("Iraq", 30.5, 47), []).countries]  # far from its middle
    assert "Syria" in names
    assert "Iraq" not in names


def test_names_on_a_map_cover_no_other_name():
    crowd = [place(f"Place number {n}", 34 + n / 100, 36) for n in range(30)]
    drawn = map_of_all(crowd)
    named = [dot for dot in drawn.dots if dot.anchor]
    assert len(drawn.dots) == 30
    assert named[0].name == "Place number 0"
    for number, one in enumerate(named):
        for other in named[number + 1 :]:
            assert one.anchor != other.anchor or abs(one.y - other.y) >= 25


def test_the_map_of_all_places_holds_all_of_them_on_both_sides_of_the_date_line():
    places = [place("Suva", -18.1, 178.4), place("Apia", -13.8, -171.8), place("Paris", 48.9, 2.3)]
    assert len(map_of_all(places).dots) == 3
    assert [p.name for p in busiest_region([*places, place("Lyon", 45.8, 4.8)])] == ["Paris", "Lyon"]


def test_a_map_on_the_date_line_shows_the_land_on_both_sides():
    drawn = map_of(place("Wrangel", 66, 180), [place("Wales", 65.6, -168.1), place("Pevek", 69.7, 170.3)])
    assert {dot.name for dot in drawn.dots} == {"Wrangel", "Wales", "Pevek"}
    starts = [int(re.match("-?[0-9]+", part)[0]) for part in drawn.land.split("M")[1:]]
    assert min(starts) < 200
    assert max(starts) > 450  # Alaska
    assert all(-10 <= x <= 650 for x in starts)


def test_outlines_have_no_line_across_the_map():
    """A ring that jumps from one side of the world to the other would be drawn as one."""
    for country in countries().values():
        for ring in country.rings:
            steps = pairwise(ring.points)
            assert all(abs(ax - bx) <= 180 or ay == by == -90 for (ax, ay), (bx, by) in steps), country.name


def test_the_box_of_a_ring_holds_its_points():
    for country in countries().values():
        for ring in country.rings:
            xs, ys = zip(*ring.points, strict=True)
            assert ring.box == (min(xs), min(ys), max(xs), max(ys)), country.name


def test_a_polygon_is_cut_at_the_frame():
    square = [(-5, -5), (5, -5), (5, 5), (-5, 5)]
    assert abs(area(clip(square, (0, 0, 10, 10)))) == 25
    assert clip(square, (6, 6, 10, 10)) == []
    assert clip(square, (-9, -9, 9, 9)) == square


@pytest.mark.parametrize("box", [(-5, 30, 50, 60), (100, -50, 170, 0), (-179, -80, -60, 80), (170, 50, 200, 75)])
def test_points_far_from_a_box_change_nothing_of_what_is_cut_out(box):
    thinned = 0
    for country in countries().values():
        for ring in country.rings:
            near = ring.near(box)
            thinned += len(ring.points) - len(near)
            assert clip(near, box) == clip(ring.points, box), country.name
    assert thinned > 50_000


def test_the_boxes_of_countries_are_those_of_their_outlines():
    found = {}
    for name, country in countries().items():
        wests, souths, easts, norths = zip(*(ring.box for ring in country.rings), strict=True)
        found[name] = (min(wests), min(souths), max(easts), max(norths))
    assert found == boxes_of_countries()
