"""The sitemap names every page, and is cut where the protocol wants that."""

from __future__ import annotations

import gzip

from selectolax.lexbor import LexborHTMLParser

from generator.publish.sitemap import sitemaps


def places(content):
    return [node.text() for node in LexborHTMLParser(content.decode()).css("loc")]


def test_every_page_has_its_address():
    files = sitemaps("https://example.org/archive", ["", "articles/b/", "articles/a&b/"])
    assert places(files["sitemap.xml"]) == [
        "https://example.org/archive/",
        "https://example.org/archive/articles/a&b/",
        "https://example.org/archive/articles/b/",
    ]
    assert b"a&amp;b" in files["sitemap.xml"]
    assert gzip.decompress(files["sitemap.xml.gz"]) == files["sitemap.xml"]


def test_without_an_address_of_the_site_it_is_there_and_empty():
    assert places(sitemaps(None, ["articles/a/"])["sitemap.xml"]) == []


def test_too_many_pages_have_sitemaps_and_an_index_of_them():
    urls = [f"articles/{number:02}/" for number in range(7)]
    files = sitemaps("https://example.org/", urls, most=3)
    assert places(files["sitemap.xml"]) == [f"https://example.org/sitemaps/{number}.xml" for number in (1, 2, 3)]
    assert b"<sitemapindex " in files["sitemap.xml"]
    listed = [place for number in (1, 2, 3) for place in places(files[f"sitemaps/{number}.xml"])]
    assert listed == [f"https://example.org/{url}" for url in urls]
    assert len(places(files["sitemaps/1.xml"])) == 3


def test_just_as_many_as_fit_have_one():
    files = sitemaps("https://example.org/", [f"{number}/" for number in range(3)], most=3)
    assert sorted(files) == ["sitemap.xml", "sitemap.xml.gz"]
