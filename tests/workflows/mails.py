"""Mails as bytes, the good and the hostile."""

from email.message import EmailMessage

DESK = "aduan@bangkalan.example"
SENDER = "sari@rumah.example"
WORDS = "Lampu jalan di depan balai desa padam sejak dua minggu lalu."


def mail(to=DESK, sender=SENDER, subject="Lampu padam", text=WORDS, message_id="<1@rumah.example>", html="", **headers):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Sari <{sender}>", to, subject
    message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def nested(depth):
    """A mail whose parts lie inside each other."""
    lines = [f"From: {SENDER}", f"To: {DESK}", "MIME-Version: 1.0"]
    for number in range(depth):
        lines += [f'Content-Type: multipart/mixed; boundary="b{number}"', "", f"--b{number}"]
    return "\r\n".join([*lines, "Content-Type: text/plain", "", WORDS]).encode()


def many_parts(count):
    head = f'From: {SENDER}\r\nTo: {DESK}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    return (head + "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * count + "--b--").encode()
