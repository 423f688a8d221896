"""What every subcommand shares: consoles, progress, exit codes, words for people."""

from __future__ import annotations

import datetime as dt
import functools
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from typing import Final, TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from photoprivacy.batch import find_photos
from photoprivacy.cli._plain import plain

T = TypeVar("T")

#: Told about a path that could not be taken, and why.
Missed = Callable[[str, str], None]


class Exit(IntEnum):
    """Exit codes of the command."""

    DONE = 0
    FOUND = 1
    USAGE = 2
    FAILED = 3
    STOPPED = 130
    TERMINATED = 143


# On a terminal lines break between words; in a pipe a line is a line, however long.
# A name like ":smile:" is a name, and no emoji.
out = Console(highlight=False, emoji=False, soft_wrap=not sys.stdout.isatty())
err = Console(stderr=True, highlight=False, emoji=False, soft_wrap=not sys.stderr.isatty())


def complain(path: str, reason: str) -> None:
    """Name one file that could not be done, and why, on standard error."""
    fresh_line()
    err.print(Text("✗ ", style="red") + Text(f"{visible(path)}: {plain(reason)}"))


def shown(path: str) -> str:
    """Return *path* safe to print among markup: as `visible` has it, and none of it markup."""
    return escape(visible(path))


def visible(text: str) -> str:
    """Return *text* as it is safe to print: what steers a terminal, or hides, shows its number.

    Control characters, marks that turn the direction of writing, and those of no width.
    """
    return "".join(char if char.isprintable() else _seen(char) for char in text)


def _seen(char: str) -> str:
    if char in _BLANKS:
        return _BLANKS[char]
    # U+2400 and on are pictures of the first thirty-two.
    return chr(0x2400 + ord(char)) if char < " " else f"<U+{ord(char):04X}>"


#: what is no more than a blank; a line break shows as an arrow
_BLANKS: Final = {"\u00a0": " ", "\u3000": " ", "\n": "⏎", "\t": " "}


def words(error: Exception) -> str:
    """Return the reason of *error* without the path, which is named already."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)


def fresh_line() -> None:
    """Wipe the bar off its line, so that something can be said there; the next item draws it."""
    if err.is_terminal:
        err.file.write(_WIPE)
        err.file.flush()


def progress(items: Iterable[T], *, total: int, what: str) -> Iterator[T]:
    """Yield *items*, with a bar on a terminal and nothing in a pipe.

    Whoever prints meanwhile asks for a `fresh_line` first: results and errors go to two
    streams, which are one terminal.
    """
    draw = meter(what) if total >= _WORTH_A_BAR else _nothing
    try:
        draw(0, total)
        for done, item in enumerate(items, 1):
            yield item
            draw(done, total)
    finally:
        if draw is not _nothing:
            fresh_line()


def meter(what: str, say: Callable[[int], str] = "{:,}".format) -> Callable[[int, int], None]:
    """Return what draws a bar on a terminal, given how much is done and of how much.

    In a pipe it draws nothing.

    Args:
        what: What is being done.
        say: Puts an amount into words.
    """
    # Of a pipe nobody knows where it ends: in this very terminal, often.
    if not err.is_terminal or not out.is_terminal:
        return _nothing
    started = time.monotonic()

    def draw(done: int, total: int) -> None:
        full = round(_BAR * done / total) if total else _BAR
        left = (time.monotonic() - started) / done * (total - done) if done else 0
        rest = f"  {dt.timedelta(seconds=round(left))} left" if done else ""
        bar = "━" * full + "─" * (_BAR - full)
        err.file.write(f"{_WIPE}{what} {bar} {say(done)} of {say(total)}{rest}")
        err.file.flush()

    return draw


def _nothing(_done: int, _total: int) -> None:
    pass


_WORTH_A_BAR: Final = 2
#: To the start of the line, and everything off it.
_WIPE: Final = "\r\x1b[K"
_BAR: Final = 30


def collect(
    paths: Iterable[str], *, recursive: bool, missed: Missed, besides: str | None = None
) -> list[str]:
    """Return the files that *paths* name; folders are walked when *recursive*.

    What cannot be taken is passed to *missed* with the reason; what is passed over on purpose
    is counted on standard error.

    Args:
        paths: Files and folders.
        recursive: Whether to look into folders.
        missed: Told about what cannot be taken.
        besides: A folder not to look into, for clean copies are written there.
    """

    def within(path: str) -> bool:
        return bool(besides) and os.path.realpath(path).startswith(
            os.path.join(os.path.realpath(besides or ""), "")
        )

    found: list[str] = []
    for path in paths:
        if not os.path.isdir(path):
            found.append(path)
        elif not recursive:
            missed(path, "is a directory; say -r to look inside")
        else:
            try:
                passed: Counter[str] = Counter()
                count = functools.partial(_count, passed)
                inside = [one for one in find_photos(path, passed=count) if not within(one)]
                if passed:
                    said = ", ".join(f"{why} ({times:,})" for why, times in passed.items())
                    err.print(f"[dim]{shown(path)}: passed over: {said}[/dim]")
            except OSError as error:
                missed(path, words(error))
                continue
            if not inside:
                missed(path, "no photos in here")
            found.extend(inside)
    return found


def _count(passed: Counter[str], _path: str, why: str) -> None:
    passed[why] += 1


def plural(count: int, noun: str) -> str:
    """Return ``"1 photo"``, ``"2 photos"``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def local(moment: dt.datetime) -> str:
    """Return a moment by this machine's clock: ``"2026-12-24 18:00 CET"``."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M %Z}"


def human_size(count: int) -> str:
    """Return bytes as people say them: ``"640 bytes"``, ``"158 kB"``, ``"4.5 MB"``."""
    if count < 1000:
        return plural(count, "byte")
    if count < 1_000_000:
        return f"{count / 1e3:.0f} kB"
    return f"{count / 1e6:.1f} MB"


def finish(code: Exit) -> None:
    """End the command with *code*."""
    click.get_current_context().exit(code)
