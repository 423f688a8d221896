"""A copy that gives away only what the owner chose, with not one pixel changed.

The way through: bytes → segments → findings → plan → bytes → a second pair of eyes.
"""

from __future__ import annotations

import errno
import functools
import io
import os
from collections.abc import Callable, Iterable
from typing import BinaryIO

import attrs

from photoprivacy._files import replace_file
from photoprivacy._inspect import Report, report_of
from photoprivacy._ledger import ledger_of
from photoprivacy._plan import Plan, Residue, Wanted, plan
from photoprivacy._plan._exif import fresh_entries, fresh_exif, written_as
from photoprivacy._plan._xmp import (
    PLACE,
    fresh_xmp,
    further_words,
    place_names,
    words_instead_of_exif,
)
from photoprivacy._source import Source, read_source
from photoprivacy._spool import spooled
from photoprivacy._verify import verify
from photoprivacy.containers import Container, Format, parse
from photoprivacy.geo import Coordinates, Geocoder, Precision
from photoprivacy.limits import Limits
from photoprivacy.metadata import INSEPARABLE, Finding, Reading, read
from photoprivacy.policy import Category, Policy

# The container of these turns the picture itself; Exif orientation is informational
# there (ISO/IEC 23000-22, 7.3.6.7) and some viewers would turn twice.
_TURNED_BY_CONTAINER = frozenset(
    {Format.HEIC, Format.AVIF, Format.GIF, Format.TIFF, Format.MP4, Format.MOV}
)


#: What has no Exif says what is kept in its XMP packet, except for how a photo was taken.
_WITHOUT_EXIF = frozenset({Format.GIF, Format.MP4, Format.MOV})


@attrs.frozen(kw_only=True, repr=False)
class StripResult:
    """What `strip` did. Its ``repr`` is a line with counts, and no value.

    Attributes:
        format: The file's format, before and after.
        before: What the source gave away.
        removed: Findings that the output no longer has.
        kept: Findings that the policy allowed to stay, written anew.
        residue: What the output still tells about what was removed.
        changed: Whether the output differs from the source at all.
    """

    format: Format
    before: Report
    removed: tuple[Finding, ...]
    kept: tuple[Finding, ...]
    residue: tuple[Residue, ...] = ()
    changed: bool = True

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({self.format.value}, {self.before.size:,} bytes before, "
            f"removed: {len(self.removed):,}, kept: {len(self.kept):,}, "
            f"residue: {len(self.residue):,}, {'changed' if self.changed else 'unchanged'})"
        )


@attrs.frozen(kw_only=True, repr=False)
class Stripped(StripResult):
    """What `strip` did, with the clean bytes.

    Attributes:
        data: The clean file.
    """

    data: bytes = attrs.field(repr=False)


def strip(
    source: Source,
    policy: Policy = Policy.SHARE,
    *,
    geocoder: Geocoder | None = None,
    limits: Limits = Limits(),
) -> Stripped:
    """Return a copy of *source* that gives away only what *policy* allows.

    Coded pixels are copied byte for byte; what stays of the metadata is written from
    scratch; and the output is verified by code that shares nothing with the writer.

    Args:
        source: A path, bytes, or a binary file open for reading.
        policy: What may stay.
        geocoder: Who names a point where location is told coarsely; the offline
            `Gazetteer` by default.
        limits: How much work one file may cause.

    Returns:
        The clean bytes (`Stripped.data`), and what was removed and kept.

    Raises:
        UnsupportedFormat: Not a format we strip.
        MalformedImage: The file is damaged where that matters.
        CannotStrip: No rewrite is known to be lossless and clean.
        VerificationFailed: Our own output was not clean. A bug: please report it.
        OSError: The disk says no.
    """
    return prepared(read_source(source, limits), policy, geocoder=geocoder, limits=limits).made()


def strip_stream(
    src: BinaryIO,
    dst: BinaryIO,
    policy: Policy = Policy.SHARE,
    *,
    geocoder: Geocoder | None = None,
    limits: Limits = Limits(),
) -> StripResult:
    """Read *src* to its end, and write its clean copy to *dst*.

    Nothing is written unless the output was verified. Of a big file only the source is held in
    memory: its clean copy waits for the verification in an unnamed temporary file.

    Raises:
        BlockingIOError: *dst* does not wait, and takes no more bytes.
        The same as `strip`.
    """
    data = read_source(src, limits)
    ready = prepared(data, policy, geocoder=geocoder, limits=limits)
    with spooled(ready.plan.parts(data)) as output:
        ready.check(output)
    # The parts once more, not the checked copy: they are the same bytes, and here already.
    for part in ready.plan.parts(data):
        _write(dst, part)
    return attrs.evolve(ready.result, changed=_differs(ready.plan.parts(data), data))


