"""What can go wrong, in words that doors translate once."""


class DirectoryError(Exception):
    """Something the directory refuses to do."""


class NotFound(DirectoryError):
    """There is no such thing, or it is not for this asker."""


class InvalidTransition(DirectoryError):
    """This step is not allowed from the state the thing is in."""
