"""The policies that have a name, as options call them."""

from __future__ import annotations

from typing import Final

from photoprivacy import Policy

POLICIES: Final = {"share": Policy.SHARE, "publish": Policy.PUBLISH, "archive": Policy.ARCHIVE}
