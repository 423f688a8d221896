"""``photoprivacy prepare``: the files to post, as a destination takes them."""

from __future__ import annotations

import json
import os
from typing import Final

import click

from photoprivacy import Format, PhotoPrivacyError
from photoprivacy._files import replace_file
from photoprivacy.cli._advise import NAMES, to_destination
from photoprivacy.cli._console import Exit, collect, complain, finish, out, shown, visible, words
from photoprivacy.cli._policies import POLICIES
from photoprivacy.destinations import Destination, Prepared, prepare

_HELP: Final = """Make the files to post: clean, and of a size and format that is taken.

Where the clean file is taken as it is, it keeps its own pixels; where it is not, it is drawn anew,
and that is said, with the reason.

\b
photoprivacy prepare photo.heic --for threads -o ready.jpg
photoprivacy prepare -r holiday --for bluesky -o ready
"""
#: other endings by which files of a format go
_ALIASES: Final = {
    Format.JPEG: (".jpeg", ".jpe"),
    Format.HEIC: (".heif", ".hif"),
    Format.TIFF: (".tiff",),
}
_ENDINGS: Final = {one.suffix for one in Format}.union(*_ALIASES.values())


@click.command("prepare", help=_HELP)
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False))
@click.option(
    "--for",
    "destination",
    required=True,
    metavar=NAMES,
    callback=to_destination,
    help="Where the photos are to go.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(),
    help="Where the files to post go: a file, or a folder, which is made if there is none.",
)
@click.option("-r", "--recursive", is_flag=True, help="Look inside folders.")
@click.option(
    "--policy",
    type=click.Choice(list(POLICIES)),
    default="share",
    show_default=True,
    help="What may stay in a file that keeps its own pixels. One that is drawn anew keeps nothing.",
)
@click.option("--no-redraw", is_flag=True, help="Refuse what would have to be drawn anew.")
@click.option("--overwrite", is_flag=True, help="Replace files that are there already.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file, for programs.")
def command(
    paths: tuple[str, ...],
    destination: Destination,
    output: str,
    recursive: bool,
    policy: str,
    no_redraw: bool,
    overwrite: bool,
    as_json: bool,
) -> None:
    failed = False

    def missed(path: str, reason: str) -> None:
        nonlocal failed
        failed = True
        if as_json:
            click.echo(json.dumps({"file": path, "output": None, "error": reason}))
        else:
            complain(path, reason)

    files = [
        (file, os.path.relpath(file, path) if os.path.isdir(path) else os.path.basename(file))
        for path in paths
        for file in collect([path], recursive=recursive, missed=missed, besides=output)
    ]
    into = os.path.isdir(output) or os.path.splitext(output)[1].lower() not in _ENDINGS
    if not into and (len(files) > 1 or any(os.path.isdir(path) for path in paths)):
        raise click.UsageError(f"-o {shown(output)} is one file, and there may be several")
    taken: set[str] = set()
    for file, relative in files:
        try:
            ready = prepare(file, destination, POLICIES[policy], redraw=not no_redraw)
            target = os.path.join(output, _called(relative, ready.format)) if into else output
            if reason := _in_the_way(file, target, ready, taken, overwrite=overwrite):
                missed(file, reason)
                continue
            os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
            # A copy is no more open than its source.
            mode = os.stat(file).st_mode
            replace_file(target, [ready.data], overwrite=overwrite, mode=mode)
        except (PhotoPrivacyError, OSError) as error:
            missed(file, words(error))
            continue
        taken.add(target)
        _say(file, target, ready, as_json=as_json)
    finish(Exit.FAILED if failed else Exit.DONE)


def _called(name: str, kind: Format) -> str:
    """Return *name* with the ending of *kind*; its own, where that fits."""
    stem, ending = os.path.splitext(name)
    return name if _fits(ending, kind) else stem + kind.suffix


def _fits(ending: str, kind: Format) -> bool:
    return ending.lower() in (kind.suffix, *_ALIASES.get(kind, ()))


def _in_the_way(
    file: str, target: str, ready: Prepared, taken: set[str], *, overwrite: bool
) -> str | None:
    """Return why the file to post may not be written to *target*."""
    if target in taken:
        return f"its copy would take the place of another's: {visible(target)}"
    if os.path.exists(target) and os.path.samefile(file, target):
        return "its copy would be the file itself: give -o another place"
    if os.path.lexists(target) and not overwrite:
        return f"{visible(target)} is there already: --overwrite replaces it"
    if not _fits(os.path.splitext(target)[1], ready.format):
        named = os.path.splitext(target)[0] + ready.format.suffix
        return f"what is to be posted is {ready.format.value.upper()}: say -o {visible(named)}"
    return None


def _say(file: str, target: str, ready: Prepared, *, as_json: bool) -> None:
    if as_json:
        told = {
            "file": file,
            "output": target,
            "destination": ready.destination.value,
            "format": ready.format.value,
            "width": ready.width,
            "height": ready.height,
            "size": len(ready.data),
            "redrawn": list(ready.redrawn),
            "error": None,
        }
        click.echo(json.dumps(told))
        return
    how = "drawn anew" if ready.redrawn else "its own pixels"
    size = f"{ready.width:,} by {ready.height:,}"
    out.print(f"[green]✓[/green] {shown(file)} → {shown(target)}  [dim]{how}, {size}[/dim]")
    for why in ready.redrawn:
        out.print(f"  [yellow]drawn anew: {why}[/yellow]")
