import pytest

from tasks.problem import AnswerType
from tasks.scoring.answer_types import infer_answer_type
from tasks.scoring.answers import read_answer, read_bare_answer

ANIMALS = ("the cat", "the dog", "the grey horse")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("(B).", "(B)"),
        ("(b)", "(B)"),
        ("[B]", "(B)"),
        ("{B}", "(B)"),
        ("B", "(B)"),
        ("B.", "(B)"),
        ("B)", "(B)"),
        ("**B**", "(B)"),
        ("（Ｂ）。", "(B)"),
        ("【B】", "(B)"),
        ("$\\boxed{B}$", "(B)"),
        ("$\\boxed{(B)}$.", "(B)"),
        ("option B.", "(B)"),
        ("Option (B) is right", "(B)"),
        ("(B) the dog", "(B)"),
        ("B the dog", "(B)"),
        ("B: the dog", "(B)"),
        ("B, because it barks", "(B)"),
        ("(B), since a dog barks.", "(B)"),
        ("(B). The cat in (A) does not bark.", "(B)"),
        ("the dog", "(B)"),
        ('"The dog."', "(B)"),
        ("the dog. It barks.", "(B)"),
        ("(A) and (B)", None),
        ("(A) or (B).", None),
        ("A or B", None),
        ("A, B", None),
        ("either A or B", None),
        ("not (A)", None),
        ("neither (A) nor (B)", None),
        ("(None of the above).", None),
        ("none of the above", None),
        ("(D)", None),
        ("A dog", None),
        ("the parrot", None),
        ("", None),
    ],
)
def test_a_choice_is_read_in_any_dress(text: str, label: str | None) -> None:
    assert read_answer(text, "choice", ANIMALS) == label


def test_without_options_any_label_is_taken_and_no_text() -> None:
    assert read_answer("(Q)", "choice") == "(Q)"
    assert read_answer("the dog", "choice") is None


def test_options_past_z_are_numbered() -> None:
    options = [f"move {n}" for n in range(1, 31)]
    assert read_answer("(27)", "choice", options) == "(27)"
    assert read_answer("27.", "choice", options) == "(27)"
    assert read_answer("move 30", "choice", options) == "(30)"
    assert read_answer("(3)", "choice", options) is None
    assert read_answer("(31)", "choice", options) is None


def test_an_option_that_looks_like_a_label_is_read_as_its_text() -> None:
    options = ("b", "c", "a")
    assert read_answer("c", "choice", options) == "(B)"
    assert read_answer("(C)", "choice", options) == "(C)"


def test_brackets_inside_an_option_are_no_second_label() -> None:
    options = ("f(x) is even", "the points (a) and (b) agree")
    assert read_answer("(A) f(x) is even", "choice", options) == "(A)"
    assert read_answer("(B) the points (a) and (b) agree.", "choice", options) == "(B)"


def test_options_may_differ_in_case_alone() -> None:
    assert read_answer("Rr.", "choice", ("R", "rr", "Rr", "RR")) == "(C)"
    assert read_answer("rR", "choice", ("R", "rr", "Rr", "RR")) is None


def test_an_option_may_be_several_sentences() -> None:
    options = ("Wow. So nice", 'He said "no way"..')
    assert read_bare_answer("(A) Wow. So nice.", "choice", options) == "(A)"
    assert read_answer('He said "no way".', "choice", options) == "(B)"


def test_an_option_text_that_two_options_share_chooses_none() -> None:
    assert read_answer("red", "choice", ("red", "blue", "red")) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Yes.", "yes"),
        ("NO", "no"),
        ("True", "yes"),
        ("invalid.", "no"),
        ("not plausible", "no"),
        ("not invalid", "yes"),
        ("that it isn't plausible", "no"),
        ("that it cannot be valid", "no"),
        ("not necessarily valid", "no"),
        ("that the argument is invalid", "no"),
        ("No, it is not true that she lies.", "no"),
        ("yes, because no one saw it", "yes"),
        ("'Yes'", "yes"),
        ("yes or no", None),
        ("Yes/No", None),
        ("yes and no", None),
        ("unclear", None),
        ("nothing", None),
    ],
)
def test_yes_and_no_in_their_words(text: str, answer: str | None) -> None:
    assert read_answer(text, "yes_no") == answer


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("14.", "14"),
        ("-14", "-14"),
        ("−14", "-14"),
        ("- 14", "-14"),
        ("minus 14", "-14"),
        ("+14", "14"),
        ("135,210.", "135210"),
        ("1,234,567.50", "1234567.5"),
        ("3.0", "3"),
        ("0.50", "0.5"),
        (".5", "0.5"),
        ("-0", "0"),
        ("100", "100"),
        ("$18", "18"),
        ("-$18.", "-18"),
        ("$-18", "-18"),
        ("25%", "25"),
        ("3.5 kg", "3.5"),
        ("14 musical instruments.", "14"),
        ("5 + 9 = 14", "14"),
        ("14 (5 apples and 9 pears)", "14"),
        ("fourteen", "14"),
        ("Twenty-one apples", "21"),
        ("three (3)", "3"),
        ("**14**", "14"),
        ("\\boxed{14}", "14"),
        ("14. There are 5 apples.", "14"),
        ("5 or 6", None),
        ("5 apples and 9 pears", None),
        ("3-5", None),
        ("1,2", None),
        ("not given", None),
        ("not 5", None),
        ("(-5)", "-5"),
    ],
)
def test_numbers_as_people_write_them(text: str, number: str | None) -> None:
    assert read_answer(text, "number") == number


