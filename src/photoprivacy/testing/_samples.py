"""Sample photos: drawn pictures that carry what real ones carry."""

from __future__ import annotations

import datetime as dt
import functools
import io
import struct
import zlib
from typing import TYPE_CHECKING, Final

import attrs

from photoprivacy.geo import Coordinates
from photoprivacy.testing._exif import Device, block
from photoprivacy.testing._scenes import Scene, draw

if TYPE_CHECKING:
    from PIL import Image

_PHONE = Device(make="Example", model="Phone 9 Pro", lens="Phone 9 Pro back camera 6.8mm f/1.8",
                serial="EX9P-4471-0093", owner="Alex Sample")  # fmt: skip
_CAMERA = Device(make="Sampleton", model="SX-70 II", lens="Sampleton 24-70mm F2.8",
                 serial="SX7000918273", owner="Robin Sample")  # fmt: skip
_DRONE = Device(make="Skysample", model="Kite 3", lens="Kite 24mm F2.8",
                serial="KITE3-55-71442", owner="Kim Sample")  # fmt: skip

LISBON: Final = (38.71667, -9.13333)


@attrs.frozen(kw_only=True)
class SamplePhoto:
    """One sample.

    Attributes:
        name: File name as a device would give it.
        data: The file.
        coordinates: Where it says it was taken, or ``None``.
        captured_at: When it says it was taken, local time.
    """

    name: str
    data: bytes = attrs.field(repr=False)
    coordinates: Coordinates | None = attrs.field(repr=False)
    captured_at: dt.datetime = attrs.field(repr=False)


def sample_photo(
    *,
    format: str = "jpeg",  # noqa: A002 - the field's word
    coordinates: tuple[float, float] | Coordinates | None = LISBON,
    orientation: int = 1,
    size: tuple[int, int] = (320, 240),
) -> bytes:
    """Return a small photo that gives a lot away, for an app's own tests.

    It carries a position, times, a maker note, serial number, owner, copyright, and a
    thumbnail where the format has one.

    Args:
        format: ``"jpeg"``, ``"png"``, ``"webp"``, ``"heic"`` or ``"avif"``.
        coordinates: Degrees (latitude, longitude), or ``None`` for no position.
        orientation: Exif orientation, 1-8.
        size: Width and height as stored, in pixels.

    Raises:
        ValueError: There is no such format.
    """
    if isinstance(coordinates, Coordinates):
        coordinates = coordinates.latitude, coordinates.longitude
    picture = draw(_SHOTS[0].scene, size)
    shot = attrs.evolve(_SHOTS[0], coordinates=coordinates, orientation=orientation)
    return _encoded(picture, attrs.evolve(shot, format=format))


@functools.cache
def sample_photos() -> tuple[SamplePhoto, ...]:
    """Return a dozen photos of places in several countries, drawn on the spot.

    JPEG, HEIC, PNG, WebP and AVIF; upright and turned; of three cameras; one without a
    position. The same ones every time.
    """
    found = []
    for shot in _SHOTS:
        size = (1200, 1600) if shot.portrait else (1600, 1100)
        picture = draw(shot.scene, size)
        if shot.orientation == 6:  # stored on its side, as phones do
            picture = picture.transpose(_quarter_turn())
        at = shot.coordinates
        found.append(
            SamplePhoto(
                name=shot.name,
                data=_encoded(picture, shot),
                coordinates=Coordinates(latitude=at[0], longitude=at[1]) if at else None,
                captured_at=shot.taken,
            )
        )
    return tuple(found)


@attrs.frozen(kw_only=True)
class _Shot:
    name: str
    scene: Scene
    taken: dt.datetime
    offset: str = "+00:00"
    device: Device = _PHONE
    coordinates: tuple[float, float] | None
    format: str = "jpeg"
    portrait: bool = False
    orientation: int = 1
    description: str = ""


def _quarter_turn() -> Image.Transpose:
    from PIL import Image

    return Image.Transpose.ROTATE_90


