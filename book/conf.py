"""How Sphinx builds the book."""

import sys
from pathlib import Path

BOOK = Path(__file__).parent
sys.path.insert(0, str(BOOK / "_ext"))

project = "Glassloop"
author = "the Glassloop authors"
copyright = "the Glassloop authors"
language = "en"

extensions = ["myst_parser", "sphinx.ext.intersphinx", "glassbook"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_*", "**/_*"]
myst_enable_extensions = ["colon_fence", "deflist", "smartquotes", "attrs_inline"]
myst_heading_anchors = 3
nitpicky = True

# The inventory is in the repository, so that the build needs no network.
intersphinx_mapping = {"python": ("https://docs.python.org/3", str(BOOK / "_inventory/python.inv"))}

html_theme = "furo"
html_title = "Glassloop"
html_static_path = ["_static", "../build/static"]
html_css_files = ["glassloop/page.css", "book.css"]
html_js_files = [("glassloop/page.js", {"type": "module"})]
html_copy_source = False
html_show_sphinx = False
html_permalinks_icon = "#"
pygments_style = "friendly"
pygments_dark_style = "github-dark"
html_theme_options = {
    "top_of_page_buttons": [],
    "navigation_with_keys": False,
    "light_css_variables": {},
    "dark_css_variables": {},
}