@pytest.mark.parametrize(
    "text",
    [
        "apple it&t o'neil zoo",
        "apple, it&t, o'neil, zoo.",
        "apple, it&t, o'neil, and zoo",
        '"apple", "it&t", "o\'neil", "zoo"',
        "[apple; it&t; o'neil; zoo]",
        "apple < it&t < o'neil < zoo",
        "apple -> it&t -> o'neil -> zoo",
        "Apple It&T O'Neil Zoo. They are sorted now.",
        "1. apple\n2. it&t\n3. o'neil\n4. zoo",
        "apple\nit&t\no'neil\nzoo",
        "- apple\n- it&t\n- o'neil\n- zoo",
    ],
)
def test_a_word_list_in_any_separators(text: str) -> None:
    assert read_answer(text, "word_list") == "apple it&t o'neil zoo"


def test_the_order_of_a_word_list_matters_and_so_does_every_word() -> None:
    assert read_answer("zoo apple", "word_list") == "zoo apple"
    assert read_answer("bread and butter", "word_list") == "bread and butter"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  Monsters,   Inc. ", "monsters, inc"),
        ('"New York".', "new york"),
        ("] ] >.", "] ] >"),
        ("]]>", "] ] >"),
        ('"]", "]", ">"', "] ] >"),
        ("empty.", "empty"),
        ("Mr. Lee", "mr. lee"),
    ],
)
def test_free_text_keeps_all_but_dress(text: str, normal: str) -> None:
    assert read_answer(text, "free_text") == normal


@pytest.mark.parametrize(
    ("text", "answer_type", "answer"),
    [
        (" (B)", "choice", "(B)"),
        ("B.", "choice", "(B)"),
        ("(B) the dog", "choice", "(B)"),
        ("the dog", "choice", "(B)"),
        ("I think (B) barks", "choice", None),
        ("(B) is too loud", "choice", None),
        ("(A) or (B)", "choice", None),
        ("Yes.", "yes_no", "yes"),
        ("Yes she does", "yes_no", None),
        ("14 apples", "number", "14"),
        ("fourteen", "number", "14"),
        ("One more.", "number", None),
        ("She buys 14 apples", "number", None),
        ("14 is what she has at the end of it", "number", None),
        ("apple, zoo", "word_list", "apple zoo"),
        ("The first letters:\napple: a", "word_list", None),
        ("] ]", "free_text", "] ]"),
        ("Let us see. It closes.", "free_text", None),
        ("1: [\n2: [ [", "free_text", None),
    ],
)
def test_a_completion_without_cue_must_be_nothing_but_an_answer(
    text: str, answer_type: AnswerType, answer: str | None
) -> None:
    assert read_bare_answer(text, answer_type, ANIMALS) == answer


def test_a_long_completion_without_cue_is_no_answer() -> None:
    assert read_bare_answer("not " * 200 + "False", "free_text") is None


@pytest.mark.parametrize(
    ("golds", "answer_type"),
    [
        (["(A)", "(C)", "(B)"], "choice"),
        (["(A)", "(27)"], "choice"),
        (["(A)"] * 19 + ["Monsters, Inc"], "choice"),
        (["Yes", "no"], "yes_no"),
        (["True", "False"], "yes_no"),
        (["valid", "invalid"], "yes_no"),
        (["valid", "no"], "free_text"),
        (["-35", "1,000", "0.5"], "number"),
        (["nan", "1"], "free_text"),
        (["apple zoo", "it&t o'neil raisin"], "word_list"),
        (["apple zoo", "raisin"], "free_text"),
        (["] ]", ">"], "free_text"),
        ([], "free_text"),
    ],
)
def test_the_answer_type_is_told_from_the_golds(golds: list[str], answer_type: str) -> None:
    assert infer_answer_type(golds) == answer_type
