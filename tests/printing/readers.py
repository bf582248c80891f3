"""Reading printed copies back: their text as people would copy it, their stamp as a scanner would see it."""

import re
from base64 import b64decode
from io import BytesIO

import pypdfium2
import zxingcpp
from lxml import html
from PIL import Image
from pypdf import PdfReader

RESOLUTION = {"carta": 300, "80mm": 203, "58mm": 203}
"""Dots per inch of the printers of each paper."""


def squeezed(text: str) -> str:
    """Text without white space: a narrow paper breaks lines wherever it must."""
    return "".join(text.split())


def pdf_text(pdf: bytes) -> str:
    """All the text of a PDF."""
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def html_text(page: str) -> str:
    """All the text of a page that is shown."""
    return html.fromstring(page).find("body").text_content()


def pdf_stamps(pdf: bytes, paper: str) -> list[bytes]:
    """Stamps read off the pages at the resolution of the paper's printer; a thermal head knows black and white."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        image = page.render(scale=RESOLUTION[paper] / 72, grayscale=True).to_pil()
        if paper != "carta":
            image = image.point(lambda grey: 255 if grey > 127 else 0)
        found += [code.bytes for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.PDF417)]
        page.close()
    document.close()
    return found


def html_stamps(page: str) -> list[bytes]:
    """Stamps in the images of a page."""
    images = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    drawn = [Image.open(BytesIO(b64decode(image))) for image in images]
    # Other symbologies may be seen by chance in so dense a picture.
    return [code.bytes for one in drawn for code in zxingcpp.read_barcodes(one, formats=zxingcpp.BarcodeFormat.PDF417)]
