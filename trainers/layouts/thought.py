"""Think tags in a student's turn: what stands where in training is what asking goes by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trainers.method import Segment


@dataclass(frozen=True, slots=True)
class Thought:
    """The tags that a rationale stands between.

    `begun`: the prompt ends with the opening tag; else the student writes it. `cascade`: whoever
    asks closes the thought, before the cue; else the student does.
    """

    opening: str
    closing: str
    begun: bool
    cascade: bool

    def turn(self, segments: Sequence[Segment]) -> list[Segment]:
        """A turn's segments with the tags among them.

        A tag belongs to the loss group of what it stands before, but for one that ends a row: EOS
        then follows the tag instead of the rationale. In a cascade EOS follows the rationale, and
        the closing tag is the first of what is appended to it.
        """
        turn: list[Segment] = []
        thinks = self.begun
        for segment in segments:
            if segment.is_rationale and not thinks:
                turn.append(Segment(self.opening, segment.group))
            elif thinks and not segment.is_rationale:
                turn.append(Segment(self.closing, segment.group))
            thinks = segment.is_rationale
            turn.append(segment)
        if thinks and turn and not self.cascade:
            last = turn[-1]
            turn[-1:] = [replace(last, eos=False), Segment(self.closing, last.group, last.eos)]
        return turn
