"""The checksums by which numbers of cards and of bank accounts are told from other numbers."""

from __future__ import annotations


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1, annex B)."""
    doubled = [2 * int(digit) for digit in digits[-2::-2]]
    total = sum(map(int, digits[-1::-2])) + sum(value // 10 + value % 10 for value in doubled)
    return total % 10 == 0


def passes_mod_97(account: str) -> bool:
    """Whether an IBAN's check digits fit: it is 1 modulo 97 (ISO 13616, ISO/IEC 7064).

    The first four characters go to the end, and letters count as 10 to 35.
    """
    turned = account[4:] + account[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1
