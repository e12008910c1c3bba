"""Commands that read the seeds and say what they see: annotate, explain."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from generator import pipeline
from generator.check.report import annotations_as_json, explain, mention_as_json, mentions_of_line
from generator.check.unlinked import explain_unlinked
from generator.choosing import chosen_paths, find_article, is_chosen, parse_place
from generator.cli.options import ARCHIVE, FORMAT, PATHS, tell_errors
from generator.config import find_archive

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@PATHS
@ARCHIVE
def annotate(paths: tuple[Path, ...], folder: Path) -> None:
    """Print the annotations as JSON Lines, one article a line, sorted by id."""
    config = find_archive(folder)
    annotated = pipeline.annotate_known(config)
    chosen = chosen_paths(config, paths)
    for article in annotated.articles:
        if is_chosen(article.article.path, chosen):
            click.echo(json.dumps(annotations_as_json(article), ensure_ascii=False))
    tell_errors(annotated.issues)


@click.command(name="explain")
@click.argument("place", metavar="PATH:LINE")
@ARCHIVE
@FORMAT
def explain_line(place: str, folder: Path, form: str) -> None:
    """Say of each annotation of a line what it means and why."""
    config = find_archive(folder)
    path, line = parse_place(place)
    annotated = pipeline.annotate_known(config)
    (wanted,) = chosen_paths(config, (path,))
    article = find_article(annotated.articles, wanted, annotated.issues)
    last = article.article.line_of(len(article.article.text.rstrip()))
    if not 1 <= line <= last:
        raise click.BadParameter(f"{wanted} has {last} lines, not {line}", param_hint="PATH:LINE")
    mentions = mentions_of_line(article, line)
    entities = {entity.id: entity for entity in annotated.seeds.entities}
    if form == "json":
        click.echo(json.dumps([mention_as_json(m) for m in mentions], ensure_ascii=False, indent=2))
        return
    said = [explain(article, mention, entities) for mention in mentions]
    said += explain_unlinked(article, line, entities)
    click.echo("\n".join(said), nl=bool(said))
    if not said:
        click.echo(f"no annotation begins in line {line} of {wanted}", err=True)
