"""Golden cases of tests/cases/issues: bad files, and exactly what is said about them."""

from __future__ import annotations

from generator import pipeline

NOTHING = "none"


def test_the_issues_of_a_case_are_said_exactly_so(issue_case, build_archive, update_cases):
    seeds = {path: value for path, value in issue_case.values.items() if path.startswith("seeds/")}
    annotated = pipeline.annotate(build_archive(seeds))
    said = "".join(f"{issue}\n" for issue in annotated.issues) or NOTHING
    issue_case.expect("issues", said, update=update_cases)


def test_a_case_has_only_seeds_and_issues(issue_case):
    assert all(key == "issues" or key.startswith("seeds/") for key in issue_case.values)
