"""Sheets of many points: what a text or file holds, line by line, and the points that it seems to make."""

from recommendations.sheets.documents import KINDS, lines_of_file, lines_of_text
from recommendations.sheets.guesses import Guesses
from recommendations.sheets.lines import Line
from recommendations.sheets.points import Point, Proposal, propose

__all__ = ["KINDS", "Guesses", "Line", "Point", "Proposal", "lines_of_file", "lines_of_text", "propose"]
