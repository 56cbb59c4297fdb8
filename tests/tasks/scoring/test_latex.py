import time

import pytest

from tasks.scoring.latex import boxes, without_latex


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\boxed{\text{B}}", "B"),
        (r"\boxed{\{1, 2\}}", r"\{1, 2\}"),
        (r"\text{a {b} c}", "a {b} c"),
        (r"\text{open", r"\text{open"),
        (r"\frac{1}{2}", "1/2"),
        (r"\dfrac12", "1/2"),
        (r"2\tfrac{1}{2}", "2 1/2"),
        (r"\frac{-1}{2.5}", "-1/2.5"),
        (r"\frac{x+1}{2x}", "(x+1)/(2x)"),
        (r"\frac{\frac{1}{2}}{3}", "(1/2)/3"),
        (r"\frac{}{2}", r"\frac{}{2}"),
        (r"1{,}000", "1,000"),
    ],
)
def test_what_latex_leaves(latex: str, text: str) -> None:
    assert without_latex(latex) == text


def test_boxes_are_found_with_all_that_they_hold() -> None:
    text = r"a \boxed{b {c} \boxed{d}} \boxed {e} \boxed{f"
    assert [text[inside : end - 1] for _, inside, end in boxes(text)] == [r"b {c} \boxed{d}", "e"]


def test_hostile_nesting_takes_no_time() -> None:
    start = time.perf_counter()
    for text in (r"\boxed{" * 20000, r"\text{" * 20000 + "}" * 20000, r"\frac{1}{" * 10000):
        without_latex(text)
        list(boxes(text))
    assert time.perf_counter() - start < 10
