"""The one exception a user is meant to read."""


class UserError(Exception):
    """Something the user can mend: says what is wrong, where, and what to do, in one line.

    The `cascod` command prints its message without a traceback and exits with status 2.
    """
