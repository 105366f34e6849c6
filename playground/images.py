"""Width and height of a picture, read from its header."""

from __future__ import annotations

import struct

_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_JPEG_START = b"\xff\xd8"
# SOF0..SOF15 without DHT (C4), JPG (C8) and DAC (CC), which are no frame headers.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def find_image_size(content: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels of a PNG or JPEG; None for anything else."""
    if content.startswith(_PNG_MAGIC) and content[12:16] == b"IHDR" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith(_JPEG_START):
        return _find_jpeg_size(content)
    return None


def _find_jpeg_size(content: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return width, height
        (length,) = struct.unpack(">H", content[position + 2 : position + 4])
        position += 2 + length
    return None
