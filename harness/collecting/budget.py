"""What a collection may take, what it took, and what requests under way may still take."""

from __future__ import annotations

from dataclasses import asdict, dataclass

PER_PRICE = 1_000_000  # tokens that a price is for


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens that were read and tokens that were written, thoughts included."""

    prompt: int = 0
    completion: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.prompt + self.completion

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(self.prompt + other.prompt, self.completion + other.completion)

    def __sub__(self, other: Tokens) -> Tokens:
        return Tokens(self.prompt - other.prompt, self.completion - other.completion)

    def to_json(self) -> dict[str, int]:
        """As plain JSON types."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Prices:
    """Money for a million tokens read, and for a million written."""

    prompt: float
    completion: float

    def cost(self, tokens: Tokens) -> float:
        """What these tokens cost."""
        return (tokens.prompt * self.prompt + tokens.completion * self.completion) / PER_PRICE


@dataclass(frozen=True, slots=True)
class Limits:
    """The most tokens, read and written, and the most money; None for no limit."""

    tokens: int | None = None
    money: float | None = None
    prices: Prices | None = None

    def allow(self, tokens: Tokens) -> bool:
        """Whether so many tokens are within both limits."""
        if self.tokens is not None and tokens.total > self.tokens:
            return False
        return self.money is None or self.prices is None or self.prices.cost(tokens) <= self.money


class Budget:
    """Tokens under limits: those `spent`, and those reserved for requests under way.

    `unknown` of the spent ones are the reserves of requests of which nobody knows whether they were
    paid: their answer never came.
    """

    def __init__(self, limits: Limits, spent: Tokens, unknown: Tokens) -> None:
        self.limits = limits
        self.spent = spent
        self.unknown = unknown
        self._reserved = Tokens()

    def reserve(self, most: Tokens) -> bool:
        """Set aside what a request can take at most; False where the limits do not allow it."""
        if not self.limits.allow(self.spent + self._reserved + most):
            return False
        self._reserved += most
        return True

    def settle(self, most: Tokens, took: Tokens) -> None:
        """A request took this instead of what was set aside; nothing if it was not paid."""
        self._reserved -= most
        self.spent += took

    def write_off(self, most: Tokens) -> None:
        """Count what was set aside as spent: whether the request was paid is unknown."""
        self.settle(most, most)
        self.unknown += most

    @property
    def cost(self) -> float | None:
        """What was spent, in money; None without prices."""
        return self.limits.prices.cost(self.spent) if self.limits.prices else None
