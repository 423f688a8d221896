"""``python -m photoprivacy``: the command line."""

from __future__ import annotations

from photoprivacy.cli import main

if __name__ == "__main__":
    main()
