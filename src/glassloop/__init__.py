"""Glassloop: a tutorial for async Python in which nothing happens behind the page."""

__version__ = "0.1.0"


def load_ipython_extension(shell: object) -> None:
    """Do what `%load_ext glassloop` asks for: the notebook learns `%%trace`."""
    from glassloop import notebook

    notebook.load(shell)


def unload_ipython_extension(shell: object) -> None:
    """Do what `%unload_ext glassloop` asks for."""
    from glassloop import notebook

    notebook.unload(shell)
