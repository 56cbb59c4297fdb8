"""One record by hand: its row, its loss, and the student's greedy reply once it has learned it."""

import tempfile
from pathlib import Path
from typing import Any

import torch
from transformers import LlamaConfig, LlamaForCausalLM

from harness.decoding.decode import decode
from harness.decoding.stages import DecodingPlan
from tasks.records.record import parse_record
from trainers.build_trainer import build_trainer
from trainers.encoding import IGNORED, encode_records
from trainers.methods import load_method
from trainers.settings import TrainingSettings
from trainers.students.tiny import train_tokenizer

TEXT = {"id": "sum/0", "task": "sum", "description": "Add.", "question": "What is 2 plus 2?"}
TAUGHT = {"answer": "4", "rationale": "From 2 go up 2: 3, 4.", "teacher": "by hand"}
record = parse_record(TEXT | TAUGHT)
method = load_method("cascod")
assert method.rows
(segments,) = method.rows(record)
tokenizer = train_tokenizer([segment.text for segment in segments], vocab_size=400)
((row,),) = encode_records(tokenizer, method, [record], max_length=400).rows
for token, label, group in zip(row.input_ids, row.labels, row.groups, strict=True):
    target = "" if label == IGNORED else repr(tokenizer.decode(label))
    print(f"{tokenizer.decode(token)!r:17} {target:17} {('rationale', 'answer', '')[group]}")

torch.manual_seed(0)
shape: dict[str, Any] = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2}
ends: dict[str, Any] = {"bos_token_id": None, "eos_token_id": tokenizer.eos_token_id}
student = LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), **shape, **ends))
logits = student(torch.tensor([row.input_ids])).logits[0, :-1]
labels, groups = torch.tensor(row.labels[1:]), torch.tensor(row.groups[1:])
losses = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
of_rationale, of_answer = (losses[groups == group].mean() for group in (0, 1))
by_hand = 0.7 * of_rationale + 0.3 * of_answer

settings = TrainingSettings(epochs=40, learning_rate=5e-3, save_steps=40)
weights = method.weights(0.3)
folder = tempfile.TemporaryDirectory()
place = Path(folder.name)
trainer = build_trainer(
    student, tokenizer, [[row]], group_weights=weights, settings=settings, seed=0, output_dir=place
)
loss = trainer.compute_loss(student, next(iter(trainer.get_train_dataloader())))
print(f"loss {loss.item():.6f}, by hand {by_hand.item():.6f}")
torch.testing.assert_close(loss, by_hand, rtol=1e-6, atol=0)

trainer.train()
prompt, _, cue, _ = (segment.text for segment in segments)
eos, ids = (tokenizer.eos_token_id,), tuple(tokenizer(cue).input_ids)
plan = DecodingPlan(eos, ids, max_rationale_tokens=30, max_answer_tokens=8)
(reply,) = decode(student.eval(), [tokenizer(prompt).input_ids], plan)
said = tokenizer.decode(reply.rationale_ids), tokenizer.decode(reply.answer_ids)
print(*said, sep=" |")
assert said == (f" {record.rationale}", f" {record.answer}")