def _encoded(picture: Image.Image, shot: _Shot) -> bytes:
    small = picture.copy()
    small.thumbnail((160, 160))
    preview = io.BytesIO()
    small.save(preview, "jpeg", quality=70)
    exif = block(
        shot.device,
        taken=shot.taken,
        offset=shot.offset,
        coordinates=shot.coordinates,
        orientation=shot.orientation,
        thumbnail=preview.getvalue(),
        description=shot.description,
    )
    file = io.BytesIO()
    carried = b"Exif\x00\x00" + exif
    if shot.format == "jpeg":
        picture.save(file, "jpeg", quality=88, exif=carried)
        return _with_more(file.getvalue(), shot)
    if shot.format == "webp":
        picture.save(file, "webp", quality=84, exif=carried)
    elif shot.format == "avif":
        picture.save(file, "avif", quality=70, speed=9, exif=carried)
    elif shot.format == "heic":
        import pillow_heif

        made = pillow_heif.from_pillow(picture)
        # 23008-12, A.2.1: here the writer adds the four bytes in front of the block.
        made.save(file, quality=70, exif=carried)
    elif shot.format == "png":
        picture.save(file, "png", exif=carried)
        return _with_prompt(file.getvalue())
    else:
        msg = f"no sample in the format {shot.format!r}"
        raise ValueError(msg)
    return file.getvalue()


def _with_more(data: bytes, shot: _Shot) -> bytes:
    """Return a JPEG with a comment, XMP, and bytes after its end, as phones leave them."""
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" '
        'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        f'xmpMM:DocumentID="xmp.did:{shot.device.serial}" photoshop:City="the city of {shot.name}"/>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()
    extra = _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + xmp)
    extra += _segment(0xFE, f"sent by {shot.device.owner}".encode())
    return data[:2] + extra + data[2:] + b"SAMPLE-TAIL" + shot.device.serial.encode()


def _segment(code: int, body: bytes) -> bytes:
    return bytes((0xFF, code)) + struct.pack(">H", len(body) + 2) + body


def _with_prompt(data: bytes) -> bytes:
    """Return a PNG with the prompt that an image generator leaves."""
    body = b"tEXtparameters\x00a quiet harbour at dawn, seed 40917, by Alex Sample"
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:33] + chunk + data[33:]


def _at(year: int, month: int, day: int, hour: int, minute: int) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, 42)  # noqa: DTZ001 - wall-clock time


_DAWN = ((38, 56, 110), (150, 110, 150), (246, 178, 130), (255, 226, 180))
_DUSK = ((24, 28, 66), (92, 58, 110), (226, 110, 84), (255, 196, 120))
_DAY = ((58, 126, 200), (128, 180, 226), (208, 228, 240))
_NIGHT = ((6, 10, 30), (14, 26, 62), (40, 60, 104))
_SNOW = ((150, 176, 206), (200, 216, 232), (240, 238, 236))
_AURORA = ((8, 12, 34), (10, 60, 70), (40, 170, 120), (16, 44, 60))
_ROSE = ((120, 160, 214), (214, 190, 214), (252, 220, 214))

