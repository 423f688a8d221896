"""The file to post instead: what each destination takes, and nothing that the owner did not say."""

from __future__ import annotations

import datetime as dt
import functools
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from photoprivacy import (
    CannotStrip,
    Format,
    MalformedImage,
    PhotoPrivacyError,
    Policy,
    UnsupportedFormat,
    inspect,
    strip,
)
from photoprivacy.containers import sniff
from photoprivacy.destinations import ACCEPTS, Confidence, Destination, prepare
from photoprivacy.testing import sample_photo


def noise(width: int, height: int, kind: str = "JPEG", **options: object) -> bytes:
    """Return a picture that does not get small, with a position in it."""
    file = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 42.0, 50.0), 3: "W", 4: (9.0, 8.0, 0.0)})
    exif[0x010F] = "Canary Cameras"
    picture = Image.effect_noise((width, height), 90).convert("RGB")
    picture.save(file, kind, exif=exif, **options)
    return file.getvalue()


@pytest.mark.parametrize("destination", Destination)
def test_a_small_jpeg_keeps_its_pixels_everywhere(destination: Destination) -> None:
    ready = prepare(sample_photo(), destination)

    assert ready.redrawn == ()
    assert ready.data == strip(sample_photo()).data
    assert (ready.format, ready.width, ready.height) == (Format.JPEG, 320, 240)


def test_what_may_stay_is_for_the_policy_to_say() -> None:
    ready = prepare(sample_photo(), Destination.MASTODON, Policy.PUBLISH)
    assert ready.data == strip(sample_photo(), Policy.PUBLISH).data


@pytest.mark.parametrize("destination", [Destination.BLUESKY, Destination.X])
def test_a_large_photo_is_drawn_as_small_as_it_must_be_and_that_is_said(
    destination: Destination,
) -> None:
    wants = ACCEPTS[destination]
    data = noise(2600, 2500, quality=95)
    ready = prepare(data, destination)

    assert any("bytes of at most" in why for why in ready.redrawn)
    assert ready.format in wants.formats
    assert wants.most_bytes is not None
    assert len(data) > wants.most_bytes >= len(ready.data)
    assert 640 <= max(ready.width, ready.height) <= 2600
    report = inspect(ready.data)
    assert (report.width, report.height) == (ready.width, ready.height)
    assert report.violations() == ()
    with pytest.raises(CannotStrip, match="does not take it as it is"):
        prepare(data, destination, redraw=False)


def test_a_picture_of_too_many_pixels_is_drawn_with_fewer() -> None:
    file = io.BytesIO()
    Image.new("RGB", (6000, 5600), "teal").save(file, "JPEG")
    ready = prepare(file.getvalue(), Destination.MASTODON)

    assert any("pixels of at most" in why for why in ready.redrawn)
    assert ready.width * ready.height <= 33_177_600
    assert ready.width == 4096


@pytest.mark.parametrize("destination", Destination)
def test_a_format_that_is_not_taken_is_drawn_as_one_that_is(destination: Destination) -> None:
    ready = prepare(noise(64, 48, "TIFF"), destination)
    if destination not in ACCEPTS:
        assert (ready.format, ready.redrawn) == (Format.TIFF, ())
        return
    assert (ready.format, ready.width, ready.height) == (Format.JPEG, 64, 48)
    assert ready.redrawn[0].startswith("it is TIFF")


@pytest.mark.parametrize(
    ("size", "becomes"),
    [
        ((4000, 3000), (1440, 1080)),
        ((3024, 4032), (1440, 1800)),  # 3:4, as phones take it: margins make it 4:5
        ((1080, 1920), (1440, 1800)),
        ((2000, 500), (1440, 754)),
        ((1440, 1800), None),
        ((1910, 1000), (1440, 754)),
        ((720, 720), None),
    ],
)
def test_instagram_gets_what_meta_publishes_that_it_takes(
    size: tuple[int, int], becomes: tuple[int, int] | None
) -> None:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, "JPEG")
    ready = prepare(file.getvalue(), Destination.INSTAGRAM)

    assert (ready.width, ready.height) == (becomes or size)
    assert bool(ready.redrawn) == (becomes is not None)
    assert 4 / 5 <= ready.width / ready.height <= 1.91
    assert len(ready.data) <= 8_000_000
    if becomes is None:
        assert ready.data == strip(file.getvalue()).data
    elif size[0] / size[1] != 4 / 3:
        assert any("white margins" in why for why in ready.redrawn) == (size != (1910, 1000))


