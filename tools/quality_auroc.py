"""How well `cascod quality` tells bad chains from sound ones: the tables of docs/quality.md.

    python -m tools.quality_auroc DATA
    python -m tools.quality_auroc DATA --likelihood smollm2-135m-instruct --questions 60

BIG-Bench-Mistake tells of each chain whether a step of it is wrong, and which one first; of
Mentor-KD's mentor chains and four models' solutions of GSM8K we know whether the answer is wrong.
AUROC is measured on the half of the questions, by hash, that no check was written against. With a
student it is that of the likelihood, alone and beside the checks, on so many questions of each set.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sklearn.metrics import roc_auc_score

from harness.evaluation.open_student import OpenStudent
from harness.probing.likelihood import gains, open_scorer, opinion
from tasks.quality.assess import AGREEMENT, CHECKS, VERIFIED, Quality, assess_records
from tasks.records.mentor_kd_rows import question_of
from tasks.records.record import CoTRecord, parse_record
from tasks.records.splits import hash_order

SOLUTIONS = "gsm8k/example_model_solutions.jsonl"
FEWEST = 8  # bad chains, and sound ones, that a figure may rest on
SOLVERS = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")


@dataclass(frozen=True, slots=True)
class Judged:
    """A chain, whether it is bad, and its first wrong step where people marked one."""

    record: CoTRecord
    is_bad: bool
    wrong_step: int | None = None


Sets = dict[str, list[Judged]]


def mistakes(data: Path) -> Sets:
    """BIG-Bench-Mistake, by task."""
    return {
        path.stem: [
            Judged(
                _record(
                    f"{path.stem}/{number}",
                    "\n".join(row["steps"]),
                    question=row["input"],
                    answer=row["target"],
                    teacher_answer=row["answer"],
                ),
                row["mistake_index"] is not None,
                row["mistake_index"],
            )
            for number, row in enumerate(_rows(path))
        ]
        for path in sorted((data / "mistake").glob("*.jsonl"))
    }


def answers(data: Path) -> Sets:
    """Chains of which it is known whether their answer is wrong."""
    mentor = {
        path.stem.removesuffix("_mentor"): list(_of_mentor(path))
        for path in sorted((data / "mentor_kd").glob("*_mentor.jsonl"))
    }
    return mentor | {"gsm8k": list(_of_solvers(data / SOLUTIONS))}


def own_solutions(data: Path) -> Sets:
    """GSM8K's own solutions, which are right."""
    rows = enumerate(_rows(data / SOLUTIONS))
    return {
        "gsm8k's own": [
            Judged(_solved(n, row, "own", row["ground_truth"]), False) for n, row in rows
        ]
    }


def unseen(judged: Iterable[Judged]) -> list[Judged]:
    """Those of the half that no check was written against."""
    digests = ((each, sha256(each.record.question.encode()).hexdigest()) for each in judged)
    return [each for each, digest in digests if int(digest, 16) % 2]


def some(judged: Sequence[Judged], questions: int) -> list[Judged]:
    """All chains of so many questions, in the order of a hash."""
    chosen = set(hash_order({each.record.question for each in judged})[:questions])
    return [each for each in judged if each.record.question in chosen]


def auroc(judged: Sequence[Judged], badness: Sequence[float]) -> float | None:
    """How often a bad chain is worse than a sound one; None where all are of one kind."""
    bad = [each.is_bad for each in judged]
    return float(roc_auc_score(bad, badness)) if len(set(bad)) == 2 else None


def print_mistakes(sets: Sets) -> None:
    """Wrong steps found, located, and found where there are none."""
    _line("task", "wrong, sound", "AUROC", "wrong answer", "located", "last step", "false alarms",
          "with a right answer")  # fmt: skip
    for name, judged in sets.items():
        found = assess_records([each.record for each in judged])
        pairs = list(zip(judged, found, strict=True))
        bad = [(each, quality) for each, quality in pairs if each.is_bad]
        sound = [(each, quality) for each, quality in pairs if not each.is_bad]
        right = [pair for pair in sound if not _is_wrong(pair[0].record)]
        hits = sum(q.wrong is not None and q.wrong.step == each.wrong_step for each, q in bad)
        last = sum(len(quality.steps) - 1 == each.wrong_step for each, quality in bad)
        _line(
            name,
            f"{len(bad)}, {len(sound)}",
            _shown(auroc(judged, [-quality.score for quality in found])),
            _shown(auroc(judged, [_is_wrong(each.record) for each in judged])),
            f"{hits} ({hits / len(bad):.0%})",
            f"{last / len(bad):.0%}",
            *(f"{_alarms(q for _, q in of)} of {len(of)}" for of in (sound, right)),
        )


