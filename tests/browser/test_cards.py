"""Cards, marks and walks: with the keyboard, a mouse, a finger, and what is remembered."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

ARTICLE = "articles/2031/03/harbour-talks/"
LINK = "[data-source-text] a.mention[href]"
NO_CARD = "() => !document.querySelector('.archive-card')"


@pytest.fixture
def reading(page, tiny_site):
    """A window in which an article is open."""
    page.goto(tiny_site.address + ARTICLE)
    page.locator(".archive-marks").wait_for()
    return page


def tab_to(page, selector):
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"the Tab key does not reach {selector}")


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.textContent")


def test_the_keyboard_opens_a_card_goes_in_and_out_and_on(reading):
    tab_to(reading, LINK)
    mention = focused(reading)
    card = reading.locator(".archive-card")
    card.wait_for()
    assert card.get_attribute("role") == "dialog"
    assert "Linked because the words are" in card.inner_text()
    reading.keyboard.press("Tab")
    assert reading.evaluate("document.activeElement.matches('.archive-card a')")
    reading.keyboard.press("Shift+Tab")
    assert focused(reading) == mention
    assert card.is_visible()
    reading.keyboard.press("Tab")
    reading.keyboard.press("Escape")
    assert card.count() == 0
    assert focused(reading) == mention
    tab_to(reading, LINK)
    assert focused(reading) != mention
    assert card.count() == 1


def test_the_last_tab_in_a_card_leads_to_the_next_mention(reading):
    tab_to(reading, LINK)
    ids = reading.locator(LINK).evaluate_all("all => all.map(a => a.id)")
    assert focused(reading) == ids[0]
    for _ in range(reading.locator(".archive-card :is(a, button)").count()):
        reading.keyboard.press("Tab")
    assert reading.locator(".archive-card-close").evaluate("e => e === document.activeElement")
    reading.keyboard.press("Tab")
    assert focused(reading) == ids[1]


def test_escape_leaves_the_focus_on_the_mention(reading):
    tab_to(reading, LINK)
    mention = focused(reading)
    reading.locator(".archive-card").wait_for()
    reading.keyboard.press("Escape")
    assert reading.locator(".archive-card").count() == 0
    assert focused(reading) == mention


def test_a_card_says_the_words_of_its_note_and_asks_for_nothing(reading):
    asked = []
    reading.on("request", lambda request: asked.append(request.url))
    link = reading.locator(LINK).first
    entity = link.get_attribute("data-entity")
    link.hover()
    card = reading.locator(".archive-card")
    card.wait_for()
    note = reading.locator(f"#n-{entity}")
    for part in ("a", ".archive-meta", ".archive-description"):
        assert note.locator(part).first.inner_text() in card.inner_text()
    assert card.locator("a").first.get_attribute("href") == link.get_attribute("href")
    assert asked == []


def test_the_pointer_may_enter_a_card_and_leaving_closes_it(reading):
    reading.locator(LINK).first.hover()
    card = reading.locator(".archive-card")
    card.wait_for()
    card.hover()
    reading.wait_for_timeout(600)  # twice the grace
    assert card.is_visible()
    reading.mouse.move(5, 700)
    reading.wait_for_function(NO_CARD)


def test_only_one_card_is_open(reading):
    reading.locator(LINK).nth(0).focus()
    reading.keyboard.press("Tab")
    reading.keyboard.press("Shift+Tab")
    reading.locator(LINK).nth(1).hover()
    reading.wait_for_timeout(700)
    assert reading.locator(".archive-card").count() == 1


def test_a_card_can_be_pinned_once_and_unpinned(reading):
    for _ in range(2):
        reading.locator(LINK).first.hover()
        reading.locator(".archive-card-pin").click()
    pinned = reading.locator(".archive-rail section")
    assert pinned.count() == 1
    assert pinned.is_visible()
    assert reading.locator(".archive-card").count() == 0
    pinned.get_by_role("button", name="Unpin").click()
    assert pinned.count() == 0


def test_a_finger_opens_the_card_first_and_the_entry_then(chromium, window_of, tiny_site):
    with window_of(chromium, viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True) as (
        page,
        _,
    ):
        page.goto(tiny_site.address + ARTICLE)
        page.locator(".archive-marks").wait_for()
        page.locator(LINK).first.tap()
        card = page.locator(".archive-card")
        card.wait_for()
        box = card.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert page.url.endswith(ARTICLE)
        card.get_by_role("link", name="Entry").tap()
        page.wait_for_url("**/glossary/**")


def test_marks_are_chosen_and_remembered(reading):
    def marks():
        return reading.locator(LINK).count()

    words = reading.locator("[data-source-text]").text_content()
    usual = marks()
    reading.locator(".archive-marks summary").click()
    reading.get_by_label("Every mention").check()
    every = reading.locator("[data-source-text] [data-entity]").count()
    assert marks() == every > usual
    reading.reload()
    reading.locator(".archive-marks summary").click()
    assert marks() == every
    assert reading.locator("[data-source-text]").text_content() == words
    reading.get_by_label("None").check()
    assert marks() == 0
    reading.get_by_label("First in each section").check()
    assert marks() == usual
    reading.get_by_label("person").uncheck()
    assert 0 < marks() < usual
    reading.reload()
    assert 0 < marks() < usual
    assert reading.locator("[data-source-text]").text_content() == words


def test_a_foreign_memory_changes_nothing(reading):
    usual = reading.locator(LINK).count()
    for value in ("no JSON", "null", '{"density": "toString", "hidden": 7}', '{"hidden": ["<b>"]}'):
        reading.evaluate("value => localStorage.setItem('archive.marks', value)", value)
        reading.reload()
        reading.locator(".archive-marks").wait_for()
        assert reading.locator(LINK).count() == usual


def test_a_walk_through_the_mentions_and_back(reading):
    link = reading.locator("a.archive-walk", has_text="2 mentions").first
    entity = link.get_attribute("data-entity")
    link.scroll_into_view_if_needed()
    before = reading.evaluate("scrollY")
    length = reading.evaluate("history.length")
    link.click()
    seen = [reading.locator(":target").get_attribute("id")]
    for _ in range(2):
        reading.get_by_role("button", name="Next", exact=True).click()
        seen.append(reading.locator(":target").get_attribute("id"))
    assert seen == [f"m-{entity}-1", f"m-{entity}-2", f"m-{entity}-1"]
    assert reading.evaluate("history.length") == length
    reading.get_by_role("button", name="Back", exact=True).click()
    assert reading.locator(".archive-bar").count() == 0
    assert abs(reading.evaluate("scrollY") - before) < 2
    assert link.evaluate("e => e === document.activeElement")


def test_a_note_and_its_mentions_lead_to_each_other(reading):
    for back in reading.locator(".archive-notes ul a[href^='#m-']").all():
        anchor = back.get_attribute("href")
        entity = reading.locator(anchor).get_attribute("data-entity")
        assert back.evaluate("a => a.closest('ol > li').querySelector('p').id") == f"n-{entity}"
    assert (
        reading.locator(".archive-notes ul a[href^='#m-']").count()
        == reading.locator("[data-entity][id]").count()
    )
    for number in reading.locator("a.noteref").all():
        assert reading.locator(number.get_attribute("href")).count() == 1


def test_a_citation_is_copied_and_downloaded(reading):
    reading.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reading.locator(".archive-cite summary").click()
    form = reading.locator(".archive-cite pre").first
    reading.get_by_role("button", name="Copy").first.click()
    reading.get_by_text("Copied").wait_for()
    assert reading.evaluate("navigator.clipboard.readText()") == form.text_content()
    with reading.expect_download() as waiting:
        reading.get_by_role("button", name="Download").first.click()
    assert waiting.value.suggested_filename == "2031-03-harbour-talks.bib"
    assert waiting.value.path().read_text(encoding="utf-8") == form.text_content()


def test_without_scripts_numbers_lead_to_the_notes_and_back(chromium, window_of, tiny_site):
    with window_of(chromium, java_script_enabled=False) as (page, _):
        page.goto(tiny_site.address + ARTICLE)
        number = page.locator("a.noteref").first
        assert number.is_visible()
        number.click()
        assert page.locator(":target .archive-description").is_visible()
        page.locator(":target + ul a").first.click()
        assert page.locator(":target").get_attribute("data-entity")


def test_the_late_coming_of_the_switches_moves_nothing(chromium, window_of, tiny_site):
    tops = []
    for scripts_come in (True, False):
        with window_of(chromium, viewport={"width": 1280, "height": 800}) as (page, _):
            if not scripts_come:
                page.route("**/assets/marks.js", lambda route: route.abort())
            page.goto(f"{tiny_site.address}articles/2031/03/harbour-talks/")
            if scripts_come:
                page.locator(".archive-marks").wait_for()
            tops.append(page.locator("[data-source-text]").evaluate("e => e.getBoundingClientRect().top"))
    assert tops[0] == tops[1]


def test_on_paper_numbers_lead_to_notes_with_addresses(page, tiny_site):
    page.goto(f"{tiny_site.address}articles/2031/03/harbour-talks/")
    page.locator(".archive-marks").wait_for()
    page.emulate_media(media="print")
    assert page.locator("a.noteref").first.is_visible()
    assert not page.locator(".archive-marks").is_visible()
    printed = "e => getComputedStyle(e, '::after').content"
    note = page.locator(".archive-notes li p a").first
    assert note.evaluate(printed) == f'" <{note.evaluate("a => a.href")}>"'
    assert note.evaluate("a => a.href").startswith(tiny_site.address)
