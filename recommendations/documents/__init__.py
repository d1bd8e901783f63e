"""An edition as a document: PDF, DOCX, ODT, Akoma Ntoso and plain text, each made of the canonical form."""

from recommendations.documents.issuing import FORMATS, Format, issue
from recommendations.documents.sheet import People, Reservation, Sheet, languages_of, sheet

__all__ = ["FORMATS", "Format", "People", "Reservation", "Sheet", "issue", "languages_of", "sheet"]
