"""What ``photoprivacy strip`` says of each file, and of all of them."""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import Final, Self

import click
from rich.markup import escape

from photoprivacy.batch import Outcome, Status
from photoprivacy.cli._console import complain, err, fresh_line, out, shown
from photoprivacy.cli._reports import answered


def report(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        click.echo(
            json.dumps(
                {
                    "file": outcome.source,
                    "status": outcome.status.value,
                    "output": outcome.output,
                    "removed": list(outcome.removed),
                    "residue": list(outcome.residue),
                    "error": outcome.error or None,
                }
            )
        )
    elif outcome.status.good:
        written = outcome.output
        if written == outcome.source and os.path.islink(written):
            written = os.path.realpath(written)  # the file that changed
        where = f" → {shown(written)}" if written and written != outcome.source else ""
        said = escape(_what_happened(outcome))
        out.print(f"[green]✓[/green] {shown(outcome.source)}{where}  [dim]{said}[/dim]")
        for left in outcome.residue:
            out.print(f"  [yellow]still inside: {escape(left)}[/yellow]")
    else:
        complain(outcome.source, f"{outcome.status.value}: {outcome.error}")
        err.file.flush()


#: code → what a viewer will miss, and how to keep it
_MISSED: Final = {
    "embedded.audio": "without its sound (--keep audio keeps it)",
    "embedded.motion-video": "without its video (--keep embedded-video keeps it)",
}


def _what_happened(outcome: Outcome) -> str:
    if not outcome.removed:
        clean = outcome.status is Status.ALREADY_CLEAN
        return "already clean" if clean else "nothing to remove; written as the policy says"
    if outcome.status is Status.ALREADY_CLEAN:
        return "its clean copy is there already"
    kept = answered(outcome.kept)
    gone = [word for word in answered(outcome.categories) if word not in kept]
    told = f"removed: {', '.join(gone) or 'settings'}"
    # Coarsely or in part: where it was, by its city; who made it, and no serial number.
    told += f"; still told: {', '.join(kept)}" if kept else ""
    return ", ".join((told, *(word for code, word in _MISSED.items() if code in outcome.removed)))


class Account:
    """Says what became of each file, once, and at the end how many ended in which way.

    On a terminal those that were left out are named at the end, where the others do not hide
    them; in a pipe as they come. For programs each is an object, and nothing is summed up.

    Args:
        as_json: Whether programs read it.
    """

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._later = err.is_terminal and out.is_terminal and not as_json
        self._tally: Counter[Status] = Counter()
        self._left: list[Outcome] = []
        #: Whether a file was left out.
        self.failed = False

    @property
    def total(self) -> int:
        """How many files there were so far."""
        return self._tally.total()

    def add(self, outcome: Outcome) -> None:
        """Take down what became of one file."""
        self._tally[outcome.status] += 1
        self.failed = self.failed or not outcome.status.good
        fresh_line()
        if self._later and not outcome.status.good:
            self._left.append(outcome)
        else:
            report(outcome, as_json=self._as_json)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for outcome in self._left:
            report(outcome, as_json=False)
        if kind is None and not self._as_json and self.total > 1:
            counts = self._tally.items()
            out.print(", ".join(f"{count:,} {status.value}" for status, count in counts))
