"""How a test goes through the complaint screens of the staff."""

from datetime import UTC, datetime

from django.urls import reverse
from django.utils.http import urlencode

from core.models import User
from workflows.models import Complaint

# Friday of the week in which the cases of the factories were filed.
NOW = datetime(2026, 5, 8, 3, 0, tzinfo=UTC)
STAFF = ("verifier", "officer", "other_officer", "agency_head", "auditor", "regional_admin")


def somebody(request, name):
    """A member of the cast, whether ``people`` has made that person already or not."""
    return User.objects.filter(username=name).first() or request.getfixturevalue(name)


def url(name, case, *args):
    return reverse(f"complaints:{name}", args=[case.reference, *args])


def listed(client, tab="all", **filters):
    """Every case of a list, page by page."""
    ids, address = set(), f"?{urlencode({'tab': tab, **filters})}"
    while address:
        response = client.get(reverse("complaints:queue") + address)
        ids |= {case.pk for case, _words in response.context["rows"]}
        address = response.context["pages"].get("next")
    return ids


def post_move(client, case, move, version=None, **typed):
    data = {f"{move}-{key}": value for key, value in typed.items()}
    version = Complaint.objects.get(pk=case.pk).version if version is None else version
    return client.post(url("move", case, move), {"version": version, **data})


def state(case):
    return Complaint.objects.get(pk=case.pk).status
