"""Images are made to fit a network, and only those that have to be are touched."""

from __future__ import annotations

from io import BytesIO
from random import Random

import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageCms

from litfass_syndication.announcement import Image
from litfass_syndication.capabilities import ImageLimits
from litfass_syndication.pictures import PictureError, fit

ALL = ("image/jpeg", "image/png", "image/webp")
ORIENTATION, MAKER = 0x0112, 0x010F


@pytest.fixture
def file(tmp_path):
    """Write a picture to a file, and describe it as the announcer does."""

    def write(picture, format_="PNG", **options):
        path = tmp_path / f"picture.{format_.lower()}"
        picture.save(path, format_, **options)
        return image(path)

    return write


def image(path):
    return Image(path, "", "image/png", 1, 1, "digest")


def noise(width, height, mode="RGB"):
    """Make a picture that cannot be compressed."""
    bands = len(PIL.Image.new(mode, (1, 1)).getbands())
    return PIL.Image.frombytes(mode, (width, height), Random(7).randbytes(width * height * bands))


def opened(upload):
    picture = PIL.Image.open(BytesIO(upload.content))
    picture.load()
    assert PIL.Image.MIME[picture.format] == upload.media_type
    assert picture.size == (upload.width, upload.height)
    return picture


def exif(**tags):
    data = PIL.Image.Exif()
    data[MAKER] = "Kamerawerk"
    if "orientation" in tags:
        data[ORIENTATION] = tags["orientation"]
    return data


def is_white(pixel):
    return min(pixel[:3]) > 250


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
def test_a_file_that_is_fine_is_sent_byte_for_byte(file, format_):
    picture = file(noise(40, 30), format_)
    content = picture.path.read_bytes()
    limits = ImageLimits(ALL, max_bytes=len(content), max_pixels=40 * 30)
    upload = fit(picture, limits)
    assert upload.content == content
    assert (upload.media_type, upload.width, upload.height) == (f"image/{format_.lower()}", 40, 30)


def test_too_many_bytes_become_a_jpeg_of_the_same_size_first(file):
    picture = file(noise(300, 200))
    upload = fit(picture, ImageLimits(ALL, max_bytes=100_000))
    assert opened(upload).format == "JPEG"
    assert (upload.width, upload.height) == (300, 200)


def test_far_too_many_bytes_take_pixels_as_well(file):
    picture = file(noise(900, 600))
    upload = fit(picture, ImageLimits(ALL, max_bytes=50_000))
    assert len(upload.content) <= 50_000
    assert upload.width < 900
    assert upload.width / upload.height == pytest.approx(1.5, abs=0.02)


def test_too_many_pixels_are_scaled_down_and_never_one_over(file):
    upload = fit(file(noise(333, 222)), ImageLimits(ALL, max_pixels=10_000))
    assert 9_000 < upload.width * upload.height <= 10_000


def test_a_drawing_stays_without_loss_while_it_can(file):
    drawing = PIL.Image.new("RGB", (400, 400), "red")
    upload = fit(file(drawing, compress_level=0), ImageLimits(ALL, max_bytes=20_000))
    assert upload.media_type == "image/png"
    assert opened(upload).convert("RGB").tobytes() == drawing.tobytes()


def test_transparency_stays_in_a_png_and_is_laid_on_white_for_a_jpeg(file):
    clear = PIL.Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    kept = fit(file(clear), ImageLimits(("image/jpeg", "image/png"), max_pixels=400))
    assert opened(kept).getpixel((5, 5))[3] == 0
    flat = fit(file(clear), ImageLimits(("image/jpeg",)))
    assert is_white(opened(flat).getpixel((25, 25)))


def test_transparency_of_a_palette_is_laid_on_white_too(file):
    clear = PIL.Image.new("P", (50, 50), 0)
    clear.putpalette([0, 0, 0, 255, 0, 0])
    upload = fit(file(clear, "GIF", transparency=0), ImageLimits(("image/jpeg",)))
    assert is_white(opened(upload).getpixel((25, 25)))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "YCbCr", "I;16"])
def test_every_colour_mode_can_become_a_jpeg(file, mode):
    grey = PIL.Image.new("L", (20, 20), 200)
    picture = grey.convert(mode) if mode != "I;16" else PIL.Image.new(mode, (20, 20), 200 << 8)
    upload = fit(file(picture, "TIFF"), ImageLimits(("image/jpeg",)))
    brightness = opened(upload).convert("L").getpixel((10, 10))
    assert brightness > 250 if mode == "1" else brightness == pytest.approx(200, abs=6)


