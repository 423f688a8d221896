"""Writes an album into a folder: what changed, and nothing twice."""

from __future__ import annotations

import contextlib
import errno
import os
import pathlib
from collections.abc import Iterable, Iterator

import attrs

from photoprivacy._files import UNNAMED, replace_file
from photoprivacy.gallery._alone import alone
from photoprivacy.gallery._copies import Copied, Copy, Missed, Progress, copies, pieces
from photoprivacy.gallery._export._edited import Hosting, mark_of
from photoprivacy.gallery._export._page import Beside, page_files
from photoprivacy.gallery._export._record import NAME, OURS, Record
from photoprivacy.gallery._hosting import PLAIN
from photoprivacy.gallery._languages import Language, named
from photoprivacy.gallery._options import Grouping, MapTiles, Options
from photoprivacy.gallery._theme import Theme
from photoprivacy.library import Rendition, SharedAlbum, SharedFile


@attrs.frozen(kw_only=True)
class Exported:
    """What an export did.

    Attributes:
        path: The folder.
        photos: How many photos are in it.
        written: Files that were written now.
        kept: Files that were there already.
        removed: Files that were taken away, for the album has them no more.
        edited: Of ``_headers`` and ``HOSTING.txt``, those that somebody changed: they stay so.
        missed: What is not in it, and why.
    """

    path: pathlib.Path
    photos: int
    written: int
    kept: int
    removed: int
    edited: tuple[str, ...] = ()
    missed: tuple[Missed, ...] = attrs.field(repr=False)


