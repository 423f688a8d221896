"""What a worker does with the few photos that it is given: one at a time, one in memory."""

from __future__ import annotations

import os
from collections.abc import Sequence

import attrs

from photoprivacy._source import read_head
from photoprivacy.batch._one import NOT_THE_FILE, Place, inspect_at, strip_at
from photoprivacy.batch._trees import Entry, Tree, same
from photoprivacy.batch._values import Inspected, Job, Outcome, Status
from photoprivacy.containers import sniff
from photoprivacy.errors import MissingExtra, PhotoPrivacyError, UnsupportedFormat
from photoprivacy.policy import Policy

_NO_NAME = "its name cannot be used there"


@attrs.frozen
class Ended:
    """How a file of a tree ended.

    Attributes:
        name: Which one.
        outcome: What became of it, ``None`` when it is no photo.
        size: The size of its copy in bytes, -1 when there is none.
    """

    name: str
    outcome: Outcome | None
    size: int = -1


def strip_some(
    _serial: int,
    some: Sequence[Entry],
    *,
    source: Tree,
    target: Tree,
    policy: Policy,
    durable: bool,
    preserve_times: bool,
) -> Sequence[Ended]:
    """Clean *some* photos of *source* to the same places in *target*.

    The serial number makes each call another one: Dask gives one answer to calls that are equal.
    """
    ended = []
    for entry in some:
        job = Job(
            source=source.spelled(entry.name),
            target=target.spelled(entry.name),
            overwrite=same(source, target),
        )
        try:
            read, write = source.at(entry.name), target.at(entry.name)
        except ValueError:
            ended.append(Ended(entry.name, _failed(job, _NO_NAME)))
            continue
        if entry.look and not _is_photo(read):
            ended.append(Ended(entry.name, None))
            continue
        try:
            if isinstance(write, str):
                _make_folders(os.path.dirname(write))
            outcome, size = strip_at(
                job, read, write, policy, durable=durable, preserve_times=preserve_times
            )
            if isinstance(write, str):
                size = os.stat(write).st_size if outcome.status.good else -1
        except MissingExtra:
            raise
        except (FileExistsError, NotADirectoryError):
            # Object storage knows a folder and a file of one name.
            outcome, size = _failed(job, "another file has the name of its copy's folder"), -1
        except OSError as error:
            word = f"its copy cannot be written: {error.strerror or type(error).__name__}"
            again = error.errno in NOT_THE_FILE
            outcome, size = attrs.evolve(_failed(job, word), again=again), -1
        ended.append(Ended(entry.name, outcome, size))
    return ended


def _make_folders(path: str) -> None:
    """Make a folder and those above it, however many: `os.makedirs` calls itself for each."""
    missing = []
    while not os.path.isdir(path) and (above := os.path.dirname(path)) != path:
        missing.append(path)
        path = above
    for one in reversed(missing):
        os.makedirs(one, exist_ok=True)


def _failed(job: Job, why: str) -> Outcome:
    return Outcome(source=job.source, status=Status.FAILED, error=why)


def _is_photo(place: Place) -> bool:
    """Return whether the first bytes are a photo's; also when they cannot be had, to say why."""
    try:
        sniff(read_head(place, 64) if isinstance(place, str) else place.head(64))
    except UnsupportedFormat:
        return False
    except MissingExtra:
        raise
    except (PhotoPrivacyError, OSError):
        return True
    return True


def inspect_some(
    _serial: int, some: Sequence[Entry], *, source: Tree
) -> Sequence[Inspected | None]:
    """Inspect *some* photos of *source*; ``None`` stands for what is none."""
    found: list[Inspected | None] = []
    for entry in some:
        spelled = source.spelled(entry.name)
        try:
            place = source.at(entry.name)
        except ValueError:
            found.append(Inspected(source=spelled, error=_NO_NAME))
            continue
        is_photo = not entry.look or _is_photo(place)
        found.append(inspect_at(spelled, place) if is_photo else None)
    return found
