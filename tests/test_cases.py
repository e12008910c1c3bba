"""Golden cases of tests/cases/mentions: a sentence, a glossary, and the sentence with its mentions marked."""

from __future__ import annotations

from generator.issues import Level


def test_a_text_is_marked_as_its_case_says(mention_case, annotate_text, update_cases):
    values = mention_case.values
    front_matter = {key: values[key] for key in ("date", "annotations", "language") if key in values}
    annotated = annotate_text(values["text"], values["glossary"], **front_matter)
    errors = [str(issue) for issue in annotated.issues if issue.level is Level.ERROR]
    assert not errors, "\n".join(errors)
    (article,) = annotated.articles
    mention_case.expect("marked", marked(article, article.mentions), update=update_cases)
    if "visible" in values:
        visible = [mention for mention in article.mentions if mention.visible]
        mention_case.expect("visible", marked(article, visible), update=update_cases)


def test_a_case_has_only_keys_that_the_test_reads(mention_case):
    known = {"glossary", "text", "marked", "visible", "date", "annotations", "language"}
    assert set(mention_case.values) <= known


def marked(article, mentions):
    """Return the text with `[surface](id)` for each mention, `[surface](one|two)` where it is ambiguous."""
    text, at, parts = article.article.text, 0, []
    for mention in mentions:
        target = mention.entity_id or "|".join(mention.candidates)
        parts += [text[at : mention.span.start], f"[{mention.surface}]({target})"]
        at = mention.span.end
    return "".join([*parts, text[at:]])
