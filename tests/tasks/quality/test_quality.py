"""Rationales are executed again, scored, and the first wrong step is named."""

import argparse
import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.commands import quality
from tasks.errors import UserError
from tasks.procedural.suite import training_records
from tasks.quality.assess import Quality, assess_records
from tasks.quality.steps import steps_of
from tasks.records.record import CoTRecord, parse_record, read_records, write_records

SWAPS = (
    "Alice, Bob, and Claire are playing a game. At the start of the game, they are each holding a "
    "ball: Alice has a red ball, Bob has a blue ball, and Claire has a pink ball.\nAs the game "
    "progresses, pairs of players trade balls. First, Alice and Bob swap balls. Finally, Bob and "
    "Claire swap balls. At the end of the game, Bob has the\nOptions:\n(A) red ball.\n"
    "(B) blue ball.\n(C) pink ball."
)
WALK = (
    "If you follow these instructions, do you return to the starting point? Always face forward. "
    "Take 2 steps left. Take 2 steps right."
)
ORDER = (
    "The following statements each describe a set of three objects arranged in a fixed order.\n"
    "- On a shelf, there are three books: a red book, a blue book, and a gray book.\n"
    "- The red book is the leftmost.\n- The gray book is to the left of the blue book.\n"
    "Options:\n(A) The red book is the rightmost.\n(B) The blue book is the rightmost."
)

# question, steps, the answer, the first wrong step
EXECUTED: list[tuple[str, list[str], str, int | None]] = [
    ("((2 + 3) * (4 - 1)) =", ['It is "A * B", where A = (2 + 3) and B = (4 - 1).',
      "A = (2 + 3) = 5.", "A * B = 5 * 3 = 15."], "15", None),
    ("((2 + 3) * (4 - 1)) =", ['It is "A * B", where A = (2 + 3) and B = (4 - 1).',
      "A = (2 + 3) = 6.", "A * B = 6 * 3 = 18."], "18", 1),
    (SWAPS, ["At the start: Alice: red, Bob: blue, Claire: pink.",
      "Alice and Bob swap balls: Alice: blue, Bob: red, Claire: pink.",
      "Bob and Claire swap balls: Alice: blue, Bob: pink, Claire: red."], "(C)", None),
    (SWAPS, ["At the start, Alice has the red ball and Bob has the blue ball.",
      "After Alice and Bob swap balls, Alice has the blue ball and Bob has the red ball.",
      "After Bob and Claire swap balls, Bob has the blue ball."], "(B)", 2),
    ("bee ant bat", ['The first letter: "bee": "b" (2). "ant": "a" (1). "bat": "b" (2).',
      'We now have: (1) "ant" < (2) ["bee" ? "bat"].',
      'Now let\'s sort this subpart ["bee" ? "bat"] by looking at their second letters. '
      'The second letter: "bee": "e" (5). "bat": "a" (1).',
      'We now have: (1) "bat" < (5) "bee" for the subpart. Hence, we have "ant" < "bat" < "bee".'],
      "ant bat bee", None),
    ("bee ant bat", ['The first letter: "bee": "b" (2). "ant": "a" (1). "bat": "b" (2).',
      'We now have: (1) "ant" < (2) "bee".', "The answer is ant bee"], "ant bee", 1),
    ("[ < >", ["stack: empty", "[ ; stack: [", "< ; stack: [ <", "> ; stack: [",
      'The final stack is "[".', 'So, we need "]".'], "]", None),
    ("[ < >", ["stack: empty", "[ ; stack: [", "< ; stack: [ <", "> ; stack: empty",
      'The final stack is "".'], "", 3),
    ("not ( True ) and True is", ["A = not ( True ) = False.", "Z = A and True = False."],
      "False", None),
    ("not ( True ) and True is", ["A = not ( True ) = False.", "Z = A and True = True."],
      "True", 1),
    (WALK, ["(1) Always face forward: (0, 0), facing the positive y-axis.",
      "(2) Take 2 steps left: (-2, 0), facing the positive y-axis.",
      "(3) Take 2 steps right: (0, 0), facing the positive y-axis."], "Yes", None),
    (WALK, ["(1) Always face forward: (0, 0), facing the positive y-axis.",
      "(2) Take 2 steps left: (-2, 0), facing the positive y-axis.",
      "(3) Take 2 steps right: (-4, 0), facing the positive y-axis."], "No", 2),
    ("Today is Jan 31, 2001. What is the date tomorrow?",
      ["Today is Jan 31, 2001.", "The date tomorrow is Feb 1, 2001."], "02/01/2001", None),
    ("Today is Jan 31, 2001. What is the date tomorrow?",
      ["Today is Jan 31, 2001.", "The date tomorrow is Feb 2, 2001."], "02/02/2001", 1),
    (ORDER, ["The red book is the leftmost. So from left to right: first is the red book.",
      "The gray book is to the left of the blue book. So from left to right: first is the red "
      "book, then second is the gray book, then third is the blue book."], "(B)", None),
    (ORDER, ["The red book is the leftmost. So from left to right: first is the red book, then "
      "third is the blue book."], "(B)", 1),
]  # fmt: skip