_SHOTS: Final = (
    _Shot(
        name="IMG_4127.jpg", taken=_at(2026, 4, 18, 20, 4), offset="+01:00",
        coordinates=(38.70775, -9.13659), description="Ferry home",
        scene=Scene(sky=_DUSK, land=((120, 84, 110), (34, 30, 52)), sun=(0.66, 0.50, 0.035),
                    water=True, ridges=3, rough=0.07, seed=11),
    ),
    _Shot(
        name="IMG_4131.jpg", taken=_at(2026, 4, 18, 21, 36), offset="+01:00",
        coordinates=(38.71394, -9.13350),
        scene=Scene(sky=_NIGHT, land=((44, 50, 84), (14, 16, 30)), water=True, city=True, ridges=1,
                    rough=0.03, stars=160, horizon=0.66, seed=23),
    ),
    _Shot(
        name="IMG_4140.HEIC", taken=_at(2026, 4, 19, 9, 12), offset="+01:00", format="heic",
        coordinates=(38.69158, -9.21597), portrait=True,
        scene=Scene(sky=_DAY, land=((150, 176, 196), (58, 96, 84)), ridges=3, rough=0.05,
                    sun=(0.25, 0.18, 0.05), water=True, horizon=0.6, seed=5),
    ),
    _Shot(
        name="SX700231.jpg", taken=_at(2026, 5, 2, 6, 41), offset="+02:00", device=_CAMERA,
        coordinates=(45.97640, 7.65860),
        scene=Scene(sky=_DAWN, land=((196, 150, 160), (40, 44, 74)), ridges=6, rough=0.17,
                    horizon=0.50, sun=(0.30, 0.40, 0.028), seed=42),
    ),
    _Shot(
        name="SX700244.jpg", taken=_at(2026, 5, 2, 14, 20), offset="+02:00", device=_CAMERA,
        coordinates=(46.01830, 7.74620), portrait=True, orientation=6,
        scene=Scene(sky=_SNOW, land=((214, 224, 236), (86, 104, 128)), ridges=5, rough=0.14,
                    trees=True, horizon=0.5, seed=8),
    ),
    _Shot(
        name="DJK_0007.jpg", taken=_at(2026, 6, 21, 19, 48), offset="+02:00", device=_DRONE,
        coordinates=(45.43370, 12.33860),
        scene=Scene(sky=_ROSE, land=((190, 160, 190), (84, 66, 96)), water=True, city=True,
                    ridges=2, rough=0.03, sun=(0.5, 0.50, 0.03), seed=77),
    ),
    _Shot(
        name="PXL_20260905.webp", taken=_at(2026, 9, 5, 18, 2), offset="+09:00", format="webp",
        coordinates=(35.01160, 135.76810),
        scene=Scene(sky=_ROSE, land=((214, 170, 190), (70, 60, 84)), ridges=6, rough=0.10,
                    sun=(0.74, 0.30, 0.05), glow=(255, 150, 130), seed=31),
    ),
    _Shot(
        name="PXL_20260906.jpg", taken=_at(2026, 9, 6, 5, 33), offset="+09:00",
        coordinates=(34.96710, 135.77270), portrait=True,
        scene=Scene(sky=_DAWN, land=((200, 150, 140), (50, 42, 62)), ridges=5, rough=0.09,
                    trees=True, sun=(0.5, 0.46, 0.05), seed=64),
    ),
    _Shot(
        name="SX700390.jpg", taken=_at(2026, 10, 30, 22, 15), offset="+01:00", device=_CAMERA,
        coordinates=(69.64920, 18.95530),
        scene=Scene(sky=_AURORA, land=((40, 84, 90), (8, 16, 26)), ridges=4, rough=0.13, water=True,
                    stars=420, horizon=0.68, seed=90),
    ),
    _Shot(
        name="IMG_5002.avif", taken=_at(2026, 11, 3, 17, 26), offset="-03:00", format="avif",
        coordinates=(-22.95190, -43.21050),
        scene=Scene(sky=_DUSK, land=((150, 90, 100), (26, 30, 44)), ridges=4, rough=0.20, water=True,
                    sun=(0.40, 0.44, 0.04), horizon=0.66, seed=55),
    ),
    _Shot(
        name="generated-harbour.png", taken=_at(2026, 11, 4, 12, 0), offset="-03:00", format="png",
        coordinates=(-22.97110, -43.18220),
        scene=Scene(sky=_DAY, land=((140, 176, 190), (40, 84, 90)), ridges=5, rough=0.12, water=True,
                    sun=(0.8, 0.2, 0.045), horizon=0.64, seed=19),
    ),
    _Shot(
        name="scan-of-an-old-slide.jpg", taken=_at(2026, 8, 9, 11, 11), device=_CAMERA,
        coordinates=None, description="Grandma's garden gate",
        scene=Scene(sky=((196, 150, 96), (226, 190, 130), (250, 230, 190)),
                    land=((196, 160, 110), (96, 66, 44)), ridges=7, rough=0.06, horizon=0.55,
                    sun=(0.2, 0.25, 0.05), seed=3),
    ),
)  # fmt: skip
