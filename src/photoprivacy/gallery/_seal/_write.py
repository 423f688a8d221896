"""Seals an album: a fresh secret, a manifest, and one encrypted file for each."""

from __future__ import annotations

import hashlib
import os
import pathlib
import secrets
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from photoprivacy._files import replace_file
from photoprivacy.errors import WrongPassword
from photoprivacy.gallery._copies import Copied, Missed, Progress, copies, pieces
from photoprivacy.gallery._languages import LANGUAGES
from photoprivacy.gallery._locator import Land, locator
from photoprivacy.gallery._options import Options
from photoprivacy.gallery._page import Page, page
from photoprivacy.gallery._seal import _stream
from photoprivacy.gallery._seal._album import Entry, entries, manifest
from photoprivacy.gallery._seal._base64 import encoder
from photoprivacy.gallery._seal._document import END, document
from photoprivacy.gallery._seal._folder import hosting, may_replace_file, new_folder
from photoprivacy.gallery._seal._format import ENTRY, HEADER, Header, Keys
from photoprivacy.gallery._seal._key import SECRET_BYTES, in_link, to_type
from photoprivacy.gallery._static import StaticFiles
from photoprivacy.library import LONGEST_PASSWORD, SharedAlbum

#: Bytes of a file in one element of a single HTML file.
ELEMENT: Final = 1024 * 1024


@attrs.frozen(kw_only=True)
class Sealed:
    """A sealed album.

    Attributes:
        path: The HTML file, or the folder.
        photos: How many photos are in it.
        size: How long its files are together, in bytes.
        page_sha256: SHA-256 of the HTML, in hexadecimal. A folder's is the same for every album
            that this version of the library seals: a page that a host has changed has another.
        edited: Of ``_headers`` and ``HOSTING.txt``, those that said something else in the folder
            that was replaced: they went along, and ours lie beside them as ``_headers.new``.
        missed: What is not in it, and why.
    """

    path: pathlib.Path
    photos: int
    size: int
    page_sha256: str
    edited: tuple[str, ...] = ()
    missed: tuple[Missed, ...] = attrs.field(repr=False)
    _secret: bytes = attrs.field(repr=False)

    @property
    def key(self) -> str:
        """The key as it stands in the link, behind ``#``."""
        return in_link(self._secret)

    @property
    def typed_key(self) -> str:
        """The key to be read out and typed."""
        return to_type(self._secret)

    def url(self, base: str | None = None) -> str:
        """Return the link that opens it.

        Args:
            base: The address under which the folder or the file is served; where it lies on this
                machine's own disk by default.
        """
        page = self.path / "index.html" if self.path.is_dir() else self.path
        address = page.absolute().as_uri() if base is None else base.partition("#")[0]
        return f"{address}#{self.key}"


