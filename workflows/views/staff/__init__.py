"""Complaints inside the Wagtail admin: queue, case, moves, and entry for somebody at the counter."""
