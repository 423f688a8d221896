"""``photoprivacy advise``: what a destination would learn from photos, and what to do first."""

from __future__ import annotations

import json

import attrs
import click
from rich.table import Table
from rich.text import Text

from photoprivacy import Gazetteer, PhotoPrivacyError, inspect
from photoprivacy.cli._console import Exit, collect, complain, finish, out, shown, words
from photoprivacy.destinations import Advice, Destination, advise


@click.command("advise")
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False))
@click.option(
    "--for",
    "name",
    required=True,
    type=click.Choice([one.value for one in Destination]),
    help="Where the photos are to go.",
)
@click.option("-r", "--recursive", is_flag=True, help="Look inside folders.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def command(paths: tuple[str, ...], name: str, recursive: bool, as_json: bool) -> None:
    """Say what a platform would learn from photos, and what to do first.

    The answers about platforms carry a date and a source: photoprivacy.destinations.FACTS.
    """
    failed = False

    def missed(path: str, reason: str) -> None:
        nonlocal failed
        failed = True
        complain(path, reason)

    first = True
    geocoder = Gazetteer()  # which reads its table when the first photo has a position
    for path in collect(paths, recursive=recursive, missed=missed):
        try:
            advice = advise(inspect(path), Destination(name), geocoder=geocoder)
        except (PhotoPrivacyError, OSError) as error:
            missed(path, words(error))
            continue
        if as_json:
            plain = attrs.asdict(advice) | {"destination": name}
            click.echo(json.dumps({"file": path, **plain}))
        else:
            _print(path, advice, whole=first)
            first = False
    finish(Exit.FAILED if failed else Exit.DONE)


def _print(path: str, advice: Advice, *, whole: bool) -> None:
    """Print what is special about one photo, and with *whole* what holds for all of them."""
    out.print(f"[bold]{shown(path)}[/bold]  → {advice.destination.title}")
    reader = "Whoever you send it to learns" if advice.private else "It learns"
    learns = advice.learns or ("nothing from the file itself",)
    sections = [(reader, learns)]
    if whole:
        sections += [("What a clean copy changes", advice.changes)] if advice.changes else []
        sections += [("What it does not change", advice.remains), ("Do", advice.steps)]
    elif advice.learns:
        sections += [("Do", advice.steps[:1])]
    for title, lines in sections:
        out.print(f"  {title}")
        for line in lines:
            point = Table.grid(padding=(0, 1, 0, 0))
            point.add_row("    •", Text(line))
            out.print(point if out.is_terminal else Text(f"    • {line}"))
    out.print()
