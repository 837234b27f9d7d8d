"""Reading hostile mail and telling people from machines; no database."""

import pytest

from tests.workflows.mails import DESK, SENDER, WORDS, mail, many_parts, nested
from workflows.intake.mailparts import Unreadable, own_words, read_mail, text_of_html
from workflows.intake.mailtrust import fails_dmarc, machine_reason
from workflows.intake.replytokens import find_token, is_genuine, reply_address


def read(**values):
    return read_mail(mail(**values).as_bytes())


def test_a_plain_mail_is_read():
    got = read()
    assert (got.sender, got.sender_name, got.recipients, got.subject) == (SENDER, "Sari", (DESK,), "Lampu padam")
    assert got.text == WORDS


def test_html_becomes_text_without_scripts_styles_or_pictures():
    html = "<style>p{}</style><p>Jalan <b>rusak</b></p><script>alert(1)</script><img src='http://x/'><p>&lt;b&gt;</p>"
    assert text_of_html(html).split() == ["Jalan", "rusak", "<b>"]
    message = mail(text="")
    message.set_content("<p>Jalan rusak parah di desa kami</p>", subtype="html")
    assert read_mail(message.as_bytes()).text == "Jalan rusak parah di desa kami"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (nested(30), "depth"),
        (nested(5000), "parts"),
        (many_parts(100), "parts"),
        (many_parts(10_000), "parts"),
        (b"Subject: x\r\n" * 10_000 + b"\r\n\r\nx", "headers"),
        (b"x" * (13 * 1024 * 1024), "too_large"),
        (b"To: a@b.example\r\n\r\nx", "sender"),
        (b"From: a@b.example, c@d.example\r\n\r\nx", "sender"),
        (b"", "sender"),
    ],
)
def test_beyond_a_limit_nothing_is_read(raw, code):
    with pytest.raises(Unreadable) as refused:
        read_mail(raw)
    assert refused.value.args[0] == code


@pytest.mark.parametrize("charset", ["utf-8", "latin-1", "no-such-charset", "utf-16"])
def test_a_broken_charset_loses_no_mail(charset):
    raw = f"From: {SENDER}\r\nTo: {DESK}\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode()
    assert read_mail(raw + b"Jalan rusak \xff\xfe\x00").text


def test_a_mail_inside_a_mail_is_not_followed():
    outer, inner = mail(), mail(subject="Dalam", text="Isi surat di dalam.")
    outer.add_attachment(inner)
    assert read_mail(outer.as_bytes()).text == WORDS
    assert read_mail(outer.as_bytes()).files == ()


def test_the_same_mail_has_one_fingerprint_and_a_borrowed_id_another():
    assert read().fingerprint == read().fingerprint
    assert read().fingerprint != read(text="Kata lain dengan nomor yang sama.").fingerprint


def test_an_answer_is_cut_before_what_it_quotes():
    text = "Di RT 2.\n\nPada 3 Mei Aduan menulis:\n> Di mana?\n> Salam"
    assert own_words(text) == "Di RT 2."
    assert own_words("> kutip\nDi RT 2.\nFrom: aduan@x") == "Di RT 2."


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, ""),
        ({"Auto_Submitted": "no"}, ""),
        ({"Auto_Submitted": "auto-replied; x=y"}, "automatic"),
        ({"Precedence": "BULK"}, "automatic"),
        ({"List_Id": "<a.b>"}, "automatic"),
        ({"X_Autoreply": "yes"}, "automatic"),
        ({"Return_Path": "<>"}, "bounce"),
        ({"Return_Path": f"<{SENDER}>"}, ""),
        ({"X_Suara_Key": "7-x"}, "own"),
        ({"sender": "MAILER-DAEMON@rumah.example"}, "automatic"),
        ({"sender": "noreply@rumah.example"}, "automatic"),
        ({"sender": DESK}, "own"),
        ({"sender": "aduan+k3f.00@bangkalan.example"}, "own"),
    ],
)
def test_machines_are_told_from_people(headers, reason):
    assert machine_reason(read(**headers), {DESK}) == reason


def test_a_delivery_report_is_a_bounce():
    raw = f"From: {SENDER}\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--".encode()
    assert machine_reason(read_mail(raw), set()) == "bounce"


@pytest.mark.parametrize(
    ("header", "fails"),
    [
        ("mx.bangkalan.example; dmarc=pass", False),
        ("mx.bangkalan.example; spf=pass; DMARC = fail (p=reject)", True),
        ("mx.penipu.example; dmarc=pass", True),
        (None, True),
    ],
)
def test_only_our_own_server_is_believed_about_a_sender(header, fails):
    got = read(**({"Authentication_Results": header} if header else {}))
    assert fails_dmarc(got, "mx.bangkalan.example") is fails
    assert not fails_dmarc(got, "")


def test_a_token_binds_case_and_person():
    address = reply_address(DESK, 4711, "Sari@Rumah.example")
    case, given = find_token((address.upper().lower(),))
    assert case == 4711
    assert is_genuine(4711, SENDER, given)
    assert not is_genuine(4712, SENDER, given)
    assert not is_genuine(4711, "lain@rumah.example", given)
    assert not is_genuine(4711, "", given)
    assert find_token((DESK, "aduan+x.zz@y")) is None
