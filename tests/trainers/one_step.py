"""Takes one optimizer step over seven records by each method named, on as many processes as it was
launched with.
"""

import os
import sys
from pathlib import Path

import torch
from small_students import make_pairs, make_records, small_llama

from trainers.build_trainer import build_trainer
from trainers.encoding import encode_records
from trainers.methods import load_method
from trainers.settings import TrainingSettings
from trainers.students.tiny import train_tokenizer


def main(target: Path, name: str, precision: str) -> None:
    method = load_method(name)
    # Seven records to train on in either case: the ranks' shares differ.
    records = make_pairs(9) if method.needs_dual else make_records(7)
    tokenizer = train_tokenizer([r.rationale for r in records], 300)
    model = small_llama(tokenizer)
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    trainer = build_trainer(
        model,
        tokenizer,
        encode_records(tokenizer, method, records, max_length=512).rows,
        group_weights=method.weights(0.3),
        normaliser=method.normaliser,
        token_loss=method.token_loss,
        settings=TrainingSettings(
            batch_size=8,
            micro_batch_size=2,
            learning_rate=0.1,
            # Clipped, a step of twice the length would look the same.
            max_grad_norm=1e9,
            precision=precision,
            devices=int(os.environ["WORLD_SIZE"]),
        ),
        seed=0,
        output_dir=target,
    )
    # Plain SGD, so that the update is the gradient and not its sign.
    trainer.optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    trainer.train()
    if trainer.accelerator.is_main_process:
        updates = {n: p.detach() - before[n] for n, p in model.named_parameters()}
        torch.save(updates, target.with_suffix(".pt"))


if __name__ == "__main__":
    _, folder, precision, *methods = sys.argv
    for method in methods:
        main(Path(folder) / method, method, precision)
