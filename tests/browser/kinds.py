"""The kinds of pages, by the site that has them. Holds no test."""

from __future__ import annotations

KINDS = {
    "own_site": [
        "",
        "articles/",
        "articles/2025/06/syria-israel-indirect-talks/",
        "glossary/",
        "glossary/syria/",
        "glossary/ahmad-al-sharaa/",
        "browse/",
        "browse/person/",
        "browse/date/2025/",
        "browse/published-by/",
        "browse/published-by/sunna-files/",
        "browse/topic/security/",
        "browse/timeline/",
        "browse/together/",
        "browse/map/",
        "404.html",
    ],
    "tiny_site": [
        "",
        "articles/",
        "articles/2031/03/harbour-talks/",
        "articles/2031/04/arabic/",
        "articles/2031/05/taken-down/",
        "glossary/",
        "glossary/ada-lindqvist/",
        "glossary/kestrel-accord/",
        "browse/",
        "browse/place/",
        "browse/together/",
        "about/",
    ],
    "full_site": [
        "articles/",
        "browse/date/2031/",
        "browse/date/2031/2/",
        "browse/mentions/ada/2/",
        "browse/timeline/",
        "browse/together/",
        "browse/together/ada/bo/",
        "glossary/ada/",
    ],
}
