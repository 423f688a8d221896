"""An album as plain files."""

from __future__ import annotations

import html.parser
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest

import builders_movie
from gallery.seal.albums import CAPTION, TITLE, a_library, an_album
from library.photos import PARIS, a_jpeg
from library.test_live import a_live_photo
from photoprivacy import Policy, inspect
from photoprivacy.errors import InvalidToken
from photoprivacy.gallery import MapTiles, Theme, _hosting, _static, export
from photoprivacy.gallery._export import _page
from photoprivacy.gallery._languages import LANGUAGES
from photoprivacy.gallery._static import StaticFiles
from photoprivacy.library import Library, Rendition, SharedAlbum

built = pytest.mark.skipif(
    not (Path(_static.__file__).parent / "_assets" / "manifest.json").exists(),
    reason="built without the front end",
)
RECORD = ".photoprivacy-export"


_LEADING = ("href", "src", "data-lightbox-css", "data-map-css", "data-world")


class Addresses(html.parser.HTMLParser):
    """Collects what a page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.downloads: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in _LEADING:
            self.found |= {given[name]} if name in given else set()
        for candidate in given.get("srcset", "").split(","):
            self.found |= set(candidate.split()[:1])
        if "download" in given and "href" in given:
            self.downloads[given["download"]] = given["href"]


def addresses(folder: Path, page: str = "index.html") -> Addresses:
    found = Addresses()
    found.feed((folder / page).read_text("utf-8"))
    return found


def data_of(path: Path) -> Any:
    """Return the JSON that a script holds, under the name that it must have."""
    text = path.read_text("utf-8")
    match = re.fullmatch(
        r'\(globalThis\.photoprivacyData\?\?=\{\}\)\["([\w.-]+)"\]=(.*);\n', text, re.DOTALL
    )
    assert match is not None
    assert match[1] == path.name.removesuffix(".js")
    return json.loads(match[2])


def names(folder: Path) -> set[str]:
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}


def times(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_mtime_ns for name in names(folder) - {RECORD}}


def test_an_export_is_what_the_link_shows(tmp_path: Path) -> None:
    album = an_album()
    done = export(album, tmp_path / "out")

    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert TITLE in page
    assert CAPTION in page
    assert "Lisbon" in page
    assert "open until" not in page
    taken = addresses(tmp_path / "out").downloads
    full = {photo.name: album.file(photo, Rendition.FULL).read() for photo in album.photos}
    assert {name: (tmp_path / "out" / link).read_bytes() for name, link in taken.items()} == full
    assert all(not inspect(data).violations(Policy.SHARE) for data in full.values())
    assert (done.photos, done.missed, done.kept, done.removed) == (4, (), 0, 0)
    assert done.written == len(names(tmp_path / "out") - {RECORD})


@built
def test_every_address_of_the_page_is_a_file_beside_it(tmp_path: Path) -> None:
    export(an_album(), tmp_path)
    found = {one.partition("?")[0] for one in addresses(tmp_path).found if one[:1] != "#"}

    assert len(found) > 15
    scripts = {one for one in found if one.endswith(".json")}
    assert len(scripts) == 1
    for one in found:
        assert (tmp_path / (f"{one}.js" if one in scripts else one)).is_file(), one
    assert (tmp_path / "places.json.js").is_file()
    page = (tmp_path / "index.html").read_text("utf-8")
    assert 'type="module"' not in page
    assert "../" not in page
    assert "http" not in page.replace("http-equiv", "")


@built
def test_data_is_script_that_any_browser_takes(tmp_path: Path) -> None:
    export(an_album(), tmp_path)
    world = list(tmp_path.glob("assets/world-*.json.js"))
    assert len(world) == 1
    assert data_of(world[0])["type"] == "Topology"
    places = data_of(tmp_path / "places.json.js")["features"]
    assert [one["properties"]["title"] for one in places] == ["Lisbon", "Paris", "Elsewhere"]


def test_an_export_works_without_the_front_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_page, "StaticFiles", lambda: StaticFiles(str(tmp_path / "nothing")))
    done = export(an_album(), tmp_path / "out")

    assert done.photos == 4
    assert "<script" not in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    album = an_album()
    first = export(album, tmp_path)
    before = times(tmp_path)
    second = export(album, tmp_path)

    assert (second.written, second.removed, second.kept) == (0, 0, first.written)
    assert times(tmp_path) == before


def test_only_what_changed_is_written_and_what_left_is_removed(tmp_path: Path) -> None:
    library, identity = a_library()
    token = library.share(identity).token
    export(library.open(token), tmp_path)
    before = times(tmp_path)
    own = library.album(identity).photos
    library.remove(identity, own[1].id)
    library.add(identity, a_jpeg(PARIS, size=(500, 700)), name="new.jpg")

    done = export(library.open(token), tmp_path)

    after = times(tmp_path)
    changed = {name for name in after if before.get(name) != after[name]}
    pictures = {name for name in changed if name.startswith("p/")}
    assert len(pictures) == 3
    assert changed - pictures <= {"index.html", "album.css", "map.svg", "places.json.js"}
    assert len({name for name in before if name not in after}) == done.removed == 3
    assert done.written == len(changed)
    assert {name for name in names(tmp_path) if name.startswith("p/")} == {
        one for one in addresses(tmp_path).found if one.startswith("p/")
    }


def test_what_an_export_did_not_write_it_does_not_remove(tmp_path: Path) -> None:
    album = an_album()
    export(album, tmp_path)
    for name in ("CNAME", "p/mine.jpg", "assets/mine.css"):
        (tmp_path / name).write_text("mine")
    # A record that names others' files, by hand or by mistake:
    with (tmp_path / RECORD).open("a") as record:
        for name in ("../victim", "/etc/victim", "p/../../victim", "CNAME"):
            record.write(json.dumps([name, "?"]) + "\n")
        record.write('[7, 8]\n"x"\n[broken')
    victim = tmp_path.parent / "victim"
    victim.write_text("mine")

    assert export(album, tmp_path).removed == 0
    assert victim.read_text() == "mine"
    for name in ("CNAME", "p/mine.jpg", "assets/mine.css"):
        assert (tmp_path / name).read_text() == "mine"


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="no export wrote"):
        export(an_album(), tmp_path)
    assert names(tmp_path) == {"letter.txt"}


@pytest.mark.parametrize("name", ["index.html", "p", "assets", f"{RECORD}.new", RECORD])
def test_an_export_writes_and_removes_nothing_through_a_link(name: str, tmp_path: Path) -> None:
    album, folder, own = an_album(), tmp_path / "out", tmp_path / "own"
    export(album, folder)
    # As `mv` and `ln -s` leave it: what the link leads to is somebody's own by now.
    if (folder / name).exists():
        (folder / name).rename(own)
    else:
        own.write_text("a letter")
    try:
        (folder / name).symlink_to(own)
    except OSError:
        pytest.skip("no symbolic links here")
    before = {one: one.read_bytes() for one in (own, *own.rglob("*")) if one.is_file()}
    assert before
    with pytest.raises(FileExistsError, match="symbolic link"):
        export(an_album(rendition=Rendition.THUMB), folder)
    assert {one: one.read_bytes() for one in (own, *own.rglob("*")) if one.is_file()} == before
    assert (folder / name).is_symlink()


def test_what_is_damaged_in_the_folder_is_written_again(tmp_path: Path) -> None:
    album = an_album()
    export(album, tmp_path)
    for name in sorted(name for name in names(tmp_path) if name.startswith("p/"))[:2]:
        (tmp_path / name).write_bytes(b"short")
    (tmp_path / "index.html").unlink()

    assert export(album, tmp_path).written == 3
    assert export(album, tmp_path).written == 0


KILLED = """
import os, signal, sys
from gallery.seal.albums import an_album
from photoprivacy.gallery import export

