"""Citations: how an article is cited, in words, as BibTeX and as CSL JSON. Lines of plain text come out."""

from __future__ import annotations

import calendar
import json
from typing import TYPE_CHECKING, Any

from generator.render.dates import date_in_words

if TYPE_CHECKING:
    from generator.model import Article, Edtf

_JSON = json.JSONEncoder(ensure_ascii=False)
_BIBTEX = {
    ord(char): escaped
    for char, escaped in {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_",
        "%": r"\%", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    }.items()
}  # fmt: skip


def citation(article: Article, outlet: str | None) -> str:
    """Return the citation as a sentence: author, title, name of the outlet, date, address."""
    matter = article.front_matter
    title = f"[{matter.title}]" if "title" in matter.supplied else f"\u201c{matter.title}\u201d"
    parts = [matter.byline, title, outlet, date_in_words(matter.date), matter.url]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def bibtex(article: Article, outlet: str | None) -> list[str]:
    """Return the lines of a BibTeX entry; what TeX would take for a command is escaped."""
    matter = article.front_matter
    fields: dict[str, str | None] = {
        "author": f"{{{matter.byline.translate(_BIBTEX)}}}" if matter.byline else None,
        "title": f"{{{matter.title.translate(_BIBTEX)}}}",
        "howpublished": outlet.translate(_BIBTEX) if outlet else None,
        "date": matter.date.text,
        "url": matter.url,
        "langid": matter.language,
    }
    return [
        f"@online{{{article.id.replace('/', '-')},",
        *(f"  {key} = {{{value}}}," for key, value in fields.items() if value),
        "}",
    ]


def csl_json(article: Article, outlet: str | None) -> list[str]:
    """Return the lines of a CSL JSON item (Citation Style Language 1.0.2), which citation managers import."""
    matter = article.front_matter
    item: dict[str, Any] = {"id": article.id, "type": "article-newspaper", "title": matter.title}
    if matter.byline:
        item["author"] = [{"literal": matter.byline}]
    if outlet:
        item["container-title"] = outlet
    if not matter.date.unknown:
        item["issued"] = _issued(matter.date)
    if matter.url:
        item["URL"] = matter.url
    item["language"] = matter.language
    fields = [f"  {_JSON.encode(key)}: {_JSON.encode(value)}" for key, value in item.items()]
    return ["[{", *(f"{field}," for field in fields[:-1]), fields[-1], "}]"]


def _issued(day: Edtf) -> dict[str, Any]:
    """Return a date as CSL has it: one day, month or year, or the first and the last day."""
    first, last = day.earliest, day.latest
    whole_month = (first.year, first.month) == (last.year, last.month) and (
        first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
    )
    whole_year = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year
    if first == last:
        parts = [[first.year, first.month, first.day]]
    elif whole_year:
        parts = [[first.year]]
    elif whole_month:
        parts = [[first.year, first.month]]
    else:
        parts = [[end.year, end.month, end.day] for end in (first, last)]
    return {"date-parts": parts, "circa": True} if day.approximate else {"date-parts": parts}
