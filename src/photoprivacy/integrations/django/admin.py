"""The admin's report: what a photo that is stored gives away, by label and never by value."""

from __future__ import annotations

import functools
from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join

from photoprivacy import inspect
from photoprivacy.errors import PhotoPrivacyError
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy


class PhotoReport:
    """For a ``ModelAdmin`` with image fields: a read-only line a field that says what is in it.

    ``class ShotAdmin(PhotoReport, admin.ModelAdmin)``: each image field gets a report below it.
    """

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[Any, ...]:
        """Return the fields that nobody edits, the reports among them."""
        given = tuple(super().get_readonly_fields(request, obj))  # type: ignore[misc]
        return given + tuple(self._reports())

    def _reports(self) -> list[Any]:
        from photoprivacy.integrations.django._checks import image_fields

        model = self.model  # type: ignore[attr-defined]
        return [_report_of(field.name) for of, field in image_fields() if of is model]


# One function a name: the admin looks for it among those that it was given before.
@functools.cache
def _report_of(name: str) -> Any:
    @admin.display(description=f"what {name} gives away")
    def report(row: Any) -> str:
        return _told(getattr(row, name), row._meta.get_field(name))

    report.__name__ = f"report_of_{name}"
    return report


def _told(file: Any, field: Any) -> str:
    if not file:
        return "-"
    limits: Limits = getattr(field, "limits", Limits())
    try:
        with file.storage.open(file.name) as stored:
            found = inspect(stored.read(limits.max_bytes + 1), limits=limits)
    except PhotoPrivacyError as error:
        return str(error)
    except OSError:
        return "The file is missing or cannot be read."
    policy: Policy = getattr(field, "policy", Policy.SHARE)
    labels = sorted({one.label for one in found.violations(policy)})
    if not labels:
        return format_html("{}", "Nothing that it may not.")
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((x,) for x in labels)))


__all__ = ["PhotoReport"]
