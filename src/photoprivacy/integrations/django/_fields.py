"""A model field that stores clean photos only."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.db import models
from django.db.models.fields.files import ImageFieldFile
from PIL import Image

from photoprivacy.integrations.django._cleaned import clean_copy, read_only, right_name
from photoprivacy.integrations.django._forms import CleanImageFormField
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


__all__ = ["CleanFieldFile", "CleanImageField"]
