"""``photoprivacy places``: where photos were taken, by name, without asking anyone."""

from __future__ import annotations

import json
from typing import Any

import attrs
import click
from rich.markup import escape
from rich.tree import Tree

from photoprivacy import (
    CapturedAt,
    Coordinates,
    Gazetteer,
    MissingExtra,
    PhotoPrivacyError,
    Place,
    PlaceError,
    PlaceLevel,
    find_trips,
    group_by_place,
    infer_places,
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
class _Shot:
    path: str
    coordinates: Coordinates | None = attrs.field(default=None, repr=False)
    captured_at: CapturedAt | None = attrs.field(default=None, repr=False)
    camera: object = attrs.field(default=None, repr=False)
    place: Place | None = attrs.field(default=None, repr=False)


@click.command("places")
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False))
@click.option("-r", "--recursive", is_flag=True, hidden=True, expose_value=False)
@click.option(
    "--level", type=click.Choice(_LEVELS), help="Stop at this level.  [default: by count]"
)
@click.option("--language", default="", help="Name countries and large cities in it: de, pt-BR.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.option("--geojson", is_flag=True, help="The places as GeoJSON, for maps.")
def command(
    paths: tuple[str, ...], level: str | None, language: str, as_json: bool, geojson: bool
) -> None:
    """Group photos by where they were taken, offline.

    Folders are searched. Names come from a table that is part of this package; no position
    leaves this machine. A photo without a position is placed where the same camera was just
    before and just after; such guesses are counted with "about".
    """
    failed = False

    def missed(path: str, reason: str) -> None:
        nonlocal failed
        failed = True
        complain(path, reason)

    try:
        gazetteer = Gazetteer(language=language)
    except (MissingExtra, ValueError) as error:
        raise click.UsageError(str(error)) from None
    files = collect(paths, recursive=True, missed=missed)
    read: list[_Shot] = []
    for path in progress(files, total=len(files), what="Reading"):
        try:
            report = inspect(path)
        except (PhotoPrivacyError, OSError) as error:
            missed(path, words(error))
        else:
            read.append(_Shot(path, report.coordinates, report.captured_at, report.camera))
    try:
        places = infer_places(read, geocoder=gazetteer)
    except PlaceError as error:
        raise click.ClickException(str(error)) from None
    # A position without a name is no reason to ask again.
    photos = [
        attrs.evolve(shot, place=place, coordinates=None)
        for shot, place in zip(read, places, strict=True)
    ]
    tree = group_by_place(photos, level=PlaceLevel(level) if level else None)
    if geojson:
        click.echo(json.dumps(tree.to_geojson(), ensure_ascii=False))
    elif as_json:
        click.echo(
            json.dumps(
                {
                    "groups": [_plain(group) for group in tree.groups],
                    "nowhere": [photo.path for photo in tree.nowhere],
                    "inferred": [one.path for one in photos if one.place and one.place.inferred],
                    "trips": [
                        {"title": trip.title, "first": trip.first, "last": trip.last}
                        | {"photos": [photo.path for photo in trip.photos]}
                        for trip in find_trips(photos)
                    ],
                }
            )
        )
    elif photos or not failed:
        _print(photos, tree)
    finish(Exit.FAILED if failed else Exit.DONE)


def _print(photos: list[_Shot], tree: Any) -> None:
    root = Tree(f"[bold]{plural(len(photos), 'photo')}[/bold]")
    for group in tree.groups:
        _branch(root, group)
    if tree.nowhere:
        root.add(f"[dim]without a place  {len(tree.nowhere):,}[/dim]")
    out.print(root)
    trips = find_trips(photos)
    if trips:
        listed = Tree(f"[bold]{plural(len(trips), 'trip')}[/bold]")
        for trip in trips:
            days = f"{trip.first} to {trip.last}"
            listed.add(f"{escape(trip.title)}  [dim]{trip.count:,}  {days}[/dim]")
        out.print(listed)


def _branch(parent: Tree, group: Any) -> None:
    guessed = sum(1 for photo in group.photos if photo.place.inferred)
    facts = f"about {group.count:,}" if guessed else f"{group.count:,}"
    if group.span is not None:
        first, last = group.span
        facts += f"  {first}" if first == last else f"  {first} to {last}"
    branch = parent.add(f"{escape(group.title)}  [dim]{facts}[/dim]")
    for child in group.children:
        _branch(branch, child)
    if group.elsewhere is not None:
        branch.add(f"[dim]{escape(group.elsewhere.title)}[/dim]")
    if not group.children and group.count <= 3:
        branch.label = (
            f"{branch.label}  [dim]{', '.join(shown(p.path) for p in group.photos)}[/dim]"
        )


def _plain(group: Any) -> dict[str, object]:
    elsewhere = group.elsewhere.photos if group.elsewhere else ()
    return {
        "title": group.title,
        "key": group.key,
        "level": group.level.value,
        "count": group.count,
        "span": group.span,
        "photos": [photo.path for photo in group.photos] if not group.children else [],
        "groups": [_plain(child) for child in group.children],
        "elsewhere": [photo.path for photo in elsewhere],
    }
