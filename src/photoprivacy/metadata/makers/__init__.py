"""Maker notes: what cameras tell beside the standard, by maker, in tables of facts."""

from __future__ import annotations

from photoprivacy.metadata.makers._blocks import block_findings
from photoprivacy.metadata.makers._findings import Note, maker_findings

__all__ = ["Note", "block_findings", "maker_findings"]
