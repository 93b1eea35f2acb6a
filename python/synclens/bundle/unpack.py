"""read: packed bytes as streams, counted on both sides. A decompressor never gives more than it is asked for."""

from __future__ import annotations

import re
import zlib
from importlib import import_module
from typing import Any, Protocol

from .items import Readable
from .limits import RATIO_FROM, Budget, LimitReached

STEP = 1 << 20
SMALL_STEP = 4096
ZEROS = re.compile(rb"\0+")
NO_ZSTD = "Zstandard needs Python 3.14 or the package backports.zstd: pip install 'synclens[archives]', or unpack it"
NO_DEFLATE64 = (
    "packed by Deflate64, as Windows does above 2 GB: pip install 'synclens[archives]' to read it, or unpack it first"
)


BY_HAND = "unpack or rename it yourself and give that file"
"""The way to what is refused for safety's sake only."""
OVERLAPS = f"it overlaps the file behind it, as in a zip bomb: not read; {BY_HAND}"
EARLY = "it ends too early"
TOO_LARGE = ("emory usage limit exceeded", "requires too much memory for decoding")
"""How lzma and zstd end what they say of a dictionary above their limit."""


ZIPFILE = {
    "File name in directory": f"the archive gives it two names: not read; {BY_HAND}",
    "Bad magic number for file header": "it is not where the archive's list says",
    "Overlapped entries": OVERLAPS,
}


class Damaged(ValueError):
    """Packed data that cannot be unpacked, in words."""


def words(error: BaseException) -> str:
    """An error of reading a file or archive as a part of a sentence."""
    text = str(error) or type(error).__name__
    if isinstance(error, EOFError):
        return EARLY
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    if isinstance(error, zlib.error):
        return f"damaged compressed data ({text.rsplit(': ', 1)[-1]})"
    for sign, sentence in ZIPFILE.items():
        if text.startswith(sign):
            return sentence
    return text[:300]


def is_of_the_system(error: BaseException) -> bool:
    """Whether a disk or the system failed, and not what was read from it."""
    cause = error.__cause__ if isinstance(error, Damaged) else error
    return isinstance(cause, OSError) and cause.errno is not None


class Taken:
    """Packed bytes, counted, so that the ratio is known while a stream is unpacked."""

    def __init__(self, inner: Readable, budget: Budget | None = None) -> None:
        self._inner = inner
        self._budget = budget
        self.taken = 0

    def read(self, size: int = -1, /) -> bytes:
        got = self._inner.read(size)
        self.taken += len(got)
        if self._budget is not None:
            self._budget.packed += len(got)
        return got


class Counted:
    """Bytes that come out of an archive, counted against the limits. `packed` is their size in the archive."""

    def __init__(self, inner: Readable, budget: Budget, packed: Taken | int) -> None:
        self._inner = inner
        self._budget = budget
        self._packed = packed
        self._out = 0

    def read(self, size: int = -1, /) -> bytes:
        try:
            got = self._inner.read(STEP if size < 0 or size > STEP else size)
        except (LimitReached, ImportError, MemoryError):
            raise
        except Exception as error:  # zlib.error, LZMAError, OSError, EOFError, BadZipFile, ...
            raise Damaged(words(error)) from error
        self._out += len(got)
        self._budget.spend(len(got))
        if self._out > RATIO_FROM:
            packed = self._packed if isinstance(self._packed, int) else self._packed.taken
            ratio = self._budget.limits.ratio
            if self._out > ratio * max(packed, 1):
                raise LimitReached("ratio", f"read in part: it unpacks to more than {ratio} times its size")
        return got


class Decompressor(Protocol):
    """What bz2, lzma and zstd give: one packed stream, as many bytes a call as asked for."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Zlib:
    """zlib's object in the manner of the others. `wbits`: 31 gzip, -15 bare deflate."""

    def __init__(self, wbits: int) -> None:
        self._inner = zlib.decompressobj(wbits)
        self._full = False

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail and not self._full

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        most = max(max_length, 0)
        got = self._inner.decompress(self._inner.unconsumed_tail + data, most)
        self._full = len(got) == most and not self._inner.eof
        return got


