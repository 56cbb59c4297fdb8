"""How a student was asked, as far as its log tells: what was sent, in how many stages, up to what
length.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reports.logs.results_file import STUDENT, config_of, object_of, results_beside, student_beside
from reports.logs.sample_files import Log
from tasks.errors import UserError
from tasks.files import read_json

# For each fact its value in words; the facts of two sides are compared one by one.
Asked = Mapping[str, str]
# As trainers.protocol names it, which stands above this floor.
PROTOCOL_FILE = "cascod_protocol.json"
# How any model is asked that knows of no protocol.
PLAIN: Asked = {"prompt suffix": "none", "stages": "one"}
TEMPLATE = "chat template"
BOUNDARIES = "boundaries"


def asked_of(log: Log) -> Asked:
    """What the log tells of how its task was asked; facts that it does not tell are left out."""
    return dict(_facts(log))


def merged(of_runs: Iterable[Asked]) -> Asked:
    """One system's facts: where its runs differ, both values."""
    values: dict[str, dict[str, None]] = {}
    for asked in of_runs:
        for fact, value in asked.items():
            values.setdefault(fact, {})[value] = None
    return {fact: " or ".join(told) for fact, told in values.items()}


def sent_behind(log: Log) -> str:
    """What lm-eval's `arguments` lack of the prompt: the suffix of the student's protocol."""
    protocol = student_beside(log.path, log.date).get("protocol")
    return str(protocol.get("suffix", "")) if isinstance(protocol, dict) else ""


def asked_against_its_protocol(log: Log) -> str | None:
    """A warning where a student of ours, still there, was asked by another model than ours.

    None where its protocol is no more than the prompt, which any model sends.
    """
    config = config_of(results_beside(log.path, log.date))
    checkpoint = _pretrained(config.get("model_args"))
    if checkpoint is None or config.get("model") == STUDENT:
        return None
    try:
        protocol = read_json(Path(checkpoint) / PROTOCOL_FILE, needed=False)
    except (UserError, OSError, ValueError):
        return None
    wanted = dict(_protocol_facts(protocol)) if protocol else PLAIN
    if wanted == PLAIN:
        return None
    words = ", ".join(f"{fact} {value}" for fact, value in wanted.items())
    return (
        f"{checkpoint} was trained to be asked with {words}, but {config.get('model')} sent "
        "the prompt alone, so its accuracy is not this student's; evaluate it with `cascod lm-eval "
        "run --model cascod`"
    )


def _facts(log: Log) -> Iterator[tuple[str, str]]:
    student, results = student_beside(log.path, log.date), results_beside(log.path, log.date)
    task = object_of(object_of(results.get("configs")).get(log.task))
    if "protocol" in student:
        yield TEMPLATE, "no"
        yield from _protocol_facts(student["protocol"])
        generation = object_of(student.get("generation"))
        yield from _limits(generation)
        # A server without token ids has its texts cut by another tokenizer's run over them.
        yield BOUNDARIES, str(generation.get(BOUNDARIES, "token ids"))
    elif task.get("output_type") == "generate_until":
        yield from PLAIN.items()
        if "max_gen_toks" in (generation := object_of(task.get("generation_kwargs"))):
            yield "new tokens at most", str(generation["max_gen_toks"])
    if log.task in (shots := object_of(results.get("n-shot"))):
        yield "examples in the prompt", str(shots[log.task])
    if task and "protocol" not in student:
        yield TEMPLATE, "yes" if results.get("chat_template_sha") else "no"


def _protocol_facts(protocol: Any) -> Iterator[tuple[str, str]]:
    told = object_of(protocol)
    suffix = told.get("suffix")
    yield "prompt suffix", json.dumps(suffix, ensure_ascii=False) if suffix else "none"
    if prefix := told.get("prefix"):
        yield "prompt prefix", json.dumps(prefix, ensure_ascii=False)
    if told.get("layout") == "chat":
        yield TEMPLATE, "yes, thinking" if told.get("thinking") else "yes"
    yield "stages", "two" if told.get("cascade") else "one"


def _limits(generation: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    limits = [generation.get(f"max_{part}_tokens") for part in ("rationale", "answer")]
    rationale, answer = limits
    if isinstance(rationale, int) and isinstance(answer, int):
        yield "new tokens at most", str(rationale + answer)
        yield "rationale tokens at most", str(rationale)


def _pretrained(arguments: Any) -> str | None:
    """The checkpoint among lm-eval's model arguments, which are a mapping or
    "key=value,key=value".
    """
    if isinstance(arguments, str):
        arguments = dict(part.split("=", 1) for part in arguments.split(",") if "=" in part)
    found = object_of(arguments).get("pretrained")
    return found if isinstance(found, str) else None
