"""A sealed album in a real browser: from the disk, and from a host that knows nothing."""

from __future__ import annotations

import base64
import io
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest
from PIL import Image

from browser.conftest import Served, Watched
from browser.exports import COUNTING, PATIENCE, decoded, drawn, elsewhere, farthest, static_server
from browser.test_viewer import RECORD
from gallery.seal import independent, vectors
from library.photos import LISBON, PARIS, a_jpeg
from photoprivacy.gallery import Sealed, seal, unseal
from photoprivacy.gallery._seal._document import document
from photoprivacy.library import Library, Rendition, SharedAlbum

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@attrs.frozen(kw_only=True)
class Kept:
    """A sealed album in each of the ways in which it is kept, and the link to each."""

    album: SharedAlbum
    originals: dict[str, bytes]
    links: dict[str, str]
    sealed: dict[str, Sealed]
    here: dict[str, str]


@pytest.fixture(scope="module")
def kept(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("host")
    below = folder / "some" / "path"
    below.mkdir(parents=True)
    album = served.library.open(served.token())
    single = seal(album, below / "one.html")
    many = seal(album, below / "album")
    originals = {photo.name: album.file(photo, Rendition.FULL).read() for photo in album.photos}
    with static_server(folder) as base:
        yield Kept(
            album=album,
            originals=originals,
            links={
                "single from the disk": single.url(),
                "single from a host": single.url(f"{base}/some/path/one.html"),
                "folder from a host": many.url(f"{base}/some/path/album/"),
            },
            sealed={"single": single, "folder": many},
            here={"disk": "file://", "host": f"{base}/some/path/"},
        )


def opened(watched: Watched, link: str) -> Page:
    page = watched.page
    page.set_default_timeout(PATIENCE)
    page.goto(link)
    return page


def refused(watched: Watched, *starts: str) -> None:
    """Take it that the browser complains of what a test refused it, and of nothing else."""
    assert watched.complaints
    assert all(one.startswith(starts) for one in watched.complaints)
    watched.complaints.clear()


def words(page: Page) -> str:
    page.locator("[role=alert]").wait_for()
    return page.locator("[role=alert]").inner_text()


@pytest.mark.parametrize(
    "way", ["single from the disk", "single from a host", "folder from a host"]
)
def test_a_sealed_album_is_walked_and_taken(
    watched: Watched, kept: Kept, way: str, tmp_path: Path
) -> None:
    page = opened(watched, kept.links[way])
    page.locator(".open.here").nth(1).wait_for()
    assert page.locator("h1").inner_text() == "Spring by tram"
    assert "#" not in page.url
    assert page.locator(".photo").count() == 5

    page.locator(".open").first.focus()
    page.keyboard.press("Enter")
    for number, photo in enumerate(kept.album.photos, 1):
        page.locator(".viewer .counter").filter(has_text=f"{number} / 5").wait_for()
        page.locator(".stage img.here").wait_for()
        shown = drawn(page, ".stage img")
        copy = decoded(kept.album.file(photo, Rendition.DISPLAY).read())
        assert farthest(shown, copy) <= 3  # decoders round differently
        with page.expect_download() as waiting:
            page.locator(".viewer .save").click()
        name = waiting.value.suggested_filename
        waiting.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes() == kept.originals[name]
        assert farthest(decoded((tmp_path / name).read_bytes()), decoded(kept.originals[name])) == 0
        if number == 1:
            assert "The last tram home" in page.locator(".viewer .words").inner_text()
        page.keyboard.press("ArrowRight")
    assert len(list(tmp_path.iterdir())) == 5
    page.keyboard.press("Escape")
    page.locator(".viewer").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.dataset.number") == "4"

    page.reload()
    page.locator(".open.here").first.wait_for()
    assert watched.complaints == []
    here = kept.here["disk" if "disk" in way else "host"]
    assert elsewhere(watched.requests, here) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (
        page.evaluate("document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })")
        == "{}"
    )


def test_the_back_button_closes_the_photo(watched: Watched, kept: Kept) -> None:
    page = opened(watched, kept.links["folder from a host"])
    page.locator(".open").nth(2).click()
    page.locator(".stage img.here").wait_for()
    page.go_back()
    page.locator(".viewer").wait_for(state="hidden")
    assert page.locator("h1").inner_text() == "Spring by tram"
    assert watched.complaints == []


def test_photos_come_near_and_follow_each_other(watched: Watched, kept: Kept) -> None:
    page = opened(watched, kept.links["single from the disk"])
    page.locator(".open").first.click()
    page.locator(".stage img.here").wait_for()
    stage = "document.querySelector('.stage')"
    wide = f"{stage}.scrollWidth / {stage}.clientWidth"
    assert page.evaluate(wide) == 1
    page.locator(".stage").dblclick(position={"x": 10, "y": 10})
    page.locator(".viewer.near").wait_for()
    assert page.evaluate(wide) == pytest.approx(2.5, abs=0.02)
    assert page.evaluate(f"{stage}.scrollLeft") == 0
    page.get_by_role("button", name="Zoom").click()
    assert page.evaluate(wide) == 1
    page.get_by_role("button", name="Zoom").click()
    assert page.evaluate(f"{stage}.scrollLeft") > 100
    page.locator(".stage").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(
        f"() => {stage}.scrollLeft < ({stage}.scrollWidth - {stage}.clientWidth) / 2 - 20"
    )
    assert page.locator(".viewer .counter").inner_text() == "1 / 5"

    page.get_by_role("button", name="Play slideshow").click()
    assert page.locator(".viewer.near").count() == 0
    page.locator(".viewer .counter").filter(has_text="2 / 5").wait_for()
    page.get_by_role("button", name="Pause slideshow").wait_for()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Play slideshow").wait_for()
    page.keyboard.press("Escape")
    page.locator(".viewer").wait_for(state="hidden")
    assert watched.complaints == []


def test_the_map_is_a_picture_of_towns(watched: Watched, kept: Kept) -> None:
    page = opened(watched, kept.links["folder from a host"])
    small = page.locator(".where img")
    small.scroll_into_view_if_needed()
    assert small.get_attribute("alt") == "Map of the world around: Lisbon, Paris"
    assert small.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 640
    told = unseal(kept.sealed["folder"].path, kept.sealed["folder"].key).album["map"]
    assert ">Lisbon<" in told
    assert ">Paris<" in told
    assert watched.complaints == []


def test_a_key_that_is_missing_or_wrong_is_said_so_and_can_be_typed(
    watched: Watched, kept: Kept
) -> None:
    sealed = kept.sealed["folder"]
    bare = kept.links["folder from a host"].partition("#")[0]
    page = opened(watched, bare)
    assert "there is none in the address" in words(page)
    for typed, said in (
        (sealed.key[:-4], "cut short"),
        (kept.sealed["single"].key, "not this album’s"),
        (sealed.key[:-1] + "!", "letter of the key is wrong"),
        (sealed.typed_key[:-1] + ("0" if sealed.typed_key[-1] != "0" else "1"), "letter"),
    ):
        page.locator("#answer").fill(typed)
        page.keyboard.press("Enter")
        page.locator("[role=alert]").filter(has_text=said).wait_for()
    page.locator("#answer").fill(sealed.typed_key.lower().replace("-", " "))
    page.keyboard.press("Enter")
    page.locator(".open.here").first.wait_for()
    assert watched.complaints == []


def test_another_link_in_the_same_tab_opens_the_other_album(watched: Watched, kept: Kept) -> None:
    link = kept.links["folder from a host"]
    page = opened(watched, f"{link[:-43]}{'A' * 43}")
    assert "not this album’s" in words(page)
    page.goto(link)
    page.locator(".open.here").first.wait_for()


def test_a_folder_opened_from_the_disk_says_what_to_do(watched: Watched, kept: Kept) -> None:
    page = opened(watched, kept.sealed["folder"].url())
    assert "may not read the files beside it" in words(page)
    refused(watched, "Access to fetch", "Failed to load resource: net::ERR_FAILED")


@pytest.mark.parametrize(
    ("target", "password", "typed"),
    [
        ("album", "caf\u00e9 \ufb01ve", "cafe\u0301 five"),
        ("album.html", "caf\u00e9 \ufb01ve", "cafe\u0301 five"),
        # Letters of Hangul in parts, an emoji, wide digits, and a mark that turns the direction.
        (
            "album",
            "\ud55c\uae00 \U0001f511 12\u202e\u0643",
            "\u1112\u1161\u11ab\u1100\u1173\u11af \U0001f511 \uff11\uff12\u202e\u0643",
        ),
    ],
    ids=["folder", "single", "folder, other letters"],
)
def test_a_password_is_asked_for_and_wrong_ones_are_said_so(
    watched: Watched, kept: Kept, tmp_path: Path, target: str, password: str, typed: str
) -> None:
    sealed = seal(kept.album, tmp_path / target, password=password)
    with static_server(tmp_path) as base:
        page = opened(watched, sealed.url(f"{base}/{target}" + ("/" if "." not in target else "")))
        page.locator("input[type=password]:focus").wait_for()
        assert page.locator("[role=alert]").count() == 0
        page.keyboard.type("cafe five")
        page.keyboard.press("Enter")
        assert "not the password" in words(page)
        page.locator("#answer").fill(typed)
        page.keyboard.press("Enter")
        page.locator(".open.here").first.wait_for()
        assert watched.complaints == []


def _flip(at: int) -> Callable[[bytes, bytes], bytes]:
    def flipped(data: bytes, _other: bytes) -> bytes:
        changed = bytearray(data)
        changed[at] ^= 1
        return bytes(changed)

    return flipped


#: What happened to the first large picture → what the page says where it would be.
_HAPPENED: dict[str, tuple[Callable[[bytes, bytes], bytes | None], str]] = {
    "album flipped": (_flip(0), "another sealing"),
    "salt flipped": (_flip(16), "damaged or changed"),
    "first chunk flipped": (_flip(40), "damaged or changed"),
    "last tag flipped": (_flip(-1), "damaged or changed"),
    "cut short": (lambda data, _: data[:-1], "cut short"),
    "cut to its header": (lambda data, _: data[:32], "cut short"),
    "emptied": (lambda _data, _: b"", "cut short"),
    "longer": (lambda data, _: data + b"\0", "was added"),
    "missing": (lambda _data, _: None, "missing"),
    "exchanged": (lambda _, other: other, "exchanged"),
}


def test_what_happened_to_a_file_is_said_where_it_would_be(
    watched: Watched, kept: Kept, tmp_path: Path
) -> None:
    sealed = kept.sealed["folder"]
    shutil.copytree(sealed.path, tmp_path / "album")
    album = unseal(sealed.path, sealed.key)
    photos = [photo for section in album.album["sections"] for photo in section["photos"]]
    one, two = (tmp_path / "album" / album.files[photos[n]["large"]].path for n in (0, 3))
    data, other = one.read_bytes(), two.read_bytes()
    foreign = seal(kept.album, tmp_path / "again")
    older = next((foreign.path / "d").iterdir()).read_bytes()
    happened = _HAPPENED | {"older": (lambda _, __: older, "another sealing")}
    with static_server(tmp_path) as base:
        for change, said in happened.values():
            changed = change(data, other)
            one.unlink(missing_ok=True)
            if changed is not None:
                one.write_bytes(changed)
            page = opened(watched, sealed.url(f"{base}/album/"))
            page.locator(".open.here").first.wait_for()
            page.locator(".open").first.click()
            page.locator(".stage .fault").filter(has_text=said).wait_for()
            assert page.locator(".stage img.here").count() == 0
            page.goto("about:blank")
    assert len(happened) == 11
    refused(watched, "Failed to load resource: the server responded with a status of 404")


def test_what_happened_within_a_single_file_is_said_where_it_would_be(
    watched: Watched, kept: Kept, tmp_path: Path
) -> None:
    sealed = kept.sealed["single"]
    whole = sealed.path.read_text("utf-8")
    album = unseal(sealed.path, sealed.key)
    photos = [photo for section in album.album["sections"] for photo in section["photos"]]
    one, two = (album.files[photos[n]["large"]].path for n in (0, 3))
    first, other = (_element(whole, path) for path in (one, two))
    start = first.index(">") + 1
    letter = "B" if first[start + 60] == "A" else "A"
    happened = {
        "damaged or changed": first[: start + 60] + letter + first[start + 61 :],
        "is missing": "",
        "exchanged": first[:start] + other[other.index(">") + 1 :],
        "cut short": first[: start + 400] + "</script>\n",
    }
    renamed = first.replace(one, f"d/{'0' * 32}.bin")
    for said, changed in [*happened.items(), ("is missing", renamed)]:
        target = tmp_path / "one.html"
        target.write_text(whole.replace(first, changed), "utf-8")
        page = opened(watched, f"{target.as_uri()}#{sealed.key}")
        page.locator(".open.here").first.wait_for()
        page.locator(".open").first.click()
        page.locator(".stage .fault").filter(has_text=said).wait_for()
        assert page.locator(".stage img.here").count() == 0
        page.goto("about:blank")
    assert watched.complaints == []


def _element(whole: str, path: str) -> str:
    (found,) = re.findall(rf'<script type="[^"]*" id="{path}#0">[^<]*</script>\n', whole)
    return str(found)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (0, "no sealed album"),
        (7, "newer version"),
        (8, "not this album’s"),
        (24, "changed after it was sealed"),
        (42, "changed after it was sealed"),
        (70, "not this album’s"),
        (90, "changed after it was sealed"),
        (103, "changed after it was sealed"),
        (130, "changed after it was sealed"),
        (140, "list of photos is damaged"),
        (-1, "list of photos is damaged"),
    ],
)
def test_a_changed_start_shows_nothing(
    watched: Watched, kept: Kept, tmp_path: Path, at: int, said: str
) -> None:
    sealed = kept.sealed["folder"]
    shutil.copytree(sealed.path, tmp_path / "album")
    start = tmp_path / "album" / "album.seal"
    start.write_bytes(_flip(at)(start.read_bytes(), b""))
    with static_server(tmp_path) as base:
        page = opened(watched, sealed.url(f"{base}/album/"))
        assert said in words(page)
        assert page.locator("img").count() == 0


