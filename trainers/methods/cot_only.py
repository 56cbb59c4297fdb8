"""CoT-only: the rationale alone is learned.

Cue and answer would stand behind it without loss, teach nothing and are left out. As no cue is
learned, the student is asked in two stages, like a cascade's.
"""

from trainers.method import Method, one_group, prompt, rationale

METHOD = Method(
    name="cot_only",
    summary="question -> rationale, no loss on the answer; asked in two stages",
    suffix="",
    cascade=True,
    rows=lambda record: [(prompt(record, ""), rationale(record, "target", eos=True))],
    weights=one_group,
)
