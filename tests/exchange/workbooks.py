"""Edit a workbook in a test as a person does with a spreadsheet program: by sheet, name of the row, and heading."""

from __future__ import annotations

import openpyxl

from crosscase.exchange.edit_layout import ID, MEMORY


def place(page, name, heading):
    """Return row and column of a cell: the row that is called so (or has this number), the column of a heading."""
    headings = {cell.value: cell.column for cell in page[1]}
    if isinstance(name, int):
        return name, headings[heading]
    row = next(row for row in range(2, page.max_row + 1) if page.cell(row, 2).value == name)
    return row, headings[heading]


def put(path, *changes):
    """Change cells: (sheet, row, heading, value)."""
    book = openpyxl.load_workbook(path)
    for sheet, name, heading, value in changes:
        page = book[sheet]
        page.cell(*place(page, name, heading)).value = value
    book.save(path)


def rows(path, sheet):
    """Return the rows of a sheet as mappings from heading to value."""
    page = openpyxl.load_workbook(path)[sheet]
    headings = [cell.value for cell in page[1]]
    return [dict(zip(headings, (cell.value for cell in row))) for row in page.iter_rows(min_row=2)]


def add(path, sheet, **cells):
    """Add a row below the last one; headings with underscores for blanks."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    headings = {str(cell.value).casefold(): cell.column for cell in page[1]}
    row = page.max_row + 1
    for heading, value in cells.items():
        page.cell(row, headings[heading.replace("_", " ").casefold()]).value = value
    book.save(path)


def delete(path, sheet, *names):
    """Delete rows by name."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    for name in names:
        page.delete_rows(place(page, name, ID)[0])
    book.save(path)


def change(path, how):
    """Change a workbook in any way: a function that gets the open workbook."""
    book = openpyxl.load_workbook(path)
    how(book)
    book.save(path)


__all__ = ["ID", "MEMORY", "add", "change", "delete", "place", "put", "rows"]
