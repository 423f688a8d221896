"""What every subcommand shares: consoles, progress, exit codes, words for people."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from typing import TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from photoprivacy.batch import find_photos

T = TypeVar("T")

#: Told about a path that could not be taken, and why.
Missed = Callable[[str, str], None]


class Exit(IntEnum):
    """Exit codes of the command."""

    DONE = 0
    FOUND = 1
    USAGE = 2
    FAILED = 3


out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def complain(path: str, reason: str) -> None:
    """Name one file that could not be done, and why, on standard error."""
    err.print(f"[red]✗[/red] {shown(path)}: {escape(reason)}")


def shown(path: str) -> str:
    """Return *path* safe to print: no markup, no control characters."""
    return escape("".join(char if char.isprintable() else "�" for char in path))


def words(error: Exception) -> str:
    """Return the reason of *error* without the path, which is named already."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)


def progress(items: Iterable[T], *, total: int, what: str) -> Iterator[T]:
    """Yield *items*, with a bar on a terminal and nothing in a pipe."""
    if not err.is_terminal or total < 2:
        yield from items
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        yield from bar.track(items, total=total, description=what)


def collect(paths: Iterable[str], *, recursive: bool, missed: Missed) -> list[str]:
    """Return the files that *paths* name; folders are walked when *recursive*.

    What cannot be taken is passed to *missed* with the reason.
    """
    found: list[str] = []
    for path in paths:
        if not os.path.isdir(path):
            found.append(path)
        elif not recursive:
            missed(path, "is a directory; say -r to look inside")
        else:
            try:
                inside = list(find_photos(path))
            except OSError as error:
                missed(path, words(error))
                continue
            if not inside:
                missed(path, "no photos in here")
            found.extend(inside)
    return found


def plural(count: int, noun: str) -> str:
    """Return ``"1 photo"``, ``"2 photos"``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def finish(code: Exit) -> None:
    """End the command with *code*."""
    click.get_current_context().exit(code)
