"""``photoprivacy strip``: clean copies, or clean in place."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Final

import click

from photoprivacy import (
    Category,
    Format,
    PhotoPrivacyError,
    Policy,
    strip,
)
from photoprivacy._source import read_head
from photoprivacy.batch import Job, Outcome, Status, strip_many
from photoprivacy.cli._console import (
    Exit,
    Missed,
    collect,
    complain,
    finish,
    out,
    plural,
    progress,
    shown,
    words,
)
from photoprivacy.cli._outcomes import Account
from photoprivacy.cli._policies import OF_THEIR_OWN, POLICIES, policy_of
from photoprivacy.cli._stopping import told_where_it_stops
from photoprivacy.cli._trees import are_far, strip_trees
from photoprivacy.cli._workers import workers
from photoprivacy.containers import sniff

#: The mark in the middle keeps lines apart; in a docstring it would have to be a raw one.
_HELP: Final = """Make copies that give away only what you choose, with not one pixel changed.

\b
photoprivacy strip photo.jpg -o clean.jpg
photoprivacy strip -r holiday -o clean-holiday
photoprivacy strip --in-place *.heic
photoprivacy strip -r s3://bucket/photos -o s3://bucket/clean --jobs 8
"""


@click.command("strip", help=_HELP)
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False))
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    help="Where clean copies go: a file, a folder, or - for standard output.",
)
@click.option("--in-place", is_flag=True, help="Replace each file by its clean copy, atomically.")
@click.option("-r", "--recursive", is_flag=True, help="Look inside folders.")
@click.option(
    "--policy",
    type=click.Choice(list(POLICIES)),
    default="share",
    show_default=True,
    help="share: colour, orientation and HDR alone stay. publish: also rights and caption. "
    "archive: also camera, time and place, no serial numbers.",
)
@click.option(
    "--keep",
    metavar="WHAT,…",
    help="Also keep these, for example rights,caption. There are "
    + ", ".join(one for one in Category if one not in OF_THEIR_OWN)
    + ".",
)
@click.option(
    "--location",
    metavar="LEVEL",
    help="Keep the location at this precision: none, country, region, city, exact.",
)
@click.option(
    "--time",
    "time_",
    metavar="LEVEL",
    help="Keep the time at this precision: none, year, month, day, exact.",
)
@click.option(
    "--names",
    type=click.Choice(["keep", "neutral"]),
    default="keep",
    show_default=True,
    help="neutral: copies are called photo-001.jpg and so on.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes at work."
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Have a Dask cluster do the work, for example tcp://scheduler:8786. It must see the "
    "same folders, or the same URLs.",
)
@click.option(
    "--journal",
    metavar="FOLDER",
    help="Keep there what is done, so that the next run of a large tree is a short one.",
)
@click.option("--no-fsync", is_flag=True, help="Do not wait for the disk after each file.")
@click.option(
    "--preserve-times",
    is_flag=True,
    help="Give copies the times of their files. They often are when a photo was taken.",
)
@click.option("--dry-run", is_flag=True, help="Do all the work and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file, for programs.")
def command(
    paths: tuple[str, ...],
    output: str | None,
    in_place: bool,
    recursive: bool,
    policy: str,
    keep: str | None,
    location: str | None,
    time_: str | None,
    names: str,
    jobs: int,
    cluster: str | None,
    journal: str | None,
    no_fsync: bool,
    preserve_times: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    if output and in_place:
        raise click.UsageError("say only one of these: -o, --in-place")
    if not (output or in_place or dry_run):
        raise click.UsageError("say where the clean file goes: -o, --in-place, or --dry-run")
    if cluster or journal or are_far(paths, output):
        if names == "neutral" or dry_run or output == "-":
            raise click.UsageError(
                "--names neutral, --dry-run and -o - are for files of this computer"
            )
        code = strip_trees(
            paths,
            output,
            policy_of(policy, keep, location, time_),
            recursive=recursive,
            jobs=jobs,
            cluster=cluster,
            journal=journal,
            durable=not no_fsync,
            preserve_times=preserve_times,
            as_json=as_json,
        )
        finish(code)
    if names == "neutral" and (not output or output == "-" or _names_a_photo(output)):
        raise click.UsageError("--names neutral needs -o FOLDER")
    if output and any(os.path.isdir(path) and _same(path, output) for path in paths):
        raise click.UsageError("-o is the folder of the photos itself: say --in-place")
    chosen = policy_of(policy, keep, location, time_)
    account = Account(as_json=as_json)

    def missed(path: str, reason: str) -> None:
        account.add(Outcome(source=path, status=Status.FAILED, error=reason))

    files = _pairs(paths, recursive=recursive, missed=missed, besides=output)
    if output == "-" and sys.stdout.isatty():
        raise click.UsageError("a picture on a terminal is noise: give -o - a pipe, or -o a file")
    if output == "-":
        finish(_to_stdout(files, chosen))
    if output and len(files) > 1 and _names_a_photo(output):
        raise click.UsageError(f"-o {shown(output)} is one file, and there are {len(files):,}")
    work = _jobs(files, output, in_place=in_place, names=names, missed=missed, dry=dry_run)
    with (
        workers(jobs) as executor,
        account,
        told_where_it_stops(
            lambda: f"Stopped after {account.total:,} of {plural(len(work), 'file')}."
        ),
        contextlib.closing(
            strip_many(
                work,
                chosen,
                executor=executor,
                durable=not no_fsync,
                preserve_times=preserve_times,
            )
        ) as outcomes,
    ):
        for outcome in progress(outcomes, total=len(work), what="Stripping"):
            account.add(outcome)
        if not as_json and dry_run:
            out.print("[dim]Nothing was written.[/dim]")
    finish(Exit.FAILED if account.failed else Exit.DONE)


def _to_stdout(files: list[tuple[str, str]], policy: Policy) -> Exit:
    """Write the one clean copy to standard output."""
    if len(files) != 1:
        raise click.UsageError(f"-o - takes one file, and there are {len(files):,}")
    try:
        clean = strip(files[0][0], policy)
    except (PhotoPrivacyError, OSError) as error:
        complain(files[0][0], words(error))
        return Exit.FAILED
    sys.stdout.buffer.write(clean.data)
    return Exit.DONE


def _pairs(
    paths: tuple[str, ...], *, recursive: bool, missed: Missed, besides: str | None
) -> list[tuple[str, str]]:
    """Return (file, its path relative to what was asked for)."""
    found: list[tuple[str, str]] = []
    for path in paths:
        for file in collect([path], recursive=recursive, missed=missed, besides=besides):
            inside = os.path.isdir(path)
            found.append((file, os.path.relpath(file, path) if inside else os.path.basename(file)))
    return found


def _jobs(
    files: list[tuple[str, str]],
    output: str | None,
    *,
    in_place: bool,
    names: str,
    missed: Missed,
    dry: bool,
) -> list[Job]:
    if in_place:
        return [Job(source=file, target=file, overwrite=True, dry=dry) for file, _ in files]
    if output is None:
        return [Job(source=file, target=None) for file, _ in files]
    single = len(files) == 1 and not os.path.isdir(output) and not output.endswith(os.sep)
    jobs: list[Job] = []
    taken: set[str] = set()

    def add(file: str, target: str) -> None:
        if target in taken:
            missed(file, f"its copy would take the place of another's: {target}")
            return
        taken.add(target)
        if os.path.exists(target) and os.path.samefile(file, target):
            missed(file, "its copy would be the file itself: say --in-place")
            return
        try:
            if not dry:
                os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
        except OSError as error:
            missed(file, f"its copy cannot be written: {error.strerror}")
        else:
            jobs.append(Job(source=file, target=target, dry=dry))

    if single and names == "keep" and os.sep not in files[0][1] and os.path.splitext(output)[1]:
        above = os.path.dirname(output) or "."
        if not os.path.exists(above):
            raise click.UsageError(f"-o {shown(output)}: there is no folder {shown(above)}")
        add(files[0][0], output)
        return jobs
    for number, (file, relative) in enumerate(files, 1):
        name = relative
        if names == "neutral":
            name = f"photo-{number:03}{_suffix(file)}"
        add(file, os.path.join(output, name))
    return jobs


def _same(path: str, output: str) -> bool:
    return os.path.realpath(path) == os.path.realpath(output)


def _suffix(file: str) -> str:
    """Return what a file of that content is called; of the old name nothing is left."""
    try:
        return sniff(read_head(file, 64)).suffix
    except (PhotoPrivacyError, OSError):
        return ""


def _names_a_photo(output: str) -> bool:
    suffixes = {one.suffix for one in Format} | {".jpeg", ".heif", ".hif"}
    return not os.path.isdir(output) and os.path.splitext(output)[1].lower() in suffixes
