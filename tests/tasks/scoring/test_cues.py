import pytest

from tasks.scoring.cues import first_cue_line, split_at_cue


@pytest.mark.parametrize(
    ("completion", "rationale", "answer"),
    [
        ("2 + 3 = 5. So the answer is 5.", "2 + 3 = 5.", "5."),
        ("2 + 3 = 5.\nTherefore, the answer is 5", "2 + 3 = 5.", "5"),
        ("2 + 3 = 5. Thus the final answer is: 5", "2 + 3 = 5.", "5"),
        ("2 + 3 = 5. So, the correct answer is **5**.", "2 + 3 = 5.", "5**."),
        ("It has no legs. Hence the best option is (B).", "It has no legs.", "(B)."),
        ("It has no legs.\nAnswer: (B)", "It has no legs.", "(B)"),
        ("It has no legs.\n**Final Answer:** (B)", "It has no legs.", "(B)"),
        ("It has no legs. THE ANSWER IS (B)", "It has no legs.", "(B)"),
        ("It has no legs.\n[Answer Prediction]: (B)", "It has no legs.", "(B)"),
        ("2 + 3 = 5\n#### 5", "2 + 3 = 5", "5"),
        ("It has no legs. The answer is:\n\n(B)", "It has no legs.", "(B)"),
        ("So the answer is (B).", "", "(B)."),
    ],
)
def test_known_cues_part_rationale_and_answer(completion: str, rationale: str, answer: str) -> None:
    split = split_at_cue(completion)
    assert (split.rationale, split.answer, split.cues_found) == (rationale, answer, 1)


def test_without_a_cue_all_is_rationale() -> None:
    split = split_at_cue(" Sal lies, so Inga tells the truth. ")
    assert split.rationale == "Sal lies, so Inga tells the truth."
    assert (split.answer, split.cue, split.cues_found) == (None, None, 0)


def test_a_conclusion_in_words_is_not_a_cue() -> None:
    split = split_at_cue("X is the nurse, the answer should be the nurse. So the answer is (A).")
    assert (split.answer, split.cues_found) == ("(A).", 1)


def test_a_supposed_answer_is_not_a_cue() -> None:
    split = split_at_cue("If the answer is yes, he bats. See whether the answer is no.")
    assert split.cues_found == 0


def test_the_last_of_several_cues_counts() -> None:
    split = split_at_cue("The answer is (A). No: (A) is too late. So the answer is (B).")
    assert (split.answer, split.cues_found) == ("(B).", 2)
    assert split.rationale == "The answer is (A). No: (A) is too late."


def test_a_cue_with_nothing_behind_it_yields_to_the_one_before() -> None:
    split = split_at_cue("So the answer is (A). So the answer is (A). So the answer is")
    assert (split.answer or "").startswith("(A).")


def test_a_lone_cue_with_nothing_behind_it_is_an_empty_answer() -> None:
    assert split_at_cue("Three boys run. So the answer is").answer == ""


def test_an_invented_next_question_is_not_read() -> None:
    run_on = "It is red. So the answer is (A).\n\nQ: And this?\nA: Blue. So the answer is (B)."
    split = split_at_cue(run_on)
    assert (split.answer, split.cues_found) == ("(A).", 1)


def test_a_question_quoted_before_the_cue_is_read_over() -> None:
    split = split_at_cue("I am asked:\nQuestion: is it red?\nIt is. So the answer is yes.")
    assert split.answer == "yes."


def test_the_opening_ends_before_the_first_cue() -> None:
    split = split_at_cue("He is late. The answer is (A). Wait. So the answer is (B).")
    assert split.opening == "He is late."


def test_the_first_cue_line_ends_with_the_line() -> None:
    assert first_cue_line("So the answer is 4.\nThe answer is 5.") == " 4."
    assert first_cue_line("It is 4.") is None


def test_cues_inside_a_thinking_block_do_not_count() -> None:
    split = split_at_cue("<think>The answer is 5? No.</think>\nIn short: 4. The answer is 4.")
    assert (split.rationale, split.opening) == ("The answer is 5? No.",) * 2
    assert (split.answer, split.cues_found) == ("4.", 1)


def test_a_thought_ends_the_rationale_where_no_cue_follows() -> None:
    completion = "<think>Two and two.</think>\n4"
    split = split_at_cue(completion)
    assert (split.rationale, split.answer, split.uncued.strip()) == ("Two and two.", None, "4")
    assert completion[split.answer_start :] == "\n4"


def test_an_empty_block_is_no_rationale() -> None:
    split = split_at_cue("<think>\n</think>\n\nTwo and two. The answer is 4.")
    assert (split.rationale, split.answer) == ("Two and two.", "4.")


def test_an_unfinished_block_holds_no_answer() -> None:
    split = split_at_cue("<think>The answer is 4. Let me")
    assert split.unfinished_thought
    assert (split.answer, split.answer_start, split.uncued) == (None, None, "")
    assert split.rationale == "The answer is 4. Let me"


@pytest.mark.parametrize(
    ("completion", "rationale", "answer"),
    [
        ("So $x = \\boxed{4}$.", "So $x =", "4"),
        ("It is:\n\\[\n\\boxed{\\frac{1}{2}}\n\\]", "It is", "\\frac{1}{2}"),
        ("The answer is $\\boxed{4}$.", "", "4"),
        ("Green. <answer>\n(B)\n</answer>", "Green.", "(B)"),
    ],
)
def test_marks_part_rationale_and_answer(completion: str, rationale: str, answer: str) -> None:
    split = split_at_cue(completion)
    assert (split.rationale, split.answer, split.cues_found) == (rationale, answer, 1)
