"""Segments to findings: knows meaning, and never writes a file."""

from __future__ import annotations

from photoprivacy.metadata._findings import (
    Camera,
    CapturedAt,
    Finding,
    Reading,
    Severity,
    Value,
)
from photoprivacy.metadata._read import read

__all__ = ["Camera", "CapturedAt", "Finding", "Reading", "Severity", "Value", "read"]
