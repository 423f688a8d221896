"""Segments to findings: knows meaning, and never writes a file."""

from __future__ import annotations

from photoprivacy.metadata._findings import (
    INSEPARABLE,
    Camera,
    CapturedAt,
    Finding,
    Reading,
    Severity,
    Value,
)
from photoprivacy.metadata._read import read

__all__ = ["INSEPARABLE", "Camera", "CapturedAt", "Finding", "Reading", "Severity", "Value", "read"]
