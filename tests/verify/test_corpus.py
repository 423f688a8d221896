"""Real photos: untouched ones do not pass for clean, and clean ones with one byte more do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from photoprivacy import (
    CannotStrip,
    Format,
    Limits,
    MalformedImage,
    Policy,
    UnsupportedFormat,
    VerificationFailed,
    inspect,
    strip,
)
from photoprivacy._verify import verify
from photoprivacy.containers import Container, parse
from photoprivacy.containers._model import BlockKind
from verify.built import CANARY, EVERYTHING, NOTHING


def photos(corpus: Path) -> Iterator[tuple[str, bytes, Container]]:
    for path in sorted(corpus.rglob("*")):
        if not path.is_file() or path.suffix == ".md":
            continue
        data = path.read_bytes()
        try:
            yield path.relative_to(corpus).as_posix(), data, parse(data, Limits())
        except (UnsupportedFormat, MalformedImage):
            continue


def passes(source: bytes, output: bytes, kind: Format, policy: Policy, orientation: int) -> bool:
    try:
        verify(source, output, kind, policy, secrets=(), orientation=orientation)
    except VerificationFailed:
        return False
    return True


def test_an_untouched_photo_with_exif_does_not_pass_under_any_policy(corpus: Path) -> None:
    tried: Counter[Format] = Counter()
    passed = []
    for name, data, container in photos(corpus):
        if not any(block.kind is BlockKind.EXIF and block.data for block in container.blocks):
            continue
        tried[container.format] += 1
        stated = inspect(data).orientation
        for policy in (Policy.SHARE, Policy.PUBLISH, Policy.ARCHIVE, EVERYTHING, NOTHING):
            passed += [
                (name, n) for n in {1, stated} if passes(data, data, container.format, policy, n)
            ]

    assert not passed
    assert tried == {
        Format.JPEG: 97,
        Format.PNG: 8,
        Format.WEBP: 1,
        Format.HEIC: 15,
        Format.AVIF: 22,
        Format.TIFF: 14,
    }


def test_what_passes_untouched_gives_nothing_away(corpus: Path) -> None:
    clean: Counter[Format] = Counter()
    told = []
    for name, data, container in photos(corpus):
        report = inspect(data)
        stated = 1 if container.format in (Format.HEIC, Format.AVIF) else report.orientation
        if passes(data, data, container.format, Policy.SHARE, stated):
            clean[container.format] += 1
            told += [(name, finding.code) for finding in report.violations()]

    assert not told
    # No JPEG: all of them give something away, but one whose old Exif block is not fresh.
    # No HEIC or AVIF: a clean one has one layout, which no encoder happens to choose.
    assert clean == {Format.PNG: 25, Format.WEBP: 2}


def test_a_clean_photo_with_something_added_does_not_pass(corpus: Path) -> None:
    tried: Counter[Format] = Counter()
    passed = []
    for name, data, container in photos(corpus):
        try:
            clean = strip(data).data
        except (CannotStrip, MalformedImage):
            continue
        tried[container.format] += 1
        kind = container.format
        stated = 1 if kind in (Format.HEIC, Format.AVIF) else inspect(data).orientation
        middle, last = len(clean) // 2, len(clean) - 1
        changes = {
            "a byte behind": clean + b"\x00",
            "words behind": clean + CANARY,
            "a byte less": clean[:-1],
            "a byte in the middle": clean[:middle] + b"\x00" + clean[middle:],
            "the last bit": clean[:last] + bytes((clean[last] ^ 1,)),
            "another orientation": clean,
        }
        for what, output in changes.items():
            asked = stated % 8 + 1 if what == "another orientation" else stated
            if passes(data, output, kind, Policy.SHARE, asked):
                passed.append((name, what))

    assert not passed
    assert tried == {
        Format.JPEG: 111,
        Format.PNG: 39,
        Format.WEBP: 6,
        Format.HEIC: 40,
        Format.AVIF: 60,
        Format.GIF: 1,
        Format.TIFF: 13,
        Format.JXL: 1,
        Format.MP4: 2,
        Format.MOV: 2,
    }
