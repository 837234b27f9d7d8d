"""How a region's complaint desk is set up."""

from core.models import Agency, Region
from workflows.models import ComplaintDesk


def desk_of(region: Region) -> ComplaintDesk:
    """The region's desk; an unsaved one with defaults where nobody has set it up yet."""
    row = ComplaintDesk.objects.select_related("coordinator__region").filter(region=region).first()
    return row or ComplaintDesk(region=region, prefix=default_prefix(region), coordinator=_root_agency(region))


def default_prefix(region: Region) -> str:
    """Three letters of the region's name, consonants first: Bangkalan gives BNG."""
    letters = [letter for letter in region.name.upper() if letter.isascii() and letter.isalpha()]
    consonants = [letter for letter in letters if letter not in "AEIOU"]
    return "".join((consonants + letters + list("XXX"))[:3])


def _root_agency(region: Region) -> Agency | None:
    return Agency.objects.select_related("region").filter(region=region, parent=None).order_by("pk").first()