def far(stage, done, of):
    if stage == "write" and done == 5:
        os.kill(os.getpid(), signal.SIGKILL)

export(an_album(), sys.argv[1], progress=far)
"""


def test_a_run_that_was_killed_is_completed_by_the_next(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], env=environment, check=False, timeout=120
    )
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "index.html").exists()
    left = names(tmp_path) - {RECORD}
    assert len(left) == 5

    # Another process has another library, and so another link: nothing of the first one stays.
    done = export(an_album(), tmp_path)
    assert done.removed == len([name for name in left if name.startswith("p/")])
    assert {name for name in names(tmp_path) if name.startswith("p/")} == {
        one for one in addresses(tmp_path).found if one.startswith("p/")
    }


FULL = """
import resource, signal, sys
from gallery.seal.albums import an_album
from photoprivacy.gallery import export
from photoprivacy.library import Rendition

album = an_album()
for photo in album.photos:
    for rendition in Rendition:
        album.file(photo, rendition)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    export(album, sys.argv[1])
except OSError as error:
    print(error.strerror)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX's")
def test_a_disk_that_takes_no_more_leaves_what_the_next_run_goes_on_with(tmp_path: Path) -> None:
    export(an_album(), tmp_path / "whole")
    sizes = sorted(one.stat().st_size for one in (tmp_path / "whole" / "p").iterdir())
    out = tmp_path / "out"
    full = subprocess.run(
        [sys.executable, "-c", FULL, str(out), str(sizes[-1] - 1)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False, timeout=120, capture_output=True, text=True,
    )  # fmt: skip
    assert full.stdout == "File too large\n", full.stderr
    assert not (out / "index.html").exists()  # no page that shows what is not there
    left = names(out)
    assert not [name for name in left if name.endswith(".tmp")]
    pictures = [out / name for name in left if name.startswith("p/")]
    assert all(not inspect(one).violations(Policy.SHARE) for one in pictures)  # whole, or not there

    done = export(an_album(), out)
    assert done.photos == 4
    assert names(out) & {name for name in left if name.startswith("p/")} == set()
    assert {name for name in names(out) if name.startswith("p/")} == {
        one for one in addresses(out).found if one.startswith("p/")
    }


@pytest.mark.skipif(os.name != "posix", reason="folders have no locks on Windows")
def test_two_at_once_do_not_write_into_one_folder(tmp_path: Path) -> None:
    refused: list[type[BaseException]] = []

    def meanwhile(_stage: str, _done: int, _of: int) -> None:
        if len(refused) < 2:
            with pytest.raises(BlockingIOError) as other:
                export(an_album(rendition=Rendition.THUMB), tmp_path)
            refused.append(other.type)

    export(an_album(), tmp_path, progress=meanwhile)
    assert len(refused) == 2
    export(an_album(rendition=Rendition.THUMB), tmp_path)
    # All that the first one wrote was known to be its own, and is gone.
    shown = {one for one in addresses(tmp_path).found if one.startswith("p/")}
    assert {name for name in names(tmp_path) if name.startswith("p/")} == shown
    assert len(shown) == 4


KILLED_AT_A_NAME = """
import os, signal, sys
from pathlib import Path
from photoprivacy.gallery import export
from photoprivacy.library import Library

kept, token, out, end, after = sys.argv[1:]
replace = os.replace

def killing(source, target, **given):
    last = str(target).endswith(end)
    if last and after == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    replace(source, target, **given)
    if last:
        os.kill(os.getpid(), signal.SIGKILL)

os.replace = killing
export(Library.at(kept).open(token), out)
"""


def killed_at(end: str, when: str, kept: Path, token: str, out: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AT_A_NAME, str(kept), token, str(out), end, when],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL


def a_kept_album(kept: Path) -> tuple[Library, str, str]:
    library = Library.at(kept, durable=False)
    album = library.create_album("The one")
    library.add(album.id, a_jpeg(), name="one.jpg")
    return library, album.id, library.share(album.id).token


@pytest.mark.skipif(os.name != "posix", reason="nothing kills like that on Windows")
@pytest.mark.parametrize("end", [".jpg", "index.html", ".css"])
def test_what_had_no_name_yet_when_its_process_was_killed_is_removed(
    end: str, tmp_path: Path
) -> None:
    library, _, token = a_kept_album(tmp_path / "kept")
    out = tmp_path / "out"
    killed_at(end, "before", tmp_path / "kept", token, out)
    assert len([name for name in names(out) if name.endswith(".tmp")]) == 1

    export(library.open(token), out)
    assert not [name for name in names(out) if name.endswith(".tmp")]


@pytest.mark.skipif(os.name != "posix", reason="nothing kills like that on Windows")
def test_a_page_that_no_run_noted_does_not_stay_for_an_earlier_one(tmp_path: Path) -> None:
    library, identity, token = a_kept_album(tmp_path / "kept")
    out = tmp_path / "out"
    export(library.open(token), out)
    library.edit(identity, lambda album: attrs.evolve(album, title="Another"))
    # The page has its name, and the process did not live to say so.
    killed_at("index.html", "after", tmp_path / "kept", token, out)
    assert "Another" in (out / "index.html").read_text("utf-8")

    library.edit(identity, lambda album: attrs.evolve(album, title="The one"))  # as long
    export(library.open(token), out)
    assert "Another" not in (out / "index.html").read_text("utf-8")


def test_files_do_not_tell_in_which_order_the_owner_has_the_photos(tmp_path: Path) -> None:
    export(an_album(), tmp_path)
    lines = (tmp_path / RECORD).read_text("utf-8").splitlines()[1:]
    listed = [json.loads(line)[0] for line in lines]
    pictures = [name for name in listed if name.startswith("p/")]
    assert len(pictures) == 12
    assert pictures == sorted(pictures)
    assert sorted(pictures, key=lambda name: times(tmp_path)[name]) == pictures


def test_a_revoked_link_exports_nothing(tmp_path: Path) -> None:
    library, identity = a_library()
    share = library.share(identity)
    album = library.open(share.token)
    library.revoke(share.id)

    with pytest.raises(InvalidToken):
        export(album, tmp_path)
    assert names(tmp_path) == set()


def test_a_photo_that_hides_pixels_has_no_download_and_the_others_do(tmp_path: Path) -> None:
    library, identity = a_library()
    album = library.album(identity)
    library.save(album.with_photo(attrs.evolve(album.photos[0], cropped=True)))

    export(library.open(library.share(identity).token), tmp_path)

    assert len(addresses(tmp_path).downloads) == 3


def test_captions_that_look_like_addresses_stay_words(tmp_path: Path) -> None:
    library, identity = a_library()
    album = library.album(identity)
    words = 'see p/abc/thumb and "../-/assets/x" <script type="module" src="y"></script>'
    library.save(album.with_photo(attrs.evolve(album.photos[0], caption=words)))

    export(library.open(library.share(identity).token), tmp_path)

    page = (tmp_path / "index.html").read_text("utf-8")
    assert "see p/abc/thumb and &#34;../-/assets/x&#34; &lt;script" in page


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_an_export_speaks_one_language(code: str, tmp_path: Path) -> None:
    export(an_album(), tmp_path, language=f"{code}-XX")
    page = (tmp_path / "index.html").read_text("utf-8")
    assert f'<html lang="{code}"' in page
    assert LANGUAGES[code].say("photos", 4) in page


def test_a_language_of_no_page_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="language is one of: ar, de, en"):
        export(an_album(), tmp_path / "out", language="tlh")
    assert not (tmp_path / "out").exists()


