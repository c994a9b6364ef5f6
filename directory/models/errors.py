"""What can go wrong, in words that doors translate once."""


class DirectoryError(Exception):
    """Something the directory refuses to do."""


class NotFound(DirectoryError):
    """There is no such thing, or it is not for this asker."""


class InvalidTransition(DirectoryError):
    """This step is not allowed from the state the thing is in."""


class TooMany(DirectoryError):
    """Something was tried too often. `retry_after`: seconds until it may be tried again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("tried too often")
        self.retry_after = retry_after
