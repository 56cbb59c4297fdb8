"""Which option a text chooses: by label in any dress, or by the option's own words.

A label is a letter up to Z and a number past it; its normal form is "(B)" or "(27)".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.scoring.answer_text import affirmed, first_sentence, free_text, plain, unquoted
from tasks.scoring.option_list import (
    BRACKETED_LABEL,
    LABEL,
    is_option_label,
    option_label,
    split_options,
)

_OPTION = r"option|choice|选项|選項|選択肢|opción|opção|opzione|вариант"
_NAMED = re.compile(rf"(?<!\w)(?i:{_OPTION})\s+([A-Z]|\d{{1,3}})\b")
# Of a word in a script without case ("Bです") no Latin letter is the first.
_BARE = re.compile(
    rf"({LABEL})(?:[).:]+(?=\s|$)|(?=,?\s+(?:because|since|as)\b)|(?=\s+-\s)"
    r"|(?=,?\s*(?!或|和|与|與|と|か|또는|या)[\u0900-\u097f\u3040-\u9fff\uac00-\ud7af])|$)"
)
_BULLET = re.compile(r"[-*•>]\s+")
_LABEL_AND_TEXT = re.compile(rf"[(\[{{]?\s*({LABEL})\s*[)\]}}]?(?:[.:]?\s+|:)(\S.*)")
_NEGATED = re.compile(r"(?:not|none|no|neither)\b", re.IGNORECASE)


def read_choice(line: str, options: Sequence[str]) -> str | None:
    """The option that the line after a cue chooses, None where it chooses none or several.

    With `options` given a label must be one of theirs, and an option's full text chooses it too.
    """
    line = _BULLET.sub("", line, count=1) if _BULLET.match(line) else line
    sentence = first_sentence(line)
    if label := BRACKETED_LABEL.fullmatch(unquoted(sentence)):
        return _known(label[1], options)
    return (
        _option_with_text(line, options)
        or _option_with_text(sentence, options)
        or _label_before_its_text(line, options)
        or _label_before_its_text(sentence, options)
        or _only_label(sentence, options)
    )


def read_bare_choice(text: str, options: Sequence[str]) -> str | None:
    """The option of a text that is a label, an option's text, or both, and nothing else."""
    name = unquoted(text)
    label = BRACKETED_LABEL.fullmatch(name) or _BARE.fullmatch(name) or _NAMED.fullmatch(name)
    return (
        _option_with_text(text, options)
        or _label_before_its_text(text, options)
        or (_known(label[1], options) if label else None)
    )


def check_gold(gold: str, question: str, options: Sequence[str]) -> None:
    """ValueError where a gold answer is neither the label nor the text of one of these options.

    Without `options` a label must be one of those that the question lists, if it lists any.
    """
    listed = [text for _, text in split_options(question)[1]] if is_option_label(gold) else []
    offered = options or listed
    texts = {free_text(option) for option in offered}
    if offered and read_choice(plain(gold), offered) is None and free_text(gold) not in texts:
        raise ValueError(
            f"the answer {gold!r} is none of the {len(offered)} options; give a label from (A) to "
            f"{option_label(len(offered) - 1)} or an option's text"
        )


def _only_label(sentence: str, options: Sequence[str]) -> str | None:
    sentence = unquoted(affirmed(sentence))
    if _NEGATED.match(sentence):
        return None
    names = BRACKETED_LABEL.findall(sentence) or _NAMED.findall(sentence)
    if not names and (bare := _BARE.match(sentence)):
        names = [bare[1]]
    labels = {name.upper() for name in names}
    return _known(labels.pop(), options) if len(labels) == 1 else None


def _option_with_text(text: str, options: Sequence[str]) -> str | None:
    wanted, exact = free_text(text), unquoted(text)
    same = [n for n, option in enumerate(options) if free_text(option) == wanted]
    # Options may differ in nothing but case ("Rr", "RR").
    hits = [n for n in same if unquoted(options[n]) == exact] if len(same) > 1 else same
    return option_label(hits[0]) if len(hits) == 1 else None


def _label_before_its_text(text: str, options: Sequence[str]) -> str | None:
    found = _LABEL_AND_TEXT.fullmatch(text)
    label = _known(found[1], options) if found else None
    if found is None or label is None or not options:
        return None
    return label if free_text(found[2]) == free_text(options[_labels(options)[label]]) else None


def _known(name: str, options: Sequence[str]) -> str | None:
    label = f"({name.upper()})"
    return label if not options or label in _labels(options) else None


def _labels(options: Sequence[str]) -> dict[str, int]:
    return {option_label(position): position for position in range(len(options))}