@built
def test_an_export_wears_a_theme_and_allows_pictures_of_one_map_server(tmp_path: Path) -> None:
    logo = b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="28"><path d="M0 0"/></svg>'
    tiles = MapTiles(url="https://tiles.example/{z}/{x}/{y}.png", attribution="mappers")
    theme = Theme(accent="#1565c0", logo=logo, name="The club")
    export(an_album(), tmp_path, theme=theme, map_tiles=tiles, sections="day")

    page = (tmp_path / "index.html").read_text("utf-8")
    assert "img-src 'self' https://tiles.example;" in page
    assert 'alt="The club"' in page
    assert [one.read_bytes() for one in tmp_path.glob("assets/logo-*.svg")] == [logo]
    assert [one.read_text() for one in tmp_path.glob("assets/theme-*.css")] == [theme.css]
    assert {f"assets/{kind}" for kind in names(tmp_path / "assets")} >= {
        one for one in addresses(tmp_path).found if one.startswith("assets/") and "json" not in one
    }


def test_what_the_page_may_do_is_said_in_the_page(tmp_path: Path) -> None:
    export(an_album(), tmp_path)
    page = (tmp_path / "index.html").read_text("utf-8")
    rules = "".join(re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page))
    assert rules == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "media-src 'self'; base-uri 'none'; form-action 'none'"
    )
    assert page.index("Content-Security-Policy") < page.index("<link") < page.index("<body")
    assert not re.search(r"\sstyle=|\son\w+=|<style", page)


