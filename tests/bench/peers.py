"""What other tools leave in the same files, side by side: files done, leaks, changed pictures.

    python tests/bench/peers.py FOLDER

Peers are programs on the PATH (exiftool, exiv2, mat2, magicdispel) and Python packages (piexif,
Pillow); one that is missing is left out. None is a dependency, none is used by the tests.

A *leak* is a value of the source's metadata, of six bytes or more, that stands in the copy, or a
group of metadata that ExifTool still finds there. Orientation, colour profiles, resolution and
what HDR needs are no leaks. A picture is *changed* when Pillow decodes any frame of the copy to
other pixels than the source's, turned as Exif says.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from PIL import Image, ImageOps

Tool = Callable[[Path, Path], None]

#: groups of ExifTool's that say how a file is built, what colours mean and how bright HDR is
STRUCTURE = (
    *("ExifTool", "System", "File", "Composite", "JFIF", "PNG", "RIFF", "GIF", "QuickTime"),
    *(
        "ICC",
        "Track",
        "MPF",
        "MPImage",
        "XMP-hdrgm",
        "XMP-GContainer",
        "XMP-HDRGainMap",
        "Jpeg2000",
        "XML",
    ),
    *("HEIF", "Meta", "SubIFD", "Adobe", "APP14", "Apple", "XMP-apdi", "XMP-Container"),
)
#: tags of other groups that do the same; "Apple" above is two numbers of a gain map there
TAGS = (
    *("Orientation", "ResolutionUnit", "XResolution", "YResolution", "YCbCrPositioning"),
    *("ImageWidth", "ImageHeight", "BitsPerSample", "Compression", "PhotometricInterpretation"),
    *("StripOffsets", "StripByteCounts", "SamplesPerPixel", "RowsPerStrip", "PlanarConfiguration"),
    *("TileWidth", "TileLength", "TileOffsets", "TileByteCounts", "Predictor", "ColorMap"),
    *("ExtraSamples", "SampleFormat", "SubfileType", "FillOrder", "YCbCrSubSampling"),
    *("YCbCrCoefficients", "ReferenceBlackWhite", "JPEGTables", "T4Options", "T6Options", "InkSet"),
    *(
        "ICC_Profile",
        "MakerNoteApple",
        "NumberofInks",
        "WhitePoint",
        "PrimaryChromaticities",
        "SMinSampleValue",
        "SMaxSampleValue",
        "PageNumber",
    ),
    # which colours a JPEG without a profile means
    *("ColorSpace", "InteropIndex", "InteropVersion"),
)
#: what says nothing about anybody although it is long enough: the name of everybody's profile, the
#: type of a gain map's file, and a word in the type of a gain map that decoders look for
COMMON = (b"sRGB IEC61966-2.1", b"image/jpeg", b"samsung")


def run(*command: str) -> None:
    """Run a program quietly; raise when it fails."""
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def ours(source: Path, target: Path) -> None:
    from photoprivacy import strip_file

    strip_file(source, target, durable=False)


def exiftool(source: Path, target: Path) -> None:
    run("exiftool", "-q", "-all=", "-o", str(target), str(source))


def exiv2(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    run("exiv2", "rm", str(target))


def mat2(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    run("mat2", "--inplace", str(target))


def mat2_lightweight(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    run("mat2", "--inplace", "--lightweight", str(target))


def magicdispel(source: Path, target: Path) -> None:
    copy = target.parent / f"in{source.suffix}"
    shutil.copyfile(source, copy)
    try:
        run("magicdispel", "--keep-name", str(copy))
        (made,) = (one for one in target.parent.iterdir() if one.name.startswith("in_"))
        made.rename(target)
    finally:
        copy.unlink()


def pillow(source: Path, target: Path) -> None:
    with Image.open(source) as image:
        image.save(target, image.format, save_all=getattr(image, "n_frames", 1) > 1)


def piexif(source: Path, target: Path) -> None:
    importlib.import_module("piexif").remove(str(source), str(target))


#: name → (tool, what must be there: a program or a package)
TOOLS: dict[str, tuple[Tool, str]] = {
    "photoprivacy": (ours, "photoprivacy"),
    "magicdispel": (magicdispel, "magicdispel"),
    "ExifTool -all=": (exiftool, "exiftool"),
    "exiv2 rm": (exiv2, "exiv2"),
    "mat2 --lightweight": (mat2_lightweight, "mat2"),
    "mat2": (mat2, "mat2"),
    "piexif remove": (piexif, "piexif"),
    "Pillow open, save": (pillow, "PIL"),
}


def there(name: str) -> bool:
    """Return whether a program or a package is on this machine."""
    return shutil.which(name) is not None or importlib.util.find_spec(name) is not None


def metadata(path: Path) -> dict[str, object]:
    """Return what ExifTool finds in a file besides structure."""
    command = ["exiftool", "-ee3", "-u", "-a", "-G1", "-j", "-b", str(path)]
    answer = subprocess.run(command, capture_output=True, check=False, timeout=120).stdout
    try:
        (found,) = json.loads(answer)
    except ValueError:
        return {}
    return {
        name: value
        for name, value in found.items()
        if ":" in name
        and not name.startswith(STRUCTURE)
        and name.partition(":")[2] not in TAGS
        and not (name.startswith("PNG") and "Profile" in name)
    }


def values(found: dict[str, object]) -> set[bytes]:
    """Return the texts among metadata that are long enough not to stand anywhere by chance."""
    texts = (str(value).encode() for value in found.values() if isinstance(value, str))
    return {
        text
        for text in texts
        if 6 <= len(text) <= 200 and len({*text}) > 3 and text not in COMMON
        and not text.startswith(b"(Binary") and not text.startswith(b"base64:")
    }  # fmt: skip


def frames(data: bytes) -> list[bytes] | None:
    """Return the pixels of every frame, turned upright; ``None`` when nothing decodes it."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            out = []
            if image.format == "HEIF":
                # The primary picture, which opens first: further ones are no frames of it. It is
                # turned while it is decoded; Exif has no say (23000-22, 7.3.6.7).
                return [f"{image.size}".encode() + image.convert("RGBA").tobytes()]
            for number in range(min(getattr(image, "n_frames", 1), 30)):
                image.seek(number)
                upright = ImageOps.exif_transpose(image)
                out.append(f"{upright.size}".encode() + upright.convert("RGBA").tobytes())
            return out
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError, IndexError):
        return None


