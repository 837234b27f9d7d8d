"""What each sign of how an answer came about means, for staff."""

from django.utils.translation import gettext_lazy as _

from surveys import quality

FLAG_WORDS = {
    quality.STRAIGHT: _("The same score everywhere"),
    quality.HASTY: _("Filled in faster than it can be read"),
    quality.BURST: _("Many answers at once from this place or network"),
    quality.STAFF: _("Sent from a network of the office"),
    quality.TRAP: _("Filled a field that people do not see"),
    quality.DUPLICATE: _("Same content as another answer of the day"),
    quality.LATE: _("Arrived late"),
}
