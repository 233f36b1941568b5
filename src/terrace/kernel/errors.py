"""What a person is told when something cannot be done. The sentence is for the reader, in the reader's language."""


class Refused(Exception):
    """Not allowed, or not possible now. `sentence` says what happened and what to do next."""

    status = 403

    def __init__(self, sentence: str, *, status: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        if status is not None:
            self.status = status


class Missing(Refused):
    """Not there, or not there for this reader: a stranger cannot tell which."""

    status = 404

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)


class Invalid(Refused):
    """The input cannot be used; `field` names the form field it belongs to, if any."""

    status = 422

    def __init__(self, sentence: str, *, field: str | None = None, status: int | None = None) -> None:
        super().__init__(sentence, status=status)
        self.field = field


class Conflict(Refused):
    """Somebody else was first: the thing has changed since it was read."""

    status = 409


class TooMany(Refused):
    """Too often. `retry_after` is in seconds."""

    status = 429

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
