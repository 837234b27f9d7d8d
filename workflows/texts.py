"""Which texts of a case are found by their words."""

from core.textsearch import TextIndex

CASE_WORDS = TextIndex("workflows_complaint", ("title", "body", "place"))
