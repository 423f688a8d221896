"""``photoprivacy shares``: the links of a library's albums, listed and ended."""

from __future__ import annotations

import datetime as dt
import json
import os

import click

from photoprivacy import Library, PhotoPrivacyError
from photoprivacy.cli._console import Exit, complain, err, finish, local, out, plural, shown, words
from photoprivacy.sharing import NeverType, Rendition, Scope, Share


@click.group("shares")
def command() -> None:
    """List and end the links of a library: a folder that an app keeps with Library.at.

    What the share command serves ends by itself when it stops, and stands in no library.
    """


_folder = click.argument("folder", type=click.Path(exists=True, file_okay=False))


@command.command("list")
@_folder
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(folder: str, as_json: bool) -> None:
    """List the links of all albums in FOLDER. Never shows what would open them."""
    library = _opened(folder)
    try:
        for album in library.albums():
            shares = library.shares(album.id)
            if not as_json and shares:
                out.print(f"[bold]{shown(album.title) or 'untitled'}[/bold]  {album.id}")
            for share in shares:
                out.print(_plain(share) if as_json else f"  {_line(share)}", markup=not as_json)
    except (PhotoPrivacyError, OSError) as error:
        complain(folder, words(error))
        finish(Exit.FAILED)


@command.command("revoke")
@_folder
@click.argument("share_ids", nargs=-1, metavar="[SHARE]...")
@click.option("--all", "album_id", metavar="ALBUM", help="End all links of this album, at once.")
def revoke(folder: str, share_ids: tuple[str, ...], album_id: str | None) -> None:
    """End links of FOLDER, now: each SHARE by its id, as the list shows it."""
    if not share_ids and not album_id:
        raise click.UsageError("say which: share ids, or --all with an album's id")
    library = _opened(folder)
    missed = 0
    try:
        for share_id in share_ids:
            if not library.revoke(share_id):
                missed += 1
                complain(share_id, "there is no such link")
        if album_id and album_id not in {album.id for album in library.albums()}:
            missed += 1
            complain(album_id, "there is no such album")
            album_id = None
        if album_id:
            library.revoke_all(album_id)
    except (PhotoPrivacyError, OSError) as error:
        complain(folder, words(error))
        finish(Exit.FAILED)
        return
    ended = len(share_ids) - missed
    if ended:
        out.print(f"{plural(ended, 'link')} ended.")
    if album_id:
        out.print("All links of the album ended.")
    finish(Exit.FAILED if missed else Exit.DONE)


def _opened(folder: str) -> Library:
    # A library is made where there is none: here that would hide a slip of the finger.
    if not os.path.exists(os.path.join(folder, "private", "library.sqlite3")):
        err.print(f"[red]✗[/red] {shown(folder)}: there is no library in here")
        click.get_current_context().exit(Exit.FAILED)
    try:
        return Library.at(folder)
    except (PhotoPrivacyError, OSError) as error:
        complain(folder, words(error))
        click.get_current_context().exit(Exit.FAILED)


def _plain(share: Share) -> str:
    never = isinstance(share.expires, NeverType)
    return json.dumps(
        {
            "id": share.id,
            "album": share.album_id,
            "expires": None if never else share.expires.isoformat(),  # type: ignore[union-attr]
            "location": share.location.value,
            "time": share.time.value,
            "download": Scope.DOWNLOAD in share.scopes,
            "captions": Scope.CAPTIONS in share.scopes,
            "video": Scope.VIDEO in share.scopes,
            "hidden_pixels": Scope.HIDDEN_PIXELS in share.scopes,
            "rendition": share.rendition.value,
            "not_before": share.not_before.isoformat() if share.not_before else None,
            "password": share.needs_unlock,
        }
    )


def _line(share: Share) -> str:
    if isinstance(share.expires, dt.datetime):
        over = share.expires <= dt.datetime.now(dt.UTC)
        until = f"{'ended' if over else 'until'} {local(share.expires)}"
    else:
        until = "until it is revoked"
    begins = share.not_before
    later = begins is not None and begins > dt.datetime.now(dt.UTC)
    said = [f"from {local(begins)}"] if begins is not None and later else []
    said += [until, f"location {share.location.value}", f"time {share.time.value}"]
    said += [] if Scope.DOWNLOAD in share.scopes else ["no download"]
    said += [] if share.rendition is Rendition.FULL else [f"at most {share.rendition.value}"]
    said += ["video"] if Scope.VIDEO in share.scopes else []
    said += ["hidden pixels"] if Scope.HIDDEN_PIXELS in share.scopes else []
    said += ["password"] if share.needs_unlock else []
    return f"{share.id}  {', '.join(said)}"
