"""Open a link as a recipient would, take everything it offers, and say what came.

Knows the link and nothing else: no library, no album, no store.
"""

from __future__ import annotations

import html.parser
import json
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from rich.markup import escape

from photoprivacy import PhotoPrivacyError, Policy, inspect
from photoprivacy.cli._console import err, out, plural, progress, shown


class _Page(html.parser.HTMLParser):
    """Collects the title, the download links, and every address the page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.downloads: list[str] = []
        self.addresses: list[str] = []
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_title = tag == "h1"
        for name in ("href", "src", "action", "poster"):
            self.addresses.extend([given[name] or ""] if name in given else [])
        for candidate in (given.get("srcset") or "").split(","):
            self.addresses.extend(candidate.split()[:1])
        link = given.get("href") or ""
        if tag == "a" and link and ("download" in given or link.endswith("/video")):
            self.downloads.append(link)

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's signature
        self._in_title = False


def visit(link: str, *, password: str | None = None) -> bool:
    """Fetch *link*, every place and every download behind it, and print what came.

    Returns:
        Whether the page opened, asked for no other host, and every photo was clean.
    """
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
    )
    try:
        with opener.open(link, timeout=60) as answer:
            here = answer.url
            text = answer.read().decode()
        if password is not None:
            # The form, on the page that the link led to.
            form = urllib.parse.urlencode({"password": password}).encode()
            with opener.open(here, form, timeout=60) as answer:
                text = answer.read().decode()
        page = _Page()
        page.feed(text)
        groups = _places(opener, here)
        links = list(dict.fromkeys(urllib.parse.urljoin(here, link) for link in page.downloads))
        out.print(f"[bold]{shown(page.title.strip())}[/bold]")
        for title, count in groups:
            out.print(f"  {shown(title)}  [dim]{plural(count, 'photo')}[/dim]")
        good = _take_all(opener, links)
    except (urllib.error.URLError, OSError) as error:
        err.print(f"[red]✗[/red] the link did not open: {escape(_why(error))}")
        return False
    host = urllib.parse.urlsplit(here).netloc
    elsewhere = [a for a in page.addresses if urllib.parse.urlsplit(a).netloc not in ("", host)]
    if elsewhere:
        err.print(f"[red]✗[/red] the page refers to other hosts: {len(elsewhere)} times")
    return good and not elsewhere


def _why(error: OSError) -> str:
    """Return why an address did not answer, without the address: it is the key to the album."""
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP status {error.code}"
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    text = reason.strerror if isinstance(reason, OSError) else None
    return text or type(reason).__name__


def _places(opener: urllib.request.OpenerDirector, here: str) -> list[tuple[str, int]]:
    with opener.open(urllib.parse.urljoin(here, "places.json"), timeout=60) as answer:
        features = json.load(answer)["features"]
    found = [feature["properties"] for feature in features]
    return [(place["title"], place["count"]) for place in found]


def _take_all(opener: urllib.request.OpenerDirector, links: list[str]) -> bool:
    size = leaks = unreadable = 0
    formats: dict[str, int] = {}
    missing: list[str] = []
    for number, link in enumerate(progress(links, total=len(links), what="Downloading"), 1):
        try:
            with opener.open(link, timeout=120) as answer:
                data = answer.read()
        except (urllib.error.URLError, OSError) as error:
            missing.append(f"download {number:,} of {len(links):,}: {_why(error)}")
            continue
        size += len(data)
        try:
            report = inspect(data)
        except PhotoPrivacyError:
            unreadable += 1
            continue
        formats[report.format.value] = formats.get(report.format.value, 0) + 1
        leaks += bool(report.violations(Policy.SHARE))
    if not links:
        out.print("no downloads are offered")
        return True
    kinds = ", ".join(f"{count} {name.upper()}" for name, count in sorted(formats.items()))
    taken = len(links) - len(missing)
    videos = sum(link.endswith("/video") for link in links)
    said = plural(taken, "file") if videos else plural(taken, "photo")
    out.print(f"downloaded {said} ({kinds}), {size / 1e6:.1f} MB")
    for line in missing:
        err.print(f"[red]✗[/red] {escape(line)}")
    if leaks or unreadable:
        err.print(f"[red]✗[/red] {leaks} still give something away, {unreadable} do not open")
    if leaks or unreadable or missing:
        return False
    out.print("[green]✓[/green] every one is clean; no other host was involved")
    return True
