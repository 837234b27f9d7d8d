"""Staff change holidays, hours and limits without code: put forward, previewed, decided by a second person."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import ModelLogEntry, Page, Site

from core.permissions import Role
from core.services import save_agency
from tests.factories import RegionFactory, StaffFactory
from tests.workflows.factories import make_complaint
from tests.workflows.screens import NOW
from workflows.models import (
    AgencyWeek,
    CalendarDay,
    CalendarLayer,
    CalendarProposal,
    EscalationRule,
    SlaPolicy,
    WorkingHours,
)
from workflows.selectors.calendars import calendar_for
from workflows.selectors.touched import touched_by_rule
from workflows.services.policies import mark_policies_used, supersede_policy
from workflows.services.traces import LOGGED
from workflows.states import Status

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
SENT = {"source": "Keputusan Bupati 7/2026", "decided_on": "2026-04-01", "known_from": "2026-04-02"}


def sent(region, **changes):
    return {**SENT, "title": "Hari jadi", "region": region.pk if region else "", **changes}


def decree(region, text="19 Mei 2026 Hari jadi", **changes):
    return sent(region, **{"kind": "local", "text": text, **changes})


def new(kind):
    return reverse("deadlines:new_change", args=[kind])


def decide(client, action, **more):
    change = CalendarProposal.objects.latest("pk")
    return client.post(reverse("deadlines:change", args=[change.pk]), {"action": action, **more})


def local_layer(region):
    day = date(2026, 4, 1)
    row = {"year": 2026, "kind": "local", "name": "Hari jadi", "source": "Keputusan"}
    layer = CalendarLayer.objects.create(region=region, decided_on=day, known_from=day, **row)
    CalendarDay.objects.create(layer=layer, on=date(2026, 5, 19), name="Hari jadi", added_on=day)
    return layer


def works(agency, on):
    return calendar_for(agency).day(date.fromisoformat(on)).is_working


@pytest.fixture
def stranger(db):
    """Administrator of another regency."""
    return StaffFactory(
        username="stranger", grants=[(Role.REGIONAL_ADMIN, RegionFactory(code="35.27", name="Sampang"))]
    )


# --- Calendar changes -------------------------------------------------------------------------------


def test_a_decree_is_pasted_previewed_and_approved_by_a_second_person(client, people):
    region, case = people["agency"].region, make_complaint()
    client.force_login(people["verifier"])
    assert client.post(new("days"), decree(region, "kapan saja")).context["form"].errors["text"]
    made = client.post(new("days"), decree(region))
    page = client.get(made.url)
    assert (page.context["change"].status, page.context["change"].summary["later"]) == ("waiting", 1)
    assert case.reference in page.content.decode()
    assert decide(client, "approve").status_code in (302, 403)
    assert works(people["agency"], "2026-05-19")

    client.force_login(people["admin"])
    assert client.get(made.url).context["may_decide"]
    assert decide(client, "approve").status_code == 302
    assert CalendarProposal.objects.get().status == "applied"
    assert not works(people["agency"], "2026-05-19")
    assert CalendarLayer.objects.get(region=region).approved_by == people["admin"]


def test_a_decree_comes_as_a_file_too_and_may_be_refused(client, people, tmp_path):
    file = tmp_path / "libur.csv"
    file.write_text("tanggal;nama;jenis\n2026-05-19;Hari jadi;lokal\n")
    client.force_login(people["verifier"])
    with file.open("rb") as upload:
        client.post(new("days"), decree(people["agency"].region, "", file=upload))
    assert CalendarProposal.objects.get().content["days"][0]["on"] == "2026-05-19"
    client.force_login(people["admin"])
    decide(client, "refuse", reason="Tanggalnya salah")
    assert CalendarProposal.objects.get().refusal == "Tanggalnya salah"
    assert works(people["agency"], "2026-05-19")


def test_hours_ramadan_and_weeks_are_put_forward_on_forms_of_their_own(client, people):
    region, agency = people["agency"].region, people["agency"]
    client.force_login(people["verifier"])
    hours = WorkingHours.objects.get(code="perpres-21-2023-lima-hari")
    form = client.get(f"{new('hours')}?from={hours.pk}").context["form"]
    assert form.initial["normal_4"] == "07:30-11:30, 13:00-16:30"
    typed = sent(region, code="loket", working_week="five_day", valid_from="2026-05-18", agency=agency.pk)
    bad = client.post(new("hours"), {**typed, "normal_0": "pagi"})
    assert {"normal_0", "__all__"} <= set(bad.context["form"].errors)
    assert client.post(new("hours"), {**typed, "normal_5": "08:00-11:00"}).status_code == 302
    days = {"first": "2027-02-08", "last": "2027-03-09", "provisional": "on"}
    assert client.post(new("ramadan"), sent(region, **days)).status_code == 302
    week = {"agency": agency.pk, "working_week": "six_day", "valid_from": "2026-05-18"}
    assert client.post(new("week"), sent(region, **week)).status_code == 302
    client.force_login(people["admin"])
    for change in CalendarProposal.objects.order_by("pk"):
        client.post(reverse("deadlines:change", args=[change.pk]), {"action": "count"})
        client.post(reverse("deadlines:change", args=[change.pk]), {"action": "approve"})
    assert set(CalendarProposal.objects.values_list("status", flat=True)) == {"applied"}
    assert [works(agency, on) for on in ("2026-05-13", "2026-05-20", "2026-05-23")] == [True, False, True]
    assert AgencyWeek.objects.get().joint_leave_observed is False
    assert CalendarLayer.objects.get(region=region, kind="ramadan").provisional


def test_who_has_no_desk_proposes_nothing_and_sees_only_the_own_region(client, people, stranger):
    client.force_login(people["verifier"])
    client.post(new("days"), decree(people["agency"].region))
    url = reverse("deadlines:change", args=[CalendarProposal.objects.get().pk])
    client.force_login(people["officer"])
    assert client.get(new("days")).status_code == 302
    assert client.post(new("days"), decree(people["agency"].region)).status_code == 302
    assert client.get(url).status_code == 200
    assert client.post(url, {"action": "approve"}).status_code == 302
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    assert "region" in client.post(new("days"), decree(people["agency"].region)).context["form"].errors
    assert CalendarProposal.objects.count() == 1
    assert works(people["agency"], "2026-05-19")


def test_national_days_need_somebody_who_works_for_every_region(client, people):
    client.force_login(people["admin"])
    data = decree(None, "1 Januari 2027 Tahun Baru", kind="national")
    assert client.post(new("days"), data).status_code == 302
    site = Site.objects.create(hostname="sampang.example", root_page=Page.objects.get(depth=2))
    RegionFactory(code="35.27", name="Sampang", site=site)
    assert "region" in client.post(new("days"), data).context["form"].errors


# --- Who may ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "verifier", "editor"])
def test_others_read_and_change_nothing(client, calendars, request, who):
    client.force_login(request.getfixturevalue(who))
    rows = {"calendar_layers": CalendarLayer, "working_hours": WorkingHours, "time_limits": SlaPolicy}
    for name, model in rows.items():
        assert client.get(reverse(f"{name}:index")).status_code == 200
        assert client.get(reverse(f"{name}:inspect", args=[model.objects.first().pk])).status_code == 200
    limit = SlaPolicy.objects.first().pk
    for closed in (reverse("time_limits:add"), reverse("reminder_rules:add")):
        assert client.get(closed).status_code == 302
    assert client.get(reverse("time_limits:edit", args=[limit])).status_code == 302
    assert client.post(reverse("deadlines:limit", args=[limit]), {"reason": "sepuluh huruf"}).status_code == 302


def test_another_regions_administrator_does_not_see_a_local_layer(client, calendars, stranger, agency):
    layer = local_layer(agency.region)
    client.force_login(stranger)
    assert layer not in client.get(reverse("calendar_layers:index")).context["object_list"]
    assert client.get(reverse("calendar_layers:inspect", args=[layer.pk])).status_code == 404


def test_reading_a_layer_shows_its_days(client, calendars, officer, agency):
    layer = local_layer(agency.region)
    client.force_login(officer)
    content = client.get(reverse("calendar_layers:inspect", args=[layer.pk])).content.decode()
    assert "Hari jadi" in content


# --- Limits and reminders ---------------------------------------------------------------------------


def twice(client, url, data):
    """Ask for the preview, then save what was previewed."""
    preview = client.post(url, data)
    assert preview.status_code == 200, preview
    assert preview.context["meaning"].due
    return client.post(url, {**data, "previewed": preview.context["previewed"]})


@pytest.mark.usefixtures("staff_moment")
def test_a_limit_in_use_cannot_be_edited_only_superseded(client, calendars, regional_admin):
    client.force_login(regional_admin)
    policy = SlaPolicy.objects.get(code="selesai-pengaduan")
    edit = reverse("time_limits:edit", args=[policy.pk])
    assert client.get(edit).status_code == 200
    mark_policies_used([policy])
    assert client.get(edit).status_code == 302
    url = reverse("time_limits:supersede", args=[policy.pk])
    assert client.get(url).status_code == 200
    data = {"number": 10, "unit": "working_days", "source": "Peraturan Bupati", "certainty": "confirmed"}
    for past in ("2018-01-01", "2026-05-07"):
        early = client.post(url, {**data, "valid_from": past})
        assert list(early.context["form"].errors) == ["valid_from"]
    assert twice(client, url, {**data, "valid_from": "2026-05-11"}).status_code == 302
    policy.refresh_from_db()
    newest = SlaPolicy.objects.get(code=policy.code, valid_until=None)
    assert (policy.number, policy.valid_until) == (14, date(2026, 5, 11))
    assert (newest.number, newest.version, newest.used_at) == (10, 2, None)
    assert client.get(url).status_code == 302


@pytest.mark.usefixtures("staff_moment")
def test_a_new_limit_is_saved_only_after_its_preview(client, calendars, regional_admin, region, agency):
    client.force_login(regional_admin)
    data = {"code": "selesai-pengaduan", "clock": "total", "number": 3, "unit": "working_days", "region": region.pk}
    data |= {"valid_from": "2026-05-08", "case_class": "information", "source": "SK", "certainty": "confirmed"}
    url = reverse("time_limits:add")
    assert "code" in client.post(url, data).context["form"].errors
    data["code"] = "kabupaten"
    for_one = client.post(url, {**data, "clock": "arbiter", "agency": agency.pk})
    assert "agency" in for_one.context["form"].errors
    assert "valid_from" in client.post(url, {**data, "valid_from": "2026-05-07"}).context["form"].errors
    preview = client.post(url, data)
    changed = client.post(url, {**data, "number": 4, "previewed": preview.context["previewed"]})
    assert changed.status_code == 200
    assert not SlaPolicy.objects.filter(code="kabupaten").exists()
    assert twice(client, url, data).status_code == 302
    made = SlaPolicy.objects.get(code="kabupaten")
    assert (made.number, made.published_at) == (3, NOW)
    edit = reverse("time_limits:edit", args=[made.pk])
    assert not client.post(edit, {**data, "number": 4}).context["form"].errors
    make_complaint(region=region, now=NOW)
    assert client.post(edit, {**data, "number": 4}).context["form"].errors


def test_a_limit_tells_what_it_means_and_open_cases_are_counted_under_it_with_a_reason(client, people):
    case = make_complaint()
    newer = supersede_policy(policy=case.policy, valid_from=date(2026, 5, 11), number=30)
    client.force_login(people["admin"])
    url = reverse("deadlines:limit", args=[newer.pk])
    page = client.get(url)
    assert (page.context["number"], [row.running for row in page.context["versions"]]) == (1, [0, 1])
    client.post(url, {"reason": "singkat"})
    assert case.events.count() == 1
    client.post(url, {"reason": "Peraturan Bupati baru"})
    assert case.events.last().action == "rebased"


def test_the_set_up_check_names_what_is_not_measured(client, people):
    SlaPolicy.objects.filter(clock="total", case_class="supervision").delete()
    client.force_login(people["admin"])
    page = client.get(reverse("deadlines:set_up"))
    _office, limits, years = page.context["desks"][0]
    assert [name for clock, name, limit in limits if (limit is None and "engawas" in name) or "supervision" in name]
    assert len(years) == 2
    assert not page.context["has_rules"]


def test_a_reminder_rule_is_made_in_the_own_region(client, calendars, regional_admin, region):
    client.force_login(regional_admin)
    data = {"region": region.pk, "clock": "leg", "moment": "on_day", "number": 2, "to": "address", "is_active": "on"}
    url = reverse("reminder_rules:add")
    assert client.post(url, data).context["form"].errors
    at_second_sight(client, url, {**data, "address": "bupati@contoh.id"})
    assert EscalationRule.objects.get().region == region


def at_second_sight(client, url, data):
    """Send a form, read what it would change, and send it again; the context of the preview."""
    preview = client.post(url, data)
    assert preview.status_code == 200, preview.context["form"].errors
    assert client.post(url, {**data, "previewed": preview.context["previewed"]}).status_code == 302
    return preview.context


def test_a_reminder_rule_is_previewed_counted_and_its_old_value_kept(client, people, region):
    rule = EscalationRule.objects.create(region=region, clock="leg", moment="on_day", number=2, to="officer")
    make_complaint(Status.FORWARDED)
    make_complaint(Status.VERIFIED)
    client.force_login(people["admin"])
    url = reverse("reminder_rules:edit", args=[rule.pk])
    data = {"region": region.pk, "clock": "leg", "moment": "on_day", "number": 3, "to": "officer", "is_active": "on"}
    client.post(url, data)
    client.post(url, {**data, "number": 4, "previewed": '{"number": [2, 3]}'})
    rule.refresh_from_db()
    assert rule.number == 2

    seen = at_second_sight(client, url, data)
    assert ([change[1:] for change in seen["changed"]], seen["touched"]) == ([("2", "3")], 1)
    entry = ModelLogEntry.objects.get(action=LOGGED)
    assert (entry.user, entry.data["changed"]) == (people["admin"], {"number": [2, 3]})
    assert "2 → 3" in client.get(reverse("reminder_rules:history", args=[rule.pk])).content.decode()
    client.post(f"/admin/reminder_rules/delete/{rule.pk}/")
    assert EscalationRule.objects.count() == 1


def test_a_rule_of_an_agency_touches_only_cases_that_its_own_rules_decide(people, region):
    make_complaint(Status.FORWARDED)
    on = {"clock": "leg", "moment": "on_day", "to": "officer", "region": region}
    own = EscalationRule.objects.create(**on, agency=people["agency"], number=2)
    assert touched_by_rule(people["admin"], None, EscalationRule(**on, number=5)) == 0
    assert touched_by_rule(people["admin"], own, EscalationRule(**on, pk=own.pk, number=5)) == 1


def test_another_working_week_is_proposed_and_not_typed_over_by_form_or_file(client, regional_admin, agency):
    client.force_login(regional_admin)
    form = client.get(reverse("agencies:edit", args=[agency.pk])).context["form"]
    assert form.fields["working_week"].disabled
    assert form.fields["joint_leave_observed"].disabled
    agency.working_week = "six_day"
    with pytest.raises(ValidationError):
        save_agency(agency)


def test_a_time_zone_goes_by_a_proposal_and_not_by_the_form_of_the_region(client, people):
    region = people["agency"].region
    client.force_login(people["admin"])
    form = {"name": "Bangkalan", "time_zone": "Asia/Jayapura"}
    client.post(reverse("regions:edit", args=[region.pk]), form)
    client.post(new("zone"), sent(region, time_zone="Asia/Jakarta"))
    assert not CalendarProposal.objects.exists()
    made = client.post(new("zone"), sent(region, time_zone="Asia/Makassar"))
    assert "WIB → WITA" in client.get(made.url).content.decode()
    decide(client, "approve")
    region.refresh_from_db()
    assert region.time_zone == "Asia/Jakarta"
