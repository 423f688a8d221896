"""A model field and a form field that take clean photos only."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models.fields.files import ImageFieldFile
from PIL import Image

from photoprivacy.errors import LimitExceeded, PhotoPrivacyError, UnsupportedFormat
from photoprivacy.integrations._upload import refusal_of
from photoprivacy.integrations.django._cleaned import CleanFile, clean_copy, read_only, right_name
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy


class CleanFieldFile(ImageFieldFile):
    """What an instance's attribute is. Each way to store a file ends in :meth:`save`."""

    field: CleanImageField

    def save(self, name: str, content: Any, save: bool = True) -> None:  # noqa: FBT001, FBT002  Django's
        """Store the clean copy of *content* under *name*.

        Raises:
            PhotoPrivacyError: It cannot be read or cleaned; nothing is stored.
        """
        clean = clean_copy(content, name, self.field.policy, self.field.limits)
        if self.field.names == "neutral":
            name = f"{secrets.token_hex(16)}{clean.format.suffix}"
        try:
            super().save(right_name(name, clean.format), clean, save)
        finally:
            if clean is not content:
                clean.close()

    def open(self, mode: str = "rb") -> Any:  # type: ignore[override]  # FieldFile takes no more
        """Open the file for reading.

        Raises:
            PermissionError: *mode* would write past the cleaning.
        """
        read_only(mode)
        return super().open(mode)

    def _get_image_dimensions(self) -> Any:
        try:
            # Django's, which asks Pillow; ``width`` and ``height`` come from here.
            return super()._get_image_dimensions()  # type: ignore[misc]
        except Image.DecompressionBombError:
            return None, None  # whether it may be stored is for `save` to say


class CleanImageField(models.ImageField):
    """An ``ImageField`` that stores the clean copy of every photo.

    Forms made from the model say what is wrong with a photo that cannot be cleaned. A file that
    is in storage already, and assigned by its path, is not read and stays as it is. A name that
    ends like another kind of file gets the ending of what the photo is.

    Args:
        policy: What may stay. It is no part of migrations.
        limits: Budgets for one photo. They are no part of migrations.
        names: ``"keep"`` keeps the name that the client gave, ``"neutral"`` makes one that tells
            nothing. It is no part of migrations.
    """

    attr_class: type[CleanFieldFile] = CleanFieldFile

    def __init__(
        self,
        *args: Any,
        policy: Policy = Policy.SHARE,
        limits: Limits = Limits(),
        names: str = "keep",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if names not in ("keep", "neutral"):
            msg = "names are kept, or neutral"
            raise ValueError(msg)
        self.policy = policy
        self.limits = limits
        self.names = names

    def deconstruct(self) -> Any:
        """Return what migrations write: the class by its public name."""
        name, path, args, kwargs = super().deconstruct()
        if path == f"{__name__}.CleanImageField":
            path = "photoprivacy.integrations.django.CleanImageField"
        return name, path, args, kwargs

    def formfield(
        self,
        form_class: type[forms.Field] | None = None,
        choices_form_class: type[forms.ChoiceField] | None = None,
        **kwargs: Any,
    ) -> forms.Field | None:
        """Return the form field: :class:`CleanImageFormField` with this policy."""
        if form_class is None:
            form_class = CleanImageFormField
            kwargs = {"policy": self.policy, "limits": self.limits} | kwargs
        return super().formfield(
            form_class=form_class, choices_form_class=choices_form_class, **kwargs
        )


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


__all__ = ["CleanFieldFile", "CleanImageField", "CleanImageFormField"]
