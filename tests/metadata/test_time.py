"""Files made to cost time: twice as much of something costs no more than about twice the time."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from typing import Final

import pytest

from builders import EOI, app, com, exif, jfif, jpeg, picture
from builders_exif import asciz, short, undefined
from builders_exif import block as tiff
from builders_gif import comment, gif, image
from builders_iptc import record, resource
from builders_jumbf import in_cbor, in_json, store
from builders_movie import keys, pictures, video, words
from builders_png import chunk
from builders_png import picture as png
from builders_xmp import bag, packet
from metadata.test_trailers import samsung
from photoprivacy import Limits, inspect

#: seconds for what a file of this size may take on a slow machine: far above what it takes here
_PATIENCE: Final = 5.0
_XMP: Final = b"XML:com.adobe.xmp\0\0\0\0\0"


def a_block(number: int) -> bytes:
    settings = [short(0x9207, 5)] * 40
    return exif(tiff([asciz(0x10F, f"Maker {number}")], exif=settings))


def blocks_of_exif(count: int) -> bytes:
    return jpeg(jfif(), *map(a_block, range(count)), *picture())


def in_xmp(elements: str = "", attributes: str = "") -> bytes:
    return png(chunk(b"iTXt", _XMP + packet(elements, attributes)))


def directories(count: int) -> bytes:
    """Return Exif whose every entry leads to sixteen directories, most of which are none."""
    places = struct.pack(">16I", *range(8, 24))
    return png(chunk(b"eXIf", tiff([(0x14A, 4, 16, places)] * count)))


#: what there is many of → how a file of so many is made, and how many there are at least
MANY: dict[str, tuple[Callable[[int], bytes], int]] = {
    "blocks of Exif": (blocks_of_exif, 2_000),
    "entries of Exif": (lambda n: png(chunk(b"eXIf", tiff(exif=[short(0x9207, 5)] * n))), 4_000),
    "directories of Exif": (directories, 1_000),
    "maker notes": (
        lambda n: png(
            chunk(b"eXIf", tiff([asciz(0x10F, "Canon")], exif=[undefined(0x927C, b"\0\1" * 50)] * n))
        ),
        1_000,
    ),
    "properties of XMP": (
        lambda n: in_xmp("".join(f"<dc:title>{i}</dc:title>" for i in range(n))), 2_000,
    ),
    "values that are the same": (lambda n: in_xmp("<dc:title>Ada and Grace</dc:title>" * n), 2_000),
    "attributes of XMP": (
        lambda n: in_xmp("", " ".join(f'xmp:a{i}="v{i}"' for i in range(n))), 2_000,
    ),
    "keywords": (lambda n: in_xmp(f"<dc:subject>{bag(*map(str, range(n)))}</dc:subject>"), 2_000),
    "signs that open nothing": (lambda n: png(chunk(b"iTXt", _XMP + b"<! " * n)), 100_000),
    "packets of XMP": (
        lambda n: png(*[chunk(b"iTXt", _XMP + packet(f"<dc:title>{i}</dc:title>")) for i in range(n)]),
        500,
    ),
    "records of IPTC": (
        lambda n: jpeg(
            app(13, b"Photoshop 3.0\0" + resource(0x0404, record(25, b"word") * n)), *picture()
        ),
        1_500,
    ),
    "texts of a PNG": (
        lambda n: png(*[chunk(b"tEXt", b"Comment\0%d" % i) for i in range(n)]), 5_000,
    ),
    "chunks with wrong checksums": (
        lambda n: png(*[chunk(b"zyQx", b"x", checksum=1)] * n), 5_000,
    ),
    "comments of a GIF": (lambda n: gif(*[comment(b"%d" % i) for i in range(n)], image()), 4_000),
    "comments of a JPEG": (lambda n: jpeg(*[com(b"%d" % i) for i in range(n)], *picture()), 4_000),
    "claims": (
        lambda n: png(*[chunk(b"caBX", store(in_cbor("c2pa.claim", {"dc:title": f"{i}"})))
                        for i in range(n)]),
        500,
    ),
    "steps of work": (
        lambda n: png(chunk(b"caBX", store(assertions=(
            in_json("c2pa.actions", {"actions": [{"action": f"{i}"} for i in range(n)]}),)))),
        4_000,
    ),
    "user data of a movie": (
        lambda n: video(pictures(), user=tuple(words(b"\xa9cmt", b"%d" % i) for i in range(n))), 500,
    ),
    "keys of a movie": (
        lambda n: video(pictures(), inside=keys(**{f"k{i}": b"v" for i in range(n)})), 1_000,
    ),
    "entries of a trailer": (
        lambda n: jpeg(*picture(), end=EOI + samsung(**{f"Entry{i}": b"x" for i in range(n)})), 2_000,
    ),
    "ends of a trailer": (lambda n: jpeg(*picture(), end=EOI + b"SEFT" * n), 100_000),
}  # fmt: skip


def seconds(data: bytes) -> float:
    """Return how long the fastest of three looks at *data* took."""
    took = []
    for _ in range(3):
        start = time.process_time()
        report = inspect(data)
        took.append(time.process_time() - start)
        assert report.findings or report.problems
        assert len(report.findings) <= Limits().max_findings + 1
    return min(took)


@pytest.mark.parametrize("what", MANY)
def test_four_times_as_much_costs_no_more_than_about_four_times_the_time(what: str) -> None:
    make, count = MANY[what]
    few, many = seconds(make(count)), seconds(make(4 * count))

    assert many < 8 * few + 0.1
    assert many < _PATIENCE


def test_of_more_metadata_than_is_read_it_is_said_that_there_is_more() -> None:
    most = Limits(max_findings=200)
    few = inspect(blocks_of_exif(20), limits=most)
    many = inspect(blocks_of_exif(200), limits=most)

    assert "report.unread" not in {one.code for one in few.findings}
    (unread, *_) = (one for one in many.findings if one.code == "report.unread")
    assert unread in many.violations()
    assert not many.problems


def test_a_flood_of_problems_is_told_as_one() -> None:
    problems = inspect(png(*[chunk(b"zyQx", b"x", checksum=1)] * 3_000)).problems
    few = inspect(png(*[chunk(b"zyQx", b"x", checksum=1)] * 1_000)).problems

    assert len(problems) == 1_000
    assert problems[-1].what == "more problems than are told"
    assert "more problems than are told" not in {one.what for one in few}
    assert len(few) == 1_000
