"""Every exception this library raises on purpose.

::

    PhotoPrivacyError                      never raised itself
    ├ UnsupportedFormat(ValueError)        not a format we read; .detected
    ├ MalformedImage(ValueError)           .format .offset .what
    │ ├ TruncatedImage                     .needed .available
    │ └ LimitExceeded                      .limit .value
    ├ CannotStrip                          .reason
    │ └ VerificationFailed                 our own output was not clean: a bug, please report
    ├ PlaceError
    │ └ GeocoderUnavailable(OSError)       .retry_after
    ├ InvalidAlbum(ValueError)             .path
    ├ InvalidToken                         says nothing more
    │ └ ExpiredToken
    ├ NotGranted                           the grant is real and does not reach that far
    │ └ ShareLocked
    ├ StoreError                           a store is missing, locked or damaged
    ├ SealError                            a sealed album does not open; never raised itself
    │ ├ WrongKey                           none, cut short, mistyped, or another album's
    │ ├ WrongPassword                      not it, or none where one is needed
    │ └ DamagedSeal                        .where .what
    └ MissingExtra(ImportError)            .extra

Whatever bytes come in, only these come out (or the disk's own ``OSError``).
Messages name structure, never content: "PNG chunk at byte 674", never the text in it.
"""

from __future__ import annotations


class PhotoPrivacyError(Exception):
    """The root of all errors of this library. Never raised itself."""


class UnsupportedFormat(PhotoPrivacyError, ValueError):
    """The bytes are not in a format that this operation handles.

    Attributes:
        detected: What the first bytes look like (``"pdf"``), or ``None``.
    """

    def __init__(self, detected: str | None = None) -> None:
        super().__init__(
            f"{detected} is not supported" if detected else "not a supported image format"
        )
        self.detected = detected

    def __reduce__(self) -> tuple[type[UnsupportedFormat], tuple[str | None]]:
        return type(self), (self.detected,)


class MalformedImage(PhotoPrivacyError, ValueError):
    """The bytes break the rules of their own format.

    Attributes:
        format: The format's name, for example ``"jpeg"``.
        offset: Where, in bytes from the start of the file.
        what: Which rule, in words; never content of the file.
    """

    def __init__(self, format: str, offset: int, what: str) -> None:  # noqa: A002 - the contract's word
        super().__init__(f"{format}: {what} (byte {offset})")
        self.format = format
        self.offset = offset
        self.what = what

    def __reduce__(self) -> tuple[type[MalformedImage], tuple[object, ...]]:
        return type(self), (self.format, self.offset, self.what)


class TruncatedImage(MalformedImage):
    """The file ends before its structure does.

    Attributes:
        needed: Bytes that the structure announces.
        available: Bytes that are there.
    """

    def __init__(self, format: str, offset: int, *, needed: int, available: int) -> None:  # noqa: A002
        missing = needed - available
        what = "incomplete: at least " + (
            "one byte is missing" if missing == 1 else f"{missing:,} bytes are missing"
        )
        super().__init__(format, offset, what)
        self.needed = needed
        self.available = available

    def __reduce__(self) -> tuple[type[MalformedImage], tuple[object, ...]]:
        return _truncated, (self.format, self.offset, self.needed, self.available)  # type: ignore[return-value]


def _truncated(format: str, offset: int, needed: int, available: int) -> TruncatedImage:  # noqa: A002
    return TruncatedImage(format, offset, needed=needed, available=available)


class LimitExceeded(MalformedImage):
    """Reading on would cost more than the given `Limits` allow.

    Attributes:
        limit: The name of the field of `Limits`.
        value: That field's value.
    """

    def __init__(self, format: str, offset: int, *, limit: str, value: int) -> None:  # noqa: A002
        super().__init__(format, offset, f"exceeds {limit}={value}")
        self.limit = limit
        self.value = value

    def __reduce__(self) -> tuple[type[MalformedImage], tuple[object, ...]]:
        return _limited, (self.format, self.offset, self.limit, self.value)  # type: ignore[return-value]


def _limited(format: str, offset: int, limit: str, value: int) -> LimitExceeded:  # noqa: A002
    return LimitExceeded(format, offset, limit=limit, value=value)


class CannotStrip(PhotoPrivacyError):
    """The file is readable, but no rewrite of it is known to be lossless and clean.

    Attributes:
        reason: Why, in words; never content of the file.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class VerificationFailed(CannotStrip):
    """The second pair of eyes did not find our own output clean. A bug: please report it."""


class PlaceError(PhotoPrivacyError):
    """A place could not be looked up."""


class GeocoderUnavailable(PlaceError, OSError):
    """A geocoder did not answer, or refused to.

    Attributes:
        retry_after: Seconds after which to ask again, or ``None`` when it did not say.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class InvalidAlbum(PhotoPrivacyError, ValueError):
    """An album document does not follow its schema.

    Attributes:
        path: Where in the document, for example ``"photos[3].captured_at"``.
    """

    def __init__(self, path: str, what: str) -> None:
        super().__init__(f"{path or 'album'}: {what}")
        self.path = path
        self.what = what

    def __reduce__(self) -> tuple[type[InvalidAlbum], tuple[str, str]]:
        return type(self), (self.path, self.what)


class InvalidToken(PhotoPrivacyError):
    """A share token does not verify. Deliberately says nothing more."""

    def __init__(self) -> None:
        super().__init__("this link is not valid")

    def __reduce__(self) -> tuple[type[InvalidToken], tuple[()]]:
        return type(self), ()


class ExpiredToken(InvalidToken):
    """The token is genuine, and its time is over."""


class NotGranted(PhotoPrivacyError):
    """The grant is real and does not reach that far."""


class ShareLocked(NotGranted):
    """The share needs its password first.

    Attributes:
        share: Which share, as its owner knows it: to let guesses at it wait for each other.
        retry_after: Seconds to wait where too many passwords were tried, or ``None``: then the
            password was not looked at.
    """

    def __init__(
        self,
        message: str = "this link needs its password",
        *,
        share: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.share = share
        self.retry_after = retry_after


class StoreError(PhotoPrivacyError):
    """A store is missing, locked or damaged."""


class SealError(PhotoPrivacyError):
    """A sealed album does not open. Never raised itself."""


class WrongKey(SealError):
    """There is no key, it is cut short or mistyped, or it is another album's."""


class WrongPassword(SealError):
    """The password is not this album's, or there is none and one is needed."""


class DamagedSeal(SealError):
    """Something in a sealed album is not what was sealed there.

    Attributes:
        where: Which file, by the name that the host knows.
        what: What is wrong with it: changed, cut short, missing, exchanged, from another seal.
    """

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where} {what}")
        self.where = where
        self.what = what

    def __reduce__(self) -> tuple[type[DamagedSeal], tuple[str, str]]:
        return type(self), (self.where, self.what)


class MissingExtra(PhotoPrivacyError, ImportError):
    """An optional dependency is not installed.

    Attributes:
        extra: The extra that brings it; the message names the pip command.
    """

    def __init__(self, extra: str) -> None:
        super().__init__(f'this needs an extra: pip install "photoprivacy[{extra}]"')
        self.extra = extra

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str]]:
        return type(self), (self.extra,)
