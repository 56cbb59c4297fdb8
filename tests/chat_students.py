"""Tiny students with the chat templates and special tokens of three families."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from small_students import make_records, small_llama

from examples.chat_student.chat_student import CHATS, add_chat
from trainers.students.tiny import train_tokenizer

FAMILIES = tuple(CHATS)
# Every layout that a student of one of the families can have: (family, thinking).
CHAT_LAYOUTS = [(family, thinking) for family in FAMILIES for thinking in (False, True)]

# What a family's template puts around a user's message, and behind an assistant's.
FRAMES = {
    "qwen3": ("<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n", "<|im_end|>"),
    "llama3": (
        "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n{}<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n",
        "<|eot_id|>",
    ),
    "gemma3": (
        "<bos><start_of_turn>user\n{}<end_of_turn>\n<start_of_turn>model\n",
        "<end_of_turn>",
    ),
}


def prompt_of(family: str, message: str, *, thinking: bool) -> str:
    """A user's message as the family's published template renders it, up to the reply."""
    no_thought = "<think>\n\n</think>\n\n" if family == "qwen3" and not thinking else ""
    return FRAMES[family][0].format(message) + no_thought


def chat_tokenizer(family: str) -> Any:
    """A small tokenizer with the family's template and special tokens."""
    texts = [f"{r.description} {r.question} {r.rationale}" for r in make_records(12)]
    tokenizer = train_tokenizer(texts, 400)
    add_chat(tokenizer, family)
    return tokenizer


def save_chat_student(folder: Path, family: str) -> Path:
    """A random Llama of two layers with that tokenizer, as it lies on disk; no protocol."""
    tokenizer = chat_tokenizer(family)
    small_llama(tokenizer).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
