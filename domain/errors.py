"""The one kind of refusal the ward's rules know: a code and the values its sentence needs."""


class DomainError(Exception):
    """A refusal somebody must be told about.

    `code` names the sentence (handlers/texts/errors.py holds it in words); `params` are the values put into it.
    """

    def __init__(self, code: str, /, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str | int] = params
