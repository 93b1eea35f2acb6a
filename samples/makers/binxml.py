"""BinXML: the element trees, slots and values of which Windows builds an event record."""

from __future__ import annotations

import hashlib
import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

NO_DEPENDENCY = 0xFFFF
NULL, STRING, ANSI, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64 = range(11)
REAL32, REAL64, BOOL, BINARY, GUID, SIZE_T, FILETIME, SYSTEMTIME, SID, HEX32, HEX64 = range(11, 22)
BINXML, ARRAY = 0x21, 0x80

_FORMATS = {
    INT8: "<b",
    UINT8: "<B",
    INT16: "<h",
    UINT16: "<H",
    INT32: "<i",
    UINT32: "<I",
    INT64: "<q",
    UINT64: "<Q",
    REAL32: "<f",
    REAL64: "<d",
    BOOL: "<i",
    FILETIME: "<Q",
    HEX32: "<I",
    HEX64: "<Q",
    SIZE_T: "<Q",
}


@dataclass(frozen=True)
class Slot:
    """A substitution: where an instance's value goes. Optional ones vanish, with what encloses them, when NULL."""

    index: int
    type: int
    optional: bool = True


@dataclass(frozen=True)
class Element:
    """Content items are str, Slot or Element. `dependency` is the slot that must not be NULL for it to show."""

    name: str
    attributes: tuple[tuple[str, str | Slot], ...] = ()
    content: tuple[str | Slot | Element, ...] = ()
    dependency: int = NO_DEPENDENCY


@dataclass(frozen=True)
class Template:
    root: Element

    @cached_property
    def guid(self) -> bytes:
        """From the canonical content: the same template has the same GUID in every chunk and file."""
        return hashlib.md5(repr(self.root).encode("utf-8"), usedforsecurity=False).digest()


@dataclass(frozen=True)
class Value:
    type: int
    payload: bytes


@dataclass
class Instance:
    """A template and its values; a list of instances as a value becomes one BinXml (0x21) value."""

    template: Template
    values: Sequence[Value | list[Instance]] = field(default_factory=list)


NOTHING = Value(NULL, b"")


def number(type_: int, value: float) -> Value:
    return Value(type_, struct.pack(_FORMATS[type_], value))


def string(text: str) -> Value:
    """Lone surrogates pass: real logs hold them too."""
    return Value(STRING, text.encode("utf-16-le", "surrogatepass"))


def guid(text: str | None) -> Value:
    return Value(GUID, uuid.UUID(text).bytes_le) if text else NOTHING


def sid(text: str | None) -> Value:
    if not text:
        return NOTHING
    revision, authority, *parts = (int(part) for part in text.split("-")[1:])
    return Value(
        SID,
        struct.pack(">BBHI", revision, len(parts), authority >> 32, authority & 0xFFFFFFFF)
        + struct.pack(f"<{len(parts)}I", *parts),
    )


def array(type_: int, items: Sequence[Any]) -> Value:
    """An array of strings, numbers or GUIDs: the enclosing element is repeated once per item."""
    if type_ == STRING:
        payload = b"".join((item + "\0").encode("utf-16-le", "surrogatepass") for item in items)
    elif type_ == GUID:
        payload = b"".join(uuid.UUID(item).bytes_le for item in items)
    else:
        payload = b"".join(struct.pack(_FORMATS[type_], item) for item in items)
    return Value(ARRAY | type_, payload)


def name_hash(name: str) -> int:
    value = 0
    data = name.encode("utf-16-le")
    for (unit,) in struct.iter_unpack("<H", data):
        value = (value * 65599 + unit) & 0xFFFFFFFF
    return value & 0xFFFF
