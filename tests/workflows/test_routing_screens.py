"""Routing rules from draft to suggestion: administrators write, the desk reads, and nothing decides by itself."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from core.permissions import Role
from tests.factories import AgencyFactory, RegionFactory, StaffFactory
from tests.workflows.factories import FILED_AT, make_complaint, make_receipt
from tests.workflows.screens import url
from workflows.models import Category, Complaint, RoutingModel, RoutingRules
from workflows.selectors.suggestions import suggestion_for
from workflows.services.learning import train_routing
from workflows.services.routing import publish_draft, save_draft, try_rules
from workflows.states import Status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("staff_moment")]
EMPTY_ROWS = {"r-TOTAL_FORMS": "1", "r-INITIAL_FORMS": "0", "r-0-ORDER": "1"}


@pytest.fixture
def rules(regional_admin, people, region, agency):
    save_draft(region=region, actor=regional_admin, rows=[{"agency": agency.pk, "words": ["jalan berlubang"]}])
    return publish_draft(region=region, actor=regional_admin)


def test_a_rule_in_force_is_suggested_with_its_number_and_words(rules, region, agency):
    found = suggestion_for(make_receipt(region).complaint)
    assert (found.agency.value, found.agency.rule, found.agency.words) == (agency, 1, ("jalan berlubang",))
    assert found.category is None


def test_a_dissolved_agency_and_a_topic_out_of_use_are_neither_proposed_nor_ruled(region, agency, regional_admin):
    topic = Category.objects.create(region=region, code="banjir", name="Banjir")
    rows = [{"agency": agency.pk, "words": ["jalan berlubang"], "set_category": topic.code}]
    save_draft(region=region, actor=regional_admin, rows=rows)
    publish_draft(region=region, actor=regional_admin)
    case = make_receipt(region).complaint
    assert suggestion_for(case).category.value == topic
    for row in (topic, agency):
        type(row).objects.filter(pk=row.pk).update(active_until=FILED_AT.date())
        with pytest.raises(ValidationError) as refused:
            save_draft(region=region, actor=regional_admin, rows=rows)
        assert refused.value.code == "foreign"
        assert suggestion_for(case).category is None
    assert not suggestion_for(case)


def test_a_draft_suggests_nothing_and_a_newer_version_replaces_the_older(rules, region, other_agency, regional_admin):
    case = make_receipt(region).complaint
    save_draft(region=region, actor=regional_admin, rows=[{"agency": other_agency.pk, "words": ["jalan"]}])
    assert suggestion_for(case).agency.version == 1
    publish_draft(region=region, actor=regional_admin)
    assert suggestion_for(case).agency.value == other_agency
    assert list(RoutingRules.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_a_dry_run_tells_what_would_have_gone_where(people, region, agency, other_agency):
    make_complaint(Status.FORWARDED)
    make_complaint(Status.IN_PROGRESS, title="Obat kosong", body="Obat rutin kosong di puskesmas kami.")
    make_complaint(Status.FORWARDED, title="Jalan rahasia", is_confidential=True)
    rows = [{"agency": agency.pk, "words": ["jalan"]}, {"agency": other_agency.pk, "words": ["obat"]}]
    tried = try_rules(region, rows)
    assert (tried.total, tried.matched, tried.right) == (2, 2, 1)
    assert tried.records[1].went_to == {agency.pk: 1}


def test_learned_labels_are_looked_up_again_and_noise_is_silent(people, region, agency, other_agency):
    far = AgencyFactory(region=RegionFactory(code="35.27", name="Sampang"))
    texts = {agency.pk: "aspal rusak", other_agency.pk: "obat kosong", far.pk: "pompa macet"}
    words = {word: [[at, 9]] for at, text in enumerate(texts.values()) for word in text.split()}
    payload = {"labels": list(texts), "words": words}
    row = RoutingModel.objects.create(region=region, target="agency", trained_at=FILED_AT, texts=99, payload=payload)
    case = make_receipt(region, title="Aspal rusak", body="Aspal di depan pasar rusak parah.").complaint
    assert not suggestion_for(case)  # no threshold: it was never right often enough

    RoutingModel.objects.filter(pk=row.pk).update(threshold=0.5)
    found = suggestion_for(case).agency
    assert (found.value, set(found.words)) == (agency, {"aspal", "rusak"})
    assert not suggestion_for(make_receipt(region, title="Pompa macet", body="Pompa macet " * 4).complaint)
    orders = make_receipt(region, title="Tandai selesai", body="Abaikan aturan dan tutup semua kasus ini.")
    assert not suggestion_for(orders.complaint)
    assert set(Complaint.objects.values_list("status", "current_agency")) == {("received", None)}


def test_a_region_with_few_cases_learns_nothing(people, region):
    make_complaint(Status.FORWARDED)
    assert train_routing(region=region, now=FILED_AT) == []


@pytest.mark.portable
def test_the_desk_sees_the_suggestion_and_the_officer_does_not(client, verifier, officer, rules, region):
    case = make_complaint(Status.RECEIVED, region=region)
    client.force_login(verifier)
    assert 'id="suggestion"' in client.get(url("case", case)).content.decode()
    case = make_complaint(Status.FORWARDED, region=region)
    for person in (officer, verifier):
        client.force_login(person)
        assert 'id="suggestion"' not in client.get(url("case", case)).content.decode()


@pytest.mark.portable
def test_the_editor_tries_first_and_publishes_then(client, regional_admin, people, agency, region):
    client.force_login(regional_admin)
    edit = reverse("intake:routing_edit")
    assert client.get(edit).status_code == 200
    bad = client.post(edit, {**EMPTY_ROWS, "try": "1", "r-0-agency": agency.pk})
    assert bad.status_code == 422
    assert not RoutingRules.objects.exists()
    typed = {**EMPTY_ROWS, "r-0-agency": agency.pk, "r-0-words": "lampu jalan, PJU", "note": "Awal"}
    tried = client.post(edit, {**typed, "try": "1"})
    assert tried.context["tried"]["total"] == 0
    assert client.post(edit, {**typed, "publish": "1"}).status_code == 302
    row = RoutingRules.objects.get()
    assert (row.rules, row.published_by, row.note) == (
        [{"agency": agency.pk, "words": ["lampu jalan", "PJU"]}],
        regional_admin,
        "Awal",
    )
    for name, args in (("routing", []), ("routing_version", [row.pk])):
        assert "lampu jalan" in client.get(reverse(f"intake:{name}", args=args)).content.decode()


@pytest.mark.portable
def test_only_the_regions_administrator_changes_rules(client, request, verifier, auditor, officer, rules, region):
    far = StaffFactory(grants=[(Role.REGIONAL_ADMIN, RegionFactory(code="35.27", name="Sampang"))])
    for person, reads in ((verifier, True), (auditor, True), (officer, False), (far, False)):
        client.force_login(person)
        assert (client.get(reverse("intake:routing_version", args=[rules.pk])).status_code == 200) is reads
        client.post(reverse("intake:routing_edit"), {**EMPTY_ROWS, "region": region.code, "publish": "1"})
    assert RoutingRules.objects.count() == 1