def test_margins_are_white_and_the_whole_picture_stands_between_them() -> None:
    file = io.BytesIO()
    Image.new("RGB", (400, 1000), "teal").save(file, "JPEG", quality=95)
    picture = Image.open(io.BytesIO(prepare(file.getvalue(), Destination.INSTAGRAM).data))

    assert picture.size == (800, 1000)
    row = [picture.getpixel((x, 500)) for x in (2, 190, 212, 400, 588, 610, 797)]
    near = [
        all(abs(one - other) < 12 for one, other in zip(pixel, (0, 128, 128), strict=True))
        for pixel in row
        if isinstance(pixel, tuple)
    ]
    assert near == [False, False, True, True, True, False, False]
    assert picture.getpixel((2, 2)) == (255, 255, 255)


def test_a_photo_that_lies_on_its_side_is_measured_as_it_is_shown() -> None:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (1200, 900), "teal").save(file, "JPEG", exif=exif)  # shown 900 by 1200
    ready = prepare(file.getvalue(), Destination.INSTAGRAM)

    assert (ready.width, ready.height) == (960, 1200)
    [why] = ready.redrawn
    assert why.startswith("it is 900 by 1,200, and what is taken is between 4:5 and 1.91:1")
    with pytest.raises(CannotStrip, match="4:5"):
        prepare(file.getvalue(), Destination.INSTAGRAM, redraw=False)


def test_why_it_was_drawn_is_said_in_sentences() -> None:
    file = io.BytesIO()
    Image.new("RGB", (3024, 4032), "teal").save(file, "WEBP")

    assert prepare(file.getvalue(), "Instagram").redrawn == (
        "it is WebP, and only JPEG is taken",
        "it is 3,024 pixels wide of at most 1,440",
        (
            "it is 3,024 by 4,032, and what is taken is between 4:5 and 1.91:1: "
            "white margins are added, nothing is cut"
        ),
    )
    assert prepare(noise(64, 48, "TIFF"), "X").redrawn == (
        "it is TIFF, and only GIF, JPEG, PNG and WebP are taken",
    )


def test_what_only_some_servers_take_is_drawn_and_that_is_said() -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, "AVIF")
    ready = prepare(file.getvalue(), Destination.MASTODON)

    assert ready.redrawn == ("it is AVIF, which some servers convert and others refuse",)
    assert ready.format is Format.JPEG
    for wants in ACCEPTS.values():
        assert not wants.sometimes & wants.formats


def test_a_picture_is_as_wide_as_may_be_and_never_wider() -> None:
    tried = 0
    for width in range(1441, 1500, 7):
        for height in (1441, 1799, 1801, 2477, 3001):
            file = io.BytesIO()
            Image.new("RGB", (width, height), "teal").save(file, "JPEG", quality=30)
            ready = prepare(file.getvalue(), Destination.INSTAGRAM)
            assert 1438 <= ready.width <= 1440
            assert ready.width / ready.height >= 4 / 5
            tried += 1
    assert tried == 45


def test_a_destination_may_be_given_by_its_name() -> None:
    for name in ("instagram", "Instagram", " INSTAGRAM "):
        ready = prepare(noise(400, 1000), name)
        assert ready.destination is Destination.INSTAGRAM
        assert ready.redrawn
    assert prepare(sample_photo(), "twitter").destination is Destination.X
    with pytest.raises(ValueError, match="there are threads, instagram, x, bluesky, mastodon"):
        prepare(sample_photo(), "geocities")


def test_each_limit_has_a_date_a_source_and_how_well_it_is_known() -> None:
    assert ACCEPTS.keys() == set(Destination) - {Destination.SIGNAL, Destination.LINK}
    for wants in ACCEPTS.values():
        assert wants.formats
        assert wants.source
        assert wants.as_of >= dt.date(2026, 1, 1)
        assert wants.confidence in (Confidence.OPERATOR, Confidence.DESIGN)


def test_what_is_no_photo_is_refused() -> None:
    with pytest.raises(UnsupportedFormat):
        prepare(b"no photo at all", Destination.X)


def test_repr_shows_no_picture() -> None:
    assert "data" not in repr(prepare(sample_photo(), Destination.LINK))


