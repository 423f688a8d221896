"""Real photos, all of them: accounted for, clean, and not one pixel changed."""

from __future__ import annotations

import functools
import io
import json
import shutil
import subprocess
import warnings
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageOps

from photoprivacy import (
    CannotStrip,
    Category,
    Format,
    Limits,
    MalformedImage,
    PhotoPrivacyError,
    Policy,
    UnsupportedFormat,
    inspect,
    strip,
)
from photoprivacy.containers import parse

#: Files that a decoder opens and `strip` refuses, with the reason to expect.
REFUSED: dict[str, str] = {
    "pillow-heif/heif_other/invalid_id.heic": "the primary picture calls itself a part of another",
    "pillow-heif/heif_truncated/truncated.heic": (
        "isobmff: incomplete: at least one byte is missing (byte 607)"
    ),
}


#: Videos that `strip` cleans.
VIDEOS = ("auth.mov", "meta.mov", "meta.mp4", "udta.auth.mp4")


def files(corpus: Path) -> list[Path]:
    return sorted(path for path in corpus.rglob("*") if path.is_file() and path.suffix != ".md")


def photos(corpus: Path) -> list[tuple[Path, bytes]]:
    found = []
    for path in files(corpus):
        data = path.read_bytes()
        try:
            parse(data, Limits())
        except UnsupportedFormat:
            continue
        except MalformedImage:
            pass
        found.append((path, data))
    return found


