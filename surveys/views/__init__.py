"""Public views (answering) and staff views (points, answers)."""
