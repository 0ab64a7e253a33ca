"""How Sphinx builds the book."""

import sys
from pathlib import Path

BOOK = Path(__file__).parent
sys.path.insert(0, str(BOOK / "_ext"))

project = "Glassloop"
author = "the Glassloop authors"
project_copyright = "the Glassloop authors"
language = "en"

extensions = ["myst_parser", "sphinx.ext.intersphinx", "glassbook"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_*", "**/_*"]
myst_enable_extensions = ["colon_fence", "deflist", "smartquotes", "attrs_block", "attrs_inline"]
myst_heading_anchors = 3
nitpicky = True

# The inventory is in the repository, so that the build needs no network.
intersphinx_mapping = {"python": ("https://docs.python.org/3", str(BOOK / "_inventory/python.inv"))}

html_theme = "furo"
html_title = "Glassloop"
html_favicon = "_static/favicon.svg"
templates_path = ["_templates"]
html_static_path = ["_static", "../build/static"]
html_css_files = ["glassloop/page.css", "book.css"]
html_js_files = [("glassloop/page.js", {"type": "module"})]
html_copy_source = False
html_show_sphinx = False
html_permalinks_icon = "#"
pygments_style = "glassbook.colours.Light"
pygments_dark_style = "glassbook.colours.Dark"

LIGHT = {
    "color-brand-primary": "#0f6470",
    "color-brand-content": "#0f6470",
    "color-background-primary": "#ffffff",
    "color-background-secondary": "#f6f7f5",
    "color-background-border": "#e2e5e1",
    "color-foreground-primary": "#1d2226",
    "color-foreground-secondary": "#545f67",
    "color-foreground-muted": "#5f6a72",
    "color-code-background": "#f6f7f5",
    "color-inline-code-background": "#f0f2ef",
    "box-red": "#a8261d",
    "box-red-ground": "#fdf4f2",
    "box-blue": "#0f6470",
    "box-blue-ground": "#f0f7f7",
    "box-grey": "#545f67",
    "box-grey-ground": "#f6f7f5",
}
DARK = {
    "color-brand-primary": "#7fd0da",
    "color-brand-content": "#7fd0da",
    "color-background-primary": "#14181b",
    "color-background-secondary": "#1b2024",
    "color-background-border": "#2e353b",
    "color-foreground-primary": "#dfe4e7",
    "color-foreground-secondary": "#a7b1b9",
    "color-foreground-muted": "#98a4ad",
    "color-code-background": "#1b2024",
    "color-inline-code-background": "#22292e",
    "box-red": "#ff9f95",
    "box-red-ground": "#231a1a",
    "box-blue": "#7fd0da",
    "box-blue-ground": "#172226",
    "box-grey": "#a7b1b9",
    "box-grey-ground": "#1b2024",
}
html_theme_options = {
    "navigation_with_keys": False,
    "light_css_variables": LIGHT,
    "dark_css_variables": DARK,
}