@functools.cache
def seen_through(profile: bytes) -> bytes:
    """Return how some colours look in sRGB that are meant as *profile* says."""
    try:
        old = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except OSError:
        return b""  # decoders find no profile in it
    mode = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}[old.profile.xcolor_space.strip()]
    pixels = bytes(range(256)) * 12
    shape = (16, len(pixels) // 16 // len(Image.new(mode, (1, 1)).getbands()))
    sample = Image.frombytes(mode, shape, pixels)
    srgb = ImageCms.createProfile("sRGB")
    looks = []
    for intent in ImageCms.Intent:
        change = ImageCms.buildTransform(old, srgb, mode, "RGB", renderingIntent=intent)
        seen = ImageCms.applyTransform(sample, change)
        assert seen is not None
        looks.append(seen.tobytes())
    return b"".join(looks)


def decoded(data: bytes) -> tuple[object, ...] | None:
    """Return what a viewer shows of *data*, or ``None`` when it shows nothing.

    Every frame with its duration, in the picture's own mode; for files with further
    pictures beside the primary one (MPO, HEIF), the primary one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data)) as image:
                several = image.format in ("MPO", "HEIF")
                count = 1 if several else getattr(image, "n_frames", 1)
                frames = []
                for number in range(count):
                    if number:
                        image.seek(number)
                    upright = _upright(image)
                    frames.append(
                        (image.mode, upright.size, upright.tobytes(), image.info.get("duration"))
                    )
                colours = seen_through(image.info.get("icc_profile") or b"")
                return (*frames, colours, image.info.get("transparency"))
        except Exception:  # noqa: BLE001 - whatever a decoder raises: it shows nothing
            return None


def _upright(image: Image.Image) -> Image.Image:
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except ValueError:  # a broken block of text; the picture itself is whole
        return image


@pytest.fixture(scope="module", autouse=True)
def _heif() -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener()


def test_every_file_is_accounted_for_or_refused_by_type(corpus: Path) -> None:
    seen: Counter[str] = Counter()
    for path in files(corpus):
        data = path.read_bytes()
        try:
            container = parse(data, Limits())
        except PhotoPrivacyError as error:
            seen[type(error).__name__] += 1
            continue
        container.check_tiling()
        seen[container.format] += 1

    assert seen.total() == 297
    assert seen[Format.JPEG] == 113


def test_every_readable_photo_is_cleaned_and_looks_the_same(corpus: Path) -> None:
    shown = 0
    refused: dict[str, str] = {}
    wrong: list[str] = []
    for path, data in photos(corpus):
        before = decoded(data)
        name = path.relative_to(corpus).as_posix()
        try:
            clean = strip(data)
        except (CannotStrip, MalformedImage) as error:
            if before is not None:
                refused[name] = str(error)
            continue
        shown += before is not None
        again = strip(clean.data)
        if inspect(clean.data).violations():
            wrong.append(f"{name}: not clean")
        if before is not None and decoded(clean.data) != before:
            wrong.append(f"{name}: another picture")
        if again.changed or again.data != clean.data:
            wrong.append(f"{name}: another file the second time")

    assert not wrong
    assert refused == REFUSED
    assert shown == 262  # as docs/what-is-removed.md says


#: What XMP and two tags of Apple say of a gain map: numbers, nothing of people or places.
DESCRIBES_GAIN_MAPS = {
    *("Version", "BaseRenditionIsHDR", "GainMapMin", "GainMapMax", "Gamma", "OffsetSDR"),
    *("OffsetHDR", "HDRCapacityMin", "HDRCapacityMax"),
    *("DirectoryItemSemantic", "DirectoryItemMime", "DirectoryItemLength"),
    *("NativeFormat", "StoredFormat", "AuxiliaryImageType"),
    *("HDRGainMapVersion", "HDRGainMapHeadroom", "HDRHeadroom", "HDRGain"),
}


#: What ExifTool calls Exif in a TIFF, and is how pixels are stored.
STORES_PIXELS = {
    *("BitsPerSample", "Compression", "ExtraSamples", "FillOrder", "ImageHeight", "ImageWidth"),
    *("PhotometricInterpretation", "PlanarConfiguration", "Predictor", "PrimaryChromaticities"),
    *("RowsPerStrip", "SampleFormat", "SamplesPerPixel", "StripByteCounts", "StripOffsets"),
    *("SubfileType", "WhitePoint"),
}


@pytest.mark.parametrize(
    "group", ["EXIF", "XMP", "IPTC", "GPS", "MakerNotes", "Photoshop", "JUMBF"]
)
def test_exiftool_finds_nothing_of_a_group(corpus: Path, group: str) -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("needs exiftool")
    found = _exiftool(corpus)

    assert len(found) > 200
    leaks = {
        name: tags
        for name, groups in found.items()
        if (tags := set(groups.get(group, ())) - DESCRIBES_GAIN_MAPS - STORES_PIXELS)
    }
    assert not leaks


#: Policies that take away what HEIC and AVIF have indexes and brands for.
FEWER = {
    "nothing": Policy(keep=()),
    "no HDR": Policy(keep={Category.COLOR, Category.ORIENTATION}),
    "no colour": Policy(keep={Category.ORIENTATION, Category.HDR}),
    "no orientation": Policy(keep={Category.COLOR, Category.HDR}),
    "archive": Policy.ARCHIVE,
}


@pytest.mark.parametrize("name", FEWER)
def test_a_heic_or_avif_shows_the_same_pixels_under_every_policy(corpus: Path, name: str) -> None:
    policy = FEWER[name]
    wrong: list[str] = []
    shown: Counter[str] = Counter()
    for path, data in photos(corpus):
        if path.suffix not in (".avif", ".heic", ".heif", ".hif"):
            continue
        # What the policy takes away is taken from the source as well: a decoder passes over it.
        before = decoded(data if policy.allows(Category.COLOR) else data.replace(b"colr", b"free"))
        try:
            clean = strip(data, policy).data
        except (CannotStrip, MalformedImage):
            continue
        if before is None:
            continue
        shown[path.suffix] += 1
        turned = not policy.allows(Category.ORIENTATION)
        if _frames(decoded(clean), turned=turned) != _frames(before, turned=turned):
            wrong.append(path.relative_to(corpus).as_posix())
        if strip(clean, policy).data != clean:
            wrong.append(f"{path.name}: another file the second time")

    assert not wrong
    assert shown == {".avif": 53, ".heic": 10, ".heif": 26, ".hif": 1}


def _frames(found: tuple[object, ...] | None, *, turned: bool) -> object:
    """Return the frames that a decoder shows, without colours; of turned ones the levels."""
    if found is None:
        return None
    frames = [frame for frame in found[:-2] if isinstance(frame, tuple)]
    if not turned:
        return frames
    return [
        (mode, sorted(size), Image.frombytes(mode, size, pixels).histogram(), time)
        for mode, size, pixels, time in frames
    ]


def test_every_gain_map_of_a_jpeg_stays(corpus: Path) -> None:
    names = sorted((corpus / "libavif").glob("*gainmap*.jpg"))
    for path in names:
        source, clean = path.read_bytes(), strip(path).data
        one, other = (data[data.rindex(b"\xff\xd8\xff") :] for data in (source, clean))
        assert decoded(other) == decoded(one)

    assert len(names) == 7


_CACHE: dict[str, dict[str, dict[str, list[str]]]] = {}


def _exiftool(corpus: Path) -> dict[str, dict[str, list[str]]]:
    """Return what ExifTool says of every cleaned photo: name → group → tags."""
    if "all" in _CACHE:
        return _CACHE["all"]
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (path, data) in enumerate(photos(corpus)):
            try:
                clean = strip(data, Policy.SHARE)
            except PhotoPrivacyError:
                continue
            target = Path(folder, f"{number:04}{clean.format.suffix}")
            target.write_bytes(clean.data)
            names[target.name] = path.relative_to(corpus).as_posix()
        command = ["exiftool", "-j", "-G0", "-a", "-u", "-ee3", "-n", folder]
        answer = subprocess.run(command, capture_output=True, check=False, timeout=300)
        found: dict[str, dict[str, list[str]]] = {}
        for record in json.loads(answer.stdout):
            groups: dict[str, list[str]] = {}
            for key in record:
                group, _, tag = key.partition(":")
                # The one tag that a clean file may have: which side is up.
                if tag and (group, tag) != ("EXIF", "Orientation"):
                    groups.setdefault(group, []).append(tag)
            found[names[Path(record["SourceFile"]).name]] = groups
    _CACHE["all"] = found
    return found


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg to decode videos")
@pytest.mark.parametrize("name", VIDEOS)
def test_a_video_decodes_to_the_same_frames_and_sound(
    corpus: Path, tmp_path: Path, name: str
) -> None:
    source = corpus / "nom-exif" / name
    loud = Policy(keep=Policy.SHARE.keep | {Category.AUDIO})
    for policy, kinds in ((Policy.SHARE, "v"), (loud, "va")):
        clean = tmp_path / name
        clean.write_bytes(strip(source, policy).data)
        for kind in kinds:
            before, after = (_decoded_by_ffmpeg(file, kind) for file in (source, clean))
            assert before == after
            assert before


def _decoded_by_ffmpeg(file: Path, kind: str) -> list[str]:
    """Return size and checksum of each decoded frame, or stretch of sound."""
    command = ["ffmpeg", "-v", "error", "-i", str(file), "-map", f"0:{kind}", "-f", "framemd5", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = [line.split(",") for line in said.splitlines() if not line.startswith("#")]
    return [",".join(line[4:]) for line in lines]
