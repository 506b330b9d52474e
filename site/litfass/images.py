"""The size of image files, in pixels."""

from __future__ import annotations

import re
from pathlib import Path

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")


def size_of(path: Path) -> tuple[int, int] | None:
    """Return width and height of an image as it is shown, or None when there are none."""
    if path.suffix.lower() == ".svg":
        return _size_of_drawing(path)
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - heavy

    try:
        with Image.open(path) as image:
            width, height = image.size
            turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)  # EXIF orientation: on its side
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    return (height, width) if turned else (width, height)


def _size_of_drawing(path: Path) -> tuple[int, int] | None:
    try:
        head = path.read_text("utf-8", errors="replace")[:4096]
    except OSError:
        return None
    tag = re.search(r"<svg\b[^>]*>", head)
    if not tag:
        return None
    sizes = [re.search(rf'\s{name}="([\d.]+)(?:px)?"', tag[0]) for name in ("width", "height")]
    if sizes[0] and sizes[1]:
        return round(float(sizes[0][1])), round(float(sizes[1][1]))
    box = re.search(r'\sviewBox="\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*"', tag[0])
    return (round(float(box[1])), round(float(box[2]))) if box else None
