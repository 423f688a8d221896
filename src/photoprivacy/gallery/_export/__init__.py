"""An album as plain files for any static host."""

from __future__ import annotations

from photoprivacy.gallery._export._write import Exported, export

__all__ = ["Exported", "export"]
