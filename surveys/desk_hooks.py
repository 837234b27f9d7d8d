"""Registers the instrument editor with Wagtail; decides nothing. Imported by ``wagtail_hooks``."""

from typing import Any

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from surveys.models import Instrument, InstrumentVersion
from surveys.permissions import INSTRUMENT_ACTIONS
from surveys.policies import InstrumentPolicy
from surveys.viewsets.instruments import InstrumentViewSetGroup

register_permission_policy(Instrument, InstrumentPolicy(Instrument, INSTRUMENT_ACTIONS))
register_permission_policy(InstrumentVersion, InstrumentPolicy(InstrumentVersion, INSTRUMENT_ACTIONS))


@hooks.register("register_admin_viewset")
def register_instruments() -> Any:
    return InstrumentViewSetGroup()