def test_what_the_camera_wrote_is_not_sent_and_costs_no_quality(file):
    picture = file(noise(60, 40), "JPEG", quality=40, exif=exif())
    original = picture.path.read_bytes()
    upload = fit(picture, ImageLimits(ALL))
    assert b"Kamerawerk" in original
    assert b"Kamerawerk" not in upload.content
    assert len(upload.content) <= len(original)
    with PIL.Image.open(picture.path) as before:
        assert opened(upload).quantization == before.quantization


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
def test_no_format_keeps_its_metadata(file, format_):
    picture = file(noise(60, 40), format_, exif=exif(), xmp=b"<x>Kamerawerk</x>")
    upload = fit(picture, ImageLimits(ALL))
    assert b"Kamerawerk" in picture.path.read_bytes()
    assert b"Kamerawerk" not in upload.content
    assert not opened(upload).getexif()


def test_a_photograph_taken_upright_is_sent_upright(file):
    upload = fit(file(noise(60, 40), "JPEG", exif=exif(orientation=6)), ImageLimits(ALL))
    assert (upload.width, upload.height) == (40, 60)
    assert ORIENTATION not in opened(upload).getexif()


def test_colours_keep_their_profile(file):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    upload = fit(file(noise(60, 40), icc_profile=profile), ImageLimits(ALL, max_pixels=400))
    assert opened(upload).info["icc_profile"] == profile


def test_without_jpeg_there_is_webp_and_without_both_png(file):
    picture = file(noise(200, 100), "GIF")
    webp = fit(picture, ImageLimits(("image/webp",), max_bytes=20_000))
    assert opened(webp).format == "WEBP"
    png = fit(picture, ImageLimits(("image/png",), max_bytes=20_000))
    assert opened(png).format == "PNG"
    assert len(png.content) <= 20_000


def test_the_same_file_gives_the_same_bytes(file):
    picture = file(noise(300, 200))
    limits = ImageLimits(ALL, max_bytes=30_000)
    assert fit(picture, limits) == fit(picture, limits)


def test_the_largest_photograph_of_a_telephone_fits_in_a_megabyte(file):
    tile = noise(400, 300).resize((4000, 3000))
    upload = fit(file(tile, "JPEG", quality=95), ImageLimits(ALL, max_bytes=1_000_000))
    assert len(upload.content) <= 1_000_000
    assert upload.width >= 1600


def test_a_network_that_takes_no_format_we_can_write_gets_no_image(file):
    with pytest.raises(PictureError, match=r"picture\.png cannot be made") as caught:
        fit(file(noise(9, 9)), ImageLimits(("image/x-unheard-of",)))
    assert caught.value.hint


def test_a_limit_that_cannot_be_met_is_an_error(file):
    with pytest.raises(PictureError, match="cannot be made to fit"):
        fit(file(noise(90, 90)), ImageLimits(ALL, max_bytes=10))


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n broken", b"\xff\xd8"],
)
def test_a_file_that_is_no_image_is_an_error_that_names_it(tmp_path, content):
    path = tmp_path / "bild.png"
    path.write_bytes(content)
    with pytest.raises(PictureError, match=r"bild\.png cannot be read") as caught:
        fit(image(path), ImageLimits(ALL))
    assert str(tmp_path) not in caught.value.message


def test_half_a_file_is_no_image(file):
    picture = file(noise(90, 90), "JPEG")
    content = picture.path.read_bytes()
    picture.path.write_bytes(content[: len(content) // 2])
    with pytest.raises(PictureError, match="cannot be read"):
        fit(picture, ImageLimits(ALL))


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(PictureError, match="not there any more"):
        fit(image(tmp_path / "weg.png"), ImageLimits(ALL))


@given(
    size=st.tuples(st.integers(1, 120), st.integers(1, 120)),
    mode=st.sampled_from(["L", "RGB", "RGBA"]),
    limits=st.builds(
        ImageLimits,
        st.sets(st.sampled_from(ALL), min_size=1).map(tuple),
        max_bytes=st.none() | st.integers(900, 20_000),
        max_pixels=st.none() | st.integers(1, 9_000),
    ),
)
def test_what_is_sent_is_always_within_the_limits(tmp_path_factory, size, mode, limits):
    path = tmp_path_factory.mktemp("pictures") / "p.png"
    noise(*size, mode).save(path)
    upload = fit(image(path), limits)
    width, height = opened(upload).size
    assert upload.media_type in limits.media_types
    assert limits.max_bytes is None or len(upload.content) <= limits.max_bytes
    assert limits.max_pixels is None or width * height <= limits.max_pixels
    assert (width <= size[0], height <= size[1]) == (True, True)