def test_lowered_rounds_are_refused_even_from_who_knows_the_key(
    watched: Watched, tmp_path: Path
) -> None:
    files = independent.write(
        vectors.counted(0, 32), album=b"a" * 16, manifest_salt=b"m" * 16, files=[],
        told=vectors.told(), password="x", rounds=1000, password_salt=b"s" * 16,
    )  # fmt: skip
    _write(tmp_path, files)
    with static_server(tmp_path) as base:
        page = opened(watched, f"{base}/#{_key()}")
        assert "less protection than there must be" in words(page)


@pytest.mark.parametrize("password", [None, vectors.PASSWORD])
def test_the_published_vectors_open_in_a_browser(
    watched: Watched, tmp_path: Path, password: str | None
) -> None:
    _write(tmp_path, vectors.album(password=password))
    with static_server(tmp_path) as base:
        page = opened(watched, f"{base}/#{_key()}")
        if password:
            page.locator("#answer").fill(vectors.SAME_PASSWORD)
            page.keyboard.press("Enter")
        page.locator(".open.here").wait_for()
        assert page.locator("h1").inner_text() == "Vector"
        picture = drawn(page, ".open img")
        assert [picture.getpixel((x, 0)) for x in (0, 1)] == [(255, 0, 0), (0, 0, 255)]
        page.locator(".open").click()
        with page.expect_download() as waiting:
            page.locator(".viewer .save").click()
        waiting.value.save_as(tmp_path / "saved")
        assert (tmp_path / "saved").stat().st_size == 2 * independent.CHUNK + 1
        assert watched.complaints == []


