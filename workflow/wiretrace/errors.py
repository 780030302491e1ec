"""The one error that a user is shown: what, where, what to do, in one line."""


class UserError(Exception):
    """A mistake that the user can mend; scripts print it as one line and exit with 2."""
