"""Glassloop: a tutorial for async Python in which nothing happens behind the page."""

__version__ = "0.1.0"
