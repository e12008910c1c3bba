"""Scripts from strangers, in every field of a seed: nothing of them runs, on any page or in the search."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from generator import pipeline
from generator.building import build_site
from generator.config import find_archive
from generator.publish.export import export_markdown
from tests.payloads import PAYLOADS, SAMPLE
from tests.publishing import environment_kept, read_tree

pytestmark = pytest.mark.browser

DEFINITION = "definition or body"


def quoted(text):
    """A text as YAML's double quotes hold it, whatever is in it."""
    plain = [c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text]
    return f'"{"".join(plain)}"'


def write_seed(file, fields, body):
    """Write a seed, one field a line, and return the field of each line."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{key}: {value}\n" for key, value in fields.items()]
    file.write_text("---\n" + "".join(lines) + "---\n" + body, encoding="utf-8", newline="")
    return dict(enumerate(fields, start=2))


def seeds_of(number, payload):
    """Yield (path, fields, body) of the article and the entry that carry a payload in all their texts."""
    value = quoted(f"zebra {payload}")
    block = payload.replace("\n", " ")
    yield (
        f"articles/2031/01/a-{number}.md",
        {
            "title": value,
            "date": "2031-01-01",
            "language": "en",
            "supplied": "[title]",
            "byline": quoted(payload),
            "rights": quoted(payload),
            "topics": f"[{quoted(payload[:100])}]",
            "corrections": f"[{{date: 2031-01-02, text: {quoted(payload)}}}]",
        },
        f"{payload}\n\n## {block}\n\n> {block}\n\n- {block}\n\n1. {block}\n\nEntry {number} {block}\n",
    )
    yield (
        f"glossary/e-{number}.md",
        {
            "name": value,
            "kind": "term",
            "description": quoted(payload),
            "aliases": f"[Entry {number}, {quoted(payload)}]",
            "sources": f"[{{title: {quoted(payload)}, publisher: {quoted(payload)}}}]",
            "roles": f"[{{title: {quoted(payload)}}}]",
        },
        f"{payload}\n\n{payload}\n",
    )


def write_archive(root, payloads):
    """Write an archive of these payloads; return how often each field refused one with an issue."""
    root.mkdir()
    (root / "mkdocs.yml").write_text(
        "site_name: Payloads\ntheme: {name: material}\nplugins: [news-archive]\n"
    )
    refused: dict[str, int] = {}
    seeds = {
        path: (fields, body)
        for n, payload in enumerate(payloads)
        for path, fields, body in seeds_of(n, payload)
    }
    for _ in range(4):
        lines = {f"seeds/{path}": write_seed(root / "seeds" / path, *seed) for path, seed in seeds.items()}
        issues = [issue for issue in pipeline.annotate(find_archive(root)).issues if issue.level == "error"]
        if not issues:
            break
        for issue in issues:
            field = lines[issue.path].get(issue.line, DEFINITION)
            path = issue.path.removeprefix("seeds/")
            fields, body = seeds[path]
            if field == DEFINITION or field in fields:
                refused[field] = refused.get(field, 0) + 1
            kept = {key: value for key, value in fields.items() if key != field}
            if field in ("title", "name", "description"):
                kept = {field: "Refused", **kept}
            seeds[path] = kept, ("Refused zebra\n" if field == DEFINITION else body)
    assert not issues, issues[:5]
    return refused


def attack(chromium, window_of, site, search):
    """Open every page of a site, click and hover, search; return what ran."""
    ran: list[str] = []
    with window_of(chromium, viewport={"width": 1000, "height": 700}) as (page, watch):
        page.context.expose_function("__hit", lambda *_: ran.append(page.url))
        page.context.add_init_script("Object.freeze(window.__hit)")
        for path in site.pages:
            if path == "404.html":
                continue
            page.goto(site.address + path)
            page.evaluate(ROUSE)
            assert page.url.partition("#")[0] == site.address + path
        page.goto(site.address)
        search(page, site)
        page.wait_for_timeout(100)
        assert [said for said in watch.complaints if said.startswith(("dialog", "exception"))] == []
        assert watch.outside(site.address) == []
    return ran


def search_everything(payloads):
    """How to have every payload shown by our search, in titles, names, excerpts and facets, and to type each."""

    def search(page, site):
        box, ready = page.locator("input.md-search__input"), page.locator("#search:not([aria-busy])")
        for payload in ["zebra", *payloads]:
            box.click()
            box.fill(payload)
            page.locator(".md-search-result__list:not([aria-busy])").wait_for(state="attached")
            page.evaluate(ROUSE)
        shown, number = 0, 0
        while shown == 10 * number:
            number += 1
            page.goto(f"{site.address}search/?q=zebra&page={number}")
            page.locator(".archive-hits li").first.wait_for()
            page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
            page.evaluate(ROUSE)
            shown += page.locator(".archive-hits li").count()
        assert shown >= len(payloads), "articles and entries, but for those that are offered"
        for payload in payloads:
            words = urlencode(
                dict.fromkeys(["q", "year", "outlet", "entity", "language", "kind", "sort", "page"], payload)
            )
            page.goto(f"{site.address}search/?{words}")
            ready.wait_for()
            page.evaluate(ROUSE)
        page.goto(f"{site.address}search/")
        for payload in payloads:
            for field in page.locator("#search input[type=search]:visible").all():
                field.fill(payload)
            ready.wait_for()
            page.evaluate(ROUSE)

    return search


def search_with_material(page, _):
    """Type a word that every seed has, as far as Material's own search goes."""
    page.locator("input.md-search__input").click()
    page.locator("input.md-search__input").press_sequentially("zebra")
    page.locator("li.md-search-result__item").nth(9).wait_for()


