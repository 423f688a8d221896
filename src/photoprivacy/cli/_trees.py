"""``photoprivacy strip`` over trees: behind URLs, on a cluster, with a journal."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

import attrs
import click

from photoprivacy import Format, PhotoPrivacyError, Policy
from photoprivacy.batch import Job, Outcome, strip_one, strip_tree
from photoprivacy.batch._remote import is_url
from photoprivacy.cli._console import Exit, complain, err, out, words
from photoprivacy.cli._outcomes import Account
from photoprivacy.cli._stopping import told_where_it_stops
from photoprivacy.cli._workers import cluster_at, crew


def are_far(paths: Sequence[str], output: str | None) -> bool:
    """Return whether any of these is a URL."""
    return any(is_url(place) for place in (*paths, output or ""))


def strip_trees(
    paths: Sequence[str],
    output: str | None,
    policy: Policy,
    *,
    recursive: bool,
    jobs: int,
    cluster: str | None,
    journal: str | None,
    durable: bool,
    preserve_times: bool,
    as_json: bool,
) -> Exit:
    """Clean each of *paths* to *output*, or in place where that is ``None``.

    Returns:
        How it ended.
    """
    if not recursive and not all(map(is_url, paths)):
        raise click.UsageError("--cluster, --journal and URLs are for whole folders: say -r")
    account = Account(as_json=as_json)
    failed = False
    known = 0

    def told(outcome: Outcome, done: int, found: int) -> None:
        nonlocal known
        asked = output or where
        account.add(
            attrs.evolve(
                outcome,
                source=_as_asked(outcome.source, where),
                output=outcome.output and _as_asked(outcome.output, asked),
            )
        )
        known = account.total + found - done
        if err.is_terminal and out.is_terminal and done < found:
            err.file.write(f"{done:,} of the {found:,} found so far")
            err.file.flush()

    where = cluster or ""
    stopped = told_where_it_stops(
        lambda: f"Stopped after {account.total:,} of the {known:,} files found so far."
    )
    with contextlib.ExitStack() as stack, account, stopped:
        try:
            workers: Executor | Callable[[], Executor] = crew(jobs, far=are_far(paths, output))
            at_once = None
            if cluster:
                workers, at_once = stack.enter_context(cluster_at(cluster))
            for where in paths:
                if not recursive:
                    told(strip_one(_single(where, output), policy, durable=durable), 1, 1)
                    continue
                strip_tree(
                    where,
                    output or where,
                    policy,
                    executor=workers,
                    progress=told,
                    journal=journal,
                    at_once=at_once,
                    durable=durable,
                    preserve_times=preserve_times,
                )
        except (PhotoPrivacyError, OSError, ValueError) as error:
            failed = True
            complain(where, words(error))
    return Exit.FAILED if failed or account.failed else Exit.DONE


def _as_asked(path: str, asked: str) -> str:
    """Return a path of the tree that was *asked* for in these words: a tree uses its real path."""
    root = os.path.join(os.path.realpath(asked), "")
    return os.path.join(asked, path.removeprefix(root)) if path.startswith(root) else path


def _single(url: str, output: str | None) -> Job:
    """Return the job for one file behind a URL."""
    if output is None:
        return Job(source=url, target=url, overwrite=True)
    name = url.rstrip("/").rpartition("/")[2]
    suffixes = {one.suffix for one in Format} | {".jpeg", ".heif", ".hif"}
    names_it = os.path.splitext(output)[1].lower() in suffixes and not os.path.isdir(output)
    return Job(source=url, target=output if names_it else f"{output.rstrip('/')}/{name}")