def in_ones(monkeypatch: pytest.MonkeyPatch, album: SharedAlbum, folder: Path) -> None:
    """Export with one photo a page, where else there are 480."""
    monkeypatch.setattr("photoprivacy.gallery._page.DRAWN", 1)
    monkeypatch.setattr("photoprivacy.gallery._export._page.DRAWN", 1)
    export(album, folder)


@built
def test_a_large_album_has_pages_for_who_runs_no_script_and_a_list_for_the_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    album = an_album()
    in_ones(monkeypatch, album, tmp_path)

    pages = {"index.html", "from-2.html", "from-3.html", "from-4.html"}
    assert {name for name in names(tmp_path) if name.endswith(".html")} == pages
    waiting, seen = ["index.html"], set[str]()
    while waiting:
        page = waiting.pop()
        found = {re.split("[?#]", one)[0] for one in addresses(tmp_path, page).found} - {""}
        seen.add(page)
        waiting += (found & pages) - seen
        text = (tmp_path / page).read_text("utf-8")
        assert "?from=" not in text
        assert text.count('<li class="photo') == 1
        assert all((tmp_path / one).exists() or one.endswith(".json") for one in found)
    assert seen == pages
    told = data_of(tmp_path / "photos.json.js")
    taken = {}
    for thumb, large, full, video, saved in told["files"]:
        assert (tmp_path / thumb).is_file()
        assert (tmp_path / large).is_file()
        assert video == ""
        taken[saved] = (tmp_path / full).read_bytes()
    assert taken == {photo.name: album.file(photo, Rendition.FULL).read() for photo in album.photos}
    assert len(told["photos"]) == 4


