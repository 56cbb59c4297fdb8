"""Post-thinking: question -> answer, and then why; the answer cannot suffer from a wrong rationale.

Chen et al., "Distilling Reasoning Ability from Large Language Models with Adaptive Thinking",
arXiv 2404.09170. The explanation is no thought: thinking students end theirs before they answer.
"""

from dataclasses import replace

from tasks.records.record import CoTRecord
from trainers.method import Method, Row, Segment, answer, cue, one_group, prompt


def rows(record: CoTRecord) -> list[Row]:
    """One row; the line ends behind the answer, where whoever asks reads no further."""
    return [
        (
            prompt(record, ""),
            cue("target"),
            replace(answer(record, "target"), eos=False),
            Segment(f"\n{record.rationale.strip()}", "target", eos=True),
        )
    ]


METHOD = Method(
    name="post_thinking",
    summary="question -> answer, then the rationale",
    suffix="",
    cascade=False,
    rows=rows,
    weights=one_group,
)
