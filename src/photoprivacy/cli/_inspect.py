"""``photoprivacy inspect``: what photos give away, in words."""

from __future__ import annotations

import json
from typing import Final

import click
from rich.markup import escape

from photoprivacy import Category, Coordinates, Finding, PhotoPrivacyError, Policy, Report, inspect
from photoprivacy.cli._console import (
    Exit,
    collect,
    complain,
    finish,
    fresh_line,
    out,
    plural,
    progress,
    shown,
    words,
)
from photoprivacy.metadata import Severity
from photoprivacy.places import Gazetteer

#: The questions a person asks, and the categories that answer them.
_QUESTIONS: Final = {
    "Where": {Category.LOCATION},
    "When": {Category.TIME},
    "Who": {Category.PERSON, Category.RIGHTS},
    "Which device": {Category.DEVICE, Category.SERIAL},
    "Words": {Category.CAPTION},
    "What was done to it": {
        *(Category.SOFTWARE, Category.HISTORY, Category.AI_GENERATION, Category.PROVENANCE)
    },
    "Hidden in the file": {
        *(Category.TRACKING, Category.THUMBNAIL, Category.EMBEDDED_IMAGE, Category.EMBEDDED_VIDEO),
        *(Category.AUDIO, Category.DEPTH, Category.HIDDEN_PIXELS, Category.TRAILER),
        Category.UNKNOWN,
    },
    "How it was taken": {Category.TECHNICAL, Category.RESOLUTION},
    "Needed to look right": {Category.COLOR, Category.ORIENTATION, Category.HDR},
}

_COLOURS: Final = {
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "default",
    Severity.INFO: "dim",
}


@click.command("inspect")
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False))
@click.option("-r", "--recursive", is_flag=True, help="Look inside folders.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
@click.option("--values", is_flag=True, help="Show what the findings say, in full.")
@click.option(
    "--check", is_flag=True, help="Exit 1 if a file holds anything that strip would remove."
)
def command(
    paths: tuple[str, ...], recursive: bool, as_json: bool, values: bool, check: bool
) -> None:
    """Say what photos give away: where, when, who, which device.

    Values stay hidden unless you ask for them with --values. With --check nothing is printed
    for clean files, and the exit code is 1 when one is not (a pre-commit hook).
    """
    failed = found = False

    def missed(path: str, reason: str) -> None:
        nonlocal failed
        failed = True
        complain(path, reason)

    files = collect(paths, recursive=recursive, missed=missed)
    for path in progress(files, total=len(files), what="Inspecting"):
        try:
            report = inspect(path)
        except (PhotoPrivacyError, OSError) as error:
            missed(path, words(error))
            continue
        violations = report.violations(Policy.SHARE)
        found = found or bool(violations)
        if as_json:
            click.echo(json.dumps({"file": path} | report.to_dict(values=values)))
        elif not check:
            fresh_line()
            _show(path, report, values=values)
        elif violations:
            fresh_line()
            labels = "; ".join(dict.fromkeys(finding.label for finding in violations))
            out.print(f"{shown(path)}: {escape(labels)}")
    finish(Exit.FAILED if failed else Exit.FOUND if check and found else Exit.DONE)


def _show(path: str, report: Report, *, values: bool) -> None:
    size = f"{report.width} × {report.height}" if report.width else "size unknown"
    out.print(f"\n[bold]{shown(path)}[/bold]  {report.format.value.upper()}, {size}")
    for question, categories in _QUESTIONS.items():
        findings = [finding for finding in report.findings if finding.category in categories]
        if findings:
            out.print(f"  [bold]{question}[/bold]{_answer(question, report, values=values)}")
            _list(findings, values=values)
    for item in report.surroundings:
        value = f": {shown(item.value)}" if values else ""
        out.print(f"  [dim]Beside the file: {escape(item.label)}{value}[/dim]")
    for problem in report.problems:
        out.print(
            f"  [yellow]Damaged: {escape(problem.what)} (byte {problem.where.start})[/yellow]"
        )
    if report.damaged:
        out.print("  [yellow]→ the picture itself is damaged: strip refuses it[/yellow]")
        return
    count = len(report.violations(Policy.SHARE))
    out.print(
        f"  → strip removes {plural(count, 'finding')}" if count else "  [green]→ clean[/green]"
    )


def _answer(question: str, report: Report, *, values: bool) -> str:
    """Return the short answer beside a question: the place by name, the day."""
    if question == "Where" and report.coordinates is not None:
        place = Gazetteer().reverse(report.coordinates)
        if place is not None:
            names = (place.neighbourhood, place.city, place.region, place.country)
            return "  " + escape(", ".join(dict.fromkeys(name for name in names if name)))
    if question == "When" and report.captured_at is not None:
        local = report.captured_at.local
        return f"  {local:%Y-%m-%d %H:%M}" if values else f"  in {local:%Y}"
    return ""


def _list(findings: list[Finding], *, values: bool) -> None:
    if values:
        for finding in findings:
            text = "" if finding.value is None else f": {shown(_text(finding))}"
            colour = _COLOURS[finding.severity]
            out.print(f"    [{colour}]{escape(finding.label)}[/{colour}]{text}", soft_wrap=False)
        return
    counts: dict[tuple[str, str], int] = {}
    for finding in findings:
        key = (finding.label, _COLOURS[finding.severity])
        counts[key] = counts.get(key, 0) + 1
    parts = [
        f"[{colour}]{escape(label)}[/{colour}]" + (f" ×{count}" if count > 1 else "")
        for (label, colour), count in counts.items()
    ]
    out.print("    " + "; ".join(parts), soft_wrap=False)


def _text(finding: Finding) -> str:
    value = finding.value
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, Coordinates):
        return f"{value.latitude:.5f}, {value.longitude:.5f}"
    return str(value)
