"""Text to token ids: a prompt with its BOS, and text that goes on where other text ends."""

from __future__ import annotations

from typing import Any


def encode_prompt(tokenizer: Any, text: str) -> list[int]:
    """A prompt's tokens with BOS exactly where the tokenizer's own default puts it, never a
    closing EOS.
    """
    ids = list(tokenizer(text).input_ids)
    if ids and ids[-1] == tokenizer.eos_token_id and not text.endswith(str(tokenizer.eos_token)):
        ids.pop()
    return ids


def encode_rendered(tokenizer: Any, text: str) -> list[int]:
    """The tokens of a text that holds all its special tokens, BOS included."""
    return list(tokenizer(text, add_special_tokens=False).input_ids)


def encode_continuation(tokenizer: Any, text: str) -> list[int]:
    """The tokens of text that continues other text, its start a token boundary.

    Tokenizers in Llama 2's manner put a blank before whatever they encode. Encoding the text behind
    a line break and taking the line break's own tokens off again leaves the text's tokens alone.
    """
    anchor = encode_rendered(tokenizer, "\n")
    anchored = encode_rendered(tokenizer, "\n" + text)
    if anchored[: len(anchor)] == anchor:
        return anchored[len(anchor) :]
    # The line break merged with the text; a tokenizer that does that adds no blank.
    return encode_rendered(tokenizer, text)


def special_ids(tokenizer: Any) -> set[int]:
    """The tokens that are no text: BOS, EOS, what chats are marked up with."""
    added = tokenizer.added_tokens_decoder.items()
    return {*tokenizer.all_special_ids, *(token for token, text in added if text.special)}
