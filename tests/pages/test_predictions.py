"""A question holds back the next output until it is answered, and remembers the answer."""

import pytest
from pages.reader import Cell, Chapter
from playwright.sync_api import Locator, Page, expect

VEIL = "Answer the question above to see the output, or run the cell."


class Question:
    """A question and the cell whose output it holds back."""

    def __init__(self, page: Page) -> None:
        self.box = page.locator(".predict").first
        self.cell = Cell(
            page.locator(".predict").first.locator("xpath=following::*[@data-cell][1]")
        )
        self.veil = self.cell.element.locator(".cell-output-veil")
        self.verdict = self.box.locator(".predict-verdict")

    def option(self, correct: bool) -> Locator:
        return self.box.locator(f".predict-option:has([data-correct={str(correct).lower()}])").first

    def choose(self, correct: bool) -> None:
        self.option(correct).locator("input").check()

    def press(self, name: str) -> None:
        self.box.get_by_role("button", name=name).click()


@pytest.fixture
def question(chapter: Chapter) -> Question:
    return Question(chapter.page)


def test_an_open_question_holds_the_output_back(question: Question) -> None:
    expect(question.veil).to_be_visible()
    expect(question.veil).to_have_text(VEIL)
    expect(question.cell.output).to_be_hidden()
    expect(question.box.locator(".predict-answer")).to_be_hidden()
    question.box.get_by_role("button", name="Check").focus()
    question.cell.page.keyboard.press("Enter")
    expect(question.verdict).to_have_text("Choose an answer first.")
    expect(question.cell.output).to_be_hidden()


def test_a_wrong_answer_is_told_and_the_right_one_marked(question: Question) -> None:
    question.choose(correct=False)
    question.press("Check")
    expect(question.verdict).to_contain_text("Not quite.")
    expect(question.option(False).locator(".predict-mark")).to_have_text("your answer, not right")
    expect(question.option(True).locator(".predict-mark")).to_have_text("right")
    expect(question.veil).to_be_hidden()
    expect(question.verdict).to_be_focused()


def test_a_right_answer_is_told_and_remembered(chapter: Chapter, question: Question) -> None:
    for row in question.box.locator(".predict-option:has([data-correct=true]) input").all():
        row.check()
    question.press("Check")
    expect(question.verdict).to_have_text("Right.")
    chapter.page.reload()
    expect(question.verdict).to_have_text("Right.")
    expect(question.veil).to_be_hidden()
    expect(question.option(True).locator("input")).to_be_checked()


def test_show_me_reveals_and_is_no_answer(chapter: Chapter, question: Question) -> None:
    question.press("Show me")
    expect(question.veil).to_be_hidden()
    expect(question.option(True).locator(".predict-mark")).to_have_text("right")
    chapter.page.reload()
    expect(question.veil).to_be_visible()


def test_the_question_stays_open_until_its_own_cell_is_run(
    chapter: Chapter, question: Question
) -> None:
    chapter.cells[-1].run_to_its_end()
    expect(question.veil).to_be_visible()
    question.cell.run_to_its_end()
    expect(question.verdict).to_have_text("The cell was run.")
    expect(question.veil).to_be_hidden()
