"""A reader at a chapter's page: what they press, and what they then see."""

from playwright.sync_api import Locator, Page, expect

# A cold start of Python takes some seconds where the machine has other work.
PATIENCE = 60_000


class Cell:
    """One cell of the page."""

    def __init__(self, element: Locator) -> None:
        self.element = element
        self.page = element.page
        self.source = element.locator(".cell-source")
        self.output = element.locator(".cell-output pre")
        self.block = element.locator(".cell-output")
        self.status = element.locator(".cell-status")
        self.mark = element.locator(".cell-mark")

    def button(self, name: str) -> Locator:
        return self.element.locator(".cell-toolbar").get_by_role("button", name=name, exact=True)

    def run(self) -> None:
        self.button("Run").click()

    def run_to_its_end(self) -> str:
        """Run the cell, wait until it has ended, and give what it then shows."""
        self.run()
        self.wait()
        return self.shown()

    def wait(self) -> None:
        expect(self.element).to_have_attribute("data-state", "idle", timeout=PATIENCE)

    def wait_until_it_runs(self) -> None:
        expect(self.status).to_have_text("Running", timeout=PATIENCE)

    def shown(self) -> str:
        return self.output.text_content() or ""

    def edit(self, text: str) -> None:
        """Replace the cell's code by keyboard."""
        self.source.focus()
        self.page.keyboard.press("Enter")
        expect(self.source.locator(".cm-content")).to_be_focused()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Escape")
        expect(self.source).to_be_focused()

    def code(self) -> str:
        """The code as it stands on the page, printed or in the editor."""
        lines = self.source.locator(".cm-line")
        if lines.count():
            return "\n".join(lines.all_text_contents())
        return (self.source.locator("pre").text_content() or "").removesuffix("\n")


class Chapter:
    """A chapter's page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.toolbar = page.locator(".chapter-toolbar")

    @property
    def cells(self) -> list[Cell]:
        """The cells that a browser can run, in order."""
        return [Cell(element) for element in self.page.locator(".cell:not([data-needs])").all()]

    def run_all(self) -> None:
        if len(self.cells) == 1:
            self.cells[0].run_to_its_end()
            return
        self.toolbar.get_by_role("button", name="Run all cells").click()
        expect(self.toolbar.get_by_role("button", name="Stop")).to_be_hidden(timeout=PATIENCE)

    def outputs(self) -> dict[str, str]:
        """What each cell's output block holds, hidden behind a question or not."""
        return dict(
            self.page.locator(".cell:not([data-needs])").evaluate_all(
                "cells => cells.map(cell => "
                "[cell.dataset.cell, cell.querySelector('.cell-output pre').textContent])"
            )
        )

    def was_run(self) -> list[bool]:
        """For each cell whether all that it shows was printed by a run in this page."""
        return self.page.locator(".cell:not([data-needs])").evaluate_all(
            "cells => cells.map(cell => "
            "cell.querySelector('.cell-status').textContent === 'Done' && "
            "[...cell.querySelector('.cell-output pre').childNodes].every("
            "node => ['out', 'err', 'echo', 'error'].includes(node.className)))"
        )