def print_answers(sets: Sets) -> None:
    """AUROC of "the answer is wrong": all checks together, and each alone."""
    found = {name: assess_records([each.record for each in of]) for name, of in sets.items()}
    without = {
        name: [-q.score / q.factors.get(AGREEMENT, 1.0) for q in found[name]] for name in sets
    }
    _line("check", *sets)
    _line("wrong, right", *(f"{_bad(of)}, {len(of) - _bad(of)}" for of in sets.values()))
    _line("all", *(_shown(auroc(sets[name], [-q.score for q in found[name]])) for name in sets))
    _line("all but agreement", *(_shown(auroc(sets[name], without[name])) for name in sets))
    for check in (AGREEMENT, VERIFIED, *CHECKS):
        alone = {name: [-q.factors.get(check, 1.0) for q in found[name]] for name in sets}
        if any(len(set(badness)) > 1 for badness in alone.values()):
            _line(
                check,
                *(
                    _shown(auroc(sets[name], badness)) if len(set(badness)) > 1 else ""
                    for name, badness in alone.items()
                ),
            )


def print_alarms(sets: Sets) -> None:
    """Chains that arrive at the right answer and in which a wrong step is found."""
    _line("right chains", "with a wrong step", "of these by the conclusion")
    for name, judged in sets.items():
        found = assess_records([each.record for each in judged if not each.is_bad])
        by_conclusion = sum("conclusion" in quality.factors for quality in found)
        _line(name, f"{_alarms(found)} of {len(found)}", str(by_conclusion))


def print_likelihood(sets: Sets, student: OpenStudent) -> None:
    """AUROC of the gain in likelihood, and of the checks with and without it."""
    _line("set", "bad, sound", "gain alone", "checks", "with the gain", "suspect of bad, sound")
    for name, judged in sets.items():
        if min(_bad(judged), len(judged) - _bad(judged)) < FEWEST:
            continue
        records = [each.record for each in judged]
        gained = gains(student, records)
        fits = [place for place, gain in enumerate(gained) if gain is not None]
        judged, records = [judged[n] for n in fits], [records[n] for n in fits]
        opinions = [[said] if (said := opinion(gained[n])) else [] for n in fits]
        without, beside = assess_records(records), assess_records(records, opinions)
        suspect = [
            sum(bool(said) for each, said in zip(judged, opinions, strict=True) if each.is_bad == b)
            for b in (True, False)
        ]
        _line(
            name,
            f"{_bad(judged)}, {len(judged) - _bad(judged)}",
            _shown(auroc(judged, [-(gained[n] or 0.0) for n in fits])),
            _shown(auroc(judged, [-quality.score for quality in without])),
            _shown(auroc(judged, [-quality.score for quality in beside])),
            f"{suspect[0]}, {suspect[1]}",
        )


def _of_mentor(path: Path) -> Iterator[Judged]:
    for number, row in enumerate(_rows(path)):
        if not row["chain"].strip():
            continue
        asked, told = question_of(row, path), question_of(row | {"answer": row["completion"]}, path)
        yield Judged(
            _record(
                f"{path.stem}/{number}",
                row["chain"],
                question=asked["question"],
                options=asked["options"],
                answer_type=asked["answer_type"],
                answer=asked["target"],
                teacher_answer=told["target"],
            ),
            not row["initial_correct"],
        )


def _of_solvers(path: Path) -> Iterator[Judged]:
    """The four models' solutions, taken for chains of one teacher."""
    for number, row in enumerate(_rows(path)):
        for name in SOLVERS:
            record = _solved(number, row, name, row[name]["solution"])
            if record.rationale.strip() and record.teacher_answer.strip():
                yield Judged(record, not row[name]["is_correct"])


def _solved(number: int, row: dict[str, Any], name: str, solution: str) -> CoTRecord:
    chain, _, stated = solution.rpartition("\nA:")
    return _record(
        f"{number}/{name}",
        chain,
        question=row["question"],
        answer_type="number",
        answer=row["ground_truth"].rpartition("A:")[2].strip(),
        teacher_answer=stated.strip(),
    )


def _record(name: str, rationale: str, **fields: Any) -> CoTRecord:
    told = {"id": name, "task": name.split("/")[0], "description": "", "teacher": "somebody"}
    return parse_record(told | {"rationale": rationale} | fields)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _bad(judged: Iterable[Judged]) -> int:
    return sum(each.is_bad for each in judged)


def _is_wrong(record: CoTRecord) -> bool:
    return record.teacher_answer.strip() != record.answer.strip()


def _alarms(found: Iterable[Quality]) -> int:
    return sum(quality.wrong is not None for quality in found)


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _line(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path, help="directory of the benchmark data")
    parser.add_argument("--likelihood", metavar="STUDENT", help="a source or checkpoint")
    parser.add_argument("--questions", type=int, default=60, help="of each set (default: 60)")
    args = parser.parse_args()
    marked, known = mistakes(args.data), answers(args.data)
    if args.likelihood:
        with closing(open_scorer(args.likelihood)) as student:
            sets = {name: some(unseen(of), args.questions) for name, of in (marked | known).items()}
            print_likelihood(sets, student)
        return
    print_mistakes({name: unseen(judged) for name, judged in marked.items()})
    print_answers({name: unseen(judged) for name, judged in known.items()})
    print_alarms(known | own_solutions(args.data))


if __name__ == "__main__":
    main()
