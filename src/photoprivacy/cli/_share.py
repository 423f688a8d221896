"""``photoprivacy share``: a folder of photos becomes a private album behind a link."""

from __future__ import annotations

import datetime as dt
import os
import re
from typing import Final

import click

from photoprivacy import PhotoPrivacyError, Precision, TimePrecision
from photoprivacy.cli._console import Exit, collect, complain, err, finish, progress, words
from photoprivacy.cli._served import Offer, Photo, offer
from photoprivacy.library import LONGEST_PASSWORD

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class _Duration(click.ParamType):  # type: ignore[type-arg]
    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.timedelta:
        if isinstance(value, dt.timedelta):
            return value
        match = re.fullmatch(r"(\d{1,4})([mhdw])", str(value))
        if match is None or int(match[1]) == 0:
            self.fail("say it like 30m, 12h, 7d or 4w", param, ctx)
        return dt.timedelta(**{_UNITS[match[2]]: int(match[1])})


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
    help="Ask for a password. PHOTOPRIVACY_PASSWORD, where it is set, is taken without asking.",
)
@click.option("--no-download", is_flag=True, help="No full-resolution files for recipients.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port to serve on.  [default: a free one]",
)
@click.option("--base-url", help="How recipients reach this server, when it stands behind another.")
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
    host: str,
    port: int,
    base_url: str | None,
    qr: bool,
    once: bool,
) -> None:
    """Turn FOLDER into a private album behind a link.

    Recipients need no account. They see the photos grouped by place, on a map, and may
    download each in full resolution, without anything that it gave away. Originals stay where
    they are. The link works while this command runs, and no longer than --expires.
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
        expires=expires,
        location=Precision(location),
        time=TimePrecision(time_),
        password=secret,
        download=not no_download,
        host=host,
        port=port,
        base_url=base_url,
        qr=qr,
        once=once,
    )
    photos = (Photo(name=path, source=path) for path in files)
    try:
        shared = offer(chosen, progress(photos, total=len(files), what="Adding"), missed=missed)
    except (PhotoPrivacyError, OSError) as error:
        err.print(f"[red]✗[/red] {words(error)}")
        finish(Exit.FAILED)
    else:
        finish(Exit.DONE if shared and not missing else Exit.FAILED)


def title_of(folder: str, location: str, time: str) -> str:
    """Return what recipients read above the photos when nobody says: a folder's name may tell."""
    if "none" in (location, time):
        return "Shared photos"
    return os.fsencode(os.path.basename(os.path.abspath(folder))).decode("utf-8", "replace")


def asked_password() -> str:
    """Return the password that is in the environment, or was typed twice."""
    given: str = os.environ.get("PHOTOPRIVACY_PASSWORD") or click.prompt(
        "Password", hide_input=True, confirmation_prompt=True
    )
    if len(given) > LONGEST_PASSWORD:
        err.print(f"[red]✗[/red] a password has at most {LONGEST_PASSWORD:,} characters")
        finish(Exit.USAGE)
    return given