#: Language of the browser → of the page, and what it says: the button, a date, a fault.
_SPOKEN = {
    "de-AT": ("de", "ltr", "Nächstes Foto", "Mai 2024", "in der Adresse steht keiner"),
    "fr": ("fr", "ltr", "Photo suivante", "mai 2024", "l’adresse n’en contient pas"),
    "ja-JP": ("ja", "ltr", "次の写真", "2024年5月", "アドレスに鍵がありません"),
    "ar-EG": ("ar", "rtl", "الصورة التالية", "مايو 2024", "ولا مفتاح في العنوان"),
    "pt-BR": ("en", "ltr", "Next photo", "May 2024", "there is none in the address"),
}


@pytest.mark.parametrize("wish", _SPOKEN)
def test_a_sealed_album_speaks_the_language_of_the_browser(
    browser: Browser, kept: Kept, wish: str
) -> None:
    language, direction, later, day, fault = _SPOKEN[wish]
    context = browser.new_context(locale=wish, viewport={"width": 390, "height": 800})
    page = context.new_page()
    watched = Watched(page=page)
    link = kept.links["folder from a host"]
    page.goto(link.partition("#")[0])
    assert fault in words(page)
    assert page.locator("#answer").get_attribute("dir") == "ltr"  # a key is no Arabic
    page.goto(link)
    page.locator(".open.here").first.wait_for()
    root = page.locator("html")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == (language, direction)
    assert day in page.locator(".masthead .facts").inner_text()
    assert page.locator("h1").inner_text() == "Spring by tram"  # the owner's, as it is
    page.locator(".open").first.click()
    page.locator(".stage img.here").wait_for()
    assert day in page.locator(".viewer .words").inner_text()
    assert "The last tram home" in page.locator(".viewer .words").inner_text()
    page.get_by_role("button", name=later).click()
    page.locator(".viewer .counter").filter(has_text="2 / 5").wait_for()
    shape = page.locator(".viewer .later").bounding_box()
    assert shape is not None
    assert shape["x"] > 195  # on the right, whatever the direction
    page.keyboard.press("ArrowRight")
    page.locator(".viewer .counter").filter(has_text="3 / 5").wait_for()
    page.keyboard.press("Escape")
    page.locator(".viewer").wait_for(state="hidden")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert watched.complaints == []
    context.close()


