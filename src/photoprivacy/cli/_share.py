"""``photoprivacy share``: a folder of photos becomes a private album behind a link."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import re
import warnings
from collections import Counter
from collections.abc import Iterable
from typing import Final

import click

from photoprivacy import PhotoPrivacyError, Precision, TimePrecision
from photoprivacy.albums import PartKind
from photoprivacy.cli._console import Exit, collect, complain, err, finish, plural, progress, words
from photoprivacy.cli._served import Offer, Photo, offer
from photoprivacy.gallery._clients import networks
from photoprivacy.gallery._options import GROUPINGS, Grouping
from photoprivacy.library import (
    LONGEST_PASSWORD,
    FileGroup,
    Rendition,
    group_files,
    match_live_photos,
)

#: After it, a link that works for as long as can be said would outlast the calendar.
_LAST_YEAR: Final = 9000
#: The title of an album whose folder's name may not be told.
_SAYS_NOTHING: Final = "Shared photos"
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class _Duration(click.ParamType):  # type: ignore[type-arg]
    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.timedelta:
        if isinstance(value, dt.timedelta):
            return value
        duration = _duration(str(value))
        if duration is None:
            self.fail("say it like 30m, 12h, 7d or 4w", param, ctx)
        return duration


def _duration(text: str) -> dt.timedelta | None:
    match = re.fullmatch(r"(\d{1,4})([mhdw])", text)
    if match is None or int(match[1]) == 0:
        return None
    return dt.timedelta(**{_UNITS[match[2]]: int(match[1])})


class _Beginning(click.ParamType):  # type: ignore[type-arg]
    name = "when"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.timedelta | dt.datetime:
        if isinstance(value, dt.timedelta | dt.datetime):
            return value
        duration = _duration(str(value))
        if duration is not None:
            return duration
        try:
            moment = dt.datetime.fromisoformat(str(value)).astimezone()
        except (ValueError, OverflowError):
            self.fail("say it like 12h, 7d or 2026-12-24T18:00", param, ctx)
        if moment <= dt.datetime.now(dt.UTC):
            self.fail("that time is past", param, ctx)
        if moment.year > _LAST_YEAR:
            self.fail("that time is too far away", param, ctx)
        return moment


class _Proxy(click.ParamType):  # type: ignore[type-arg]
    name = "address"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        try:
            networks((str(value),))
        except ValueError:
            self.fail("say it like 127.0.0.1, ::1 or 10.0.0.0/8", param, ctx)
        return str(value)


@click.command("share")
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.option(
    "--title",
    help="Title of the album, which recipients see.  [default: the folder's name, "
    "unless place or time are not to be told]",
)
@click.option(
    "--expires",
    type=_Duration(),
    default="7d",
    show_default=True,
    help="How long the link works: 30m, 12h, 7d, 4w.",
)
@click.option(
    "--location",
    type=click.Choice([level.value for level in Precision]),
    default="city",
    show_default=True,
    help="How sharply recipients see where photos were taken. Files never say it.",
)
@click.option(
    "--time",
    "time_",
    type=click.Choice([level.value for level in TimePrecision]),
    default="day",
    show_default=True,
    help="How sharply recipients see when photos were taken. Files never say it.",
)
@click.option(
    "--password",
    is_flag=True,
    help="Ask for a password. PHOTOPRIVACY_PASSWORD, where it is set, is taken without asking, and "
    "locks the album without this option too.",
)
@click.option("--no-download", is_flag=True, help="No full-resolution files for recipients.")
@click.option(
    "--rendition",
    type=click.Choice([size.value for size in Rendition]),
    default="full",
    show_default=True,
    help="The largest size that recipients get: thumb (400 pixels), display (1600 pixels), or "
    "full. With less than full there is nothing to download.",
)
@click.option(
    "--video",
    is_flag=True,
    help="Recipients may download the moving part too: of motion photos, and the video beside a "
    "Live Photo. Cleaned, and without sound.",
)
@click.option(
    "--hidden-pixels",
    is_flag=True,
    help="Give out photos in full resolution although what was cropped away is still inside them "
    "(some HEIC and AVIF). Without it they are shown, and cannot be downloaded.",
)
@click.option(
    "--not-before",
    type=_Beginning(),
    help="When the link begins to work: in 30m, 12h or 7d, or at a time of this machine's clock "
    "like 2026-12-24T18:00. Before, it looks like a link that does not exist. "
    "--expires counts from then.",
)
@click.option(
    "--sections",
    type=click.Choice(GROUPINGS),
    default="place",
    show_default=True,
    help="By what recipients see the photos grouped.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port to serve on.  [default: a free one]",
)
@click.option("--base-url", help="How recipients reach this server, when it stands behind another.")
@click.option(
    "--trusted-proxy",
    "proxies",
    type=_Proxy(),
    multiple=True,
    help="An address or network (10.0.0.0/8) of a proxy in front, whose X-Forwarded-For and "
    "X-Forwarded-Proto are believed: wrong passwords are then counted by recipient. "
    "May be said several times.  [default: nobody's]",
)
@click.option("--qr", is_flag=True, help="Show the link as a QR code too.")
@click.option(
    "--once", is_flag=True, help="Fetch the link like a recipient would, say what came, and exit."
)
def command(
    folder: str,
    title: str | None,
    expires: dt.timedelta,
    location: str,
    time_: str,
    password: bool,
    no_download: bool,
    rendition: str,
    video: bool,
    hidden_pixels: bool,
    not_before: dt.timedelta | dt.datetime | None,
    host: str,
    port: int,
    base_url: str | None,
    sections: Grouping,
    proxies: tuple[str, ...],
    qr: bool,
    once: bool,
) -> None:
    """Turn FOLDER into a private album behind a link.

    Recipients need no account. They see the photos grouped by place, on a map, and may
    download each in full resolution, without anything that it gave away. Originals stay where
    they are. The link works while this command runs, and no longer than --expires.

    Files that are one photo become one: a Live Photo and its video, a raw file and its JPEG,
    the frames of a burst. Recipients see the photo; raw files and further frames stay with you,
    and so does the video without --video.
    """
    missing: list[str] = []

    def missed(path: str, reason: str) -> None:
        missing.append(path)
        complain(path, reason)

    files = collect([folder], recursive=True, missed=missed)
    if not files:
        finish(Exit.FAILED)
    if base_url and not re.match(r"https?://[^/]", base_url):
        raise click.UsageError("--base-url begins with https:// or http://")
    secret = asked_password() if password or os.environ.get("PHOTOPRIVACY_PASSWORD") else None
    chosen = Offer(
        title=title or title_of(folder, location, time_),
        titled_by_folder=not title and title_of(folder, location, time_) != _SAYS_NOTHING,
        expires=expires,
        location=Precision(location),
        time=TimePrecision(time_),
        password=secret,
        download=not no_download,
        video=video,
        hidden_pixels=hidden_pixels,
        rendition=Rendition(rendition),
        not_before=not_before,
        host=host,
        port=port,
        base_url=base_url,
        sections=sections,
        trusted_proxies=proxies,
        qr=qr,
        once=once,
    )
    if video and (no_download or rendition != "full"):
        raise click.UsageError("--video goes with downloads in full resolution")
    if once and not_before:
        raise click.UsageError("--once looks now: it does not go with --not-before")
    with err.status("Looking for Live Photos…"):
        groups = match_live_photos(group_files(files))
    say_paired(groups, video=video)
    photos = (_photo(group, video=video) for group in groups)
    try:
        shared = offer(chosen, progress(photos, total=len(groups), what="Adding"), missed=missed)
    except (PhotoPrivacyError, OSError) as error:
        err.print(f"[red]✗[/red] {words(error)}")
        finish(Exit.FAILED)
    else:
        finish(Exit.DONE if shared and not missing else Exit.FAILED)


def _photo(group: FileGroup, *, video: bool) -> Photo:
    moving = (path for path, kind in group.parts if video and kind is PartKind.MOTION)
    return Photo(name=group.photo, source=group.photo, video=next(moving, None))


def say_paired(groups: Iterable[FileGroup], *, video: bool) -> None:
    """Say which files are not photos of their own, and what becomes of them."""
    kinds = Counter(kind for group in groups for _, kind in group.parts)
    fate = "go with their photos" if video else "stay with you; --video gives them out"
    for kind, noun, what in (
        (PartKind.MOTION, "video", f"of Live Photos: {fate}"),
        (PartKind.RAW, "raw file", "beside photos: stay with you"),
        (PartKind.BURST, "frame", "of bursts beside the one that is shown: stay with you"),
    ):
        if kinds[kind]:
            err.print(f"[dim]{plural(kinds[kind], noun)} {what}[/dim]")


def title_of(folder: str, location: str, time: str) -> str:
    """Return what recipients read above the photos when nobody says: a folder's name may tell."""
    if "none" in (location, time):
        return _SAYS_NOTHING
    return os.fsencode(os.path.basename(os.path.abspath(folder))).decode("utf-8", "replace")


def asked_password() -> str:
    """Return the password that is in the environment, or was typed twice."""
    try:
        with warnings.catch_warnings():
            # It would be shown while it is typed, or nobody is there to type it.
            warnings.simplefilter("error", getpass.GetPassWarning)
            given: str = os.environ.get("PHOTOPRIVACY_PASSWORD") or click.prompt(
                "Password", hide_input=True, confirmation_prompt=True
            )
    except getpass.GetPassWarning:
        raise click.UsageError("no terminal to ask on: set PHOTOPRIVACY_PASSWORD") from None
    if len(given) > LONGEST_PASSWORD:
        err.print(f"[red]✗[/red] a password has at most {LONGEST_PASSWORD:,} characters")
        finish(Exit.USAGE)
    return given