def record(question: str, rationale: str, answer: str, **fields: Any) -> CoTRecord:
    row = {"id": question + rationale, "task": "t", "description": "", "question": question}
    return parse_record(row | {"answer": answer, "rationale": rationale, "teacher": "t"} | fields)


def assessed(question: str, rationale: str, answer: str, **fields: Any) -> Quality:
    return assess_records([record(question, rationale, answer, **fields)])[0]


def test_steps_are_lines_where_there_are_several_else_sentences() -> None:
    assert steps_of("One. Two.\n\nThree.") == ["One. Two.", "Three."]
    assert steps_of("1. One. 2. It is 2.5.") == ["1. One.", "2. It is 2.5."]
    assert steps_of("  ") == []


@pytest.mark.parametrize(("question", "steps", "answer", "wrong"), EXECUTED)
def test_steps_are_executed_again(
    question: str, steps: list[str], answer: str, wrong: int | None
) -> None:
    found = assessed(question, "\n".join(steps), answer or "none", answer_type="free_text")
    assert found.verifier
    assert (found.wrong.step if found.wrong else None) == wrong
    assert found.score == (1 if wrong is None else 0.1)


def test_rationales_of_other_questions_are_read_without_a_fault() -> None:
    records = training_records(seed=0, per_family=1)
    for question in records:
        assess_records([replace(question, rationale=other.rationale) for other in records])


def test_the_embedded_suite_is_sound_but_for_its_noise() -> None:
    assert all(q.score == 1 for q in assess_records(training_records(seed=0, per_family=4)))
    noisy = training_records(seed=0, per_family=20, noise=1.0)
    found = assess_records(noisy)
    assert sum(quality.wrong is not None for quality in found) > 0.95 * len(found)


@pytest.mark.parametrize(
    "rationale",
    [
        "Ten days before it is 5/4/2004 - 10 days = 4/24/2004, or 2004-05-04 - 10 = 2004-04-24.",
        "They cost $8 x (50/100) = $<<8*(50/100)=4>>4.",
        "25 pupils + his 1 teacher + 1 himself = <<25+1+1=27>>27 people.",
        "Nick has (1/2) 278 + 11 = 150 points.",
        "The mean is 701 / 7 = 100.14, so about 100.14.",
        "That is 7 / 2 = 3 1/2 hours, or 100.1 minutes.",
        "So 3x +4 - 4 = 28 - 4, and X*6 + 9 = 87. It is 100.1.",
        "Each holds 2000 / 75 = 26.666666666666668. It is 100.1.",
        "A fee and hours make $17 + $7 per hour = 80. It is 100.1.",
    ],
)
def test_what_only_looks_like_a_wrong_equation_is_no_wrong_step(rationale: str) -> None:
    assert assessed("How many?", rationale, "100.1", answer_type="free_text").wrong is None


def test_a_finer_number_than_the_stated_one_is_the_same_conclusion() -> None:
    assert assessed("How many?", "So 100.14.", "100.1", answer_type="number").wrong is None
    assert assessed("How many?", "So 100.24.", "100.1", answer_type="number").wrong is not None


@pytest.mark.parametrize(
    "rationale",
    [
        "Therefore each gets 54 / 6 = 9. Essentially, it is an equal share of the 54 drawings.",
        "Each gets 9. Specifically, she drew 54 for 6 neighbours.",
        "So each gets 9. It is not meant that somebody gets 13 more.",
    ],
)
def test_a_remark_behind_the_conclusion_is_none(rationale: str) -> None:
    question = "Ann drew 54 animals for 6 neighbours. How many does each get?"
    assert assessed(question, rationale, "9", answer_type="number").score == 1


@pytest.mark.parametrize(
    "rationale",
    [
        "Therefore each gets 9. So each gets 6.",
        "Each gets 9. This means that each gets 54.",
        "So each gets 9 of 54. The answer is 6.",
        "Each gets 8.",
    ],
)
def test_a_second_conclusion_counts(rationale: str) -> None:
    question = "Ann drew 54 animals for 6 neighbours. How many does each get?"
    assert "conclusion" in assessed(question, rationale, "9", answer_type="number").factors