def files(folder: Path) -> Iterator[Path]:
    """Yield the files whose pictures decode, in name order."""
    suffixes = [
        ".jpg",
        ".jpeg",
        ".png",
        ".webp",
        ".gif",
        ".heic",
        ".heif",
        ".avif",
        ".tif",
        ".tiff",
        ".jp2",
    ]
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in suffixes and path.is_file() and frames(path.read_bytes()):
            yield path


def main() -> None:
    """Print one row a tool."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None
    only = os.environ.get("ONLY", "")
    tools = {name: tool for name, (tool, needed) in TOOLS.items() if there(needed) and only in name}
    tally = {name: Counter[str]() for name in tools}
    count = 0
    for path in files(Path(sys.argv[1])):
        count += 1
        data = path.read_bytes()
        pixels, secrets = frames(data), values(metadata(path))
        secrets = {secret for secret in secrets if secret in data}
        for name, tool in tools.items():
            with tempfile.TemporaryDirectory() as folder:
                target = Path(folder) / f"out{path.suffix}"
                try:
                    tool(path, target)
                    made = target.read_bytes()
                except Exception:  # noqa: BLE001 - a refusal, in whatever way the tool has
                    tally[name]["refused"] += 1
                    continue
                tally[name]["done"] += 1
                decoded = frames(made)
                tally[name]["broken"] += decoded is None
                tally[name]["changed"] += decoded is not None and decoded != pixels
                left = metadata(target)
                tally[name]["groups"] += bool(left)
                tally[name]["values"] += any(secret in made for secret in secrets)
                if only:
                    again = [secret for secret in secrets if secret in made]
                    print(
                        path.name, sorted(left)[:5], again[:5], decoded == pixels, file=sys.stderr
                    )
    print(f"{count} files that decode; Python {sys.version.split()[0]}, Pillow {version('pillow')}")
    columns = ("done", "refused", "groups", "values", "changed", "broken")
    print("| tool | done | refused | metadata left | values left | pixels changed | broken |")
    print("|---|---|---|---|---|---|---|")
    for name, row in tally.items():
        print(f"| {name} | " + " | ".join(str(row[column]) for column in columns) + " |")


if __name__ == "__main__":
    main()
