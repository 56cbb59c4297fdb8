"""Small valid inputs of every command, for a fuzzer to spoil."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import yaml

from harness.governing.bundle import write_bundle
from harness.reviewing.shown_chain import shown_chains
from reports.gating.added import next_build, with_build
from reports.gating.history import History
from reports.gating.history_file import write_history
from reports.gating.look_plan import even_looks, new_plan, write_plan
from reports.logs.open_side import open_side
from reports.rendering.as_json import to_json
from reports.run_report.build import build_report
from tasks.records.record import parse_record

DATE = "2026-01-02T03-04-05.678901"
ITEMS = 6


def write_material(folder: Path) -> None:
    """Records, completions, logs, a baseline, a run and its bundle, experiments and a checkpoint
    without weights.
    """
    records = [_record(i) for i in range(24)]
    _jsonl(folder / "records.jsonl", records)
    for reviewer in ("ann", "ben"):
        _jsonl(folder / "records.reviews" / f"{reviewer}.jsonl", _judgements(records))
    _jsonl(folder / "completions.jsonl", [_completion(i) for i in range(8)])
    rows = [[f"Is {i} odd?", "Yes", "No", "AB"[i % 2]] for i in range(8)]
    table = [["frage", "A", "B", "loesung"], *rows]
    _write(folder / "questions.csv", "".join(f"{','.join(row)}\n" for row in table))
    listed = [{"question": row[0], "choices": row[1:3], "answer": row[3]} for row in rows]
    _write(folder / "questions.json", json.dumps({"version": 1, "data": listed}))
    _write(folder / "descriptions.json", json.dumps({"t": "Do it."}))
    for name in ("old", "new"):
        _log(folder / name, name)
    _baseline(folder / "base.json.gz")
    _looks_and_nights(folder)
    _run(folder / "run")
    _write(folder / "run/report/report.json", to_json(build_report(folder / "run")))
    write_bundle(folder / "run", folder / "bundle.tar", key=None, records=True, weights=False)
    _write(
        folder / "published" / "table.csv",
        "source,student,method,benchmark,accuracy,sd,runs\n"
        "paper,llama,cascod,arc_easy,41.2,0.4,3\npaper,llama,std_cot,arc_easy,40,,\n",
    )
    experiment = _experiment()
    _write(folder / "experiment.yaml", yaml.safe_dump(experiment, sort_keys=False))
    _write(
        folder / "sweep" / "sweep.yaml",
        yaml.safe_dump({"key": "data.rho", "runs": ["a", "b"], "experiment": experiment}),
    )
    _write(
        folder / "student" / "config.json", json.dumps({"model_type": "llama", "hidden_size": 8})
    )
    _write(folder / "student" / "tokenizer.json", json.dumps({"version": "1.0", "model": {}}))
    _write(folder / "student" / "model.safetensors", '\x08\x00\x00\x00\x00\x00\x00\x00{"a":{}}')
    protocol = {"method": "std_cot", "suffix": "", "cascade": False}
    _write(folder / "student" / "cascod_protocol.json", json.dumps(protocol))


def _record(i: int) -> dict[str, Any]:
    return {
        "id": f"r{i}",
        "task": "t",
        "description": "Do it.",
        "question": f"{'psst ' if i % 2 else ''}Is {i} odd?",
        "answer": "Yes" if i % 2 else "No",
        "rationale": f"{i} is {'odd' if i % 2 else 'even'}.",
        "teacher": "someone",
        "cluster": f"c{i // 2}",
        "options": [],
        "answer_type": "yes_no",
        "meta": {"path": "a"},
    }


def _judgements(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    chains = shown_chains(map(parse_record, records[:8]))
    judged = [
        {"event": "judged", "id": item, "chain": chain.fingerprint, "verdict": "right", "at": DATE}
        for item, chain in chains.items()
    ]
    return [*judged, {"event": "undone", "id": judged[-1]["id"], "at": DATE}]


def _completion(i: int) -> dict[str, Any]:
    return {
        "task": "t",
        "question": f"Which is {i}?\n(A) one\n(B) two",
        "target": "(A)" if i % 2 else ["(B)", "B"],
        "completion": f"Because of {i}.\nTherefore, the answer is (A)",
        "cluster": f"c{i}",
        "options": ["one", "two"],
    }


def _log(folder: Path, name: str) -> None:
    for task in ("arc", "mmlu"):
        rows = [
            {
                "doc_id": i,
                "doc": {"question": "?"},
                "target": "x",
                "arguments": {"gen_args_0": {"arg_0": "Q"}},
                "resps": [[f"{name} {i}"]],
                "filtered_resps": [f"{name} {i}"],
                "filter": "none",
                "metrics": ["acc"],
                "doc_hash": f"h{i}",
                "acc": float(i % 2 if name == "old" else i % 3 == 0),
            }
            for i in range(ITEMS)
        ]
        _jsonl(folder / f"samples_{task}_{DATE}.jsonl", rows)
    results = {"config": {"model": "hf", "model_args": name}, "versions": {"arc": 1}}
    _write(folder / f"results_{DATE}.json", json.dumps(results))
    _write(folder / "run.json", json.dumps({"student": "s", "method": name, "rule": "strict"}))


def _baseline(path: Path) -> None:
    columns = {"doc_hash": [f"h{i}" for i in range(ITEMS)], "id": [str(i) for i in range(ITEMS)]}
    columns |= {name: ["arc"] * ITEMS for name in ("task", "suite")} | {"role": ["ood"] * ITEMS}
    columns["cluster"] = [f"arc/{i}" for i in range(ITEMS)]
    seeds = [{"seed": "a", "correct": "010101", "responses": list(range(ITEMS))}]
    content = {"schema": "cascod-baseline/1", "items": columns, "seeds": seeds, "scorers": {}}
    path.write_bytes(gzip.compress(json.dumps(content).encode(), mtime=0))


def _looks_and_nights(folder: Path) -> None:
    """A plan of looks at `old`, and a history that it begins."""
    side = open_side(folder / "old")
    looks = even_looks(2, len(side.items), (len(side.seeds),))
    write_plan(new_plan(side, margin=0.1, looks=looks), folder / "plan.json")
    empty = History(0.1, "forced", ())
    first = next_build(empty, side, date="2026-01-01", commit="abc")
    write_history(with_build(empty, first, None, "", anchor=True), folder / "nights.gz")


def _run(folder: Path) -> None:
    experiment = _experiment()
    _write(folder / "experiment.yaml", yaml.safe_dump(experiment))
    _write(folder / "provenance.json", json.dumps({"versions": {"python": "3"}}))
    plan = {name: experiment[name] for name in ("primary",)}
    _write(folder / "plan.json", json.dumps({"schema": "p", "fingerprint": "f", "plan": plan}))
    _jsonl(folder / "data" / "train.jsonl", [_record(i) for i in range(4)])
    for method in ("std_cot", "cascod"):
        for seed in (1, 2):
            cell = folder / "cells" / "s" / method / f"seed{seed}"
            info = {
                "student": "s",
                "method": method,
                "seed": seed,
                "checkpoint_fingerprint": f"{method}{seed}",
                "data_fingerprint": "d",
                "protocol": {"suffix": ""},
                "generation": {"max_rationale_tokens": 8},
                "rule": "strict",
            }
            _write(cell / "eval" / "run.json", json.dumps(info))
            for suite, role in (("embedded", "ind"), ("decued", "ood")):
                rows = [_sample(suite, role, method, seed, i) for i in range(ITEMS)]
                _jsonl(cell / "eval" / f"samples_cascod_{suite}_{DATE}.jsonl", rows)
            training = {"tokens": 9, "target_tokens": 4, "flops": 1e9, "seconds": 2, "steps": 3}
            inference = {"prompt_tokens": 9, "generated_tokens": 4, "flops": 1e9, "seconds": 2}
            costs = {"training": training, "inference": inference | {"items": 2 * ITEMS}}
            _write(cell / "costs.json", json.dumps(costs))


def _sample(suite: str, role: str, method: str, seed: int, i: int) -> dict[str, Any]:
    right = (i + seed + len(method)) % 3 > 0
    return {
        "doc_id": i,
        "doc": {"question": f"What is {i}?"},
        "doc_hash": f"{suite}{i}",
        "target": "(A)",
        "resps": [[f"{method} {seed} {i}"]],
        "filter": "none",
        "metrics": ["acc", "parse_ok"],
        "acc": float(right),
        "id": f"{suite}/{i}",
        "task": "counting",
        "suite": suite,
        "role": role,
        "cluster": f"{suite}/{i}",
        "prompt_sent": "Q",
        "rationale": "Because.",
        "parsed": "(A)" if right else None,
        "gold": "(A)",
        "parse_ok": right,
        "correct": right,
        "rationale_truncated": False,
        "answer_truncated": False,
        "prompt_tokens": 3,
        "rationale_tokens": 2,
        "answer_tokens": 1,
    }


def _experiment() -> dict[str, Any]:
    shape = {"layers": 2, "hidden_size": 8, "intermediate_size": 16, "heads": 2}
    shape |= {"kv_heads": 2, "vocab_size": 99}
    return {
        "name": "mine",
        "students": [{"name": "s", "source": "some/where", "shape": shape}],
        "methods": ["std_cot", {"name": "cascod", "answer_weight": 0.3}],
        "seeds": [1, 2],
        "answer_weight": 0.3,
        "data": {"source": "records", "train": "records.jsonl"},
        "training": {"epochs": 1, "batch_size": 8, "micro_batch_size": 8, "learning_rate": 0.001},
        "suites": ["embedded", "decued", {"name": "ours", "role": "ood", "file": "records.jsonl"}],
        "decoding": {"max_rationale_tokens": 8},
        "sampling": {"samples": 2, "temperature": 0.7},
        "primary": {"treatment": "cascod", "baseline": "std_cot", "contrast": "ood"},
    }


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _jsonl(path: Path, rows: list[dict[str, Any]]) -> None:
    _write(path, "".join(json.dumps(row) + "\n" for row in rows))
