"""JSON Schema 2020-12, as far as the files of the package use it."""

from __future__ import annotations

import re
from typing import Any


def matches(schema: dict[str, Any], value: Any, root: dict[str, Any] | None = None) -> bool:
    """Return whether *value* is as *schema* says; a keyword that is not here is an error."""
    root = root or schema
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "null": type(None),
        "boolean": bool,
        "integer": int,
        "number": (int, float),
    }
    ok = True
    for keyword, rule in schema.items():
        match keyword:
            case "$schema" | "$id" | "title" | "$defs":
                pass
            case "$ref":
                ok &= matches(root["$defs"][rule.rpartition("/")[2]], value, root)
            case "enum":
                ok &= value in rule
            case "const":
                ok &= bool(value == rule)
            case "type":
                ok &= isinstance(value, kinds[rule]) and isinstance(value, bool) == (
                    rule == "boolean"
                )
            case "anyOf":
                ok &= any(matches(option, value, root) for option in rule)
            case "required":
                ok &= not isinstance(value, dict) or set(rule) <= set(value)
            case "properties":
                ok &= not isinstance(value, dict) or all(
                    matches(rule[name], value[name], root) for name in rule if name in value
                )
            case "items":
                ok &= not isinstance(value, list) or all(matches(rule, one, root) for one in value)
            case "pattern":
                # ECMA 262: $ is the end of the text, not the newline before it.
                ok &= not isinstance(value, str) or bool(
                    re.search(rule.replace("$", r"\Z"), value, re.ASCII)
                )
            case "maxLength":
                ok &= not isinstance(value, str) or len(value) <= rule
            case "minimum":
                ok &= not isinstance(value, int | float) or value >= rule
            case "maximum":
                ok &= not isinstance(value, int | float) or value <= rule
            case _:
                raise AssertionError(keyword)
    return ok
