"""Which messengers can deliver in a region now."""

from core.keeping import kept_for
from workflows.models import Gateway

# A form may offer a gateway a minute longer than it is connected; who sends the form is told.
KEPT_SECONDS = 60


def sending_kinds(region_id: int) -> set[str]:
    """Kinds of the region's gateways that can deliver (one query)."""
    return set(Gateway.objects.active().sending().filter(region=region_id).values_list("kind", flat=True))


def kinds_to_offer(region_id: int) -> set[str]:
    """The same for showing a form (one query a minute and process)."""
    return kept_for(KEPT_SECONDS, f"workflows.messengers:{region_id}", lambda: sending_kinds(region_id))
