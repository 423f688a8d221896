"""How Sphinx builds these pages: `sphinx-build -W docs docs/_build`."""

from __future__ import annotations

import re
from importlib.metadata import version as version_of
from typing import Any

project = "photoprivacy"
author = "the photoprivacy developers"
version = release = version_of("photoprivacy")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
# Pages link to headings of other pages, as repository browsers do.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence", "deflist"]

html_theme = "furo"
html_title = "photoprivacy"
# Nothing is fetched from anybody else: no fonts, no scripts, no counters.
html_static_path: list[str] = []
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#0b5c54",
        "color-brand-content": "#0b5c54",
        "color-brand-visited": "#0b5c54",
    },
    "dark_css_variables": {
        "color-brand-primary": "#7fd1c4",
        "color-brand-content": "#7fd1c4",
        "color-brand-visited": "#7fd1c4",
    },
}

# Docstrings name things in single backticks.
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_preserve_defaults = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
python_use_unqualified_type_names = True


def setup(app: Any) -> None:
    """Say signatures as they are written, not as attrs generates them."""

    def shorter(*told: Any) -> tuple[str | None, str | None]:
        signature, returned = told[-2:]
        found = signature and re.sub(r"attr_dict\['\w+'\]\.default", "...", signature)
        return found, returned

    def without_object(*told: Any) -> None:
        bases = told[-1]
        bases[:] = [base for base in bases if base is not object] or bases

    app.connect("autodoc-process-signature", shorter)
    app.connect("autodoc-process-bases", without_object)
