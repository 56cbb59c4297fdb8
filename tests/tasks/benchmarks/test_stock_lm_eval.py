"""One task of every suite, and one group, under the stock `lm_eval` command.

The student is a tiny random Llama, the benchmarks are small files of the local format.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from benchmark_files import (
    agieval_row,
    arc_rows,
    bb_sub_row,
    write_bbeh,
    write_bbh,
    write_granularity,
    write_json,
    write_jsonl,
    write_mentor_kd,
)

from tasks.suites import REASONING_GYM, SUITES, include_path

pytestmark = pytest.mark.slow

ITEMS = 2
GROUP = "cascod_transfer"  # runs as a whole group


def save_random_student(path: Path) -> None:
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        ["Which is no tree?"],
        trainers.BpeTrainer(vocab_size=300, special_tokens=["<end>"], initial_alphabet=alphabet),
    )
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<end>", pad_token="<end>", model_max_length=1024
    )
    wrapped.save_pretrained(path)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(wrapped),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=1024,
        eos_token_id=wrapped.eos_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(path)


def write_benchmarks(data: Path) -> None:
    sums = [{"input": f"not {bool(n % 2)} is", "target": str(not n % 2)} for n in range(20)]
    write_bbh(data, "boolean_expressions", sums)
    rows = [bb_sub_row(n, {"iron": 1, "oak": 0}) for n in range(4)]
    write_jsonl(data / "bb_sub" / "odd_one_out.jsonl", rows)
    write_jsonl(data / "agieval" / "lsat-rc.jsonl", [agieval_row("To?", "Sea.")] * 4)
    for name in ("ARC-Easy", "ARC-Challenge"):
        write_json(data / "arc" / f"{name}-Test.json", arc_rows(4))
    write_mentor_kd(data)
    write_granularity(data)
    write_bbeh(data)


REAL_TASKS = {
    "bbh": "cascod_bbh_boolean_expressions",
    "bb_sub": "cascod_bb_sub_odd_one_out",
    "agieval_en": "cascod_agieval_en_lsat_rc",
    "arc_easy": "cascod_arc_easy",
    "arc_challenge": "cascod_arc_challenge",
    "mentor_kd": "cascod_mentor_kd_tracking_shuffled_objects",
    "mentor_kd_longer": "cascod_mentor_kd_longer_last_letters_five",
    "asdiv": "cascod_asdiv",
    "granularity": "cascod_granularity_strategyqa",
    "bbeh": "cascod_bbeh_dyck_languages",
    "bbeh_mini": "cascod_bbeh_mini",
}
# Draws with an optional package: see test_reasoning_gym.py.
ASKED = [suite for suite in SUITES if suite.name != REASONING_GYM]


def one_task_of_every_suite() -> dict[str, str]:
    from lm_eval.tasks import TaskManager

    index = TaskManager(include_path=str(include_path()), include_defaults=False).task_index
    generated = {
        suite.name: index[suite.lm_eval_name].cfg["task"][0]
        for suite in ASKED
        if not suite.needs_data
    }
    return generated | REAL_TASKS


def test_a_task_of_every_suite_runs_and_is_logged_item_by_item(tmp_path: Path) -> None:
    save_random_student(tmp_path / "student")
    write_benchmarks(tmp_path / "data")
    tasks = one_task_of_every_suite()
    finished = run_stock_lm_eval(
        tmp_path, [GROUP if name == "transfer" else task for name, task in tasks.items()]
    )
    assert finished.returncode == 0, finished.stderr[-4000:]

    [results_file] = tmp_path.glob("out/**/results_*.json")
    content = json.loads(results_file.read_text())
    results = content["results"]
    for suite in ASKED:
        task = tasks[suite.name]
        assert {"acc,none", "parse_ok,none"} <= set(results[task])
        [samples_file] = tmp_path.glob(f"out/**/samples_{task}_*.jsonl")
        samples = [json.loads(line) for line in samples_file.read_text().splitlines()]
        assert len(samples) == ITEMS
        for sample in samples:
            assert (sample["doc"]["suite"], sample["doc"]["role"]) == (suite.name, suite.role)
            assert sample["acc"] in (0.0, 1.0)
            assert sample["arguments"]["gen_args_0"]["arg_0"].endswith("\n\nA:")
            assert len(sample["resps"][0]) == 1
    members = content["group_subtasks"][GROUP]
    mean = sum(results[task]["parse_ok,none"] for task in members) / len(members)
    assert results[GROUP]["parse_ok,none"] == pytest.approx(mean)


def run_stock_lm_eval(folder: Path, tasks: Any, *more: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "CASCOD_DATA": str(folder / "data"),
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(folder / "hf"),
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "lm_eval", "run", "--model", "hf"]
    command += ["--model_args", f"pretrained={folder / 'student'},dtype=float32"]
    command += ["--include_path", str(include_path()), "--tasks", ",".join(tasks)]
    command += ["--limit", str(ITEMS), "--gen_kwargs", "max_gen_toks=12"]
    command += ["--device", "cpu", "--batch_size", "4"]
    command += ["--log_samples", "--output_path", str(folder / "out"), *more]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280)