def seal(
    album: SharedAlbum,
    target: str | os.PathLike[str],
    *,
    password: str | None = None,
    pad: bool = True,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Sealed:
    """Seal *album* so that any host can carry it: only the key opens it, and nobody keeps the key.

    What is in it is what the link would show, in the sizes that the link opens. The format is
    described in docs/sealed-format.md, and so is what it promises and what not. It is not waited
    until the disk has it all: after a power cut, seal again.

    Args:
        album: What a link opened.
        target: Where to: one HTML file if the name ends in ``.html`` or ``.htm``, else a folder.
        password: Asked for besides the key. Normalised to NFKC. As browsers count its letters:
            those beyond U+FFFF, emoji for example, are two.
        pad: Whether sizes are padded, by 12 % at most.
        overwrite: Whether an earlier sealed album may be replaced; nothing else ever is.
        progress: Told how far the work is: ``("prepare", photos, of photos)``, then
            ``("seal", bytes, of bytes)``.

    Raises:
        WrongPassword: *password* is empty, longer than `LONGEST_PASSWORD`, or nothing that can be
            typed into one line.
        FileExistsError: There is something at *target* that may not be replaced.
        MissingExtra: The extra ``seal`` is not installed.
        InvalidToken: The link ended, or was revoked, meanwhile. The same holds for every error of
            `SharedFile.read`: there is then nothing at *target*, or what was there before.
        OSError: The disk says no, or the front end is not in this installation.
    """
    _stream.aesgcm()
    if password is not None:
        _check_typeable(password)
    path = pathlib.Path(target)
    single = path.suffix.lower() in (".html", ".htm")
    reader = document(single=single)
    edited: tuple[str, ...] = ()
    if single:
        may_replace_file(path, overwrite=overwrite)
        work = _Work(album, password, pad=pad, progress=progress)
        digest = hashlib.sha256()
        parts = _hashed(_html(reader, work.files()), digest)
        replace_file(path, parts, overwrite=overwrite, durable=False)
        sha256 = digest.hexdigest()
    else:
        with new_folder(path, overwrite=overwrite) as folder:
            work = _Work(album, password, pad=pad, progress=progress)
            _fill(folder, reader, work)
            edited = hosting(path, folder)
        sha256 = hashlib.sha256(reader).hexdigest()
    return Sealed(
        path=path,
        photos=work.photos,
        size=work.size,
        page_sha256=sha256,
        edited=edited,
        missed=tuple(work.missed),
        secret=work.secret,
    )


def _check_typeable(password: str) -> None:
    """Return if a browser takes *password* as it is.

    Its field holds UTF-16, so much of it, and no ends of lines (HTML, 4.10.5.1.6).

    Raises:
        WrongPassword: It does not: nobody could open the album.
    """
    if not 0 < len(password.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST_PASSWORD:
        raise WrongPassword("a password has 1 to 1,024 characters, and emoji count twice")
    if "\n" in password or "\r" in password:
        raise WrongPassword("a password has no ends of lines")


def _fill(folder: pathlib.Path, reader: bytes, work: _Work) -> None:
    (folder / "d").mkdir()
    for name, chunks in work.files():
        with (folder / name).open("xb") as file:
            file.writelines(chunks)
    (folder / "index.html").write_bytes(reader)


class _Work:
    """One sealing: its secret, and its files, in the order in which a reader wants them."""

    def __init__(
        self, album: SharedAlbum, password: str | None, *, pad: bool, progress: Progress | None
    ) -> None:
        self.secret = secrets.token_bytes(SECRET_BYTES)
        self.missed: list[Missed] = []
        self._progress = progress
        made = copies(album, self.missed, progress, videos=True)
        self.photos = len(made)
        copied = Copied.of(album, made)  # looks at its photos once, for all languages
        pages = {code: page(copied, Options(), said) for code, said in LANGUAGES.items()}
        shown = pages.pop("en")
        listed = entries(made, (view.id for view in shown.photos), pad=pad)
        self._entries = [entry for _, _, entry in listed]
        text = manifest(shown, made, listed, drawn=_map(shown), others=pages)
        filled = _stream.padded(len(text)) if pad else len(text)
        self._manifest = text + b" " * (filled - len(text))
        self.size = HEADER + _stream.stored(filled) + sum(one.size for one in self._entries)
        self._header = Header.new(password=password is not None)
        self._keys = self._header.keys(self.secret, password)

    def files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Yield each file's name and its bytes, to be taken before the next one is asked for."""
        header = self._header.packed(self.secret, self._keys, len(self._manifest))
        stream = self._keys.stream(self._header.manifest_salt, "manifest")
        yield (
            ENTRY,
            (header, *_stream.sealed([self._manifest], len(self._manifest), stream, header)),
        )
        done, of = 0, sum(entry.size for entry in self._entries)
        for entry in self._entries:
            yield entry.path, _sealed(entry, self._keys)
            done += entry.size
            if self._progress is not None:
                self._progress("seal", done, of)


def _map(shown: Page) -> str:
    """Return the small map of the album's places; ``""`` where there is nothing to draw."""
    land = StaticFiles().land
    if land is None or not shown.map:
        return ""
    return locator(shown.places, Land.parse(land), "")


def _sealed(entry: Entry, keys: Keys) -> Iterator[bytes]:
    bound = keys.album + entry.salt
    yield bound
    yield from _stream.sealed(_filled(entry), entry.filled, keys.stream(entry.salt, "file"), bound)


def _filled(entry: Entry) -> Iterator[bytes]:
    yield from pieces(entry.file)
    left = entry.filled - entry.length
    while left:
        zeros = bytes(min(left, ELEMENT))
        left -= len(zeros)
        yield zeros


def _html(reader: bytes, files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """Yield a single file: the reader, and every file in elements that no browser looks into."""
    encode, before = encoder(), reader
    for name, chunks in files:
        for number, piece in enumerate(_elements(chunks)):
            start = f'<script type="application/octet-stream" id="{name}#{number}">'
            yield before + start.encode()
            yield encode(piece)
            before = b"</script>\n"
    yield before + END


def _elements(chunks: Iterable[bytes]) -> Iterator[bytes | memoryview]:
    waiting: list[bytes | memoryview] = []
    held = 0
    for chunk in chunks:
        waiting.append(chunk)
        held += len(chunk)
        while held >= ELEMENT:
            whole = memoryview(b"".join(waiting))
            yield whole[:ELEMENT]
            waiting, held = [whole[ELEMENT:]], held - ELEMENT
    if held:
        yield b"".join(waiting)


def _hashed(parts: Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for part in parts:
        digest.update(part)
        yield part
