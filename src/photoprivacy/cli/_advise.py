"""``photoprivacy advise``: what a destination would learn from photos, and what to do first."""

from __future__ import annotations

import json

import attrs
import click

from photoprivacy import PhotoPrivacyError, inspect
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

    for path in collect(paths, recursive=recursive, missed=missed):
        try:
            advice = advise(inspect(path), Destination(name))
        except (PhotoPrivacyError, OSError) as error:
            missed(path, words(error))
            continue
        if as_json:
            plain = attrs.asdict(advice) | {"destination": name}
            click.echo(json.dumps({"file": path, **plain}))
        else:
            _print(path, advice)
    finish(Exit.FAILED if failed else Exit.DONE)


def _print(path: str, advice: Advice) -> None:
    out.print(f"[bold]{shown(path)}[/bold]  → {advice.destination.title}")
    learns = advice.learns or ("nothing from the file itself",)
    for title, lines in (
        ("It learns", learns),
        ("A clean file does not change", advice.remains),
        ("Do", advice.steps),
    ):
        out.print(f"  {title}")
        for line in lines:
            out.print(f"    • {line}", highlight=False)
    out.print()
