"""How many requests are asked at once: as many as the server bears, found out by asking."""

from __future__ import annotations


class Concurrency:
    """A limit that grows while all is well and halves where the server is overloaded.

    It doubles with every round of replies until the first overload, then grows by one a round, as
    TCP does (RFC 5681). Requests that were under way when it was halved do not halve it again.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = 1.0
        self._has_met_its_limit = False
        self._round = 0

    @property
    def limit(self) -> int:
        """How many requests may be under way, at least one."""
        return int(self._limit)

    def start(self) -> int:
        """A request starts; returns the round that it belongs to."""
        return self._round

    def succeeded(self) -> None:
        """A reply came."""
        step = 1 / self._limit if self._has_met_its_limit else 1.0
        self._limit = min(self._limit + step, float(self._most))

    def overloaded(self, started: int) -> None:
        """The server could not take a request of this round."""
        if started == self._round:
            self._round += 1
            self._has_met_its_limit = True
            self._limit = max(self._limit / 2, 1.0)
