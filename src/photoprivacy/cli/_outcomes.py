"""What ``photoprivacy strip`` says of each file, and of all of them."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from typing import Final

import click
from rich.markup import escape

from photoprivacy.batch import Outcome, Status
from photoprivacy.cli._console import complain, err, out, shown
from photoprivacy.cli._reports import answered

#: Of more files than these, those that were left out are named once more at the end.
_SCREENFUL: Final = 20


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


def sum_up(tally: Counter[Status], left: Iterable[Outcome]) -> None:
    """Print how many files ended in which way, and name again what many others hid."""
    left = list(left)
    if tally.total() > _SCREENFUL and left:
        err.print("\nNot cleaned:")
        for outcome in left:
            report(outcome, as_json=False)
    if tally.total() > 1:
        out.print(", ".join(f"{count:,} {status.value}" for status, count in tally.items()))
