"""Images as a network takes them: re-encoded only where its limits or the author's privacy ask.

The same file and limits give the same bytes, so that an attempt that is resumed sends what it sent
before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from litfass_syndication.announcement import Image
from litfass_syndication.capabilities import ImageLimits
from litfass_syndication.errors import SyndicationError

if TYPE_CHECKING:
    import PIL.Image

_JPEG, _PNG, _WEBP = "image/jpeg", "image/png", "image/webp"
_QUALITIES = (90, 82, 74, 66)
_SCALES = (1.0, 0.84, 0.7, 0.58, 0.48, 0.4, 0.3, 0.2, 0.1)

# Below half a bit for each pixel, a smaller picture looks better than a coarser one.
_PIXELS_PER_BYTE = 16

# Where cameras and programs write the place, the device and the names of people.
_PRIVATE = ("exif", "xmp", "XML:com.adobe.xmp", "photoshop", "Raw profile type exif")


class PictureError(SyndicationError):
    """An image that cannot be read, or not be brought within a network's limits."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An image ready to be sent: its bytes and their media type; width and height in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Encoding:
    """A way to encode: `quality` of what loses some, or a JPEG's own tables, or without loss."""

    media_type: str
    quality: int | None = None
    tables: Mapping[int, list[int]] | None = None

    def of(self, picture: PIL.Image.Image) -> Upload:
        """Encode a picture, without anything that is not seen."""
        options: dict[str, Any] = {"icc_profile": picture.info.get("icc_profile"), "optimize": True}
        if self.media_type == _JPEG:
            picture = _flat(picture)
            options["progressive"] = True
        if self.tables:
            options["qtables"] = self.tables
        elif self.quality:
            options["quality"] = self.quality
        content = BytesIO()
        picture.save(content, self.media_type.partition("/")[2].upper(), **options)
        return Upload(content.getvalue(), self.media_type, *picture.size)


def fitted(
    image: Image | None, limits: ImageLimits, without: Callable[[str], str]
) -> tuple[Upload | None, tuple[str, ...]]:
    """Return an image ready to be sent, or none and a note that says why it goes `without`."""
    if image is None:
        return None, ()
    try:
        return fit(image, limits), ()
    except PictureError as error:
        return None, (without(error.message),)


def fit(image: Image, limits: ImageLimits) -> Upload:
    """Return the image within the limits: upright, never enlarged, without EXIF and its like.

    A file that is fine already is returned byte for byte. What has to become JPEG loses its
    transparency to white; what has to be re-encoded shows only its first frame.
    Raises PictureError when the file is no image or cannot be made to fit.
    """
    try:
        return _fitted(image.path.read_bytes(), image, limits)
    except FileNotFoundError as error:
        raise PictureError(f"The image {image.path.name} is not there any more.") from error
    except _unreadable() as error:
        raise PictureError(
            f"The image {image.path.name} cannot be read as one.",
            "Networks take photographs and drawings as JPEG or PNG.",
        ) from error


def _unreadable() -> tuple[type[Exception], ...]:
    import PIL.Image  # noqa: PLC0415

    # Pillow's decoders say in many ways that a file is damaged.
    return (OSError, ValueError, SyntaxError, EOFError, PIL.Image.DecompressionBombError)


def _fitted(content: bytes, image: Image, limits: ImageLimits) -> Upload:
    import PIL.Image  # noqa: PLC0415

    with PIL.Image.open(BytesIO(content)) as picture:
        media_type = PIL.Image.MIME.get(picture.format or "", "")
        picture.load()
        original = Upload(content, media_type, *picture.size)
        if _within(original, limits) and not _private(picture):
            return original
        for upload in _candidates(picture, media_type, limits):
            if _within(upload, limits):
                return upload
    raise PictureError(
        f"The image {image.path.name} cannot be made to fit this network.",
        "Give the post a smaller image, as JPEG or PNG.",
    )


def _within(upload: Upload, limits: ImageLimits) -> bool:
    return (
        upload.media_type in limits.media_types
        and (limits.max_bytes is None or len(upload.content) <= limits.max_bytes)
        and (limits.max_pixels is None or upload.width * upload.height <= limits.max_pixels)
    )


def _private(picture: PIL.Image.Image) -> bool:
    return bool(picture.getexif()) or any(picture.info.get(name) for name in _PRIVATE)


def _candidates(picture: PIL.Image.Image, media_type: str, limits: ImageLimits) -> Iterator[Upload]:
    """Yield ever smaller versions: as good as can be, then coarser, then with fewer pixels."""
    plain = _plain(picture)
    most = _most_pixels(limits)
    largest = min(1.0, (most / (plain.width * plain.height)) ** 0.5) if most else 1.0
    for scale in _SCALES:
        scaled = _scaled(plain, largest * scale)
        if scale == 1:
            yield from (encoding.of(scaled) for encoding in _own(picture, media_type, limits))
        yield from (encoding.of(scaled) for encoding in _ladder(limits))


def _most_pixels(limits: ImageLimits) -> int | None:
    sensible = limits.max_bytes and limits.max_bytes * _PIXELS_PER_BYTE
    return min(filter(None, (limits.max_pixels, sensible)), default=None)


def _own(picture: PIL.Image.Image, media_type: str, limits: ImageLimits) -> Iterator[_Encoding]:
    """Yield what suits the file best: a drawing loses nothing, a JPEG nothing more, nor grows."""
    drawing = media_type == _PNG or picture.has_transparency_data
    if drawing and _PNG in limits.media_types:
        yield _Encoding(_PNG)
    tables = getattr(picture, "quantization", None)
    if tables and picture.mode in {"L", "RGB"} and _JPEG in limits.media_types:
        yield _Encoding(_JPEG, tables=tables)


def _ladder(limits: ImageLimits) -> Iterator[_Encoding]:
    lossy = next((kind for kind in (_JPEG, _WEBP) if kind in limits.media_types), None)
    if lossy:
        yield from (_Encoding(lossy, quality) for quality in _QUALITIES)
    elif _PNG in limits.media_types:
        yield _Encoding(_PNG)


def _plain(picture: PIL.Image.Image) -> PIL.Image.Image:
    """Return the picture upright, as grey, RGB or RGBA, with nothing about it but its colours."""
    from PIL import ImageOps  # noqa: PLC0415

    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I;16"):
        # Pillow would clip sixteen bits to eight, to a white page.
        upright = upright.convert("I").point(lambda value: value / 256).convert("L")
    mode = "RGBA" if upright.has_transparency_data else "L" if upright.mode in {"1", "L"} else "RGB"
    profile = upright.info.get("icc_profile") if upright.mode in {"L", "RGB", "RGBA"} else None
    plain = upright.convert(mode)
    plain.info = {"icc_profile": profile} if profile else {}
    return plain


def _scaled(picture: PIL.Image.Image, scale: float) -> PIL.Image.Image:
    from PIL.Image import Resampling  # noqa: PLC0415

    # Rounded down: a pixel more could be one too many.
    size = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
    if size == picture.size:
        return picture
    return picture.resize(size, Resampling.LANCZOS, reducing_gap=3.0)


def _flat(picture: PIL.Image.Image) -> PIL.Image.Image:
    """Lay a picture on white paper."""
    import PIL.Image  # noqa: PLC0415

    if picture.mode != "RGBA":
        return picture
    paper = PIL.Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    flat = paper.convert("RGB")
    flat.info = dict(picture.info)
    return flat
