"""The directive `{predict}`: a question to be answered before the next output is shown.

    ```{predict}
    What is printed first?
    - [ ] lift-off
      The body has not run yet.
    - [x] nothing
    ```

The first line of an item is the answer; what follows is said once it was chosen.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

MARKS = {"[ ] ": False, "[x] ": True, "[X] ": True}


class predict(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """The whole question."""


class predict_question(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """What is asked, as the content of a legend."""


class predict_option(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """One possible answer."""


class predict_feedback(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """What is said of an answer."""


class predict_solution(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """The right answers once more, for a page without JavaScript."""


class Predict(SphinxDirective):
    """A question with answers to choose from."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        content = self.parse_content_to_nodes()
        if len(content) < 2 or not isinstance(content[-1], nodes.bullet_list):
            raise self.error("{predict} needs a question and a list of answers: `- [ ] …`")
        *question, answers = content
        number = self.env.new_serialno("predict") + 1
        options = [self._option(item) for item in answers.children]
        right = [option for option in options if option["correct"]]
        if not right:
            raise self.error("{predict} needs a right answer: `- [x] …`")
        for value, option in enumerate(options):
            option["value"] = value
            option["name"] = f"predict-{number}"
            option["kind"] = "radio" if len(right) == 1 else "checkbox"
        node = predict(number=number)
        node += predict_question("", *self._inline(question))
        node += options
        node += self._solution(right)
        return [node]

    def _option(self, item: nodes.Node) -> predict_option:
        assert isinstance(item, nodes.list_item)
        first, *feedback = item.children
        mark = first.astext()[:4]
        if mark not in MARKS or not isinstance(first, nodes.paragraph):
            raise self.error(f"an answer begins with `[ ]` or `[x]`, not with {first.astext()!r}")
        lead = first.children[0]
        first.replace(lead, nodes.Text(lead.astext()[4:]))
        answer, said = _split_first_line(first)
        option = predict_option(correct=MARKS[mark])
        option += answer
        if said or feedback:
            option += predict_feedback("", *said, *feedback)
        return option

    def _inline(self, question: list[nodes.Node]) -> list[nodes.Node]:
        if len(question) == 1 and isinstance(question[0], nodes.paragraph):
            return list(question[0].children)
        raise self.error("the question of {predict} is one paragraph; put code in a cell above it")

    def _solution(self, right: list[predict_option]) -> predict_solution:
        solution = predict_solution()
        for option in right:
            text = [child.deepcopy() for child in option if not isinstance(child, predict_feedback)]
            solution += nodes.paragraph("", "", *text)
            for feedback in option.findall(predict_feedback):
                solution += [child.deepcopy() for child in feedback]
        return solution

    def error(self, message: str) -> ExtensionError:  # type: ignore[override]  # one that names the place
        return ExtensionError(f"{self.get_location()}: {message}")


def _split_first_line(
    paragraph: nodes.paragraph,
) -> tuple[list[nodes.Node], list[nodes.paragraph]]:
    """The first line of a paragraph, and the rest as a paragraph of its own where there is one."""
    children = list(paragraph.children)
    for index, child in enumerate(children):
        if isinstance(child, nodes.Text) and "\n" in child:
            before, _, after = child.partition("\n")
            rest = nodes.paragraph("", "", nodes.Text(after), *children[index + 1 :])
            return [*children[:index], nodes.Text(before)], [rest]
    return children, []


def visit_predict(self: HTML5Translator, node: predict) -> None:
    self.body.append(f'<div class="predict" id="predict-{node["number"]}"><fieldset>\n')


def depart_predict(self: HTML5Translator, node: predict) -> None:
    self.body.append("</div>\n")


def visit_option(self: HTML5Translator, node: predict_option) -> None:
    correct = str(node["correct"]).lower()
    self.body.append(
        '<div class="predict-option"><label>'
        f'<input type="{node["kind"]}" name="{node["name"]}" value="{node["value"]}" '
        f'data-correct="{correct}"> <span>'
    )
    if not any(isinstance(child, predict_feedback) for child in node):
        node["closing"] = "</span></label></div>\n"


def depart_option(self: HTML5Translator, node: predict_option) -> None:
    self.body.append(node.get("closing", "</div>\n"))


def _tags(opening: str, closing: str) -> tuple[Any, Any]:
    return (
        lambda self, node: self.body.append(opening),
        lambda self, node: self.body.append(closing),
    )


def setup(app: Sphinx) -> None:
    """Register what this module defines."""
    app.add_node(predict, html=(visit_predict, depart_predict))
    app.add_node(predict_question, html=_tags("<legend>", "</legend>\n"))
    app.add_node(predict_option, html=(visit_option, depart_option))
    app.add_node(
        predict_feedback,
        html=_tags('</span></label><div class="predict-feedback">', "</div>"),
    )
    app.add_node(
        predict_solution,
        html=_tags(
            '</fieldset><details class="predict-answer"><summary>The answer</summary>', "</details>"
        ),
    )
    app.add_directive("predict", Predict)
