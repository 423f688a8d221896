"""Too many findings: the worst are kept, and the report says that there are more."""

from __future__ import annotations

from builders import com, jfif, jpeg, picture
from photoprivacy import Category, Limits, Policy, inspect
from photoprivacy.metadata import Severity
from photoprivacy.testing import sample_photo


def test_a_flood_of_comments_hides_no_serial_number_and_no_place() -> None:
    photo = sample_photo()
    flood = b"".join(com(b"caption %d" % number) for number in range(12_000))

    report = inspect(photo[:2] + flood + photo[2:])

    codes = {finding.code for finding in report.findings}
    assert {one.code for one in inspect(photo).findings} <= codes
    assert "report.more" in codes
    assert len(report.findings) <= Limits().max_findings + 1


def test_what_is_left_out_of_a_report_counts_under_every_policy() -> None:
    flood = b"".join(com(b"caption %d" % number) for number in range(60))
    data = jpeg(jfif(), flood, *picture())

    everything = Policy(keep=set(Category) - {Category.LOCATION, Category.TIME, Category.UNKNOWN})
    few = inspect(data, limits=Limits(max_findings=50))
    assert [one.code for one in few.violations(everything)] == ["report.more"]
    assert inspect(data).violations(everything) == ()


def test_the_worst_is_kept_where_there_is_room_for_few() -> None:
    report = inspect(sample_photo(), limits=Limits(max_findings=12))

    assert len(report.findings) == 13
    assert {one.severity for one in report.findings[:-1]} <= {Severity.HIGH, Severity.MEDIUM}
    assert {Category.LOCATION, Category.SERIAL} <= {one.category for one in report.findings}