def strip_file(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    policy: Policy = Policy.SHARE,
    *,
    overwrite: bool = False,
    durable: bool = True,
    preserve_times: bool = False,
    geocoder: Geocoder | None = None,
    limits: Limits = Limits(),
) -> StripResult:
    """Write the clean copy of file *source* to file *target*, atomically.

    The same path twice with ``overwrite=True`` cleans in place. *target* is at every
    moment the old file or the new one.

    Args:
        source: Which file to read.
        target: Which file to write.
        policy: What may stay.
        overwrite: Whether an existing *target* may be replaced.
        durable: Whether to wait until the disk has it.
        preserve_times: Whether *target* gets the times of *source*, which often are when the
            photo was taken; else it is as old as it is.
        geocoder: Who names a point where location is told coarsely.
        limits: How much work one file may cause.

    Raises:
        FileExistsError: *target* exists and *overwrite* is false.
        The same as `strip`. Then nothing was written.
    """
    if not overwrite and os.path.lexists(target):
        raise FileExistsError(
            errno.EEXIST, "exists already, and is not replaced", os.fspath(target)
        )
    data = read_source(os.fspath(source), limits)
    ready = prepared(data, policy, geocoder=geocoder, limits=limits)
    result = attrs.evolve(ready.result, changed=_differs(ready.plan.parts(data), data))
    in_place = overwrite and os.path.exists(target) and os.path.samefile(source, target)
    if in_place and not result.changed:
        ready.check(data)
        return result
    # A copy is no more open than its source.
    status = os.stat(source)
    replace_file(
        target,
        ready.plan.parts(data),
        overwrite=overwrite,
        durable=durable,
        mode=status.st_mode,
        times=(status.st_atime_ns, status.st_mtime_ns) if preserve_times else None,
        check=ready.check,
    )
    return result


@attrs.frozen(kw_only=True, eq=False)
class Prepared:
    """A copy that is not made yet.

    Attributes:
        data: The source.
        container: The source, taken apart.
        plan: How the copy is made of it.
        result: What the copy will have lost.
        check: Looks at the copy once it is made; raises `VerificationFailed`.
    """

    data: bytes = attrs.field(repr=False)
    container: Container = attrs.field(repr=False)
    plan: Plan = attrs.field(repr=False)
    result: StripResult
    check: Callable[[bytes], None] = attrs.field(repr=False)

    def made(self) -> Stripped:
        """Return the copy, verified.

        Raises:
            VerificationFailed: It is not clean.
        """
        output = self.plan.carry_out(self.data)
        self.check(output)
        fields = [field.name for field in attrs.fields(StripResult)]
        told = {name: getattr(self.result, name) for name in fields}
        return Stripped(**told | {"changed": output != self.data}, data=output)


def prepared(
    data: bytes,
    policy: Policy = Policy.SHARE,
    *,
    geocoder: Geocoder | None = None,
    limits: Limits = Limits(),
) -> Prepared:
    """Return how to make the copy of *data*, and the look at it when it is made.

    Raises:
        The same as `strip`, but for what only the finished copy shows.
    """
    given: object = policy
    if not isinstance(given, Policy):
        raise TypeError("a policy is a Policy, for example Policy.PUBLISH")
    container = parse(data, limits)
    if container.damage is not None:
        raise container.damage
    reading = read(container, data, limits)
    orientation = _orientation(container, reading, policy)
    wanted = _wanted(container, reading, policy, geocoder, orientation)
    made = plan(container, data, wanted)
    ledger = ledger_of(reading, wanted)
    check = functools.partial(
        verify,
        data,
        format=container.format,
        policy=policy,
        secrets=ledger.secrets,
        orientation=orientation,
        said=wanted.said,
    )
    result = StripResult(
        format=container.format,
        before=report_of(container, reading),
        removed=ledger.removed,
        kept=ledger.kept,
        residue=made.residue + _inseparable(ledger.kept),
    )
    return Prepared(data=data, container=container, plan=made, result=result, check=check)


