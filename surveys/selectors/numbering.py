"""Which numbers a region prints beside elements 8 and 9."""

from surveys.models import SurveySettings
from surveys.numbering import Numbering


def numbering_in(region_id: int | None) -> Numbering:
    """As the region's settings say; one query."""
    chosen = SurveySettings.objects.filter(site__region=region_id).values_list("numbering", flat=True).first()
    return Numbering(chosen) if chosen else Numbering.REGULATION
