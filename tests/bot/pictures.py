"""A picture that somebody sends."""

from io import BytesIO

from PIL import Image


def _draw() -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    return file.getvalue()


PICTURE = _draw()
