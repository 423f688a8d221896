"""``photoprivacy inspect``: what photos give away, in words."""

from __future__ import annotations

import json
from typing import Final

import click

from photoprivacy.batch import inspect_many
from photoprivacy.cli._console import (
    Exit,
    collect,
    complain,
    finish,
    fresh_line,
    progress,
)
from photoprivacy.cli._policies import POLICIES, policy_of
from photoprivacy.cli._reports import Summary, one_line, show
from photoprivacy.cli._workers import workers

#: Of more photos than these, each gets a line instead of a screen.
_SCREENS: Final = 12


@click.command("inspect")
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False))
@click.option("-r", "--recursive", is_flag=True, help="Look inside folders.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
@click.option("--values", is_flag=True, help="Show what the findings say, in full.")
@click.option(
    "--check", is_flag=True, help="Exit 1 if a file holds anything that the policy does not allow."
)
@click.option(
    "--policy",
    type=click.Choice(list(POLICIES)),
    default="share",
    show_default=True,
    help="For which policy of strip: what it keeps is no finding for --check.",
)
@click.option("--keep", metavar="WHAT,…", help="What strip --keep would keep too.")
@click.option("--location", metavar="LEVEL", help="What strip --location would keep.")
@click.option("--time", "time_", metavar="LEVEL", help="What strip --time would keep.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes at work."
)
def command(
    paths: tuple[str, ...],
    recursive: bool,
    as_json: bool,
    values: bool,
    check: bool,
    policy: str,
    keep: str | None,
    location: str | None,
    time_: str | None,
    jobs: int,
) -> None:
    """Say what photos give away: where, when, who, which device.

    Values stay hidden unless you ask for them with --values. With --check nothing is printed
    for clean files, and the exit code is 1 when one is not (a pre-commit hook).
    """
    failed = found = False

    chosen = policy_of(policy, keep, location, time_)

    def missed(path: str, reason: str) -> None:
        nonlocal failed
        failed = True
        complain(path, reason)
        if as_json:
            click.echo(json.dumps({"file": path, "error": reason}))

    files = collect(paths, recursive=recursive, missed=missed)
    summary = Summary()
    with workers(jobs) as pool:
        results = inspect_many(files, executor=pool)
        for result in progress(results, total=len(files), what="Inspecting"):
            report, path = result.report, result.source
            summary.add(report, chosen)
            if report is None:
                missed(path, result.error)
                continue
            violations = bool(report.violations(chosen))
            found = found or violations
            if as_json:
                said = report.to_dict(values=values, policy=chosen)
                fresh_line()
                click.echo(json.dumps({"file": path} | said))
            elif check:
                if violations:
                    one_line(path, report, chosen)
            elif values or len(files) <= _SCREENS:
                show(path, report, chosen, values=values)
            else:
                one_line(path, report, chosen)
    if not as_json and not check and len(files) > 1:
        summary.show()
    finish(Exit.FAILED if failed else Exit.FOUND if check and found else Exit.DONE)
