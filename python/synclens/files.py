"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def check(path: str | os.PathLike[str], force: bool) -> None:
    """Raises IsADirectoryError, FileExistsError or FileNotFoundError for a place that `whole` would refuse."""
    target = Path(path)
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a folder; name a file in it", str(path))
    if os.path.lexists(target) and not force:
        raise FileExistsError(errno.EEXIST, "exists; --force (force=True) replaces it", str(path))
    if not target.absolute().parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "is in a folder that does not exist; make it first", str(path))


@contextmanager
def whole(path: str | os.PathLike[str], force: bool = True) -> Iterator[IO[bytes]]:
    """A file to write to that takes its name when everything is in it; on any error nothing is left behind.

    Devices and pipes (/dev/stdout) are written as they are. Raises FileExistsError when the name is taken, be it in
    the meantime, and `force` is not set.
    """
    target = Path(path)
    if target.exists() and not target.is_file():
        with target.open("wb") as device:
            yield device
        return
    check(path, force)
    if target.is_symlink():
        target = target.resolve()
    # Named before it is made: an interrupt between the two leaves nothing whose name nobody knows.
    half = target.absolute().parent / f".{target.name[:60]}.{os.urandom(8).hex()}.part"
    try:
        with open(half, "xb", opener=_for_us_alone) as file:
            yield file
        mask = os.umask(0)
        os.umask(mask)
        half.chmod(0o666 & ~mask)
        _name(half, target, force)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _name(half: Path, target: Path, force: bool) -> None:
    if force:
        half.replace(target)
        return
    try:
        os.link(half, target)  # unlike a rename it never takes the place of another file
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        half.replace(target)
    else:
        half.unlink()