@built
def test_an_album_that_shrank_has_no_further_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    album = an_album()
    with monkeypatch.context() as small:
        in_ones(small, album, tmp_path)
    assert export(album, tmp_path).removed == 4
    assert not names(tmp_path) & {"from-2.html", "photos.json.js"}


def test_what_moves_is_there_where_the_link_gives_it(tmp_path: Path) -> None:
    library, _ = a_library()
    identity, _ = a_live_photo(library)
    with_, without = (
        library.open(library.share(identity, video=video).token) for video in (True, False)
    )
    export(with_, tmp_path / "with")
    export(without, tmp_path / "without")

    moving = with_.photos[0]
    films = list((tmp_path / "with" / "p").glob("*.mov"))
    assert [one.read_bytes() for one in films] == [with_.video(moving).read()]
    page = (tmp_path / "with" / "index.html").read_text("utf-8")
    assert page.count(f'class="badge" href="p/{films[0].name}"') == 1
    assert page.count('class="badge"') == 1
    assert not inspect(films[0].read_bytes()).violations(Policy.SHARE)
    assert "video" not in (tmp_path / "without" / "index.html").read_text("utf-8")
    assert {Path(one).suffix for one in names(tmp_path / "without") if one[:2] == "p/"} == {".jpg"}


def test_the_first_run_has_the_video_inside_a_photo(tmp_path: Path) -> None:
    library, _ = a_library()
    album = library.create_album("Spring")
    library.add(
        album.id, a_jpeg() + builders_movie.video(), name="moving.jpg"
    )  # as Google appends it
    library.add(album.id, a_jpeg(PARIS), name="still.jpg")
    fresh = library.open(library.share(album.id, video=True).token)
    assert not any(photo.moves for photo in fresh.photos)  # nothing was drawn yet
    first = export(fresh, tmp_path / "with")

    (film,) = (tmp_path / "with" / "p").glob("*.mp4")
    assert not inspect(film.read_bytes()).violations(Policy.SHARE)
    page = (tmp_path / "with" / "index.html").read_text("utf-8")
    assert page.count(f'class="badge" href="p/{film.name}"') == 1
    assert page.count('class="badge"') == 1
    again = export(library.open(library.share(album.id, video=True).token), tmp_path / "again")
    assert (again.photos, again.written) == (first.photos, first.written)
    still = library.open(library.share(album.id).token)
    export(still, tmp_path / "still")
    assert not list((tmp_path / "still" / "p").glob("*.mp4"))


