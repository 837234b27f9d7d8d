"""The offices' own networks: who keeps them, and what counts as one."""

import pytest
from django.urls import reverse

from surveys.models import OfficeNetwork

pytestmark = pytest.mark.django_db
ADD = "office_networks:add"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("203.0.113.9/28", "203.0.113.0/28"), ("203.0.113.7", "203.0.113.7/32"), (" 2001:db8::/48 ", "2001:db8::/48"),
     ("10.0.0.0/8", None), ("kantor", None), ("203.0.113.300", None)],
)  # fmt: skip
def test_an_administrator_keeps_networks_as_they_are_meant(client, regional_admin, agency, typed, kept):
    client.force_login(regional_admin)
    client.post(reverse(ADD), {"agency": agency.pk, "network": typed, "note": ""})
    assert list(OfficeNetwork.objects.values_list("network", flat=True)) == ([kept] if kept else [])


def test_an_office_does_not_keep_its_own_networks(client, agency_head, agency):
    client.force_login(agency_head)
    client.post(reverse(ADD), {"agency": agency.pk, "network": "203.0.113.7"})
    assert not OfficeNetwork.objects.exists()
    assert client.get(reverse("office_networks:index")).status_code in (302, 403)
