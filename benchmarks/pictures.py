"""Pictures for the posts, drawn from their number: about 1200 × 800 pixels, with some grain."""

from __future__ import annotations

import io
from random import Random

__all__ = ["drawn"]

SIZE = (1200, 800)
GRAIN = 6
SHADES = 3  # bits of each colour that a PNG keeps: large even areas, as in a screenshot


def drawn(name: str) -> bytes:
    """Return the bytes of the picture with this name: a PNG or JPEG, by its ending."""
    from PIL import Image, ImageChops, ImageOps  # noqa: PLC0415 - heavy

    random = Random(name)  # noqa: S311 - for play, not for secrets
    colours = Image.frombytes("RGB", (6, 4), random.randbytes(6 * 4 * 3))
    picture = colours.resize(SIZE, Image.Resampling.BICUBIC)
    file = io.BytesIO()
    if name.endswith(".png"):
        ImageOps.posterize(picture, SHADES).save(file, "PNG", compress_level=6)
    else:
        noise = Image.frombytes("L", SIZE, random.randbytes(SIZE[0] * SIZE[1]))
        grain = noise.point(lambda level: level * GRAIN // 128).convert("RGB")
        ImageChops.add(picture, grain).save(file, "JPEG", quality=82)
    return file.getvalue()
