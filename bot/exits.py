"""How a command ends: its exit codes, and the error that ends it with one sentence."""

DONE, PROBLEMS, WRONG = 0, 1, 2


class CommandError(Exception):
    """The command cannot go on; the text is one sentence for the person who gave it."""

    def __init__(self, sentence: str, code: int = WRONG) -> None:
        super().__init__(sentence)
        self.code = code
