"""QOI: what stands behind the picture is found, goes, and does not come through by mistake."""

from __future__ import annotations

import pytest
from builders_qoi import END, qoi, rgb, run

from photoprivacy import (
    CannotStrip,
    Category,
    Format,
    MalformedImage,
    PhotoPrivacyError,
    Policy,
    VerificationFailed,
    inspect,
    strip,
)
from photoprivacy._plan import _qoi
from photoprivacy._plan._model import Copy, Plan
from photoprivacy.containers import parse
from photoprivacy.containers._model import Span
from photoprivacy.limits import Limits
from photoprivacy.renditions import render

# Every kind of chunk: a colour, one with alpha, a small step, a larger one, an index, a run.
CHUNKS = rgb(200, 40, 90) + b"\xff\x01\x02\x03\x80" + b"\x6a" + b"\xa0\x88" + b"\x05" + run(4)
PLAIN = qoi(CHUNKS, width=3, height=3, channels=4)
SECRET = b"taken at home by Ada Example"


def test_segments_tile_the_file() -> None:
    for tail in (b"", SECRET):
        container = parse(PLAIN + tail, Limits())
        container.check_tiling()
        assert (container.width, container.height) == (3, 3)
    assert [one.kind for one in container.segments] == ["header", "chunks", "end", "trailer"]


def test_what_stands_behind_the_picture_is_found() -> None:
    report = inspect(PLAIN + SECRET)

    assert report.format is Format.QOI
    [finding] = report.violations()
    assert finding.category is Category.TRAILER
    assert (finding.where.start, finding.where.stop) == (len(PLAIN), len(PLAIN + SECRET))
    assert not inspect(PLAIN).violations()


def test_it_goes_and_the_picture_stays() -> None:
    clean = strip(PLAIN + SECRET)

    assert clean.data == PLAIN
    assert [one.category for one in clean.removed] == [Category.TRAILER]
    assert not strip(clean.data).changed
    assert render(clean.data, size=3) == render(PLAIN + SECRET, size=3)


def test_an_end_that_is_missing_is_written_anew() -> None:
    assert strip(qoi(CHUNKS, width=3, height=3, channels=4, end=b"")).data == PLAIN
    assert strip(qoi(CHUNKS, width=3, height=3, channels=4, end=SECRET)).data == PLAIN


@pytest.mark.parametrize("size", range(len(PLAIN) - len(END)))
def test_a_file_cut_short_is_refused(size: int) -> None:
    with pytest.raises(PhotoPrivacyError):
        strip(PLAIN[:size])


def test_a_run_that_leaves_the_picture_is_refused() -> None:
    with pytest.raises(MalformedImage, match="leaves the picture"):
        strip(qoi(rgb(1, 2, 3) + run(9), width=3, height=3))


def test_what_it_has_no_place_for_is_refused() -> None:
    with pytest.raises(CannotStrip, match="no place"):
        strip(PLAIN, Policy.PUBLISH)


def test_a_rule_widened_by_mistake_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def everything(container: object, data: bytes, wanted: object) -> Plan:
        return Plan(pieces=(Copy(Span(0, len(data))),))

    monkeypatch.setattr(_qoi, "plan_qoi", everything)
    with pytest.raises(VerificationFailed, match="not the end"):
        strip(PLAIN + SECRET)
    assert strip(PLAIN).data == PLAIN