def test_what_moves_is_played_when_asked_for_and_not_before(
    watched: Watched, tmp_path: Path
) -> None:
    page = watched.page
    film = base64.b64decode(page.evaluate(RECORD))
    told = vectors.told()
    first = told["sections"][0]["photos"][0]
    other = first | {"video": None}
    told["sections"][0]["photos"] = [first | {"video": 2}, other]
    files = independent.write(
        vectors.counted(0, 32), album=b"a" * 16, manifest_salt=b"m" * 16, told=told,
        files=[
            (f"d/{'0' * 31}{number}.bin", bytes([number]) * 16, content, kind)
            for number, (content, kind) in enumerate(
                ((a_png(), "image/png"), (b"whole", "image/png"), (film, "video/webm"))
            )
        ],
    )  # fmt: skip
    _write(tmp_path, files)
    with static_server(tmp_path) as base:
        page.goto(f"{base}/#{_key()}")
        page.locator(".open.here").first.wait_for()
        page.locator(".open").first.click()
        page.locator(".stage img.here").wait_for()
        asked = f"{base}/d/{'0' * 31}2.bin"
        assert asked not in watched.requests
        page.get_by_role("button", name="Play the moving photo").click()
        page.locator(".stage video").wait_for()
        assert asked in watched.requests
        page.locator(".stage video").wait_for(state="detached")  # it ends, and the photo is there
        assert page.locator(".stage .fault").inner_text() == ""
        page.get_by_role("button", name="Play the moving photo").click()
        page.locator(".stage video").wait_for()
        page.keyboard.press("ArrowRight")
        page.locator(".stage video").wait_for(state="detached")
        page.locator(".viewer .counter").filter(has_text="2 / 2").wait_for()
        assert page.locator(".viewer .moving").is_hidden()
        assert watched.complaints == []
        # Bytes that were changed are not played.
        damaged = bytearray((tmp_path / "d" / f"{'0' * 31}2.bin").read_bytes())
        damaged[60] ^= 1
        (tmp_path / "d" / f"{'0' * 31}2.bin").write_bytes(damaged)
        page.keyboard.press("ArrowLeft")
        page.locator(".stage img.here").wait_for()
        page.get_by_role("button", name="Play the moving photo").click()
        page.locator(".stage .fault").filter(has_text="damaged or changed").wait_for()
        assert page.locator(".stage video").count() == 0


