"""A form field that takes clean photos only, and says what is wrong with others."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from PIL import Image

from photoprivacy.errors import LimitExceeded, PhotoPrivacyError, UnsupportedFormat
from photoprivacy.integrations._refusal import refusal_of
from photoprivacy.integrations.django._cleaned import CleanFile, clean_copy, right_name
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy


class CleanUploadedFile(CleanFile, UploadedFile):  # type: ignore[type-arg]  # as above
    """What a form holds: an upload with clean bytes."""

    def __init__(self, clean: CleanFile, upload: Any) -> None:
        self.__dict__.update(clean.__dict__)
        self.name = right_name(upload.name or "photo", clean.format)
        self.content_type = clean.format.media_type
        self.content_type_extra = upload.content_type_extra
        self.charset = None


class CleanImageFormField(forms.ImageField):
    """A form's image field whose cleaned data is the clean photo, with a readable refusal.

    All formats that `strip` takes are taken, HEIC among them, whatever Pillow knows. Like
    Django's, the cleaned data has ``image``: a Pillow image of the clean photo, or ``None`` where
    Pillow has no decoder.

    Args:
        policy: What may stay.
        limits: Budgets for one photo.
    """

    #: Django's asks Pillow which endings there are; here the bytes say what a file is.
    default_validators: Any = []
    default_error_messages: ClassVar[Any] = {
        "invalid_image": "This is not a photo that can be taken: %(reason)s.",
        "too_large": "This photo is too large: %(most)s bytes are allowed.",
        "no_room": "This photo cannot be taken now: %(reason)s.",
        "unclean": "This photo cannot be made safe to share: %(reason)s.",
    }

    def __init__(
        self, *, policy: Policy = Policy.SHARE, limits: Limits = Limits(), **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.policy = policy
        self.limits = limits

    def to_python(self, data: Any) -> Any:
        """Return the upload with clean bytes, or ``None`` where there is none.

        Raises:
            django.core.exceptions.ValidationError: It is no image, or cannot be cleaned. The
                message names structure, never content.
        """
        upload: Any = forms.FileField.to_python(self, data)
        if upload is None:
            return None
        try:
            clean = clean_copy(upload, upload.name, self.policy, self.limits)
        except UnsupportedFormat as error:
            raise self._refused("invalid_image", reason=str(error)) from None
        except PhotoPrivacyError as error:
            if isinstance(error, LimitExceeded) and error.limit == "max_bytes":
                raise self._refused("too_large", most=f"{error.value:,}") from None
            raise self._refused("unclean", reason=str(error)) from None
        except OSError as error:
            refusal = refusal_of(error)  # raises what has nothing to do with the upload
            raise self._refused("no_room", reason=refusal.detail) from None
        uploaded: Any = CleanUploadedFile(clean, upload)
        uploaded.image = _opened(uploaded)
        return uploaded

    def _refused(self, code: str, **params: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)


def _opened(file: Any) -> Any:
    try:
        image: Any = Image.open(file)
    except Exception:  # noqa: BLE001 - decoders have errors of their own
        image = None
    file.seek(0)
    return image


__all__ = ["CleanImageFormField"]
