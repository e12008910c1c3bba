"""SARIF: issues in the form that code scanners exchange (OASIS, Static Analysis Results Interchange Format 2.1.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from generator.check.catalogue import read_catalogue
from generator.check.formats import DOCS, write_json
from generator.issues import Level

if TYPE_CHECKING:
    from generator.check.formats import Report
    from generator.issues import Edit, Issue

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BASE = "%SRCROOT%"
"""What GitHub and others take for the root of the repository."""
_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTICE: "note"}


def as_sarif(report: Report, prefix: str) -> str:
    """Return what was found as SARIF; `prefix` is the archive's folder in its repository."""
    kinds = sorted({issue.kind for issue in report.issues})
    results = [_result(issue, kinds.index(issue.kind), prefix) for issue in report.issues]
    driver = {"name": "archive check", "rules": [_rule(kind) for kind in kinds]}
    # our offsets count code points; the standard's usual unit is that of UTF-16
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return write_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(kind: str) -> dict[str, Any]:
    """Return what is said of a kind. There is no `helpUri`: it must be absolute, and a clone has no address."""
    rule = read_catalogue()[kind]
    return {
        "id": kind,
        "shortDescription": {"text": rule.meaning},
        "help": {"text": rule.mend},
        "defaultConfiguration": {"level": _LEVELS[rule.level]},
        "properties": {"docs": f"{DOCS}#{kind}"},
    }


def _result(issue: Issue, rule: int, prefix: str) -> dict[str, Any]:
    text = f"{issue.message}\nhelp: {issue.hint}" if issue.hint else issue.message
    place: dict[str, Any] = {"artifactLocation": _file(issue.path, prefix)}
    if issue.line:
        place["region"] = {"startLine": issue.line} | ({"startColumn": issue.column} if issue.column else {})
    result: dict[str, Any] = {
        "ruleId": issue.kind,
        "ruleIndex": rule,
        "level": _LEVELS[issue.level],
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
    }
    # a byte-order mark is no character of a file for SARIF, and the file of a new line need not be there
    if issue.fix and issue.kind != "byte-order-mark" and all(e.path == issue.path for e in issue.fix.edits):
        changes = [_change(edit, prefix) for edit in issue.fix.edits]
        result["fixes"] = [{"description": {"text": str(issue.fix)}, "artifactChanges": changes}]
    return result


def _change(edit: Edit, prefix: str) -> dict[str, Any]:
    deleted = {"charOffset": edit.start, "charLength": edit.end - edit.start}
    replacement = {"deletedRegion": deleted, "insertedContent": {"text": edit.replacement}}
    return {"artifactLocation": _file(edit.path, prefix), "replacements": [replacement]}


def _file(path: str, prefix: str) -> dict[str, str]:
    return {"uri": quote(prefix + path), "uriBaseId": BASE}
