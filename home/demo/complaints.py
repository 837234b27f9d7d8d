"""Complaints of the demo region: a few dozen told as cases, more in bulk on request."""

from datetime import datetime

from core.models import Region
from workflows.models import Complaint
from workflows.services.demo import make_bulk_complaints, make_demo_complaints


def load_complaints(region: Region, *, now: datetime, seed: int, extra: int = 0) -> None:
    """Tell the demo cases once, then add ``extra`` made-up ones."""
    if not Complaint.objects.filter(region=region).exists():
        make_demo_complaints(region=region, now=now, seed=seed)
    if extra:
        make_bulk_complaints(region=region, n=extra, seed=seed)
