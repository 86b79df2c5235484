"""Reads the journal of a kept log (adapters/embedded/journal.hpp) as far as audits need it."""

import struct
from pathlib import Path

HEAD = b"busbar.journal.1\n"
RECORD = 1  # frame_kind


def text_at(body: bytes, place: int) -> tuple[str, int]:
    """A text, and the place behind it."""
    size = struct.unpack_from("<I", body, place)[0]
    begin = place + 4
    return body[begin:begin + size].decode(), begin + size


def records_of(folder: Path, topic: str) -> list[bytes]:
    """The values of a topic's records, in the order in which they were written; a torn end is left out."""
    journal = (folder / "journal").read_bytes()
    values, place = [], len(HEAD)
    while place + 8 <= len(journal):
        size = struct.unpack_from("<I", journal, place)[0]
        body = journal[place + 8:place + 8 + size]
        place += 8 + size
        if len(body) < size or body[0] != RECORD:
            continue
        name, end = text_at(body, 1)
        # partition, offset and time, then the key
        _, end = text_at(body, end + 4 + 8 + 8)
        if name == topic:
            values.append(body[end:])
    return values
