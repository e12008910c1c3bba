"""Reading the site in a real Chromium, on a large screen, a small one, and without scripts."""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urlsplit

import pytest

from tests.browser.kinds import KINDS
from tests.publishing import HARBOUR, TINY, build, copy_tiny

pytestmark = pytest.mark.browser

IN_VIEW = """
  element => {
    const box = element.getBoundingClientRect()
    return box.width > 0 && box.top >= 0 && box.bottom <= innerHeight
      && box.left >= 0 && box.right <= innerWidth
  }
"""
WITHOUT_ANNOTATIONS = """
  element => {
    const text = element.cloneNode(true)
    for (const annotation of text.querySelectorAll("[data-archive]")) annotation.remove()
    return text.textContent
  }
"""


def test_from_home_by_a_mention_to_its_entry_and_back_to_the_exact_place(page, site):
    page.goto(site.address)
    page.locator(
        ".archive-list a[href*='articles/']"
    ).last.click()  # the newest of the tiny archive is withdrawn
    page.wait_for_url("**/articles/**")
    assert page.locator("[data-source-text]").count() == 1
    mention = page.locator("[data-source-text] a.mention").first
    entity, words = mention.get_attribute("data-entity"), mention.inner_text()
    article = urlsplit(page.url).path
    mention.click()
    page.wait_for_url(f"**/glossary/{entity}/")
    backlink = page.locator(f"a.backlink[href*='{article.rsplit('/', 2)[1]}/#m-{entity}-']").last
    anchor = backlink.get_attribute("href").partition("#")[2]
    keyword = backlink.inner_text()
    backlink.click()
    page.wait_for_url(f"**{article}#{anchor}")
    target = page.locator(":target")
    assert target.count() == 1
    assert target.get_attribute("id") == anchor
    assert target.inner_text() == keyword
    assert words
    page.wait_for_function(IN_VIEW, arg=target.element_handle())
    header = page.locator(".md-header").bounding_box()
    assert target.bounding_box()["y"] >= header["y"] + header["height"], "the header covers the place"


def test_every_backlink_leads_to_the_words_that_it_shows(page, tiny_site):
    for entry in ("ada-lindqvist", "port-kestrel", "harbour-board", "kestrel-accord"):
        page.goto(f"{tiny_site.address}glossary/{entry}/")
        links = page.locator(".archive-backlinks a.backlink").evaluate_all(
            "all => all.map(a => [a.href, a.innerText])"
        )
        assert links
        for address, words in links:
            page.goto(address)
            assert page.locator(":target").inner_text() == words
            assert page.locator(":target").get_attribute("data-entity") == entry


def search(page, words):
    """Type into the header's search box and return the (address path, text) of what is shown."""
    page.locator("label.md-header__button[for='__search']").locator("visible=true").or_(
        page.locator("input.md-search__input")
    ).first.click()
    page.locator("input.md-search__input").press_sequentially(words)
    page.locator("a.md-search-result__link").first.wait_for()
    page.locator(".md-search-result__meta", has_text=re.compile("[0-9] result")).wait_for()
    return page.locator("a.md-search-result__link").evaluate_all("all => all.map(a => [a.href, a.innerText])")


@pytest.mark.parametrize("start", ["", "glossary/kestrel-accord/", "articles/2031/03/harbour-talks/"])
def test_a_search_finds_articles_and_entries(page, tiny_site, start):
    page.goto(tiny_site.address + start)
    found = [
        urldefrag(address).url.removeprefix(tiny_site.address) for address, _ in search(page, "lindqvist")
    ]
    assert "articles/2031/03/harbour-talks/" in found
    assert "glossary/ada-lindqvist/" in found


def test_a_result_of_a_search_opens(page, tiny_site):
    page.goto(tiny_site.address)
    search(page, "cranes")
    page.locator("a.md-search-result__link").first.click()
    page.wait_for_url("**/articles/2031/03/harbour-talks/**")
    assert "cranes" in page.locator("[data-source-text]").inner_text()


def test_no_page_asks_another_host_for_anything_or_complains(page, site):
    for path in site.pages:
        if path == "404.html":
            continue  # its addresses begin at the root of a host, where this site is not
        if b'http-equiv="refresh"' in (site.folder / path / "index.html").read_bytes():
            continue  # it leads on at once; the next test follows it
        page.goto(site.address + path)  # the fixture looks at what was asked for and said


def test_an_id_that_was_replaced_leads_on(page, tiny_site):
    page.goto(f"{tiny_site.address}articles/2031/03/port-talks/")
    page.wait_for_url(f"{tiny_site.address}articles/2031/03/harbour-talks/")
    page.goto(f"{tiny_site.address}glossary/kestrel-port/")
    page.wait_for_url(f"{tiny_site.address}glossary/port-kestrel/")


