"""Django: a model field and a form field that store clean photos only."""

from __future__ import annotations

from typing import Any

from photoprivacy._strip import strip
from photoprivacy.errors import MissingExtra, PhotoPrivacyError
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy

try:
    from django import forms
    from django.core.exceptions import ValidationError
    from django.core.files.base import ContentFile
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import models
    from django.db.models.fields.files import ImageFieldFile
except ModuleNotFoundError:
    raise MissingExtra("django") from None


def _cleaned(content: Any, policy: Policy, limits: Limits) -> bytes:
    """Return the clean copy of a Django file, read from its beginning."""
    content.open()
    return strip(content.read(limits.max_bytes + 1), policy, limits=limits).data


class CleanFieldFile(ImageFieldFile):
    """What an instance's attribute is. Each way to store a file ends in :meth:`save`."""

    field: CleanImageField

    def save(self, name: str, content: Any, save: bool = True) -> None:  # noqa: FBT001, FBT002  Django's
        """Store the clean copy of *content* under *name*.

        Raises:
            PhotoPrivacyError: It cannot be read or cleaned; nothing is stored.
        """
        clean = _cleaned(content, self.field.policy, self.field.limits)
        super().save(name, ContentFile(clean, name=name), save)


class CleanImageField(models.ImageField):
    """An ``ImageField`` that stores the clean copy of every photo.

    Forms made from the model say what is wrong with a photo that cannot be cleaned. A file that
    is in storage already, and assigned by its path, is not read and stays as it is.

    Args:
        policy: What may stay. It is no part of migrations.
        limits: Budgets for one photo. They are no part of migrations.
    """

    attr_class: type[CleanFieldFile] = CleanFieldFile

    def __init__(
        self,
        *args: Any,
        policy: Policy = Policy.SHARE,
        limits: Limits = Limits(),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy
        self.limits = limits

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


class CleanImageFormField(forms.ImageField):
    """A form's ``ImageField`` whose cleaned data is the clean photo, with a readable refusal.

    Args:
        policy: What may stay.
        limits: Budgets for one photo.
    """

    def __init__(
        self,
        *,
        policy: Policy = Policy.SHARE,
        limits: Limits = Limits(),
        **kwargs: Any,
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
        upload: Any = super().to_python(data)
        if upload is None:
            return None
        try:
            clean = _cleaned(upload, self.policy, self.limits)
        except PhotoPrivacyError as error:
            raise ValidationError(str(error), code="unclean") from None
        # Once more, so that ``.image`` is not that of the original.
        return super().to_python(SimpleUploadedFile(upload.name, clean, upload.content_type))


__all__ = ["CleanFieldFile", "CleanImageField", "CleanImageFormField"]
