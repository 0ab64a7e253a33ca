"""A reader at an exercise: what they write, lay and press, and what they are told."""

import re
from collections import Counter
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from pages.reader import PATIENCE
from playwright.sync_api import Locator, Page, expect

from glassloop.exercises import Exercise, load
from glassloop.exercises.exercise import Attempt

FILE = re.compile(
    r'data-exercise="([^"]+)".*?<template class="exercise-file"><pre>\n?(.*?)</pre></template>',
    re.DOTALL,
)


def exercises_on(page: Path) -> dict[str, Exercise]:
    """The exercises of a page of the site, by name."""
    found = FILE.findall(page.read_text("utf-8"))
    return {name: load(unescape(text), name) for name, text in found}


@dataclass
class Cards:
    """The cards of an exercise."""

    element: Locator

    @property
    def laid(self) -> Locator:
        return self.element.locator(".exercise-cards:not(.aside) > .card")

    @property
    def aside(self) -> Locator:
        return self.element.locator(".exercise-cards.aside > .card")

    @property
    def spoken(self) -> Locator:
        return self.element.locator(".cards-spoken")

    def names(self) -> list[str]:
        """The cards that are laid, each with its indent, as a screen reader says them."""
        return self.laid.evaluate_all(
            "all => all.map(one => [...one.querySelectorAll('code, .spoken')]"
            ".map(part => part.textContent).join(''))"
        )

    def lay(self, text: str) -> None:
        """Lay the cards by their keys so that they make this text; put the others aside."""
        wanted = text.splitlines()
        for place, line in enumerate(wanted):
            here = self.laid.locator("code").all_text_contents()
            codes = here + self.aside.locator("code").all_text_contents()
            found = codes.index(line.strip(), place)
            up = found - place + (found >= len(here))
            indent = (len(line) - len(line.lstrip())) // 4
            self.press(
                self.laid.or_(self.aside).nth(found),
                ["Space", *["ArrowUp"] * up, *["ArrowLeft"] * 6, *["ArrowRight"] * indent, "Space"],
            )
        while self.laid.count() > len(wanted):
            self.press(self.laid.last, ["Space", "ArrowDown", "Space"])

    def press(self, card: Locator, names: list[str]) -> None:
        """Press these keys on a card, as fast as a script can."""
        card.evaluate(
            """(card, names) => {
                card.focus();
                for (const name of names) {
                    const key = name === "Space" ? " " : name;
                    document.activeElement.dispatchEvent(
                        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
                }
            }""",
            names,
        )


class OnPage:
    """One exercise of a page."""

    def __init__(self, page: Page, exercise: Exercise) -> None:
        self.page = page
        self.exercise = exercise
        self.element = page.locator(f"[data-exercise='{exercise.name}']")
        self.source = self.element.locator("> .cell-source")
        self.verdict = self.element.locator(".exercise-verdict")
        self.head = self.verdict.locator("strong")
        self.message = self.verdict.locator(".exercise-message")
        self.printed = self.element.locator(".exercise-printed")
        self.status = self.element.locator(".cell-status")
        self.solved = self.element.locator(".exercise-solved")
        self.hints = self.element.locator(".exercise-hint")
        self.comparison = self.element.locator(".exercise-comparison")
        self.viewer = self.element.locator(".gv")
        self.cards = Cards(self.element.locator(".cards"))

    def come_near(self) -> None:
        """Scroll to it, as a reader does; its script is fetched then."""
        self.element.scroll_into_view_if_needed()
        expect(self.element).to_have_class(re.compile("live"))

    def button(self, name: str) -> Locator:
        return self.element.locator(".cell-toolbar").get_by_role("button", name=name, exact=True)

    @property
    def key(self) -> str:
        """Where the browser keeps the reader's work at it."""
        return f"glassloop:exercise:{self.exercise.name}"

    def possible_attempts(self) -> list[Attempt]:
        """Its known wrong attempts; with cards, those that can be laid with them."""
        cards = Counter(self.exercise.cards)
        return [
            attempt
            for attempt in self.exercise.attempts
            if not cards or Counter(map(str.strip, attempt.text.splitlines())) <= cards
        ]

    def touch(self) -> None:
        """Make it another attempt than the book's."""
        if self.exercise.cards:
            self.element.get_by_role("button", name="Move down").click()
        else:
            self.write("oven")

    def attempt(self, text: str) -> None:
        """Write this attempt, or lay it with the cards."""
        if self.exercise.cards:
            self.cards.lay(text)
        else:
            self.write(text)

    def write(self, text: str) -> None:
        self.source.focus()
        self.page.keyboard.press("Enter")
        expect(self.source.locator(".cm-content")).to_be_focused()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(text.removesuffix("\n"))
        self.page.keyboard.press("Escape")

    def code(self) -> str:
        """The text that stands in the editor, or is printed in its place."""
        lines = self.source.locator(".cm-line")
        if lines.count():
            return "\n".join(lines.all_text_contents())
        return (self.source.locator("pre").text_content() or "").removesuffix("\n")

    def check(self) -> str:
        """Press Check; the head of the verdict."""
        self.button("Check").click()
        expect(self.head).to_be_visible(timeout=PATIENCE)
        return self.head.inner_text()

    def told(self) -> str:
        """The verdict's message as its author wrote it, with backticks around code."""
        return self.message.evaluate(
            "all => [...all.childNodes].map(one => one.nodeName === 'CODE'"
            " ? '`' + one.textContent + '`' : one.textContent).join('')"
        )