def test_the_words_of_an_article_stand_on_its_page_as_typed(page, tiny_site):
    page.goto(f"{tiny_site.address}articles/2031/03/harbour-talks/")
    seed = (TINY / HARBOUR).read_text(encoding="utf-8").split("---\n", 2)[2]
    wanted = re.sub(r"^(#{2,3}|>|-|[0-9]+\.) ", "", seed, flags=re.MULTILINE).split()
    assert page.locator("[data-source-text]").evaluate(WITHOUT_ANNOTATIONS).split() == wanted
    assert page.locator("[data-source-text]").inner_text().split() == wanted, (
        "a copy holds the numbers of notes"
    )
    assert page.title() == "Harbour talks *begin* & go on – Tiny archive"
    assert page.locator("h1").inner_text() == "Harbour talks *begin* & go on"


def test_the_page_of_an_arabic_article_is_arabic_and_what_we_add_is_english(page, tiny_site):
    page.goto(f"{tiny_site.address}articles/2031/04/arabic/")
    direction = "e => getComputedStyle(e).direction"
    assert page.locator("html").get_attribute("lang") == "ar"
    assert page.locator("body").evaluate(direction) == "rtl"
    assert page.locator("[data-source-text]").evaluate(direction) == "rtl"
    assert page.get_by_role("link", name="انتقل إلى المحتوى").count() == 1
    for added in (".archive-provenance", ".archive-notes", ".archive-cite"):
        assert page.locator(added).evaluate(direction) == "ltr"
        assert page.locator(added).evaluate("e => e.closest('[lang]').lang") == "en"
    page.goto(f"{tiny_site.address}articles/2031/03/harbour-talks/")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("body").evaluate(direction) == "ltr"


def test_the_first_tab_skips_to_the_title(page, tiny_site):
    page.goto(f"{tiny_site.address}articles/2031/03/harbour-talks/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#page-title"
    assert page.locator("#page-title").evaluate(IN_VIEW)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.archive-provenance') !== null")


def test_a_numbered_list_keeps_the_numbers_of_its_source(page, tiny_site):
    page.goto(f"{tiny_site.address}articles/2031/03/harbour-talks/")
    assert page.locator("[data-source-text] ol > li").evaluate_all("all => all.map(li => li.value)") == [1, 3]
    assert page.locator("[data-source-text] ul > li").count() == 2


def test_pages_can_be_read_and_links_followed_without_scripts(chromium, window_of, tiny_site):
    with window_of(chromium, java_script_enabled=False) as (page, watch):
        page.goto(tiny_site.address)
        page.locator(".archive-list a[href*='harbour-talks']").first.click()
        page.wait_for_url("**/harbour-talks/")
        text = page.locator("[data-source-text]")
        assert text.is_visible()
        assert "opened talks on the Kestrel Accord" in text.inner_text()
        assert page.locator("h1").is_visible()
        text.locator("a.mention").first.click()
        page.wait_for_url("**/glossary/ada-lindqvist/")
        assert page.locator(".archive-lead").is_visible()
        page.locator("a.backlink").last.click()
        page.wait_for_url("**#m-ada-lindqvist-*")
        assert page.locator(":target").is_visible()
        page.locator("header a, nav a").filter(has_text="Glossary").locator("visible=true").first.click()
        page.wait_for_url("**/glossary/")
        page.goto(f"{tiny_site.address}articles/2031/03/port-talks/")
        page.wait_for_url("**/harbour-talks/")
        assert watch.complaints == []
        assert watch.outside(tiny_site.address) == []


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("width", [320, 1280])
def test_no_kind_of_page_scrolls_sideways(chromium, window_of, request, name, width):
    site = request.getfixturevalue(name)
    articles = [path for path in site.pages if path.startswith("articles/2") and "port-talks" not in path]
    with window_of(chromium, viewport={"width": width, "height": 640}) as (page, _):
        wide = []
        for path in dict.fromkeys([*KINDS[name], *articles]):
            page.goto(site.address + path)
            reach = page.evaluate("document.scrollingElement.scrollWidth")
            if reach > width:
                wide.append((path, reach))
        assert wide == []


def test_an_address_that_leads_nowhere_is_told_with_ways_on(page, tiny_site, site_at):
    with site_at(tiny_site.folder, "/") as site:
        page.goto(f"{site.address}404.html")
        assert page.locator("h1").inner_text() == "Page not found"
        page.locator(".md-content").get_by_role("link", name="Glossary").click()
        page.wait_for_url("**/glossary/")
        assert page.locator("h1").inner_text() == "Glossary"


def test_a_template_of_the_archive_may_fill_a_block_of_the_page(tmp_path, page, site_at):
    config = copy_tiny(tmp_path / "archive")
    own = config.root / "templates" / "theme" / "main.html"
    own.parent.mkdir(parents=True)
    own.write_text('{% extends "base.html" %}{% block footer %}<footer id="own">Ours</footer>{% endblock %}')
    with site_at(build(config)) as site:
        page.goto(site.address)
        assert page.locator("footer").all_inner_texts() == ["Ours"]
