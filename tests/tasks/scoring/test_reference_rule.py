"""The paper's rule, one test for each thing that it does, faults included."""

from tasks.problem import AnswerType
from tasks.scoring.score import score

OPTIONS = ("the cat", "the dog", "the cow")


def right(
    completion: str,
    gold: str,
    *,
    task: str = "",
    options: tuple[str, ...] = (),
    answer_type: AnswerType = "free_text",
) -> bool:
    return score(
        completion, [gold], answer_type, task=task, options=options, rule="reference"
    ).correct


def test_the_last_cue_counts() -> None:
    text = "Therefore, the answer is (A). No.\nTherefore, the answer is (B)."
    assert right(text, "(B)")
    assert not right(text, "(A)")


def test_other_methods_markers_count_where_the_cue_is_absent() -> None:
    assert right("\n[Answer Prediction]: (B)", "(B)")
    assert right("\nAnswer: (B)", "(B)")
    assert right("Answer: (A) Therefore, the answer is (B)", "(B)")


def test_a_direct_answer_is_read_whole() -> None:
    assert right(" (B)", "(B)")


def test_fault_a_cue_in_other_words_is_not_known() -> None:
    assert not right("It barks. So the answer is (B).", "(B)")


def test_fault_the_answer_is_cut_at_the_first_stop() -> None:
    assert not right("Therefore, the answer is 3.5", "3.5")
    assert not right("Therefore, the answer is Dr. Lee", "Dr. Lee")


def test_case_and_full_width_brackets_do_not_matter() -> None:
    assert right("Therefore, the answer is （b）.", "(B)")
    assert right("Therefore, the answer is YES.", "yes")


def test_one_character_is_a_choice() -> None:
    assert right("Therefore, the answer is B.", "(B)")


def test_fault_one_digit_numbers_never_score() -> None:
    assert not right("Therefore, the answer is 5.", "5")
    assert right("Therefore, the answer is 15.", "15")


def test_fault_one_bracket_never_scores() -> None:
    assert not right("Therefore, the answer is ].", "]")
    assert right("Therefore, the answer is ] ].", "] ]")


def test_fault_the_first_of_several_choices_counts() -> None:
    assert right("Therefore, the answer is (A) or (B).", "(A)")


def test_two_choices_must_be_equal_whatever_their_texts_say() -> None:
    assert right("Therefore, the answer is (A) the dog", "(A)", options=OPTIONS)
    assert not right("Therefore, the answer is (A) the dog", "(B)", options=OPTIONS)


def test_without_a_predicted_choice_the_option_line_decides() -> None:
    assert right("Therefore, the answer is the dog.", "(B)", options=OPTIONS)
    assert not right("Therefore, the answer is the cat.", "(B)", options=OPTIONS)
    assert not right("Therefore, the answer is the dog.", "(B)")


def test_without_a_gold_choice_the_remaining_texts_decide() -> None:
    assert right("Therefore, the answer is (a) the dog.", "the dog")
    assert not right("Therefore, the answer is b.", "b flat")


def test_numbered_choices_are_unknown_and_compare_as_text() -> None:
    assert right("Therefore, the answer is (27).", "(27)")
    assert not right("Therefore, the answer is 27.", "(27)")


def test_fault_formal_fallacies_takes_anything_for_valid() -> None:
    assert right("Therefore, the answer is dunno.", "valid", task="formal_fallacies")
    assert right("", "valid", task="formal_fallacies")
    assert right("Therefore, the answer is not invalid.", "invalid", task="formal_fallacies")
    assert not right("Therefore, the answer is invalid.", "valid", task="formal_fallacies")
    assert not right("Therefore, the answer is dunno.", "valid", task="navigate")


def test_no_answer_is_unparsed_and_wrong() -> None:
    result = score("Therefore, the answer is .", ["(A)"], "choice", rule="reference")
    assert (result.parsed, result.parse_ok, result.correct) == (None, False, False)


def test_any_of_several_golds_is_right() -> None:
    result = score("Therefore, the answer is (C)", ["(A)", "(C)"], "choice", rule="reference")
    assert result.correct
