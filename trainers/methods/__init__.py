"""The methods, one file each: a file that defines METHOD is all that adding one takes."""

import difflib
import importlib
import pkgutil

from tasks.errors import UserError
from trainers.ingredients import composed, is_composed
from trainers.method import Method


def method_names() -> list[str]:
    """The names of all methods, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def load_method(name: str) -> Method:
    """The method of that name, or one composed of ingredients; UserError lists the known ones."""
    if is_composed(name):
        return composed(name)
    names = method_names()
    if name not in names:
        close = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise UserError(f"unknown method {name!r}: {hint}known methods: {', '.join(names)}")
    loaded: Method = importlib.import_module(f"{__name__}.{name}").METHOD
    return loaded
