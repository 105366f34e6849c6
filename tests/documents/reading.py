"""Reads files back as those who get them do."""

import csv
import re
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader


def read_pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def read_lines(pdf: bytes) -> list[str]:
    """All lines of a PDF as they stand on the paper, the words of a line apart by one space."""
    return [" ".join(line.split()) for page in read_pages(pdf) for line in page.split("\n")]


def read_amounts(line: str) -> list[Decimal]:
    """The amounts of a line."""
    return [Decimal(found.replace(",", "")) for found in re.findall(r"-?[\d,]+\.\d\d(?!\d)", line)]


def read_book(xlsx: bytes, *, has_results: bool) -> Workbook:
    """A workbook with its formulas, or with the results that the file has for them."""
    return openpyxl.load_workbook(BytesIO(xlsx), data_only=has_results)


def read_sheet(xlsx: bytes, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet below its head, by column, results for formulas; the last one has the sums."""
    sheet: Worksheet = read_book(xlsx, has_results=True)[name]
    head, *rows = list(sheet.iter_rows(min_row=3, values_only=True))
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def read_csv(file: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file by column."""
    return list(csv.DictReader(StringIO(file.decode("utf-8-sig"), newline="")))


def to_cents(number: object) -> Decimal:
    """What a sheet's number is, to the cent."""
    return Decimal(str(number)).quantize(Decimal("0.01"))
