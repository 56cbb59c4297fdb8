"""Personal data replaced by placeholders: one thing has the same one wherever it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from tasks.personal_data.find import find
from tasks.personal_data.finding import Finder, Finding, Kind, digits_of
from tasks.personal_data.plain_letters import plain


class Masking:
    """Masks texts that belong together: the first e-mail address is [EMAIL-1] in all of them.

    `masked` counts what was replaced, `spared` what was left because it is an answer.
    """

    def __init__(self, more: Iterable[Finder] = ()) -> None:
        self._more = tuple(more)
        self._numbers: dict[Kind, dict[str, int]] = {}
        self.masked: Counter[Kind] = Counter()
        self.spared: Counter[Kind] = Counter()

    def mask(self, text: str, answers: Collection[str] = ()) -> str:
        """The text with placeholders; what the `answers` need to be read is spared.

        That is all of a kind that an answer holds, for masking the others would tell which one it
        is, and a number that is an answer, however it is spaced.
        """
        found = find(text, self._more)
        if not found:
            return text
        kinds = {each.kind for answer in answers for each in find(answer, self._more)}
        numbers = {digits for answer in answers if (digits := digits_of(plain(answer)))}
        pieces, end = [], 0
        for each in found:
            if each.kind in kinds or digits_of(each.value) in numbers:
                self.spared[each.kind] += 1
                continue
            self.masked[each.kind] += 1
            pieces += [text[end : each.start], self._placeholder(each)]
            end = each.end
        return "".join([*pieces, text[end:]])

    def _placeholder(self, found: Finding) -> str:
        numbers = self._numbers.setdefault(found.kind, {})
        number = numbers.setdefault(found.value, len(numbers) + 1)
        return f"[{found.kind.upper()}-{number}]"
