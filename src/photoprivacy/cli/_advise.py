"""``photoprivacy advise``: what a destination would learn from photos, and what to do first."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Sequence
from typing import Final

import attrs
import click
from rich.table import Table
from rich.text import Text

from photoprivacy import Gazetteer, PhotoPrivacyError, inspect
from photoprivacy.cli._console import Exit, collect, complain, finish, out, shown, visible, words
from photoprivacy.destinations import Advice, Destination, advise


def to_destination(_ctx: click.Context, _param: click.Parameter, value: str) -> Destination:
    """Return the destination that an option names."""
    try:
        return Destination(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


#: the names, as help shows them
NAMES: Final = f"[{'|'.join(one.value for one in Destination)}]"


@click.command("advise")
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False))
@click.option(
    "--for",
    "destination",
    required=True,
    metavar=NAMES,
    callback=to_destination,
    help="Where the photos are to go.",
)
@click.option("-r", "--recursive", is_flag=True, help="Look inside folders.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def command(
    paths: tuple[str, ...], destination: Destination, recursive: bool, as_json: bool
) -> None:
    """Say what a platform would learn from photos, and what to do first.

    The answers about platforms carry a date and a source: photoprivacy.destinations.FACTS.
    """
    failed = False

    def missed(path: str, reason: str) -> None:
        nonlocal failed
        failed = True
        complain(path, reason)

    fullest: Advice | None = None
    geocoder = Gazetteer()  # which reads its table when the first photo has a position
    for path in collect(paths, recursive=recursive, missed=missed):
        try:
            advice = advise(inspect(path), destination, geocoder=geocoder)
        except (PhotoPrivacyError, OSError) as error:
            missed(path, words(error))
            continue
        if as_json:
            plain = attrs.asdict(advice) | {"destination": destination.value}
            plain["steps"] = _with_paths(advice.steps, [path], recursive=False)
            click.echo(json.dumps({"file": path, **plain}))
            continue
        reader = "Whoever you send it to learns" if advice.private else "It learns"
        out.print(f"[bold]{shown(path)}[/bold]  → {destination.title}")
        _list(reader, advice.learns or ("nothing from the file itself",))
        out.print()
        if fullest is None or _length(advice) > _length(fullest):
            fullest = advice
    if fullest is not None:
        _print_common(fullest, paths, recursive=recursive)
    finish(Exit.FAILED if failed else Exit.DONE)


def _length(advice: Advice) -> tuple[int, int]:
    return len(advice.changes), len(advice.steps)


def _print_common(advice: Advice, paths: Sequence[str], *, recursive: bool) -> None:
    """Print once what holds for all of the photos: of them, *advice* has the most to do."""
    if advice.changes:
        _list("What a clean copy changes", advice.changes)
    _list("What it does not change", advice.remains)
    _list("Do", _with_paths(advice.steps, paths, recursive=recursive))
    out.print()


def _with_paths(steps: Iterable[str], paths: Sequence[str], *, recursive: bool) -> list[str]:
    """Return *steps* with the photos in their commands, as a shell takes them."""
    named = [shlex.quote(visible(path if path[:1] != "-" else f"./{path}")) for path in paths]
    if len(named) > _NAMED:
        named = [*named[:_NAMED], "…"]
    photos = " ".join([*(["-r"] if recursive else []), *named])
    return [step.replace("OUT", "ready").replace("PHOTO", photos) for step in steps]


#: More photos than these are not all named in a command.
_NAMED: Final = 3


def _list(title: str, lines: Iterable[str]) -> None:
    out.print(f"  {title}")
    for line in lines:
        point = Table.grid(padding=(0, 1, 0, 0))
        point.add_row("    •", Text(line))
        out.print(point if out.is_terminal else Text(f"    • {line}"))
