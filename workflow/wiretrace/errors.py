"""The one error that a user is shown: what, where, what to do, in one line."""


class UserError(Exception):
    """A mistake that the user can mend; scripts print it as one line and exit with 2.

    It may cite what stands in a file or came from outside: characters that move a terminal's cursor or turn the
    direction of writing are blanks in it.
    """

    def __str__(self) -> str:
        """The message, in one line."""
        return " ".join("".join(c if c.isprintable() else " " for c in super().__str__()).split())
