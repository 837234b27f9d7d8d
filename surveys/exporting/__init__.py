"""Answers as files: one table per survey, whatever its versions asked, and the codebook that explains it."""
