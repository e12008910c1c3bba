"""Search: what a reader types and finds, in the box of the header and on its page, in a real Chromium."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from generator.config import find_archive
from tests.browser.names_archive import FORMS
from tests.conftest import CASES, article_seed, entry_seed, write_seed
from tests.publishing import build

pytestmark = pytest.mark.browser

QUERIES = [
    (name, case["search"], case["first"], case.get("then"))
    for name in ("own", "generated")
    for case in yaml.load((CASES / "search" / f"{name}.yml").read_text("utf-8"), yaml.BaseLoader)
]
SITES = {"own": "own_site", "generated": "names_site"}


def ask(page, query):
    """Type a query into the box and wait for its answer."""
    page.locator("input.md-search__input").click()
    page.locator("input.md-search__input").fill(query)
    answered(page)


def answered(page):
    page.locator(".md-search-result__list:not([aria-busy])").wait_for(state="attached")


def shown(page):
    """Return (title, path below the site, is it an article) of what the box shows, without the way to the page."""
    return [
        (title, path, "/articles/" in path)
        for title, path in page.locator("a.md-search-result__link:not(.archive-all)").evaluate_all(
            "all => all.map(a => [a.querySelector('.archive-hit-title').innerText, new URL(a.href).pathname])"
        )
    ]


@pytest.fixture(scope="module")
def windows(chromium, window_of):
    """A window for each site, in which all queries are typed one after the other."""
    opened = {}
    with window_of(chromium) as (own, _), window_of(chromium) as (names, _):
        opened["own_site"], opened["names_site"] = own, names
        yield opened


@pytest.mark.parametrize(("name", "query", "first", "then"), QUERIES, ids=[case[1] for case in QUERIES])
def test_a_query_finds_what_the_golden_file_says(request, windows, name, query, first, then):
    site, page = request.getfixturevalue(SITES[name]), windows[SITES[name]]
    if not page.url.startswith(site.address):
        page.goto(site.address)
    ask(page, query)
    found = shown(page)
    assert found, "nothing was found"
    assert found[0][0] == first
    articles = [title for title, _, is_article in found if is_article]
    assert then is None or articles[0] == then


def test_there_are_sixty_queries_and_more():
    assert len(QUERIES) >= 60
    assert len({query for _, query, _, _ in QUERIES}) == len(QUERIES)


@pytest.mark.parametrize(("kind", "name", "forms"), [(kind, name, forms) for kind, name, *forms in FORMS])
def test_each_form_of_a_name_finds_every_article_that_mentions_it(windows, names_site, kind, name, forms):
    page = windows["names_site"]
    for form in (name, *forms):
        page.goto(f"{names_site.address}search/")
        page.locator("#search-words").fill(form)
        settled(page)
        assert page.locator(".archive-offers a").first.inner_text() == name
        assert page.locator(".archive-offers .archive-meta").first.inner_text().startswith(kind)
        articles = page.locator('.archive-hits a[href*="/articles/"]').all_inner_texts()
        assert {f"News of {one}" for one in (name, *forms)} <= set(articles)


def test_a_shard_that_lacks_a_word_gives_nothing(page, names_site):
    """Pagefind would give every text with "so"."""
    for query, forms in (("Sorokin", 2), ("Sorokin quay", 2), ("Litzmann", 1), ("soroban", 0)):
        open_search(page, names_site, f"?q={query}&type=Articles")
        titles = page.locator(".archive-hits a").all_inner_texts()
        assert sum(query[:6] in title for title in titles) == forms, titles
        assert len(titles) == {"Sorokin": 3, "Litzmann": 1}.get(query, forms), titles


def test_nothing_but_the_box_is_loaded_before_it_is_used(chromium, window_of, own_site):
    with window_of(chromium) as (page, watch):
        page.goto(own_site.address, wait_until="networkidle")
        assert [url for url in watch.requests if "search" in url] == [f"{own_site.address}assets/search.js"]
        ask(page, "Golan")
        assert any("/search/index.json" in url for url in watch.requests)


def test_the_box_is_used_with_keys_alone(page, own_site):
    page.goto(f"{own_site.address}about/")
    box = page.locator("input.md-search__input")
    page.keyboard.press("/")
    assert box.evaluate("e => e === document.activeElement")
    assert box.input_value() == ""
    page.keyboard.type("Golan /")
    answered(page)
    assert (box.get_attribute("aria-expanded"), box.get_attribute("aria-activedescendant")) == ("true", None)
    for wanted in (0, 1):
        page.keyboard.press("ArrowDown")
        active = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
        assert active.get_attribute("aria-selected") == "true"
        assert page.locator("[role=option]").nth(wanted).get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    assert page.locator("[role=option]").last.get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert not page.locator(".md-search__output").is_visible()
    page.keyboard.press("s")
    page.locator(".md-search__output").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary/golan-heights/")


def test_enter_without_a_choice_leads_to_the_page_with_the_same_words(page, own_site):
    page.goto(own_site.address)
    ask(page, "Golan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=Golan")
    assert page.locator("#search-words").input_value() == "Golan"
    assert page.locator(".archive-offers a").first.inner_text() == "Golan Heights"


def test_a_result_leads_to_the_paragraph_or_the_mention(page, own_site):
    article = f"{own_site.address}articles/2025/06/syria-israel-indirect-talks/"
    for query, mark in (("dignitaries", "p"), ("Emirati", "m-united-arab-emirates-1")):
        page.goto(own_site.address)
        ask(page, query)
        page.locator(f'a.md-search-result__link[href^="{article}"]').first.click()
        page.wait_for_url(f"{article}#{mark}*")
        assert page.locator(":target").is_visible()
        if mark == "p":
            assert "dignitaries" in page.locator(":target").inner_text()


def test_found_words_are_marked_in_an_excerpt(page, own_site):
    page.goto(own_site.address)
    ask(page, "dignitaries")
    assert page.locator(".archive-excerpt mark").first.inner_text().strip(".,") == "dignitaries"


def open_search(page, site, query=""):
    page.goto(f"{site.address}search/{query}")
    page.locator("#search:not([aria-busy]) .archive-search-status:not(:empty)").wait_for()


def settled(page):
    page.locator("#search:not([aria-busy])").wait_for()


def said(page):
    """What the address says."""
    return parse_qs(urlsplit(page.url).query)


def values_of(page, label):
    """Return {value: count} of a facet, opened where it is not."""
    facet = page.locator(".archive-facet", has=page.locator("summary", has_text=label))
    if facet.get_attribute("open") is None:
        facet.locator("summary").click()
    facet.locator("label").first.wait_for()
    texts = facet.locator("label").all_inner_texts()
    return {text.rpartition(" ")[0].strip(): int(text.rpartition(" ")[2].replace(",", "")) for text in texts}


def choose(page, label, value):
    """Check a value of a facet."""
    values_of(page, label)
    facet = page.locator(".archive-facet", has=page.locator("summary", has_text=label))
    facet.locator("label", has_text=value).locator("input").check()
    settled(page)


def test_facets_count_combine_and_stand_in_the_address(page, full_site):
    open_search(page, full_site, "?q=Cy")
    assert page.locator(".archive-search-status").inner_text().startswith("1–10 of 170 results")
    assert values_of(page, "Articles or entries") == {"Articles": 170}
    assert values_of(page, "Year") == {"2031": 160, "2030": 10}
    assert values_of(page, "Kind of entry") == {"person": 170, "agreement": 170}
    assert values_of(page, "Language") == {"English": 170}
    choose(page, "Year", "2030")
    assert said(page) == {"q": ["Cy"], "year": ["2030"]}
    assert page.locator(".archive-search-status").inner_text().startswith("10 results")
    assert values_of(page, "Year") == {"2031": 160, "2030": 10}, "the other values can still be added"
    assert values_of(page, "Kind of entry") == {"person": 10, "agreement": 10}
    choose(page, "Year", "2031")
    assert page.locator(".archive-search-status").inner_text().startswith("1–10 of 170 results")
    page.go_back()
    settled(page)
    assert said(page) == {"q": ["Cy"], "year": ["2030"]}
    page.reload()
    settled(page)
    page.locator(".archive-search-status", has_text="10 results").wait_for()
    assert page.locator("input[value='2030']").is_checked()


def test_an_entity_is_chosen_by_typing_its_name(page, own_site):
    open_search(page, own_site)
    facet = page.locator(".archive-facet", has=page.locator("summary", has_text="Mentions"))
    facet.locator("summary").click()
    facet.get_by_label("Mentions: a name").fill("golan")
    facet.locator("button", has_text="Golan Heights").click()
    settled(page)
    assert said(page) == {"entity": ["golan-heights"]}
    assert page.locator(".archive-hits a").all_inner_texts() == [
        "Syria and Israel, indirect talks and a reported UAE backchannel"
    ]
    facet.get_by_label("Mentions: a name").fill("assad")
    assert facet.locator("button", has_text="Bashar al-Assad").is_disabled(), "no article mentions both"
    page.reload()
    settled(page)
    assert facet.locator("label").inner_text().strip() == "Golan Heights"
    facet.locator("label input").click()  # it goes away with that, which `uncheck` would not bear
    settled(page)
    assert said(page) == {}


def test_hits_are_put_in_the_order_of_time_over_all_shards_and_cut_into_pages(page, names_site):
    open_search(page, names_site, "?q=lighthouse&sort=date")
    dates = []
    while True:
        dates += page.locator(".archive-hits .archive-meta").all_inner_texts()
        following = page.locator(".archive-pager a", has_text=str(1 + len(dates) // 10))
        if len(dates) % 10 or not following.count():
            break
        following.first.click()
        page.locator(".archive-hits li").first.wait_for()
        page.wait_for_function(
            "start => document.querySelector('.archive-hits').start === start", arg=len(dates) + 1
        )
    months = {name: n for n, name in enumerate(MONTHS)}
    order = [
        (int(year), months[month]) for _, month, year in (date.split(" · ")[0].split() for date in dates)
    ]
    assert len(order) == sum(len(forms) - 1 for forms in FORMS)
    assert order == sorted(order, reverse=True)
    assert len(set(order)) == len(order)


MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip


def test_everything_is_listed_newest_first_where_nothing_is_asked(page, full_site):
    open_search(page, full_site)
    assert page.locator(".archive-search-status").inner_text().startswith("1–10 of 175 results")
    assert page.locator(".archive-hits .archive-meta").first.inner_text() == "1 December 2031"


def test_the_page_is_used_with_keys_alone(page, full_site):
    open_search(page, full_site, "?q=Cy")
    page.locator("#search-words").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY" and page.evaluate(
            "document.activeElement.innerText === 'Year'"
        ):
            break
    page.keyboard.press("Enter")
    page.locator("input[value='2030']").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator(".archive-search-status", has_text="10 results").wait_for()
    settled(page)
    assert page.evaluate("document.activeElement.value") == "2030", "the focus stays"


def test_without_scripts_the_page_says_so_and_leads_to_the_indexes(chromium, window_of, own_site):
    with window_of(chromium, java_script_enabled=False) as (page, _):
        page.goto(own_site.address)
        page.locator("input.md-search__input").fill("Golan")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=Golan")
        assert "needs scripts" in page.locator("#search").inner_text()
        for words in ("the articles by year", "the glossary", "all ways into the archive"):
            page.goto(f"{own_site.address}search/")
            page.locator("#search a", has_text=words).click()
            assert page.locator("h1").is_visible()


def test_an_index_that_is_not_there_is_told(chromium, window_of, tiny_site):
    with window_of(chromium) as (page, _):
        page.route("**/search/index.json", lambda route: route.fulfill(status=404))
        page.goto(tiny_site.address)
        page.locator("input.md-search__input").fill("harbour")
        page.locator(".md-search-result__meta", has_text="The search index is not there yet").wait_for()
        page.unroute("**/search/index.json")
        ask(page, "harbour talks")
        assert shown(page), "the next search tries again"


def test_an_archive_may_keep_the_search_of_material(tmp_path, page, site_at):
    write_seed(tmp_path, "seeds/glossary/ada.md", entry_seed(name="Ada Lindqvist", kind="person"))
    write_seed(tmp_path, "seeds/articles/a.md", article_seed("Ada Lindqvist opened the port."))
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: S\ntheme: {name: material}\nplugins: [search, news-archive]\n"
    )
    with site_at(build(find_archive(tmp_path))) as site:
        assert "search/" not in site.pages
        page.goto(site.address)
        page.locator("input.md-search__input").click()
        page.locator("input.md-search__input").press_sequentially("lindqvist")
        page.locator(".md-search-result__meta", has_text="matching").wait_for()
        assert page.locator("a.md-search-result__link").count() > 1
