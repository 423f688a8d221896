"""The command line: thin. Needs the ``[cli]`` extra."""

from __future__ import annotations

import sys


def main() -> None:
    """Run ``photoprivacy`` with the arguments of this process, and exit."""
    try:
        # Frameworks bring click along, and not the others.
        import rich  # noqa: F401
        import segno  # noqa: F401

        from photoprivacy.cli._app import app
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("click", "rich", "segno"):
            raise
        sys.stderr.write('The command line needs an extra: pip install "photoprivacy[cli]"\n')
        sys.exit(2)
    app()


__all__ = ["main"]
