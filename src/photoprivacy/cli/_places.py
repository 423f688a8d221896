"""``photoprivacy places``: where photos were taken, by name, without asking anyone."""

from __future__ import annotations

import json
from typing import Any

import attrs
import click
from rich.markup import escape
from rich.tree import Tree

from photoprivacy import (
    Coordinates,
    Gazetteer,
    PhotoPrivacyError,
    PlaceLevel,
    group_by_place,
    inspect,
)
from photoprivacy.cli._console import (
    Exit,
    collect,
    complain,
    finish,
    out,
    plural,
    progress,
    shown,
    words,
)

_LEVELS = [level.value for level in PlaceLevel if level is not PlaceLevel.NEIGHBOURHOOD]


@attrs.frozen
class _Located:
    path: str
    coordinates: Coordinates | None = attrs.field(repr=False)


@click.command("places")
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False))
@click.option(
    "--level", type=click.Choice(_LEVELS), help="Stop at this level.  [default: by count]"
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def command(paths: tuple[str, ...], level: str | None, as_json: bool) -> None:
    """Group photos by where they were taken, offline.

    Folders are searched. Names come from a table that is part of this package; no position
    leaves this machine.
    """
    failed = False

    def missed(path: str, reason: str) -> None:
        nonlocal failed
        failed = True
        complain(path, reason)

    files = collect(paths, recursive=True, missed=missed)
    photos: list[_Located] = []
    for path in progress(files, total=len(files), what="Reading"):
        try:
            photos.append(_Located(path, inspect(path).coordinates))
        except (PhotoPrivacyError, OSError) as error:
            missed(path, words(error))
    tree = group_by_place(photos, geocoder=Gazetteer(), level=PlaceLevel(level) if level else None)
    if as_json:
        groups = [_plain(group) for group in tree.groups]
        click.echo(
            json.dumps({"groups": groups, "nowhere": [photo.path for photo in tree.nowhere]})
        )
    elif photos or not failed:
        root = Tree(f"[bold]{plural(len(photos), 'photo')}[/bold]")
        for group in tree.groups:
            _branch(root, group)
        if tree.nowhere:
            root.add(f"[dim]without a place  {len(tree.nowhere):,}[/dim]")
        out.print(root)
    finish(Exit.FAILED if failed else Exit.DONE)


def _branch(parent: Tree, group: Any) -> None:
    branch = parent.add(f"{escape(group.title)}  [dim]{group.count:,}[/dim]")
    for child in group.children:
        _branch(branch, child)
    if not group.children and group.count <= 3:
        branch.label = (
            f"{branch.label}  [dim]{', '.join(shown(p.path) for p in group.photos)}[/dim]"
        )


def _plain(group: Any) -> dict[str, object]:
    return {
        "title": group.title,
        "key": group.key,
        "level": group.level.value,
        "count": group.count,
        "photos": [photo.path for photo in group.photos] if not group.children else [],
        "groups": [_plain(child) for child in group.children],
    }