def test_cents_may_be_told_as_dollars() -> None:
    question = "Ann buys 5 rolls of 30 cents each. What does she pay?"
    for stated, said in (("150", "So she pays $1.50."), ("1.50", "So she pays 150 cents.")):
        rationale = f"She pays 5 * 30 cents. {said}"
        assert assessed(question, rationale, stated, answer_type="number").score == 1
    wrong = assessed(question, "So she pays $15.", "150", answer_type="number")
    assert "conclusion" in wrong.factors


@pytest.mark.parametrize(("stated", "said"), [("0", "5"), ("5", "0")])
def test_no_cents_are_some_dollars(stated: str, said: str) -> None:
    question = "How many cents has Ann left?"
    found = assessed(question, f"So she has {said} cents left.", stated, answer_type="number")
    assert "conclusion" in found.factors


def test_a_capital_letter_alone_makes_no_name() -> None:
    rationale = (
        "3 + 4 = 7 cakes Therefore, on Tuesday Number of cakes = 7 Since all is told, it is 7"
    )
    assert assessed(CAKES, rationale, "7", answer_type="number").score == 1


DANCERS = (
    "Ann, Bob, and Cleo are dancers. At the start of a song, they each have a partner: Ann is "
    "dancing with Izzi, Bob is dancing with Mel, and Cleo is dancing with Lola. First, Cleo and "
    "Ann switch partners. Then, Bob and Cleo switch partners. At the end of the dance, Bob is "
    "dancing with"
)


@pytest.mark.parametrize(
    ("rationale", "is_sound"),
    [
        ("First: Ann is dancing with Izzi Bob is dancing with Mel Cleo is dancing with Lola After "
         "one switch: Ann is now dancing with Lola Bob is still dancing with Mel Cleo is now "
         "dancing with Izzi After the next: Ann is dancing with Lola Bob is dancing with Izzi Cleo "
         "is dancing with Mel Therefore, Bob is dancing with **(A) Izzi**.", True),
        ("Start:\n- Ann: Izzi - Bob: Mel - Cleo: Lola\nCleo and Ann switch:\n- Ann: Lola - Bob: "
         "Mel - Cleo: Izzi\nBob and Cleo switch:\nBob is dancing with (A) Izzi 3.", True),
        ("Start:\nBob and Cleo switch:\nBob is dancing with (A) Izzi.", False),
        ("Start:\nAnn is dancing with Izzi and Bob is dancing with (B) Lola.", False),
    ],
)  # fmt: skip
def test_states_may_follow_one_another_without_a_full_stop(rationale: str, is_sound: bool) -> None:
    found = assessed(DANCERS, rationale, "Izzi", answer_type="free_text")
    assert found.verifier == "shuffled objects"
    assert (found.wrong is None) == is_sound


CAKES = "Ann has 3 cakes and buys 4 more. How many cakes has she?"


@pytest.mark.parametrize(
    ("rationale", "check"),
    [
        ("She has 3 + 4 = 8 cakes. So 8.", "equations"),
        ("She has 3 + 4 = 7 cakes. That makes 9.", "conclusion"),
        ("The answer is 7. She has 3 + 4 = 7 cakes.", "given away"),
        ("She has 3 + 14 - 10 = 7 cakes.", "numbers"),
        ("So Ann and Zoe have 3 + 4 = 7 cakes.", "names"),
        ("She has seven. Let me think once more. Let me think once more. Let me think once more. 7",
         "repetition"),
        ("She has 3 + 4 = 7 cakes and", "cut off"),
        ("Она взяла три торта, потом ещё четыре, всего 7.", "language"),
    ],
)  # fmt: skip
def test_other_chains_are_checked_without_executing_them(rationale: str, check: str) -> None:
    answer = "8" if check == "equations" else "7"
    assert check in assessed(CAKES, rationale, answer, answer_type="number").factors


@pytest.mark.parametrize(
    "meta", [{"finish_reason": "length"}, {"chain": {"cut": True, "finish_reason": "length"}}]
)
def test_a_chain_is_cut_off_where_whoever_collected_it_says_so(meta: dict[str, Any]) -> None:
    assert "cut off" in assessed(CAKES, "So she has 7.", "7", meta=meta).factors
    assert not assessed(CAKES, "So she has 7.", "7", meta={"chain": {"cut": False}}).factors
    assert not assessed(CAKES, "So she has 7.", "7", meta={"chain": "a note"}).factors


def test_a_sound_chain_keeps_the_whole_score() -> None:
    rationale = "Ann has 3 cakes. With 4 more, that is 3 + 4 = 7 cakes, or $7 / 2 = $3.50 each."
    assert assessed(CAKES, f"{rationale} So she has 7.", "7", answer_type="number").score == 1


def test_chains_of_one_question_vouch_for_one_another() -> None:
    chains = [
        record(CAKES, f"{opening} she has {n} cakes.", "7", teacher_answer=str(n))
        for opening, n in (("So", 7), ("Then", 7), ("Well,", 9))
    ]
    first, second, third = assess_records(chains)
    assert first.score == second.score > third.score