class _Deflate64:
    """The package inflate64, fed in small steps since it gives everything that they hold."""

    STEP = 4096

    def __init__(self) -> None:
        self._inner: Any = import_module("inflate64").Inflater()
        self.needs_input = True
        self.unused_data = b""

    @property
    def eof(self) -> bool:
        return bool(self._inner.eof)

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return bytes(self._inner.inflate(data))


def decompressor(how: str, memory: int) -> Decompressor:
    """For gzip, bzip2, xz, zstd, deflate or deflate64. Raises ImportError with words where a package is missing."""
    if how in ("gzip", "deflate"):
        return Zlib(31 if how == "gzip" else -15)
    if how == "bzip2":
        import bz2

        return bz2.BZ2Decompressor()
    if how == "xz":
        import lzma

        return lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=max(memory, 1 << 20))
    if how == "deflate64":
        try:
            return _Deflate64()
        except ImportError:
            raise ImportError(NO_DEFLATE64) from None
    for module in ("compression.zstd", "backports.zstd"):
        try:
            zstd = import_module(module)
        except ImportError:
            continue
        largest = zstd.DecompressionParameter.window_log_max
        low, high = largest.bounds()
        window = min(max(memory.bit_length() - 1, low), high)
        return zstd.ZstdDecompressor(options={largest: window})  # type: ignore[no-any-return]
    raise ImportError(NO_ZSTD)


class Unpacked:
    """The bytes of one or (for files of their own) several packed streams one after the other."""

    def __init__(self, how: str, packed: Readable, budget: Budget, *, several: bool = True) -> None:
        self._how = how
        self._packed = packed
        self._budget = budget
        self._several = several
        self._step = _Deflate64.STEP if how == "deflate64" else 1 << 16
        self._inner = decompressor(how, budget.limits.memory)
        self._ended = False
        self._left = b""
        self._taken = b""
        self._at = 0
        self.rest = b""
        """Bytes taken from the source that stand behind the packed stream (of `several=False`)."""

    def read(self, size: int = -1, /) -> bytes:
        size = STEP if size < 0 else size
        if size == 0:
            return b""
        if self._left:
            part, self._left = self._left[:size], self._left[size:]
            return part
        while not self._ended:
            self._budget.look_at_clock()  # streams without a byte would never come to `spend`
            if self._inner.eof:
                self._next_stream()
                continue
            data = self._packed_bytes() if self._inner.needs_input else b""
            if not data and self._inner.needs_input:
                raise EOFError(EARLY)
            try:
                got = self._inner.decompress(data, size)
            except Exception as error:
                if str(error).endswith(TOO_LARGE):
                    raise self._budget.too_large("its dictionary") from error
                raise
            if got:
                self._left = got[size:]
                return got[:size]
        return b""

    def _packed_bytes(self) -> bytes:
        """All that was taken from the source at once; a little of it where another stream has ended in it, since a
        decompressor copies what it does not need."""
        if self._at < len(self._taken):
            part = self._taken[self._at : self._at + SMALL_STEP]
            self._at += len(part)
            return part
        self._taken = self._packed.read(self._step)
        self._at = len(self._taken)
        return self._taken

    def _next_stream(self) -> None:
        if not self._several:
            self.rest, self._ended = self._inner.unused_data, True
            return
        self._at -= len(self._inner.unused_data)
        while True:
            padding = ZEROS.match(self._taken, self._at)
            self._at = padding.end() if padding else self._at
            if self._at < len(self._taken):
                self._inner = decompressor(self._how, self._budget.limits.memory)
                return
            self._budget.look_at_clock()
            self._taken, self._at = self._packed.read(self._step), 0
            if not self._taken:
                self._ended = True
                return
