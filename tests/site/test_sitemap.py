"""What search engines are told."""

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass.sitemap import MOST_ENTRIES, SitemapEntry, render, robots

ROOT = "https://blog.example/weg/"
XSD = """<?xml version="1.0"?>
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"
    targetNamespace="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <xsd:simpleType name="moment"><xsd:union memberTypes="xsd:date xsd:dateTime"/></xsd:simpleType>
  <xsd:simpleType name="address">
    <xsd:restriction base="xsd:anyURI"><xsd:minLength value="12"/><xsd:maxLength value="2048"/>
    </xsd:restriction>
  </xsd:simpleType>
  <xsd:complexType name="place"><xsd:sequence>
    <xsd:element name="loc" type="address"/>
    <xsd:element name="lastmod" type="moment" minOccurs="0"/>
  </xsd:sequence></xsd:complexType>
  <xsd:element name="urlset"><xsd:complexType><xsd:sequence>
    <xsd:element name="url" type="place" maxOccurs="50000"/>
  </xsd:sequence></xsd:complexType></xsd:element>
  <xsd:element name="sitemapindex"><xsd:complexType><xsd:sequence>
    <xsd:element name="sitemap" type="place" maxOccurs="50000"/>
  </xsd:sequence></xsd:complexType></xsd:element>
</xsd:schema>
"""


def places(content: bytes) -> list[tuple[str, str | None]]:
    namespace = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    return [
        (element.findtext(f"{namespace}loc"), element.findtext(f"{namespace}lastmod"))
        for element in ET.fromstring(content)
    ]


def entries(count: int) -> list[SitemapEntry]:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return [SitemapEntry(f"{ROOT}{n}/", start + timedelta(minutes=n)) for n in range(count)]


def test_one_file_lists_every_address_in_order_with_its_time_in_utc():
    berlin = timezone(timedelta(hours=2))
    moment = datetime(2026, 5, 1, 0, 30, 12, 345678, tzinfo=berlin)
    (file,) = render([SitemapEntry(ROOT, moment), SitemapEntry(f"{ROOT}?a=1&b=<ü>")], ROOT)
    assert file.path == "sitemap.xml"
    assert places(file.content) == [
        (ROOT, "2026-04-30T22:30:12+00:00"),
        (f"{ROOT}?a=1&b=<ü>", None),
    ]


def test_an_empty_blog_has_a_sitemap_that_parses():
    (file,) = render([], ROOT)
    assert places(file.content) == []


def test_the_50000th_entry_still_fits_and_the_next_makes_an_index():
    assert len(render(entries(MOST_ENTRIES), ROOT)) == 1
    index, first, second = render(entries(MOST_ENTRIES + 1), ROOT)
    assert [file.path for file in (index, first, second)] == [
        "sitemap.xml",
        "sitemap-1.xml",
        "sitemap-2.xml",
    ]
    assert places(index.content) == [
        (f"{ROOT}sitemap-1.xml", places(first.content)[-1][1]),
        (f"{ROOT}sitemap-2.xml", places(second.content)[-1][1]),
    ]
    assert len(places(first.content)) == MOST_ENTRIES


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=80)),
    st.integers(1, 9),
    st.integers(500, 2000),
)
def test_however_it_is_split_nothing_is_lost_and_no_file_is_too_large(paths, most, size):
    given = [
        SitemapEntry(f"{ROOT}{path.encode('ascii', 'xmlcharrefreplace').decode()}")
        for path in paths
    ]
    files = render(given, ROOT, most_entries=most, most_bytes=size)
    parts = files if len(files) == 1 else files[1:]
    listed = [place for part in parts for place, _ in places(part.content)]
    assert listed == [entry.permalink for entry in given]
    assert all(len(places(part.content)) <= most for part in parts)
    assert all(len(part.content) <= size or len(places(part.content)) == 1 for part in parts)
    assert files == render(given, ROOT, most_entries=most, most_bytes=size)


@pytest.mark.parametrize("most", [10, 2])
def test_xmllint_finds_it_as_the_protocol_says(tmp_path, most):
    if shutil.which("xmllint") is None:
        pytest.skip("xmllint is not installed: the sitemap is NOT validated")
    (tmp_path / "sitemap.xsd").write_text(XSD)
    for file in render([*entries(3), SitemapEntry(f"{ROOT}ohne/")], ROOT, most_entries=most):
        (tmp_path / file.path).write_bytes(file.content)
        command = ["xmllint", "--nonet", "--noout", "--schema", "sitemap.xsd", file.path]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_robots_lets_everybody_in_and_names_the_sitemap():
    content = robots(f"{ROOT}sitemap.xml").decode()
    parser = RobotFileParser()
    parser.parse(content.splitlines())
    assert parser.can_fetch("AnyBot", f"{ROOT}2026/05/hello/")
    assert parser.site_maps() == [f"{ROOT}sitemap.xml"]
    assert re.search(r"\n\Z", content)
