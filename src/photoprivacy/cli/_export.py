"""``photoprivacy export``: a folder of photos becomes files for any host, sealed or plain."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import attrs
import click
from rich.markup import escape

from photoprivacy import PhotoPrivacyError, Precision, SharedAlbum, TimePrecision
from photoprivacy.cli._console import (
    Exit,
    Missed,
    collect,
    complain,
    err,
    finish,
    fresh_line,
    human_size,
    meter,
    out,
    plural,
    progress,
    shown,
    words,
)
from photoprivacy.cli._export_kept import Kept
from photoprivacy.cli._scratch import scratch
from photoprivacy.cli._served import Stop
from photoprivacy.cli._share import asked_password, say_paired, title_of
from photoprivacy.gallery import PAGE_LANGUAGES, Exported, Sealed, export, seal, unseal
from photoprivacy.library import FileGroup, group_files, match_live_photos

#: From here on a single HTML file is heavy for the browser that opens it.
_HEAVY: Final = 300_000_000


@attrs.frozen(kw_only=True)
class _Wanted:
    """What the album tells, and where it goes."""

    folder: str
    target: str
    library: str | None
    title: str
    language: str
    location: Precision
    time: TimePrecision
    download: bool
    video: bool
    sealed: bool
    password: str | None = attrs.field(repr=False)
    overwrite: bool
    verify: bool
    base_url: str | None
    qr: bool
    json: bool


@click.command("export")
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.argument("out", type=click.Path())
@click.option("--sealed", is_flag=True, help="Encrypt everything; the link holds the key.")
@click.option(
    "--password",
    is_flag=True,
    help="Ask for a password besides the key, with --sealed. PHOTOPRIVACY_PASSWORD, where it is "
    "set, is taken without asking, and locks a sealed album without this option too.",
)
@click.option(
    "--verify", is_flag=True, help="Decrypt everything again and say whether it is right."
)
@click.option("--overwrite", is_flag=True, help="Replace an earlier sealed album at OUT.")
@click.option("--base-url", help="Address under which OUT will be served, for the link.")
@click.option(
    "--title",
    help="Title of the album.  [default: the folder's name, unless place or time are not to be "
    "told]",
)
@click.option(
    "--location",
    type=click.Choice([level.value for level in Precision]),
    default="city",
    show_default=True,
    help="How sharply the page says where photos were taken. Files never say it.",
)
@click.option(
    "--time",
    "time_",
    type=click.Choice([level.value for level in TimePrecision]),
    default="day",
    show_default=True,
    help="How sharply the page says when photos were taken. Files never say it.",
)
@click.option(
    "--language",
    type=click.Choice(PAGE_LANGUAGES),
    default="en",
    show_default=True,
    help="Language of the page, without --sealed.",
)
@click.option("--no-download", is_flag=True, help="No full-resolution files.")
@click.option(
    "--video",
    is_flag=True,
    help="The moving part too: of motion photos, and the video beside a Live Photo. Cleaned, and "
    "without sound.",
)
@click.option(
    "--library",
    type=click.Path(file_okay=False),
    help="A folder to keep what was prepared, so that the next run prepares only what changed. It "
    "holds copies of the photos as they are: nobody else may read it. Delete it to forget them.",
)
@click.option(
    "--qr/--no-qr", default=None, help="Show a QR code.  [default: on a terminal, with --sealed]"
)
@click.option("--json", "json_", is_flag=True, help="Say what was made as one JSON object.")
def command(
    folder: str,
    out: str,
    sealed: bool,
    password: bool,
    verify: bool,
    overwrite: bool,
    base_url: str | None,
    title: str | None,
    location: str,
    time_: str,
    language: str,
    no_download: bool,
    video: bool,
    library: str | None,
    qr: bool | None,
    json_: bool,
) -> None:
    """Turn FOLDER into a gallery of plain files in OUT, for any static host and for the disk.

    With --sealed everything is encrypted, for a host that you do not trust: the page decrypts it
    in the browser of whoever has the link. OUT is then a folder, or one HTML file if its name ends
    in .html. A copy cannot be called back, and no date ends it.

    Photos are prepared as recipients of `share` would get them; originals stay where they are.
    Files that are one photo become one, as with `share`.
    """
    if (password or verify or overwrite) and not sealed:
        raise click.UsageError("--password, --verify and --overwrite go with --sealed")
    if sealed and language != "en":
        raise click.UsageError("--language goes without --sealed")
    if base_url and not re.match(r"https?://[^/]", base_url):
        raise click.UsageError("--base-url begins with https:// or http://")
    if video and no_download:
        raise click.UsageError("--video goes with downloads")
    if library and any(_within(*both) for both in _pairs(library, folder, out)):
        raise click.UsageError("--library stands in neither FOLDER nor OUT, and they not in it")
    if _within(folder, out):
        raise click.UsageError("OUT is FOLDER, or holds it: name another place")
    secret = None
    if sealed and (password or os.environ.get("PHOTOPRIVACY_PASSWORD")):
        secret = asked_password()
    if (
        sealed
        and not overwrite
        and os.path.exists(out)
        and (os.path.isfile(out) or os.listdir(out))
    ):
        complain(out, "exists; --overwrite replaces an earlier sealed album")
        finish(Exit.FAILED)
    missing: list[str] = []

    def missed(path: str, reason: str) -> None:
        missing.append(path)
        complain(path, reason)

    files = collect([folder], recursive=True, missed=missed, besides=out)
    if not files:
        finish(Exit.FAILED)
    with err.status("Looking for Live Photos…"):
        groups = match_live_photos(group_files(files))
    say_paired(groups, video=video)
    wanted = _Wanted(
        folder=folder,
        target=out,
        library=library,
        title=title or title_of(folder, location, time_),
        language=language,
        location=Precision(location),
        time=TimePrecision(time_),
        download=not no_download,
        video=video,
        sealed=sealed,
        password=secret,
        overwrite=overwrite,
        verify=verify,
        base_url=base_url,
        qr=_on_terminal() if qr is None else qr,
        json=json_,
    )
    try:
        made = _made(wanted, groups, missed)
    except (PhotoPrivacyError, OSError) as error:
        fresh_line()
        if isinstance(error, OSError) and isinstance(error.filename, str):
            complain(error.filename, words(error))
        else:
            err.print(f"[red]✗[/red] {escape(words(error))}")
        finish(Exit.FAILED)
    else:
        finish(Exit.DONE if made and not missing else Exit.FAILED)


def _pairs(library: str, *others: str) -> Iterator[tuple[str, str]]:
    for other in others:
        yield library, other
        yield other, library


def _within(inner: str, outer: str) -> bool:
    """Return whether *inner* is *outer*, or lies somewhere below it."""
    inner, outer = (os.path.join(os.path.realpath(path), "") for path in (inner, outer))
    return inner.startswith(outer)


def _made(wanted: _Wanted, groups: Sequence[FileGroup], missed: Missed) -> bool:
    """Make the album, and say what was made; return whether anything was."""
    with contextlib.ExitStack() as ends:
        ends.enter_context(Stop())
        # Without --library copies live as long as the command, where only this user can read.
        place = wanted.library or ends.enter_context(scratch())
        kept = ends.enter_context(Kept.at(place, wanted.folder, lasting=wanted.library is not None))
        adding = progress(groups, total=len(groups), what="Adding")
        count = kept.take_in(adding, wanted.folder, wanted.title, video=wanted.video, missed=missed)
        if not count:
            err.print("[red]✗[/red] no photo could be added")
            return False
        opened = kept.opened(
            location=wanted.location,
            time=wanted.time,
            download=wanted.download,
            video=wanted.video,
        )
        return (_sealed if wanted.sealed else _plain)(wanted, opened, missed)


def _plain(wanted: _Wanted, album: SharedAlbum, missed: Missed) -> bool:
    done = export(album, wanted.target, language=wanted.language, progress=_told())
    fresh_line()
    _name_missed(done, missed)
    if wanted.json:
        told = {"path": str(done.path), "photos": done.photos, "written": done.written,
                "kept": done.kept, "removed": done.removed,
                "edited": list(done.edited)}  # fmt: skip
        click.echo(json.dumps(told))
        return True
    rest = f", {done.removed:,} removed" if done.removed else ""
    out.print(f"[bold]{shown(wanted.title)}[/bold]  {plural(done.photos, 'photo')} in "
              f"{shown(str(done.path))}: {plural(done.written, 'file')} written{rest}")  # fmt: skip
    out.print("[dim]Whoever reaches these files sees them; --sealed encrypts them.[/dim]")
    out.print("[dim]HOSTING.txt says how to serve them well.[/dim]")
    _say_kept(wanted, done)
    return True


def _sealed(wanted: _Wanted, album: SharedAlbum, missed: Missed) -> bool:
    told = _told()
    done = seal(
        album,
        wanted.target,
        password=wanted.password,
        overwrite=wanted.overwrite,
        progress=told,
    )
    fresh_line()
    _name_missed(done, missed)
    if wanted.json:
        _verify(wanted, done, told)  # one object says all of it
    link = done.url(wanted.base_url)
    if wanted.json:
        click.echo(json.dumps({
            "path": str(done.path), "photos": done.photos, "bytes": done.size, "link": link,
            "key": done.key, "typed_key": done.typed_key, "page_sha256": done.page_sha256,
            "verified": wanted.verify,
        }))  # fmt: skip
        return True
    out.print(f"[bold]{shown(wanted.title)}[/bold]  {plural(done.photos, 'photo')}, "
              f"{human_size(done.size)}, sealed in {shown(str(done.path))}")  # fmt: skip
    out.print(f"\n  [link={link}]{escape(link)}[/link]\n", soft_wrap=True)
    out.print(f"Key to type: {done.typed_key}", soft_wrap=True)
    out.print(f"SHA-256 of the page: {done.page_sha256}", soft_wrap=True)
    if wanted.qr:
        _draw(link if wanted.base_url else done.typed_key, whole=bool(wanted.base_url))
    # The key is out before this, which takes long: an album whose key nobody knows opens never,
    # and it may have taken another one's place.
    _verify(wanted, done, told)
    if wanted.verify:
        out.print("[green]✓[/green] decrypted again: everything is what was sealed")
    _advise(wanted, done)
    _say_kept(wanted, done)
    return True


def _verify(wanted: _Wanted, done: Sealed, told: Callable[[str, int, int], None]) -> None:
    if wanted.verify:
        unseal(done.path, done.key, password=wanted.password).verify(told)
        fresh_line()


def _draw(text: str, *, whole: bool) -> None:
    import segno

    out.print("\nThe link as a QR code:" if whole else "\nThe key as a QR code:")
    segno.make(text, micro=False).terminal(compact=True)


def _advise(wanted: _Wanted, done: Sealed) -> None:
    single = not os.path.isdir(wanted.target)
    if not wanted.base_url:
        where = (
            "Send the file one way and the key another" if single else "Put the folder on a host"
        )
        out.print(
            f"[dim]{where}; --base-url says where it will be, and the link leads there.[/dim]"
        )
    out.print("[dim]The key is written down nowhere else, and whoever has it has the album.[/dim]")
    if wanted.password:
        out.print("[dim]Recipients need the password as well.[/dim]")
    if single and done.size > _HEAVY:
        out.print(f"[yellow]{human_size(done.size)} in one file are heavy for a browser; a folder "
                  "is not.[/yellow]")  # fmt: skip


def _say_kept(wanted: _Wanted, done: Exported | Sealed) -> None:
    for name in done.edited:
        beside = os.path.exists(os.path.join(wanted.target, f"{name}.new"))
        rest = f"; what it says by default is in {name}.new" if beside else ""
        out.print(f"[dim]{name} was edited, and stays as it is{rest}.[/dim]")
    if wanted.library:
        out.print(f"[dim]{shown(wanted.library)} holds copies of the photos as they are, for the "
                  "next run; delete it to forget them.[/dim]")  # fmt: skip


def _name_missed(done: Exported | Sealed, missed: Missed) -> None:
    for one in done.missed:
        missed(f"{one.name} ({one.rendition.value})", one.why)


def _on_terminal() -> bool:
    return bool(out.is_terminal)


_STAGES: Final = {
    "prepare": "Preparing",
    "write": "Writing",
    "seal": "Sealing",
    "verify": "Checking",
}


def _told() -> Callable[[str, int, int], None]:
    """Return what draws a bar for each stage of the work."""
    bars: dict[str, Callable[[int, int], None]] = {}

    def draw(stage: str, done: int, total: int) -> None:
        if stage not in bars:
            amounts = stage in ("seal", "verify")
            bars[stage] = meter(_STAGES[stage], human_size if amounts else "{:,}".format)
        bars[stage](done, total)

    return draw
