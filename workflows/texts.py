"""Which texts of a case are found by their words: the report itself, and what was written since."""

from core.textsearch import TextIndex

MESSAGE_WORDS = TextIndex("workflows_message", ("body",), owner="complaint_id")
CASE_WORDS = TextIndex("workflows_complaint", ("title", "body", "place"))
