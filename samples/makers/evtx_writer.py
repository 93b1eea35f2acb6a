"""Writes event logs in Windows' own binary format: file header, 64 KiB chunks, records with BinXML templates.

    write_evtx("Application.evtx", events)

Templates stand inline where a chunk uses them first and are named by their offset after that, and so are element
and attribute names; both are entered in the chunk's hash tables. All checksums are right.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from makers import binxml as bx
from makers.binxml import Element, Instance, Slot, Template
from makers.event import Event, filetime
from makers.event_templates import instance_of, plain_tree

FILE_HEADER, CHUNK, CHUNK_HEADER = 4096, 65536, 512
DIRTY = 1


class TooLarge(ValueError):
    """One event alone does not fit into a chunk."""


class _Chunk:
    """A chunk under construction. Offsets in it are lengths of `buffer`, which starts with the header's place."""

    def __init__(self) -> None:
        self.buffer = bytearray(CHUNK_HEADER)
        self.names: dict[str, int] = {}
        self.name_heads = [0] * 64
        self.templates: dict[bytes, int] = {}
        self.template_heads = [0] * 32
        self.ids: list[int] = []
        self.last_record = 0
        self._undo: list[tuple[Any, Any, list[int], int, int]] = []

    def add(self, event: Event) -> bool:
        """False, and nothing is changed, when the record does not fit."""
        start = len(self.buffer)
        self._undo.clear()
        self.buffer += struct.pack("<IIQQ", 0x2A2A, 0, event.record_id, filetime(event.time))
        self._fragment([instance_of(event)] if event.template else [plain_tree(event)])
        self.buffer += bytes(-(len(self.buffer) - start + 4) % 8)
        size = len(self.buffer) - start + 4
        self.buffer += struct.pack("<I", size)
        if len(self.buffer) > CHUNK:
            self._roll_back(start)
            return False
        struct.pack_into("<I", self.buffer, start + 4, size)
        self.ids.append(event.record_id)
        self.last_record = start
        return True

    def _roll_back(self, start: int) -> None:
        del self.buffer[start:]
        for table, key, heads, bucket, head in reversed(self._undo):
            del table[key]
            heads[bucket] = head

    def _enter(self, table: dict[Any, int], key: object, heads: list[int], bucket: int, at: int) -> int:
        """Puts an entry at the head of its bucket's chain; gives the entry that was there."""
        head = heads[bucket]
        self._undo.append((table, key, heads, bucket, head))
        table[key] = heads[bucket] = at
        return head

    def _fragment(self, items: list[Instance] | list[Element]) -> None:
        for item in items:
            self.buffer += b"\x0f\x01\x01\x00"
            if isinstance(item, Instance):
                self._instance(item)
            else:
                self._element(item, in_template=False)
        self.buffer += b"\x00"

    def _name(self, name: str) -> None:
        at = self.names.get(name)
        if at is not None:
            self.buffer += struct.pack("<I", at)
            return
        at, digest = len(self.buffer) + 4, bx.name_hash(name)
        text = name.encode("utf-16-le")
        following = self._enter(self.names, name, self.name_heads, digest % 64, at)
        self.buffer += struct.pack("<IIHH", at, following, digest, len(text) // 2) + text + b"\0\0"

    def _content(self, item: str | Slot | Element, in_template: bool) -> None:
        if isinstance(item, Slot):
            self.buffer += struct.pack("<BHB", 0x0E if item.optional else 0x0D, item.index, item.type)
        elif isinstance(item, str):
            text = item.encode("utf-16-le", "surrogatepass")
            self.buffer += struct.pack("<BBH", 0x05, bx.STRING, len(text) // 2) + text
        else:
            self._element(item, in_template)

    def _element(self, element: Element, in_template: bool) -> None:
        out = self.buffer
        out.append(0x41 if element.attributes else 0x01)
        if in_template:
            out += struct.pack("<H", element.dependency)
        size_at = len(out)
        out += bytes(4)
        self._name(element.name)
        if element.attributes:
            list_at = len(out)
            out += bytes(4)
            for left, (name, value) in enumerate(element.attributes, 1 - len(element.attributes)):
                out.append(0x46 if left else 0x06)
                self._name(name)
                self._content(value, in_template)
            struct.pack_into("<I", out, list_at, len(out) - list_at - 4)
        if element.content:
            out.append(0x02)
            for item in element.content:
                self._content(item, in_template)
            out.append(0x04)
        else:
            out.append(0x03)
        struct.pack_into("<I", out, size_at, len(out) - size_at - 4)

    def _definition(self, template: Template, at: int) -> None:
        short = int.from_bytes(template.guid[:4], "little")
        # Which bucket Windows takes is not documented; readers find a definition by its offset.
        following = self._enter(self.templates, template.guid, self.template_heads, short % 32, at)
        self.buffer += struct.pack("<I16sI", following, template.guid, 0)
        body = len(self.buffer)
        self.buffer += b"\x0f\x01\x01\x00"
        self._element(template.root, in_template=True)
        self.buffer += b"\x00"
        struct.pack_into("<I", self.buffer, body - 4, len(self.buffer) - body)

    def _instance(self, instance: Instance) -> None:
        out, template = self.buffer, instance.template
        at = self.templates.get(template.guid)
        out += b"\x0c\x01" + template.guid[:4] + struct.pack("<I", len(out) + 10 if at is None else at)
        if at is None:
            self._definition(template, len(out))
        values = instance.values
        out += struct.pack("<I", len(values))
        descriptors = len(out)
        out += bytes(4 * len(values))
        for index, value in enumerate(values):
            start = len(out)
            if isinstance(value, list):
                type_ = bx.BINXML
                self._fragment(value)
            else:
                type_ = value.type
                out += value.payload
            size = len(out) - start
            if size > 0xFFFF:
                raise TooLarge(f"a value of {size} bytes")
            struct.pack_into("<HBB", out, descriptors + 4 * index, size, type_, 0)

    def finish(self, first_number: int) -> bytes:
        used = len(self.buffer)
        out = self.buffer + bytes(CHUNK - used)
        last_number = first_number + len(self.ids) - 1
        struct.pack_into(
            "<8sQQQQIIII",
            out,
            0,
            b"ElfChnk\0",
            first_number,
            last_number,
            self.ids[0],
            self.ids[-1],
            128,
            self.last_record,
            used,
            zlib.crc32(out[CHUNK_HEADER:used]),
        )
        struct.pack_into("<I", out, 120, 1)
        struct.pack_into("<64I32I", out, 128, *self.name_heads, *self.template_heads)
        struct.pack_into("<I", out, 124, zlib.crc32(out[128:CHUNK_HEADER], zlib.crc32(out[:120])))
        return bytes(out)


def file_header(chunks: int, next_record: int, flags: int = 0) -> bytes:
    out = bytearray(FILE_HEADER)
    last = max(chunks - 1, 0)
    struct.pack_into("<8sQQQIHHHH", out, 0, b"ElfFile\0", 0, last, next_record, 128, 1, 3, FILE_HEADER, chunks)
    struct.pack_into("<II", out, 120, flags, zlib.crc32(out[:120]))
    return bytes(out)


def _finished_chunks(events: Iterable[Event], last_record: list[int]) -> Iterator[bytes]:
    """Puts the id of the last record into `last_record` when all are through."""
    chunk, numbers = _Chunk(), 1
    for event in events:
        if not chunk.add(event):
            if chunk.ids:
                yield chunk.finish(numbers)
                numbers += len(chunk.ids)
                chunk = _Chunk()
            if not chunk.add(event):
                raise TooLarge(f"record {event.record_id} does not fit into a chunk")
        last_record[0] = event.record_id
    if chunk.ids:
        yield chunk.finish(numbers)


def encode_evtx(events: Iterable[Event], *, flags: int = 0) -> bytes:
    """The file's bytes. Events stand in the order given; their record ids must be set and rise."""
    last_record = [0]
    chunks = list(_finished_chunks(events, last_record))
    return file_header(len(chunks), last_record[0] + 1, flags) + b"".join(chunks)


def write_evtx(path: str | os.PathLike[str], events: Iterable[Event], *, flags: int = 0) -> None:
    """The same into a file, one chunk at a time."""
    last_record, chunks = [0], 0
    with open(path, "wb") as file:
        file.write(file_header(0, 1, flags))
        for chunk in _finished_chunks(events, last_record):
            file.write(chunk)
            chunks += 1
        file.seek(0)
        file.write(file_header(chunks, last_record[0] + 1, flags))
