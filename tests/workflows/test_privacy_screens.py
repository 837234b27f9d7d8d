"""The staff's privacy screens: who may see and who may change."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core.delivery import letter_of
from core.letters import Words, check_words, editable, editable_of, fill
from core.models import LetterVersion, MessageStop, Notification
from tests.workflows.factories import make_complaint
from workflows.models import Complaint, ConflictOfInterest, ErasureReport, PublicEntry, RetentionRule
from workflows.services.following import ask_to_follow
from workflows.services.identity import Identity
from workflows.states import Status

pytestmark = [pytest.mark.django_db, pytest.mark.portable, pytest.mark.usefixtures("staff_moment")]


@pytest.fixture
def case(people):
    return make_complaint(
        Status.IN_PROGRESS, identity=Identity(name="Siti Aminah"), body="Saya Siti, jalan kami rusak."
    )


def sign_in(client, user):
    client.force_login(user)
    return client


def test_the_desk_publishes_masked_words_takes_them_down_and_hides(client, people, case):
    sign_in(client, people["verifier"])
    address = reverse("privacy:case", args=[case.reference])
    page = client.get(address).content.decode()
    assert "Saya […], jalan" in page
    words = {"title": case.title, "body": "Saya […], jalan kami rusak.", "answer": ""}
    assert client.post(address, {"action": "publish", **words}).status_code == 422  # nobody says to have read it
    assert client.post(address, {"action": "publish", "checked": "on", **words}).status_code == 302
    assert PublicEntry.objects.published().count() == 1
    client.post(address, {"action": "withdraw"})
    assert not PublicEntry.objects.published().exists()
    client.post(address, {"action": "hide", "content": "on"})
    assert Complaint.objects.get(pk=case.pk).is_confidential


def test_only_the_desk_changes_and_only_an_administrator_erases(client, people, case, other_officer):
    address = reverse("privacy:case", args=[case.reference])
    assert sign_in(client, other_officer).get(address).status_code == 404
    assert sign_in(client, people["officer"]).get(address).status_code == 200
    assert client.post(address, {"action": "hide", "content": "on"}).status_code in (302, 403)
    form = {"action": "erase", "reason": "Pelapor memintanya", "sure": "on"}
    sign_in(client, people["verifier"]).post(address, form)
    assert not ErasureReport.objects.exists()
    sign_in(client, people["admin"]).post(address, form)
    assert ErasureReport.objects.get().is_clean
    assert not Complaint.objects.get(pk=case.pk).is_confidential


def test_a_named_person_is_locked_out_by_the_screen(client, people, case):
    form = {"action": "conflict", "user": str(people["officer"].pk), "agency": ""}
    people["officer"].agency = people["agency"]
    people["officer"].save()
    sign_in(client, people["verifier"]).post(reverse("privacy:case", args=[case.reference]), form)
    assert ConflictOfInterest.objects.get().user == people["officer"]
    assert sign_in(client, people["officer"]).get(reverse("complaints:case", args=[case.reference])).status_code == 404


def test_rules_and_letters_belong_to_the_regions_administrator(client, people, auditor):
    proofs, letter = reverse("privacy:proofs"), reverse("privacy:letter", args=["complaint_moved"])
    for person, seen in ((people["officer"], (302, 403)), (auditor, (200,)), (people["admin"], (200,))):
        assert sign_in(client, person).get(proofs).status_code in seen
    sign_in(client, auditor).post(proofs, {"days": "400"})
    assert not RetentionRule.objects.exists()
    sign_in(client, people["admin"]).post(proofs, {"days": "400"})
    assert RetentionRule.objects.get().days == 400
    words = {"subject": "Kabar {reference}", "body": "Silakan lihat {link}"}
    assert "Kabar BKL-2026-000123" in client.post(letter, {**words, "preview": "1"}).content.decode()
    assert client.post(letter, {**words, "body": "{{ settings }}"}).status_code == 422
    assert not LetterVersion.objects.exists()
    client.post(letter, words)
    assert LetterVersion.objects.get().number == 1
    client.post(f"{letter}?bahasa=en", {"subject": "News of {reference}", "body": "See {link}"})
    assert set(LetterVersion.objects.values_list("language", "number")) == {("id", 1), ("en", 1)}
    assert "News of" not in client.get(letter).content.decode()
    assert client.get(reverse("privacy:letters")).status_code == 200
    assert sign_in(client, people["officer"]).get(letter).status_code in (302, 403)


def test_every_letter_about_a_case_may_be_worded_and_its_link_leads_where_its_reader_has_to_go(client, people, case):
    folder = settings.BASE_DIR / "templates/emails"
    kinds = ("complaint", "case", "follow", "calendar", "deadline", "pause")
    of_the_desk = {path.stem for path in folder.iterdir() if path.stem.split("_")[0] in kinds}
    # An alarm to the administrators stays as it is: they word the letters.
    assert of_the_desk - {letter.code for letter in editable()} == {"deadline_alarm"}
    sign_in(client, people["admin"])
    for letter in editable():
        assert client.get(reverse("privacy:letter", args=[letter.code])).status_code == 200, letter.code

    page = reverse("privacy:letter", args=["follow_confirm"])
    for body in ("Abaikan saja.", "Tekan: {link} {token}"):
        assert client.post(page, {"subject": "Ikuti?", "body": body}).status_code == 422
    client.post(page, {"subject": "Ikuti?", "body": "Tekan: {link}"})
    entry = PublicEntry(complaint=case)
    ask_to_follow(entry=entry, email="warga@example.org", language="id", now=timezone.now())
    row = Notification.objects.get(template="follow_confirm")
    leads_to = settings.BASE_URL + reverse("workflows:follow_confirm", args=[row.context["token"]])
    assert letter_of(row).body.startswith(f"Tekan: {leads_to}")


def test_a_regions_digest_names_its_list_once_and_loses_no_case_of_it():
    digest = editable_of("deadline_digest")
    for subject, body in (("Kasus", "Lihat {link}"), ("Kasus", "{list} {list}"), ("Kasus {list}", "{list}")):
        with pytest.raises(ValidationError) as refused:
            check_words(digest, Words(subject, body))
        assert refused.value.code == "passage"
    words = Words("{number} kasus ({day})", "Tolong:\n{list}\n{link} {nomor}")
    lines = [{"reference": f"BKL-2026-{n:06}", "due": "2026-11-30 16.00", "late": n == 7} for n in range(999)]
    letter = fill(digest, words, {"lines": lines, "number": 999, "day": "2026-11-23"}, "id")
    assert letter.subject == "999 kasus (23 November 2026)"
    told = letter.body.splitlines()
    assert (told[0], told[-1]) == ("Tolong:", f"{settings.BASE_URL}{reverse('complaints:queue')} {{nomor}}")
    assert [line.split(":")[0] for line in told[1:-1]] == [f"- {line['reference']}" for line in lines]


def test_everybody_chooses_the_own_messages(client, people):
    address = reverse("privacy:messages")
    assert sign_in(client, people["officer"]).get(address).status_code == 200
    client.post(address, {"wanted": ["work"]})
    assert set(MessageStop.objects.values_list("purpose", flat=True)) == {"mention", "digest"}
