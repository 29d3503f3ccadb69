"""stub"""

from store.exchange.faults import BadFile, Fault
from store.exchange.loading import Count, LoadReport, load, load_into, read
from store.exchange.reading import Format, Parsed, parse
from store.exchange.windows import ReadWindow, WindowReading
from store.exchange.writing import dump, export

__all__ = [
    "BadFile",
    "Count",
    "Fault",
    "Format",
    "LoadReport",
    "Parsed",
    "ReadWindow",
    "WindowReading",
    "dump",
    "export",
    "load",
    "load_into",
    "parse",
    "read",
]
