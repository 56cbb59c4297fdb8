"""What a training step spends its time on: one optimizer step under torch's profiler.

    python -m tools.profile_step STUDENT [--data DIR] [--records 64] [--micro-batch 16]

Prints, for each part of the step, its share of the time spent in operators, and of the products'
floating-point operations. Rows are std_cot's of generated records or, with `--data`, of BIG-Bench
Hard's teacher completions there.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import torch
from torch.profiler import ProfilerActivity, profile

from harness.quiet import quiet_libraries
from harness.timing.against_stock import bench_records
from trainers.build_trainer import build_trainer
from trainers.checkpoint import load_student
from trainers.encoding import encode_records
from trainers.methods.std_cot import METHOD
from trainers.settings import TrainingSettings
from trainers.students.sources import resolve_student

# The first that an operator's name holds; products are told apart by whether the vocabulary takes
# part in them.
PARTS = {
    "attention": ("attention", "bmm", "softmax_backward", "aten::_softmax"),
    "loss": ("log_softmax", "nll_loss", "logsumexp"),
    "update of the weights": ("adam",),
    "norm of the gradient": ("norm", "foreach"),
    "copies and casts": ("copy_", "cat", "index", "fill_", "zero_", "gather"),
    "element by element": (
        "mul",
        "add",
        "sum",
        "div",
        "pow",
        "neg",
        "silu",
        "rsqrt",
        "mean",
        "sub",
    ),
}
PRODUCTS = ("aten::mm", "aten::addmm", "mkldnn_linear", "aten::linear")


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("student")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--records", type=int, default=64, help="of the step (default: 64)")
    parser.add_argument("--micro-batch", type=int, default=16, help="records at once (default: 16)")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    args = parser.parse_args()
    settings = TrainingSettings(
        batch_size=args.records,
        micro_batch_size=args.micro_batch,
        precision=args.precision,
    )
    with quiet_libraries(), tempfile.TemporaryDirectory() as folder:
        times, operations = _parts(resolve_student(args.student), args.data, settings, Path(folder))
    for part, time in times.most_common():
        share, flops = time / times.total(), operations[part] / operations.total()
        print(f"{share:6.1%} of the time, {flops:6.1%} of the operations: {part}")
    print(f"{operations.total() / 1e12:.2f} TFLOP in products")
    return 0


def _parts(
    student: str, data: Path | None, settings: TrainingSettings, folder: Path
) -> tuple[Counter[str], Counter[str]]:
    """Microseconds and floating-point operations of every part of one step, the second one."""
    model, tokenizer = load_student(student)
    context = model.config.max_position_embeddings
    encoded = encode_records(
        tokenizer, METHOD, bench_records(data, 1), max_length=context, too_long="skip"
    )
    trainer = build_trainer(
        model,
        tokenizer,
        encoded.rows[: settings.batch_size],
        group_weights=METHOD.weights(0.3),
        settings=settings,
        seed=0,
        output_dir=folder,
    )
    [step] = trainer.get_train_dataloader()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=True)

    def update() -> None:
        trainer.training_step(trainer.model, dict(step))
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()

    update()
    with profile(
        activities=[ProfilerActivity.CPU], record_shapes=True, with_flops=True, acc_events=True
    ) as profiled:
        update()
    times, operations = Counter[str](), Counter[str]()
    for event in profiled.key_averages(group_by_input_shape=True):
        part = _part(event, model.config.vocab_size)
        times[part] += event.self_cpu_time_total
        operations[part] += event.flops
    return times, operations


def _part(event: Any, vocabulary: int) -> str:
    name = event.key.lower()
    if name.startswith(PRODUCTS):
        sizes = [size for shape in event.input_shapes for size in shape]
        return "products with the vocabulary" if vocabulary in sizes else "products of the layers"
    return next(
        (part for part, names in PARTS.items() if any(n in name for n in names)), "all else"
    )


if __name__ == "__main__":
    sys.exit(main())
