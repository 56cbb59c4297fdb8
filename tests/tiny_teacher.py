"""A tiny teacher that has learnt some dialogues by heart, behind `transformers serve`."""

from __future__ import annotations

import socket
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

from trainers.students.tiny import train_tokenizer

TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
ROLES = ("<|system|>", "<|user|>", "<|assistant|>")
Dialogue = tuple[list[dict[str, str]], str]


def save_teacher(folder: Path, dialogues: Sequence[Dialogue], steps: int = 400) -> Path:
    """Train until every reply is known by heart, and save."""
    texts = [each["content"] for said, _ in dialogues for each in said]
    tokenizer = train_tokenizer([*texts, *(reply for _, reply in dialogues)], 500)
    tokenizer.add_tokens(["<|end|>", *ROLES], special_tokens=True)
    tokenizer.chat_template = TEMPLATE
    tokenizer.eos_token = "<|end|>"
    rows, labels = [], []
    for said, reply in dialogues:
        prompt = tokenizer.apply_chat_template(said, add_generation_prompt=True)["input_ids"]
        target = tokenizer(reply)["input_ids"] + [tokenizer.eos_token_id]
        rows.append(torch.tensor([*prompt, *target]))
        labels.append(torch.tensor([-100] * len(prompt) + target))
    torch.manual_seed(0)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=2048,
            bos_token_id=None,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    inputs = torch.nn.utils.rnn.pad_sequence(
        rows, batch_first=True, padding_value=tokenizer.pad_token_id
    )
    targets = torch.nn.utils.rnn.pad_sequence(labels, batch_first=True, padding_value=-100)
    mask = torch.nn.utils.rnn.pad_sequence([torch.ones_like(row) for row in rows], batch_first=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.0)
    for _ in range(steps):
        loss = model(input_ids=inputs, attention_mask=mask, labels=targets).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if loss.item() < 0.004:
            break
    model.generation_config = GenerationConfig(
        do_sample=True, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@contextmanager
def transformers_serve(model: Path) -> Iterator[str]:
    """`transformers serve` in this process, with that model: its address."""
    from transformers.cli.serve import Serve

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = Serve(str(model), port=port, host="127.0.0.1", non_blocking=True, device="cpu")
    try:
        _until_it_answers(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        served.kill_server()


def _until_it_answers(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)
