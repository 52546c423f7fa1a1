"""How a command ends that cannot do its work: one plain sentence in two languages, and a code."""

import sys

NOT_DONE = 1
MISUSED = 2


class CommandError(Exception):
    """The command cannot go on; `vietnamese` and `english` say why and what to do."""

    def __init__(self, vietnamese: str, english: str, code: int = NOT_DONE) -> None:
        super().__init__(english)
        self.vietnamese = vietnamese
        self.english = english
        self.code = code


def tell(error: CommandError) -> int:
    """Print the sentence to the error stream; the exit code."""
    sys.stderr.write(f"{error.vietnamese}\n{error.english}\n")
    return error.code