ROUSE = """() => {
  for (const element of document.querySelectorAll("article *, header *, nav *")) {
    for (const event of ["mouseover", "mouseenter", "pointerenter", "focus", "animationstart", "toggle"])
      element.dispatchEvent(new Event(event, {bubbles: true}))
  }
  for (const link of document.querySelectorAll("a[href], form, [id=go]"))
    if (/^\\s*(javascript|data|vbscript):/i.test(link.href || link.action || "")) __hit()
}"""


def run_payloads(tmp_path, chromium, window_of, serving_of, payloads):
    refused = write_archive(tmp_path / "archive", payloads)
    config = find_archive(tmp_path / "archive")
    with environment_kept():
        folder = build_site(config).site
    with serving_of(folder) as site:
        assert len(site.pages) > 2 * len(payloads)
        assert attack(chromium, window_of, site, search_everything(payloads)) == [], refused
    return config, refused


def test_no_payload_of_a_sample_runs(tmp_path, chromium, window_of, site_at):
    config, refused = run_payloads(tmp_path, chromium, window_of, site_at, SAMPLE)
    assert sum(refused.values()) <= 2 * len(SAMPLE), refused
    export = tmp_path / "export"
    archive = pipeline.link(pipeline.annotate(config))
    export_markdown(config, pipeline.plan(archive, "Payloads"), "Payloads", export)
    with environment_kept():
        mkdocs_build(load_config(str(export / "mkdocs.yml"), site_dir=str(tmp_path / "stock")))
    with site_at(tmp_path / "stock") as site:
        assert attack(chromium, window_of, site, search_with_material) == []


@pytest.mark.soak
def test_no_payload_at_all_runs(tmp_path, chromium, window_of, site_at):
    _, refused = run_payloads(tmp_path, chromium, window_of, site_at, PAYLOADS)
    assert len(PAYLOADS) >= 200
    assert refused.get("title", 0) < len(PAYLOADS) / 4, refused
    assert refused.get(DEFINITION, 0) < len(PAYLOADS) / 2, refused


OPEN = [
    "<script>__hit()</script>",
    "<img src=x onerror=__hit()>",
    "<p onmouseover=__hit()>x</p>",
    "<svg><animate onbegin=__hit() attributeName=x dur=1s></svg>",
]
POLICY = re.compile('<meta http-equiv="Content-Security-Policy"[^>]*>')


@pytest.mark.parametrize("policy", ["with their policy", "without it"])
def test_the_hook_notices_a_script_that_runs_and_the_policy_lets_none_run(
    tmp_path, chromium, window_of, site_at, policy
):
    """Were the hook blind, the tests above would prove nothing; nothing else keeps these scripts from running."""
    folder = tmp_path / "site"
    write_archive(tmp_path / "archive", ["harmless"])
    with environment_kept():
        build_site(find_archive(tmp_path / "archive"), folder)
    for number, payload in enumerate(OPEN):
        page = folder / f"open-{number}" / "index.html"
        page.parent.mkdir()
        html, found = POLICY.subn(
            r"\g<0>" if policy == "with their policy" else "",
            read_tree(folder)["articles/index.html"].decode(),
        )
        assert found == 1
        page.write_text(re.sub("(<article [^>]*>)", rf"\1{payload}", html), encoding="utf-8")
    with site_at(folder) as site:
        ran = attack(chromium, window_of, site, search_everything(["harmless"]))
    run = {url.removesuffix("/").rpartition("/")[2] for url in ran}
    assert run == (set() if policy == "with their policy" else {f"open-{n}" for n in range(len(OPEN))})
