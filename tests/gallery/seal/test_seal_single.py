"""What happens to a single HTML file on its way: found, or without effect."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from gallery.seal.albums import an_album
from photoprivacy.errors import DamagedSeal, SealError, WrongKey
from photoprivacy.gallery import Sealed, _static, seal, unseal

pytestmark = pytest.mark.skipif(
    not (Path(_static.__file__).parent / "_assets" / "manifest.json").exists(),
    reason="built without the front end",
)

ELEMENT = re.compile(
    rb'<script type="application/octet-stream" id="(?P<id>[^"#]+)#0">(?P<text>[^<]*)</script>\n'
)


@attrs.frozen(kw_only=True)
class Whole:
    """A single file as it was sealed."""

    path: Path
    sealed: Sealed
    data: bytes
    contents: list[bytes]

    def opened(self, data: bytes) -> list[bytes]:
        """Return what is in the file when it holds *data*."""
        self.path.write_bytes(data)
        album = unseal(self.path, self.sealed.key)
        return [album.read(file) for file in album.files]

    def element(self, name: str) -> re.Match[bytes]:
        (found,) = (one for one in ELEMENT.finditer(self.data) if one["id"].decode() == name)
        return found


@pytest.fixture
def whole(tmp_path: Path) -> Whole:
    path = tmp_path / "one.html"
    sealed = seal(an_album(), path)
    album = unseal(path, sealed.key)
    contents = [album.read(file) for file in album.files]
    return Whole(path=path, sealed=sealed, data=path.read_bytes(), contents=contents)


def test_a_flipped_bit_in_any_region_is_found_or_changes_nothing(whole: Whole) -> None:
    elements = list(ELEMENT.finditer(whole.data))
    assert len(elements) == 13
    regions: dict[str, list[int]] = {
        "reader": [0, 200, elements[0].start() // 2, elements[0].start() - 1],
        "end": [elements[-1].end(), len(whole.data) - 1],
    }
    for name, one in (("start", elements[0]), ("file", elements[3]), ("last", elements[-1])):
        start, stop = one.span("text")
        regions[f"{name}: letters"] = [
            start,
            start + 40,
            start + 190,
            (start + stop) // 2,
            stop - 6,
        ]
        regions[f"{name}: last letters"] = [stop - 3, stop - 2, stop - 1]
        regions[f"{name}: tag"] = [one.start(), one.start() + 9, one.start("id"), one.end("id") - 1]
        regions[f"{name}: number and close"] = [one.end("id") + 1, stop, stop + 3, one.end() - 1]
    tried = found = 0
    for region, places in regions.items():
        for at in places:
            for bit in (0x01, 0x80):
                data = bytearray(whole.data)
                data[at] ^= bit
                tried += 1
                # The sender was told another hash: whoever compares it sees every change.
                assert hashlib.sha256(data).hexdigest() != whole.sealed.page_sha256
                try:
                    contents = whole.opened(bytes(data))
                except SealError:
                    found += 1
                    assert region not in ("reader", "end")
                else:
                    assert contents == whole.contents, region
                    assert "letters" not in region or "last" in region, (region, at)
    assert tried == 108
    assert found > 60
    assert whole.opened(whole.data) == whole.contents


def test_each_wrong_part_is_told_by_what_happened_to_it(whole: Whole) -> None:
    files = [file.path for file in unseal(whole.path, whole.sealed.key).files]
    one, two = (whole.element(name) for name in files[:2])
    assert len(files) == 12

    def with_(match: re.Match[bytes], new: bytes) -> bytes:
        return whole.data[: match.start()] + new + whole.data[match.end() :]

    happened: dict[str, bytes] = {
        "is missing": with_(one, b""),
        "was exchanged": with_(one, one[0].replace(one["text"], two["text"])),
        "is cut short": with_(one, one[0].replace(one["text"], one["text"][:400])),
    }
    for said, data in happened.items():
        with pytest.raises(DamagedSeal, match=said) as caught:
            whole.opened(data)
        assert caught.value.where == files[0]
    renamed = with_(one, one[0].replace(files[0].encode(), b"d/" + b"0" * 32 + b".bin"))
    with pytest.raises(DamagedSeal, match="is missing"):
        whole.opened(renamed)
    # In another order they are the same files; twice, the first one counts.
    moved = with_(one, b"").replace(b"</body>", one[0] + b"</body>")
    assert whole.opened(moved) == whole.contents
    assert whole.opened(whole.data.replace(b"</body>", one[0] + b"</body>")) == whole.contents


@pytest.mark.parametrize(
    "left", [lambda size: 0, lambda size: 100, lambda size: size // 2, lambda size: size - 40]
)
def test_a_single_file_cut_short_is_found(whole: Whole, left: Callable[[int], int]) -> None:
    with pytest.raises(DamagedSeal):
        whole.opened(whole.data[: left(len(whole.data))])


def test_a_start_of_another_seal_opens_with_its_own_key_alone(whole: Whole, tmp_path: Path) -> None:
    other = tmp_path / "other.html"
    seal(an_album(), other)
    (theirs,) = (one for one in ELEMENT.finditer(other.read_bytes()) if one["id"] == b"album.seal")
    own = whole.element("album.seal")
    with pytest.raises(WrongKey, match="not this album's"):
        whole.opened(whole.data.replace(own[0], theirs[0]))


def test_an_element_that_is_larger_than_any_is_not_decoded(whole: Whole) -> None:
    entry = whole.element("album.seal")
    # As many letters more as the host likes: memory would go to them before anything is checked.
    flood = b"A" * (8 * 1024 * 1024)
    data = whole.data[: entry.start("text")] + flood + whole.data[entry.start("text") :]
    with pytest.raises(DamagedSeal, match="missing"):
        whole.opened(data)