def export(
    album: SharedAlbum,
    folder: str | os.PathLike[str],
    *,
    language: str = "en",
    sections: Grouping = "place",
    theme: Theme | None = None,
    map_tiles: MapTiles | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Write *album* into *folder* as plain files: page, photos, map, downloads, moving photos.

    It is what the link shows, opened by a double click or served by any static host, under any
    path. Nothing is encrypted: who reaches the files sees them (`seal` makes an album of which
    that is not true), and no date ends them.

    Asked again for the same folder and link it writes what changed and removes what left the
    album, also where it was killed before. It removes nothing that it did not write. ``_headers``
    and ``HOSTING.txt`` are yours to edit: an edited one stays, and where a later version of this
    library says something else there, that is written beside it as ``_headers.new``.

    Args:
        album: What a link opened.
        folder: Where to. It is made where it is missing.
        language: Of the page, as BCP 47 says it: ``"en"``, ``"de"``, ``"fr"``, ``"ja"``, ``"ar"``.
        sections: By what photos are grouped: ``"place"`` or ``"day"``.
        theme: Colours and logo.
        map_tiles: A map server to offer for streets, as `Gallery` does; by default there is none.
        progress: Told how far the work is: ``("prepare", photos, of photos)``, then
            ``("write", files, of files)``.

    Raises:
        ValueError: There is no page in that *language*, or *sections* is no grouping.
        FileExistsError: *folder* holds files, and none of them from an export; or a symbolic
            link stands in it under a name of ours: what it leads to is not in the folder.
        BlockingIOError: Another export is writing into *folder*.
        MissingExtra: The extra ``gallery`` is not installed.
        InvalidToken: The link ended, or was revoked, meanwhile; the same holds for every error of
            `SharedFile.read`. What is written stays, and the next run goes on.
        OSError: The disk says no.
    """
    said, options = named(language), Options(sections=sections, theme=theme, tiles=map_tiles)
    path = pathlib.Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    # Two at once would each know of their own files alone: those of the other would stay for good.
    with alone(path):
        return _export(album, path, options, said, progress)


def _export(
    album: SharedAlbum,
    path: pathlib.Path,
    options: Options,
    said: Language,
    progress: Progress | None,
) -> Exported:
    _no_links(path, (NAME, f"{NAME}.new", "p", "assets"))
    record = Record.of(path)
    if record is not None:
        _remove_unnamed(path)
    else:
        if any(name != f"{NAME}.new" for name in os.listdir(path)):
            raise FileExistsError(errno.EEXIST, "holds files that no export wrote", str(path))
        record = Record(path, {})
    missed: list[Missed] = []
    made = copies(album, missed, progress, videos=True)
    names = {identity: _beside(copy) for identity, copy in made.items()}
    hosting = Hosting.of(path, PLAIN, record.marks)
    texts = dict(hosting.texts)
    texts |= page_files(Copied.of(album, made), names, options, said)
    # In the order of their names, which say nothing: the record, and the times of files, would tell
    # in which order the owner has them. The page groups them, and tells days at the sharpest.
    found = {_name(file): file for copy in made.values() for file in _files(copy)}
    pictures = {name: found[name] for name in sorted(found)}
    wanted = [*pictures, *texts, *hosting.edited, *hosting.beside]
    _no_links(path, wanted)
    for sub in ("p", "assets"):
        (path / sub).mkdir(exist_ok=True)
    written = 0
    # Pictures first and the page last: what a page shows is there.
    jobs = list(_jobs(pictures, texts))
    # By the mark of what tells a host is known whether somebody edited it: it stays until then.
    record.begin(wanted, {name: mark for name, mark, _, _ in jobs if name not in PLAIN})
    try:
        for done, (name, mark, size, parts) in enumerate(jobs, 1):
            target = path / name
            if record.marks.get(name) != mark or not _has(target, size):
                replace_file(target, parts, overwrite=True, durable=False)
                record.wrote(name, mark)
                written += 1
            if progress is not None:
                progress("write", done, len(pictures) + len(texts))
        for name, mark in hosting.edited.items():
            record.wrote(name, mark)  # what ours says now lies beside it: not again
        removed = _remove(path, set(record.marks) - set(wanted))
    finally:
        record.close()
    record.finish(set(wanted))
    return Exported(
        path=path,
        photos=len(made),
        written=written,
        kept=len(wanted) - written,
        removed=removed,
        edited=tuple(hosting.edited),
        missed=tuple(missed),
    )


def _no_links(path: pathlib.Path, names: Iterable[str]) -> None:
    """Return if none of *names* is a symbolic link: no export wrote one.

    Writing would follow it out of the folder, and so would removing through a folder's.

    Raises:
        FileExistsError: One is.
    """
    for name in names:
        if os.path.islink(path / name):
            raise FileExistsError(
                errno.EEXIST, "is a symbolic link that no export wrote", str(path / name)
            )


def _remove_unnamed(path: pathlib.Path) -> None:
    """Remove what a killed process wrote, and had not given its name.

    No record says of it: it may be a photo that is not in the album any more.
    """
    for folder in (path, path / "p", path / "assets"):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            for name in os.listdir(folder):
                if UNNAMED.fullmatch(name):
                    (folder / name).unlink()


def _jobs(
    pictures: dict[str, SharedFile], texts: dict[str, bytes]
) -> Iterator[tuple[str, str, int, Iterable[bytes]]]:
    """Yield each file's name, mark, length and bytes. A mark is the same while the bytes are."""
    for name, file in pictures.items():
        yield name, file.etag, file.size, pieces(file)
    for name, text in texts.items():
        yield name, mark_of(text), len(text), (text,)


def _files(copy: Copy) -> list[SharedFile]:
    return [*copy.files.values(), *([copy.video] if copy.video else [])]


def _beside(copy: Copy) -> Beside:
    full = copy.files.get(Rendition.FULL)
    thumb = _name(copy.files[Rendition.THUMB])
    large = copy.files.get(Rendition.DISPLAY)
    return Beside(
        thumb=thumb,
        large=_name(large) if large else thumb,
        full=_name(full) if full else "",
        video=_name(copy.video) if copy.video else "",
        saved=full.name if full else "",
    )


def _name(file: SharedFile) -> str:
    """Return a name that changes with the bytes: hosts may let browsers keep what it names."""
    return f"p/{file.etag}{os.path.splitext(file.name)[1]}"


def _has(target: pathlib.Path, size: int) -> bool:
    try:
        return target.stat().st_size == size
    except FileNotFoundError:
        return False


def _remove(path: pathlib.Path, names: set[str]) -> int:
    removed = 0
    for name in names:
        if not OURS.fullmatch(name):
            continue
        try:
            (path / name).unlink()
        except FileNotFoundError:
            continue
        removed += 1
    return removed