def test_answers_that_cannot_be_read_agree_with_none() -> None:
    chains = [
        record(CAKES, f"{opening} it is.", "7", teacher_answer=said, answer_type="number")
        for opening, said in (("So", "unknown"), ("Then", "too many to tell"))
    ]
    assert all("agreement" in quality.factors for quality in assess_records(chains))


ODD = "3." + "3" * 5000


@pytest.mark.parametrize(
    ("question", "rationale"),
    [
        (CAKES, f"1 / 3 = {ODD}. It is {'9' * 5000} in all."),
        (CAKES, f"It is 1{'0' * 400}.5."),
        (ORDER.replace("red book is the leftmost", "red book is the seventh from the left"), "So."),
        (WALK.replace("2", "9" * 5000), f"(1) Take {'9' * 5000} steps left: (0, {'9' * 5000})."),
        ("What is the date?", "Today is 12/31/9999. Tomorrow is 01/01/9999."),
        ("What is the date?", f"Today is 12/31/1999. {'9' * 5000} days later is 01/01/2000."),
    ],
    ids=["long numbers", "large", "no such place", "endless walk", "end of days", "endless days"],
)
def test_no_chain_is_too_odd_to_be_scored(question: str, rationale: str) -> None:
    assert 0 <= assessed(question, rationale, "7", answer_type="number").score <= 1


def test_the_command_writes_a_row_a_record(tmp_path: Path) -> None:
    write_records(tmp_path / "r.jsonl", [record(CAKES, "So 3 + 4 = 8. It is 8.", "8")])
    parser = argparse.ArgumentParser()
    quality.add_arguments(parser)
    out = tmp_path / "q.jsonl"
    assert quality.run(parser.parse_args([str(tmp_path / "r.jsonl"), "--json", str(out)])) == 0
    (row,) = map(json.loads, out.read_text().splitlines())
    assert list(row) == ["id", "score", "steps", "first_wrong_step", "reasons"]
    assert (row["first_wrong_step"], row["steps"]) == (0, ["So 3 + 4 = 8.", "It is 8."])


def test_the_command_writes_the_records_of_a_score(tmp_path: Path) -> None:
    records = [record(CAKES, "So 3 + 4 = 8. It is 8.", "8"), record(CAKES, "3 + 4 = 7.", "7")]
    records = [replace(each, question=f"{n}. {each.question}") for n, each in enumerate(records)]
    write_records(tmp_path / "r.jsonl", records)
    parser = argparse.ArgumentParser()
    quality.add_arguments(parser)
    kept = tmp_path / "kept.jsonl"
    assert quality.run(parser.parse_args([str(tmp_path / "r.jsonl"), "--kept", str(kept)])) == 0
    assert read_records(kept) == read_records(tmp_path / "r.jsonl")[1:]
    for option in ("--kept", "--json"):
        with pytest.raises(UserError, match="is the file that is read"):
            quality.run(parser.parse_args([str(kept), option, str(tmp_path / "." / "kept.jsonl")]))


def test_records_without_rationales_are_refused(tmp_path: Path) -> None:
    write_records(tmp_path / "r.jsonl", [record(CAKES, "", "7")])
    parser = argparse.ArgumentParser()
    quality.add_arguments(parser)
    with pytest.raises(UserError, match="no record has a rationale"):
        quality.run(parser.parse_args([str(tmp_path / "r.jsonl")]))


@pytest.mark.real_data
def test_real_mistakes_are_located() -> None:
    """BIG-Bench-Mistake, the half by hash that no verifier was written against."""
    data = os.environ.get("CASCOD_DATA")
    if not data:
        pytest.skip("needs the benchmark data: set CASCOD_DATA to its directory")
    located: dict[str, list[bool]] = {}
    alarms = []
    for path in sorted(Path(data, "mistake").glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        rows = [
            row for row in rows if int(hashlib.sha256(row["input"].encode()).hexdigest(), 16) % 2
        ]
        records = [
            record(row["input"], "\n".join(row["steps"]), row["target"], id=str(number),
                   teacher_answer=row["answer"])
            for number, row in enumerate(rows)
        ]  # fmt: skip
        for row, found in zip(rows, assess_records(records), strict=True):
            step = found.wrong.step if found.wrong else None
            if row["mistake_index"] is not None:
                located.setdefault(path.stem, []).append(step == row["mistake_index"])
            elif path.stem != "logical_deduction":
                alarms.append(step is not None)
    shares = {task: sum(hits) / len(hits) for task, hits in located.items()}
    assert min(shares[task] for task in shares if task != "logical_deduction") > 0.9
    assert shares["logical_deduction"] > 0.75
    assert sum(alarms) / len(alarms) < 0.1
