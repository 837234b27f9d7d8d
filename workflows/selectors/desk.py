"""How a region's complaint desk is set up."""

from core.models import Agency, Region
from core.statements import Reading
from workflows.models import ComplaintDesk

_desk: Reading[ComplaintDesk] = Reading(
    lambda region: ComplaintDesk.objects.select_related("coordinator__region").filter(region=region), int
)


def desk_of(region: Region) -> ComplaintDesk:
    """The region's desk, with no query where it was read with the region; unsaved where nobody has set it up yet."""
    known = region._state.fields_cache.get("complaint_desk")
    if known is not None and "coordinator" in known._state.fields_cache:
        return known
    row = _desk.first(region.pk) if region.pk else None
    return row or ComplaintDesk(region=region, prefix=default_prefix(region), coordinator=_root_agency(region))


def default_prefix(region: Region) -> str:
    """Three letters of the region's name, consonants first: Bangkalan gives BNG."""
    letters = [letter for letter in region.name.upper() if letter.isascii() and letter.isalpha()]
    consonants = [letter for letter in letters if letter not in "AEIOU"]
    return "".join((consonants + letters + list("XXX"))[:3])


def _root_agency(region: Region) -> Agency | None:
    return Agency.objects.select_related("region").filter(region=region, parent=None).order_by("pk").first()