def test_an_album_of_one_size_has_no_more_than_that(tmp_path: Path) -> None:
    export(an_album(rendition=Rendition.THUMB), tmp_path)
    pictures = {one for one in addresses(tmp_path).found if one.startswith("p/")}
    assert len(pictures) == 4
    assert pictures == {one for one in names(tmp_path) if one.startswith("p/")}
    assert addresses(tmp_path).downloads == {}


def test_an_empty_album_is_an_empty_page(tmp_path: Path) -> None:
    library, _ = a_library()
    album = library.create_album("Nothing yet")
    done = export(library.open(library.share(album.id).token), tmp_path)
    assert done.photos == 0
    assert "No photos yet" in (tmp_path / "index.html").read_text("utf-8")


def test_hosts_are_told_the_headers_that_a_page_cannot_carry(tmp_path: Path) -> None:
    export(an_album(), tmp_path)
    for name in ("_headers", "HOSTING.txt"):
        text = (tmp_path / name).read_text("utf-8")
        for word in ("frame-ancestors 'none'", "no-referrer", "nosniff", "noindex", "immutable"):
            assert word in text


def test_what_left_the_album_leaves_the_host_by_the_commands_that_are_named(tmp_path: Path) -> None:
    export(an_album(), tmp_path)
    lines = (tmp_path / "HOSTING.txt").read_text("utf-8").splitlines()
    commands = [line for line in lines if line.lstrip().startswith("aws s3 sync")]
    assert len(commands) == 2
    assert all("--delete" in command.split() for command in commands)


@pytest.mark.parametrize("name", ["_headers", "HOSTING.txt"])
def test_what_somebody_edited_for_their_host_stays(name: str, tmp_path: Path) -> None:
    library, identity = a_library()
    shared = library.open(library.share(identity).token)
    assert export(shared, tmp_path).edited == ()
    theirs = (tmp_path / name).read_text("utf-8") + "# ours: X-Frame-Options: DENY\n"
    (tmp_path / name).write_text(theirs, "utf-8")
    for _ in range(2):
        again = export(shared, tmp_path)
        assert (again.edited, again.written, again.removed) == ((name,), 0, 0)
        assert (tmp_path / name).read_text("utf-8") == theirs
        # Ours says what it said when it was edited: nobody needs it once more.
        assert not (tmp_path / f"{name}.new").exists()


def test_what_is_new_for_a_host_lies_beside_what_somebody_edited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, identity = a_library()
    shared = library.open(library.share(identity).token)
    export(shared, tmp_path)
    theirs, fresh = "/*\n  X-Theirs: yes\n", "/*\n  X-Ours: changed\n"
    (tmp_path / "_headers").write_text(theirs, "utf-8")
    # As a later version of this library would say it.
    monkeypatch.setitem(_hosting.PLAIN, "_headers", fresh)
    monkeypatch.setitem(_hosting.PLAIN, "HOSTING.txt", "changed too\n")

    first = export(shared, tmp_path)
    assert (first.edited, first.written) == (("_headers",), 2)
    # What nobody touched is simply brought up to date.
    assert (tmp_path / "HOSTING.txt").read_text("utf-8") == "changed too\n"
    assert not (tmp_path / "HOSTING.txt.new").exists()
    assert export(shared, tmp_path).written == 0
    assert (tmp_path / "_headers.new").read_text("utf-8") == fresh
    # Read and taken away: it does not come again.
    (tmp_path / "_headers.new").unlink()
    assert export(shared, tmp_path).written == 0
    assert not (tmp_path / "_headers.new").exists()
    assert (tmp_path / "_headers").read_text("utf-8") == theirs
    # Given up: ours comes back.
    (tmp_path / "_headers").unlink()
    assert export(shared, tmp_path).edited == ()
    assert (tmp_path / "_headers").read_text("utf-8") == fresh
