"""How a test goes through the complaint screens of the staff."""

from datetime import UTC, datetime

from django.urls import reverse

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


def listed(client, tab="all"):
    ids, page = set(), 1
    while True:
        response = client.get(reverse("complaints:queue"), {"tab": tab, "p": page})
        ids |= {case.pk for case, _words in response.context["rows"]}
        if not response.context["page"].has_next():
            return ids
        page += 1


def post_move(client, case, move, version=None, **typed):
    data = {f"{move}-{key}": value for key, value in typed.items()}
    version = Complaint.objects.get(pk=case.pk).version if version is None else version
    return client.post(url("move", case, move), {"version": version, **data})


def state(case):
    return Complaint.objects.get(pk=case.pk).status
