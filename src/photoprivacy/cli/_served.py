"""The main job of ``share`` and ``demo``: ingest, serve, print the link, wait or look."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import threading
import time
import urllib.parse
from collections.abc import Iterable
from typing import Self

import attrs
from rich.markup import escape

from photoprivacy import Library, PhotoPrivacyError, Precision, TimePrecision, UnsupportedFormat
from photoprivacy._source import Source
from photoprivacy.albums import PartKind
from photoprivacy.cli._console import Missed, err, local, out, plural, shown, words
from photoprivacy.cli._recipient import visit
from photoprivacy.cli._scratch import scratch
from photoprivacy.cli._stopping import Terminated
from photoprivacy.gallery import Gallery
from photoprivacy.gallery._options import Grouping
from photoprivacy.gallery._serve import serve
from photoprivacy.sharing import Expiry, NeverType, Rendition, Share


@attrs.frozen(kw_only=True)
class Photo:
    """One photo to add: its name for its owner, where its bytes are, and those of its video."""

    name: str
    source: Source = attrs.field(repr=False)
    video: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Offer:
    """What is shared with recipients, and how it is served."""

    title: str
    titled_by_folder: bool = False
    expires: dt.timedelta
    location: Precision
    time: TimePrecision = TimePrecision.DAY
    password: str | None = attrs.field(default=None, repr=False)
    download: bool = True
    video: bool = False
    hidden_pixels: bool = False
    rendition: Rendition = Rendition.FULL
    not_before: dt.timedelta | dt.datetime | None = None
    host: str = "127.0.0.1"
    port: int = 0
    base_url: str | None = None
    sections: Grouping = "place"
    trusted_proxies: tuple[str, ...] = ()
    qr: bool = False
    once: bool = False
    opens_to_others: str = "--host and --base-url open"

    @property
    def local(self) -> bool:
        """Whether only this machine reaches the link."""
        return self.host in ("127.0.0.1", "localhost", "::1") and not self.base_url

    def address(self, base: str) -> str:
        """Return what recipients' links begin with, for a server that listens on *base*."""
        if self.base_url:
            return self.base_url.rstrip("/")
        listening = urllib.parse.urlsplit(base)
        if listening.hostname in ("0.0.0.0", "::"):  # noqa: S104 - any address is none to go to
            return f"http://{_own_address()}:{listening.port}"
        return base.rstrip("/")


def _own_address() -> str:
    """Return the address of this machine in its own network. Nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sounding:
        try:
            sounding.connect(("192.0.2.1", 9))  # RFC 5737: for documentation, so nobody's
        except OSError:
            return socket.gethostname()
        name, _ = sounding.getsockname()
        return str(name)


def offer(chosen: Offer, photos: Iterable[Photo], *, missed: Missed) -> bool:
    """Serve *photos* as one album behind a link until interrupted.

    Returns:
        Whether anything was shared, and, with ``once``, whether it came clean.

    Raises:
        StoreError: The album cannot be stored.
        OSError: The address cannot be served on.
    """
    # Copies live as long as the command, in a folder that only this user can read.
    with Stop() as stop, scratch() as folder:
        library = Library.at(folder, durable=False)
        album = library.create_album(chosen.title)
        count = 0
        for photo in photos:
            try:
                added = library.add(album.id, photo.source, name=os.path.basename(photo.name))
                count += 1
            except (PhotoPrivacyError, OSError) as error:
                missed(photo.name, why(error))
                continue
            if photo.video is None:
                continue
            try:
                library.add_part(album.id, added.id, photo.video, PartKind.MOTION)
            except (PhotoPrivacyError, OSError) as error:
                missed(photo.video, words(error))
        if not count:
            err.print("[red]✗[/red] no photo could be added")
            return False
        share = library.share(
            album.id,
            expires=chosen.expires,
            location=chosen.location,
            time=chosen.time,
            download=chosen.download,
            video=chosen.video,
            hidden_pixels=chosen.hidden_pixels,
            rendition=chosen.rendition,
            not_before=chosen.not_before,
            password=chosen.password,
        )
        # What stands in front of this server is told by the address that recipients use.
        # With --once this program is the recipient, and asks the server behind it.
        https = (chosen.base_url or "").lower().startswith("https:")
        secure = True if https and not chosen.once else None
        gallery = Gallery(
            library,
            secure_cookies=secure,
            trusted_proxies=chosen.trusted_proxies,
            sections=chosen.sections,
        )
        with serve(gallery, host=chosen.host, port=chosen.port) as base:
            link = f"{chosen.address(base)}/{share.token}/"
            if chosen.once:
                return visit(f"{base}/{share.token}/", password=chosen.password)
            stop.serving()
            _announce(link, count, chosen, share)
            ended = stop.wait(_moment(share.expires) - dt.datetime.now(dt.UTC))
    out.print("The link has ended." if ended else "Stopped: the link no longer works.")
    return True


def why(error: PhotoPrivacyError | OSError) -> str:
    """Return why a file cannot be in an album."""
    video = isinstance(error, UnsupportedFormat) and error.detected in ("MP4", "MOV")
    return "is a video that belongs to no photo; albums take no videos" if video else words(error)


def _moment(expires: Expiry) -> dt.datetime:
    """Return when a link ends that ends."""
    return dt.datetime.max.replace(tzinfo=dt.UTC) if isinstance(expires, NeverType) else expires


def _announce(link: str, count: int, chosen: Offer, share: Share) -> None:
    times = [f"until {local(_moment(share.expires))}"]
    times += [f"from {local(share.not_before)}"] if share.not_before else []
    said = ", ".join((plural(count, "photo"), *reversed(times)))
    out.print(f"\n[bold]{shown(chosen.title)}[/bold]  {said}")
    out.print(f"\n  [link={link}]{escape(link)}[/link]\n", soft_wrap=True)
    if chosen.qr:
        import segno

        segno.make(link, micro=False).terminal(compact=True)
        out.print()
    if chosen.titled_by_folder:
        out.print("[dim]Recipients read the title above the photos; --title says another.[/]")
    if chosen.local:
        out.print(f"[dim]Only this machine can open it; {chosen.opens_to_others} it to others.[/]")
    elif link.startswith("http:"):
        out.print(
            "[yellow]Whoever has the link and reaches this machine can open it, and the way "
            "there is not encrypted.[/yellow]"
        )
    if chosen.password:
        out.print("[dim]Recipients need the password as well.[/dim]")
    out.print("[dim]Ctrl-C stops sharing.[/dim]")


class Stop:
    """Ends the work on a signal: as an interrupt while it is prepared, quietly once it is served.

    In both cases the temporary folder is removed.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._serving = False
        self._previous: dict[int, object] = {}

    def __enter__(self) -> Self:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and threading.current_thread() is threading.main_thread():
                self._previous[number] = signal.signal(number, self._caught)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _caught(self, number: int, _frame: object) -> None:
        if not self._serving:
            raise Terminated if number == signal.SIGTERM else KeyboardInterrupt
        self._event.set()

    def serving(self) -> None:
        """Say that from now on a signal ends the work quietly."""
        self._serving = True

    def wait(self, longest: dt.timedelta) -> bool:
        """Return when a signal came, or after the *longest* time; whether it was the time."""
        until = time.monotonic() + longest.total_seconds()
        # Windows wakes up from a wait only when it ends: so it ends now and then.
        while not self._event.wait(0.5):
            if time.monotonic() >= until:
                return True
        return False
