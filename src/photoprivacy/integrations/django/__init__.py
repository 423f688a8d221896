"""Django: fields, a storage and stores that hold clean photos, and the gallery.

``CleanImageField`` needs no setting. The command, the system check, the tag for templates, the
stores, the gallery and the admin's report come with
``INSTALLED_APPS = […, "photoprivacy.integrations.django"]``.
"""

from __future__ import annotations

from photoprivacy.errors import MissingExtra

try:
    import django  # noqa: F401
except ModuleNotFoundError:
    raise MissingExtra("django") from None

from photoprivacy.integrations.django._fields import CleanFieldFile, CleanImageField
from photoprivacy.integrations.django._forms import CleanImageFormField
from photoprivacy.integrations.django._storage import CleanStorage

__all__ = ["CleanFieldFile", "CleanImageField", "CleanImageFormField", "CleanStorage"]
