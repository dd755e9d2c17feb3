"""Bring studies in from the programs that researchers use, and take them out again."""

from crosscase.exchange.adding import add_files
from crosscase.exchange.export import TARGETS, export_study
from crosscase.exchange.formats import FORMATS, detect
from crosscase.exchange.moved import move_over, release_columns
from crosscase.exchange.register import import_file
from crosscase.exchange.report import ExportReport, ImportReport
from crosscase.exchange.template import new_study
from crosscase.study.missing import missing_words

__all__ = [
    "FORMATS",
    "TARGETS",
    "ExportReport",
    "ImportReport",
    "add_files",
    "detect",
    "export_study",
    "import_file",
    "missing_words",
    "move_over",
    "new_study",
    "release_columns",
]
