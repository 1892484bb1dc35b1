"""A lock of the operating system on an open file: it goes when the process goes, however it dies."""

import sys

if sys.platform == "win32":
    import msvcrt

    def lock(descriptor: int) -> None:
        """Take the lock or raise `OSError` at once; closing the file gives it back."""
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def lock(descriptor: int) -> None:
        """Take the lock or raise `OSError` at once; closing the file gives it back."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
