"""Bytes of a text file as text: as `crosscase.spreadsheets` finds out, for the readers of this room."""

from crosscase.spreadsheets import Decoded, decode, decoded, utf16_order

__all__ = ["Decoded", "decode", "decoded", "utf16_order"]
