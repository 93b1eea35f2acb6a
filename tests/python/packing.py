"""Archives made in memory, and what the walk makes of them."""

from __future__ import annotations

import io
import tarfile
import zipfile

from synclens.bundle import Member, Unread, walk


def zipped(members, **how) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content, **how)
    return out.getvalue()


def tarred(members, mode="w", mtime=0) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), mtime
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def content_of(item: Member) -> bytes:
    if item.path is not None:
        with open(item.path, "rb") as file:
            return file.read()
    parts = []
    while part := item.stream.read(1 << 16):
        parts.append(part)
    return b"".join(parts)


def seen(*sources, **how):
    """name -> content for members, (reason, is_problem) for the rest."""
    found = {}
    for item in walk(sources, **how):
        assert item.name not in found or isinstance(item, Unread)
        found[item.name] = content_of(item) if isinstance(item, Member) else (item.reason, item.is_problem)
    return found
