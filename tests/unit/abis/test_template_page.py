"""docs/template-format.md tells the truth: its vectors are what the code writes, and the code reads them."""

import hashlib
import re
from pathlib import Path

import pytest

from rekam.abis.finger.template import REASONS as FINGER_REASONS
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.gallery import Gallery
from rekam.abis.gallery_log import FILE_NAME
from rekam.abis.iris.template import IrisReason, IrisTemplate
from rekam.abis.template_set import TemplateSet
from template_page import finger, gallery, iris, templates

PAGE = (Path(__file__).parents[3] / "docs" / "template-format.md").read_text("utf-8")


def vector(name: str) -> bytes:
    [block] = re.findall(rf"^```{name}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return bytes.fromhex(block)


def test_the_finger_template_on_the_page_is_read_and_written():
    assert FingerTemplate.from_bytes(vector("finger")) == finger()
    assert finger().to_bytes() == vector("finger")


def test_the_iris_template_on_the_page_is_written_and_read_again():
    data = iris().to_bytes()
    assert data[:36] == vector("iris-head")
    assert hashlib.sha256(data).digest() == vector("iris-sha256")
    assert IrisTemplate.from_bytes(data).to_bytes() == data


def test_the_template_sets_on_the_page_are_read_and_written():
    assert TemplateSet.from_bytes(vector("set")) == TemplateSet({"finger-7": finger()})
    assert TemplateSet({"finger-7": finger()}).to_bytes() == vector("set")
    assert hashlib.sha256(templates().to_bytes()).digest() == vector("set-sha256")


def test_the_gallery_on_the_page_is_written_and_opened(tmp_path):
    assert gallery() == vector("gallery")
    (tmp_path / FILE_NAME).write_bytes(vector("gallery"))
    with Gallery.open(tmp_path) as opened:
        assert opened.ids() == ()


@pytest.mark.parametrize("reasons", [FINGER_REASONS, tuple(IrisReason)], ids=["finger", "iris"])
def test_the_reasons_on_the_page_are_all_there_are_in_the_order_of_their_bits(reasons):
    assert f"from the lowest bit: {', '.join(reasons)} |" in PAGE