#: What ExifTool says of how a file is built, what its colours are, and which side is up.
BUILT = re.compile(
    r"SourceFile|(?:ExifTool|System|File|JFIF|Composite|ICC[-\w]*|Adobe):.*"
    r"|Apple:HDR(?:Gain|Headroom)"  # how bright its gain map is to be shown
    r"|Meta:(?:PrimaryItemReference|MetaImageSize)"
    r"|GIF:(?:GIFVersion|AnimationIterations|BackgroundColor|BitsPerPixel|ColorResolutionDepth"
    r"|Duration|FrameCount|HasColorMap|Image(?:Width|Height)|TransparentColor)"
    r"|RIFF:(?:(?:Horizontal|Vertical)Scale|Image(?:Width|Height)|VP8Version|WebP_Flags)"
    r"|PNG:(?:BackgroundColor|BitDepth|(?:Blue|Green|Red|WhitePoint)[XY]|ColorType|Compression"
    r"|Filter|Gamma|Image(?:Width|Height)|Interlace|Palette|SRGBRendering|Transparency)"
    r"|IFD\d:(?:BitsPerSample|Compression|ExtraSamples|FillOrder|Image(?:Width|Height)"
    r"|Orientation|PhotometricInterpretation|PlanarConfiguration|Predictor"
    r"|PrimaryChromaticities|RowsPerStrip|Sample(?:Format|sPerPixel)|Strip(?:ByteCounts|Offsets)"
    r"|SubfileType|WhitePoint|[XY]Resolution|ResolutionUnit)"
    r"|QuickTime:(?:AV1ConfigurationVersion|AuxiliaryImageType|AverageFrameRate"
    r"|BitDepth(?:Chroma|Luma)|Chroma(?:Format|SamplePosition)|Color(?:Primaries|Profiles)"
    r"|CompatibleBrands|ConstantFrameRate|ConstraintIndicatorFlags|Gen\w+|HEVC\w+|HandlerType"
    r"|HighBitDepth|ImagePixelDepth|ImageSpatialExtent|InitialDelaySamples|MajorBrand"
    r"|MatrixCoefficients|MediaData(?:Offset|Size)?|MinSpatialSegmentationIDC|MinorVersion"
    r"|NumTemporalLayers|ParallelismType|PixelAspectRatio|Rotation|Seq\w+0|SeqProfile"
    r"|TemporalIDNested|TransferCharacteristics|TwelveBit)"
)
#: Formats of which there are real photos that can be cleaned and drawn.
MANY = {Format.JPEG, Format.PNG, Format.WEBP, Format.HEIC, Format.AVIF, Format.TIFF, Format.GIF}
_PER_FORMAT = 6


@functools.cache
def real_photos(corpus: Path) -> list[bytes]:
    """Return some real photos of each format, none larger than 4 MB, that can be cleaned."""
    found: dict[Format, list[bytes]] = {one: [] for one in MANY}
    for path in sorted(corpus.rglob("*")):
        if not path.is_file() or path.stat().st_size > 4_000_000 or path.suffix == ".md":
            continue
        data = path.read_bytes()
        try:
            kind = sniff(data)
            if len(found.get(kind, "123456")) < _PER_FORMAT:
                strip(data)
                found[kind].append(data)
        except PhotoPrivacyError:
            continue
    return [data for group in found.values() for data in group]


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="needs exiftool")
@pytest.mark.parametrize("destination", Destination)
def test_exiftool_finds_nothing_in_what_is_prepared(
    destination: Destination, tmp_path: Path
) -> None:
    photos = [sample_photo(), noise(1600, 1500, quality=95), noise(64, 48, "WEBP")]
    found_formats = {Format.JPEG, Format.WEBP}
    if corpus := os.environ.get("PHOTOPRIVACY_CORPUS"):
        real = real_photos(Path(corpus))
        photos += real
        found_formats |= {inspect(one).format for one in real}
        assert found_formats >= MANY
        assert len(real) >= 25
    refused = 0
    for number, data in enumerate(photos):
        try:
            ready = prepare(data, destination)
        except MalformedImage:  # one cannot be decoded, and so not drawn anew
            refused += 1
            continue
        (tmp_path / f"{number}").write_bytes(ready.data)
    assert refused <= (destination in ACCEPTS)
    command = ["exiftool", "-j", "-G1", "-a", "-u", "-ee3", *map(str, sorted(tmp_path.iterdir()))]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert len(found) == len(photos) - refused >= 3
    for one in found:
        assert {name for name in one if not BUILT.fullmatch(name)} == set()
