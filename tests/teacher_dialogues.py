"""Questions, and what the tiny teacher says to them: right, wrong, too long, nothing of use."""

from __future__ import annotations

import json
from pathlib import Path

from tiny_teacher import Dialogue

from harness.collecting.prompts import Purpose, read_prompt
from tasks.records.record import CoTRecord, parse_record

LONG = "2 times 4 is 8.\nSo the answer is 8." + " Or is it not? I count again." * 6


def question(name: str, text: str, answer: str) -> CoTRecord:
    return parse_record(
        {
            "id": f"counting/{name}",
            "task": "counting",
            "description": "Count.",
            "question": text,
            "answer": answer,
        }
    )


QUESTIONS = {
    record.id.split("/")[1]: record
    for record in (
        question("ann", "Ann has 3 pens and buys 4. How many pens?", "7"),
        question("bob", "Bob has 5 cups and drops 2. How many cups?", "3"),
        question("cat", "Cat sees 2 dogs, 2 cows. How many animals?", "4"),
        question("dan", "Dan wears 2 shoes on 4 days. How many in all?", "8"),
        question("eve", "Eve eats 9 figs of none. How many are left?", "0"),
        question("fay", "Fay reads 6 books, 1 twice. How many books?", "6"),
    )
}


def dialogue(purpose: Purpose, name: str, reply: str, rationale: str = "") -> Dialogue:
    """What the teacher says to the package's own prompt."""
    return read_prompt(purpose, None).messages(QUESTIONS[name], rationale), reply


DIALOGUES = [
    dialogue("first", "ann", "3 and 4 make 7.\nSo the answer is 7."),
    dialogue("contrasted", "ann", "3 and 4 make 8.\nSo the answer is 8.", "3 and 4 make 7."),
    dialogue("first", "bob", "5 and 2 make 7.\nSo the answer is 7."),
    dialogue("hinted", "bob", "5 without 2 is 3.\nSo the answer is 3."),
    dialogue("first", "cat", "That is hard to say."),
    dialogue("first", "dan", LONG),
    dialogue("first", "eve", "<think>None were there.</think>So the answer is 0."),
    dialogue("contrasted", "eve", "None is none.\nSo the answer is 0.", "None were there."),
    dialogue("first", "fay", "6 and 1 make 7.\nSo the answer is 7."),
    dialogue("hinted", "fay", "6 and 1 make 7.\nSo the answer is 7."),
]


def write_questions(path: Path, *names: str) -> Path:
    fields = ("id", "task", "description", "question", "answer")
    rows = ({name: getattr(QUESTIONS[each], name) for name in fields} for each in names)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path
