"""What does this file give away? `inspect` reads; it decodes no pixel and writes nothing."""

from __future__ import annotations

import datetime as dt
import json
import os
import zoneinfo

import attrs

from photoprivacy._source import Source, read_source
from photoprivacy._surroundings import Surrounding, surroundings_of
from photoprivacy.containers import Container, Format, Problem, parse
from photoprivacy.geo import Coordinates, Geocoder
from photoprivacy.limits import Limits
from photoprivacy.metadata import Camera, CapturedAt, Finding, Reading, read
from photoprivacy.metadata._kept import MORE_PROBLEMS, MOST_PROBLEMS
from photoprivacy.policy import Policy

SCHEMA = "photoprivacy.report/1"


@attrs.frozen(kw_only=True, repr=False)
class Report:
    """Everything one file tells. Its ``repr`` is a line with counts, and no value.

    Attributes:
        format: The file's format, told by its content.
        size: Length in bytes.
        width: Pixels across as coded, before orientation.
        height: Pixels down as coded, before orientation.
        findings: What it gives away, worst first.
        problems: Damage that could be read past.
        surroundings: What the file's name and neighbours give away. Empty for bytes.
        coordinates: Where it was taken, as precisely as the file says.
        captured_at: When it was taken.
        camera: What took it.
        orientation: How a viewer turns it, as Exif orientation 1-8.
        damaged: Whether the picture itself is, so that `strip` refuses it.
        raw: Whether it is a camera's raw file, which `strip` refuses.
    """

    format: Format
    size: int
    width: int
    height: int
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    surroundings: tuple[Surrounding, ...] = ()
    coordinates: Coordinates | None = attrs.field(default=None, repr=False)
    captured_at: CapturedAt | None = attrs.field(default=None, repr=False)
    camera: Camera | None = attrs.field(default=None, repr=False)
    orientation: int = 1
    damaged: bool = False
    raw: bool = False

    def __repr__(self) -> str:
        return (
            f"Report({self.format.value}, {self.width:,} by {self.height:,} pixels, "
            f"{self.size:,} bytes, findings: {len(self.findings):,}, "
            f"problems: {len(self.problems):,}, surroundings: {len(self.surroundings):,})"
        )

    def violations(self, policy: Policy = Policy.SHARE) -> tuple[Finding, ...]:
        """Return the findings that *policy* does not allow, worst first.

        `strip` removes them all. What is allowed and has no place in a copy goes, too, and is no
        reason to warn anybody: `Finding.fate` tells.
        """
        return tuple(finding for finding in self.findings if not finding.stays(policy))

    def to_dict(self, *, values: bool = True, policy: Policy = Policy.SHARE) -> dict[str, object]:
        """Return plain values for JSON, schema ``photoprivacy.report/1``.

        ``report.schema.json`` in the package says what may stand in it.

        Args:
            policy: For which policy each finding says what `strip` does with it (`Finding.fate`).
            values: Whether to say what the findings say. Leave it out for logs:
                coordinates, time, camera, file name and all values are then absent.
        """
        report: dict[str, object] = {
            "schema": SCHEMA,
            "format": self.format.value,
            "size": self.size,
            "width": self.width,
            "height": self.height,
            "orientation": self.orientation,
            "damaged": self.damaged,
            "raw": self.raw,
            "findings": [_finding(one, policy, values=values) for one in self.findings],
            "problems": [
                {"what": problem.what, "start": problem.where.start, "stop": problem.where.stop}
                for problem in self.problems
            ],
            "surroundings": [
                {"code": item.code, "label": item.label} | ({"value": item.value} if values else {})
                for item in self.surroundings
            ],
        }
        if values:
            report["coordinates"] = _point(self.coordinates)
            report["captured_at"] = _moment(self.captured_at)
            report["camera"] = attrs.asdict(self.camera) if self.camera else None
        return report

    def to_json(self, *, values: bool = True, policy: Policy = Policy.SHARE) -> str:
        """Return `to_dict` as one line of JSON."""
        return json.dumps(self.to_dict(values=values, policy=policy), ensure_ascii=False)


def inspect(
    source: Source, *, geocoder: Geocoder | None = None, limits: Limits = Limits()
) -> Report:
    """Return what *source* gives away.

    The format is told by content, never by name. For a path, the report also says
    what the file's name and its neighbours give away.

    Args:
        source: A path, bytes, or a binary file open for reading.
        geocoder: Who knows the time zone of a position: for photos that say where and when,
            and not how far their clock was from UTC. `Gazetteer` does, offline.
        limits: How much work one file may cause.

    Raises:
        UnsupportedFormat: Not a format we read.
        MalformedImage: Too damaged to read anything with certainty.
        LimitExceeded: Reading on would cost more than *limits* allow.
        OSError: The disk says no.
    """
    data = read_source(source, limits)
    container = parse(data, limits)
    report = report_of(container, read(container, data, limits))
    if geocoder is not None:
        report = attrs.evolve(report, captured_at=_zoned(report, geocoder))
    if isinstance(source, str | os.PathLike):
        return attrs.evolve(report, surroundings=surroundings_of(source))
    return report


def _zoned(report: Report, geocoder: Geocoder) -> CapturedAt | None:
    """Return when the photo was taken, with the offset of its place's time zone if none is said."""
    taken = report.captured_at
    if taken is None or taken.offset is not None or report.coordinates is None:
        return taken
    place = geocoder.reverse(report.coordinates)
    if place is None or not place.timezone:
        return taken
    try:
        offset = taken.local.replace(tzinfo=zoneinfo.ZoneInfo(place.timezone)).utcoffset()
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):  # no such zone on this machine
        return taken
    return attrs.evolve(taken, offset=offset, source=f"{taken.source}, place")


def report_of(container: Container, reading: Reading) -> Report:
    """Return the report of a file that was already taken apart and read."""
    worst_first = sorted(reading.findings, key=lambda finding: -finding.severity)
    return Report(
        format=container.format,
        size=container.size,
        width=container.width,
        height=container.height,
        findings=tuple(worst_first),
        problems=_told(container.problems) + reading.problems,
        coordinates=reading.coordinates,
        captured_at=reading.captured_at,
        camera=reading.camera,
        orientation=reading.orientation,
        damaged=container.damage is not None,
        raw=container.raw,
    )


def _told(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return *problems*, of a flood the first ones and that there are more."""
    if len(problems) <= MOST_PROBLEMS:
        return problems
    last = problems[MOST_PROBLEMS - 1]
    return (*problems[: MOST_PROBLEMS - 1], attrs.evolve(last, what=MORE_PROBLEMS))


def _finding(finding: Finding, policy: Policy, *, values: bool) -> dict[str, object]:
    plain: dict[str, object] = {
        "code": finding.code,
        "category": finding.category.value,
        "severity": finding.severity.name.lower(),
        "label": finding.label,
        "origin": finding.origin,
        "start": finding.where.start,
        "stop": finding.where.stop,
        "fate": finding.fate(policy).value,
    }
    if values:
        value = finding.value
        if isinstance(value, Coordinates):
            plain["value"] = _point(value)
        elif isinstance(value, bytes):
            plain["value"] = value.hex()
        else:
            plain["value"] = value
    return plain


def _point(at: Coordinates | None) -> dict[str, float] | None:
    if at is None:
        return None
    return {"latitude": at.latitude, "longitude": at.longitude}


def _moment(at: CapturedAt | None) -> dict[str, object] | None:
    if at is None:
        return None
    offset = None if at.offset is None else at.offset / dt.timedelta(minutes=1)
    return {"local": at.local.isoformat(), "offset_minutes": offset, "source": at.source}