def _write(dst: BinaryIO, part: bytes | memoryview) -> None:
    """Write all of *part*. A raw file may take less than it is given."""
    view = memoryview(part)
    while view:
        taken: object = dst.write(view)
        if taken == 0 or (taken is None and isinstance(dst, io.RawIOBase)):
            # A pipe that is full and does not wait: to go on would lose what it did not take.
            raise BlockingIOError(errno.EAGAIN, "the target takes no more bytes now")
        view = view[taken if isinstance(taken, int) else len(view) :]


def _differs(parts: Iterable[bytes | memoryview], data: bytes) -> bool:
    view, at = memoryview(data), 0
    for part in parts:
        if view[at : at + len(part)] != part:
            return True
        at += len(part)
    return at != len(data)


def _inseparable(kept: tuple[Finding, ...]) -> tuple[Residue, ...]:
    """Return what stays inside although nobody asked for it."""
    codes = {finding.code for finding in kept} & INSEPARABLE.keys()
    labels = {finding.label for finding in kept if finding.code in codes}
    return tuple(Residue(what=label, size=0) for label in sorted(labels))


def _orientation(container: Container, reading: Reading, policy: Policy) -> int:
    if container.format in _TURNED_BY_CONTAINER or not policy.allows(Category.ORIENTATION):
        return 1
    return reading.orientation


def _wanted(
    container: Container,
    reading: Reading,
    policy: Policy,
    geocoder: Geocoder | None,
    orientation: int,
) -> Wanted:
    taken = reading.captured_at
    position, said = _location(reading, policy, geocoder)
    fields = _fields(reading)
    said = further_words(fields, policy) | said
    if container.format in _WITHOUT_EXIF:
        local = taken.local if taken else None
        words = words_instead_of_exif(fields, policy, taken=local, position=position)
        said = words | said
        return Wanted(policy=policy, xmp=fresh_xmp(policy.ai_training, said=said), said=said)
    entries = fresh_entries(
        fields,
        policy,
        orientation=orientation,
        taken=taken.local if taken else None,
        offset=taken.offset if taken else None,
        position=position,
    )
    if position is not None and _is_big_tiff(container):
        # ExifTool (12.57) reads no GPS directory there; what it reads must be the same point.
        same = written_as(position)
        said = words_instead_of_exif({}, policy, taken=None, position=same) | said
    return Wanted(
        policy=policy,
        # A TIFF takes the tags into its own directories.
        exif=b"" if container.format is Format.TIFF else fresh_exif(entries),
        entries=entries,
        xmp=fresh_xmp(policy.ai_training, said=said),
        said=said,
    )


def _is_big_tiff(container: Container) -> bool:
    if container.format is not Format.TIFF:
        return False
    from photoprivacy.containers._tiff import TiffContainer

    return isinstance(container, TiffContainer) and container.big


def _fields(reading: Reading) -> dict[str, object]:
    """Return the values for a fresh block. How bright HDR is says nothing without a gain map."""
    fields = dict(reading.fields)
    if not any(finding.code == "embedded.gain-map" for finding in reading.findings):
        fields.pop("Exif:MakerNote", None)
    return fields


def _location(
    reading: Reading, policy: Policy, geocoder: Geocoder | None
) -> tuple[Coordinates | None, dict[str, str]]:
    """Return the point to write (exact, the named city's own, or none), and names to write.

    A region and a country have no point: a pin in the middle marks a stranger's house.
    """
    precision = policy.location
    told = {
        key.removeprefix("place:"): value
        for key, value in reading.fields.items()
        if key.startswith("place:")
    }
    if precision is Precision.NONE:
        return None, {}
    if precision is Precision.EXACT or reading.coordinates is None:
        return reading.coordinates, place_names(told, precision)
    from photoprivacy.places import place_of

    place = place_of(reading.coordinates, geocoder)
    coarse = place.at(precision) if place else None
    if coarse is None:
        return None, {}
    names = {part: getattr(coarse, part) for _, part, _ in PLACE}
    # Without a city there is no point of its own; the photo's point must not stand in.
    return coarse.coordinates if coarse.city else None, place_names(names, precision)
