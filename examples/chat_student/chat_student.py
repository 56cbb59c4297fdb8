"""An instruct student: any student with a chat template and the special tokens that it writes.

    python examples/chat_student/chat_student.py qwen3 tiny runs/tiny-qwen3

Without arguments it shows what each template makes of one question.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers.processors import TemplateProcessing

from trainers.checkpoint import load_student
from trainers.layouts.choose import layout_of
from trainers.method import Prompt
from trainers.methods import load_method
from trainers.students.sources import resolve_student
from trainers.students.tiny import train_tokenizer

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Chat:
    """A family's special tokens; `words` are tokens of their own that are text all the same."""

    special: tuple[str, ...]
    words: tuple[str, ...] = ()
    bos: str | None = None
    eos: str | None = None


CHATS = {
    "qwen3": Chat(("<|im_start|>", "<|im_end|>"), words=("<think>", "</think>"), eos="<|im_end|>"),
    "llama3": Chat(
        ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
        bos="<|begin_of_text|>",
    ),
    "gemma3": Chat(("<bos>", "<start_of_turn>", "<end_of_turn>"), bos="<bos>"),
}


def add_chat(tokenizer: Any, name: str) -> None:
    """Give a tokenizer the template and the special tokens of a family, in place."""
    chat = CHATS[name]
    tokenizer.add_tokens(list(chat.special), special_tokens=True)
    tokenizer.add_tokens(list(chat.words))
    tokenizer.chat_template = (FOLDER / f"{name}.jinja").read_text()
    if chat.eos:
        tokenizer.eos_token = chat.eos
    if chat.bos:
        tokenizer.bos_token = chat.bos
        first = [(chat.bos, tokenizer.convert_tokens_to_ids(chat.bos))]
        tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
            single=f"{chat.bos} $A", special_tokens=first
        )


def make_chat_student(name: str, source: str, target: Path) -> None:
    """Write a student of any source with that template; new embeddings are like the old ones."""
    model, tokenizer = load_student(resolve_student(source))
    add_chat(tokenizer, name)
    torch.manual_seed(0)
    model.resize_token_embeddings(len(tokenizer))
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)


def show() -> None:
    """What each template makes of one question, with and without a thought."""
    method = load_method("cascod")
    question = Prompt("Task Description:\nAdd.\nQ:2 + 2?\n\nA:", suffix=method.suffix)
    for name in CHATS:
        tokenizer = train_tokenizer([question.text], vocab_size=300)
        add_chat(tokenizer, name)
        for thinking in (False, True):
            protocol = method.protocol(None, "", layout="chat", thinking=thinking)
            layout = layout_of(protocol, tokenizer)
            end = tokenizer.convert_ids_to_tokens(layout.end_of_turn)
            print(f"{name}, thinking {thinking}: {layout.render(question)!r} ... {end}")


if __name__ == "__main__":
    if sys.argv[1:]:
        family, given, folder = sys.argv[1:]
        make_chat_student(family, given, Path(folder))
        print(f"{folder}: {given} as a chat student in the manner of {family}")
    else:
        show()