def a_png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 40)).save(file, "PNG")
    return file.getvalue()


def _key() -> str:
    return base64.urlsafe_b64encode(vectors.counted(0, 32)).decode().rstrip("=")


def _write(folder: Path, files: dict[str, bytes]) -> None:
    (folder / "d").mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "index.html").write_bytes(document(single=False))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """An album of 200 photos, as a folder on a host and as a single file on the disk."""
    folder = tmp_path_factory.mktemp("large")
    library = Library.at(folder / "library", durable=False)
    album = library.create_album("Two hundred")
    for number in range(200):
        data = a_jpeg(
            (LISBON, PARIS)[number % 2], size=(1700, 1200), color=(number, 255 - number, 120)
        )
        library.add(album.id, data, name=f"{number}.jpg")
    opened = library.open(library.share(album.id).token)
    many, single = seal(opened, folder / "album"), seal(opened, folder / "one.html")
    with static_server(folder) as base:
        yield many.url(f"{base}/album/"), single.url()


@pytest.mark.parametrize("way", [0, 1], ids=["folder", "single"])
def test_two_hundred_photos_open_at_once_and_memory_stays_flat(
    browser: Browser, large: tuple[str, str], way: int
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(COUNTING)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(large[way], wait_until="commit")
    # The first screen: every picture that is in view.
    page.wait_for_function(
        """() => {
            const seen = [...document.querySelectorAll('.open')].filter((tile) => {
                const { top, bottom } = tile.getBoundingClientRect();
                return bottom > 0 && top < innerHeight;
            });
            const drawn = (tile) => tile.querySelector('img').naturalWidth > 0;
            return seen.length > 3 && seen.every(drawn);
        }"""
    )
    first = page.evaluate("performance.now()")
    # The aim is 2,000 ms; the machine may be busy with others.
    assert first < 8000, first
    session = context.new_cdp_session(page)
    session.send("Performance.enable")

    def heap() -> float:
        session.send("HeapProfiler.collectGarbage")
        told = session.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in told if one["name"] == "JSHeapUsedSize"))

    page.locator(".open").first.click()
    used = []
    for number in range(1, 121):
        page.locator(".viewer .counter").filter(has_text=re.compile(rf"^{number} / 200")).wait_for()
        page.locator(".stage img.here").wait_for()
        if number % 40 == 0:
            used.append(heap())
        page.keyboard.press("ArrowRight")
    thumbs = page.locator(".open.here").count()
    assert page.evaluate("window.alive.size") <= thumbs + 3
    assert page.evaluate("window.most") <= 120
    assert used[-1] - used[0] < 4e6, used
    print(f"first screen after {first:.0f} ms, heap {used}")  # noqa: T201 - the figures
    page.keyboard.press("Escape")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator(".photo").last.locator(".open.here").wait_for()
    assert page.evaluate("window.most") <= 120
    context.close()
