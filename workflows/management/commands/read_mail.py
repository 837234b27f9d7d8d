"""``manage.py read_mail [MAILBOX]``: take complaints and answers from a mailbox."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from workflows.intake.mailboxes import BadMailbox, mails_in
from workflows.services.intake.mail import UNKNOWN, take_mail


class Command(BaseCommand):
    help = (
        "Take unread mail: new complaints, answers to cases. MAILBOX is imaps://user:password@host/INBOX,"
        " maildir:///path, mbox:///path or an .eml file; by default the setting INTAKE_MAIL_URL. Reading a mail twice"
        " changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("mailbox", nargs="?", default=settings.INTAKE_MAIL_URL)

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["mailbox"]:
            raise CommandError("No mailbox: name one, or set INTAKE_MAIL_URL.")
        try:
            counts = Counter(self.taken(raw) for raw in mails_in(options["mailbox"]))
        except BadMailbox as problem:
            raise CommandError("The mailbox must be imaps://, maildir://, mbox:// or a file.") from problem
        except OSError as problem:
            raise CommandError(f"The mailbox cannot be read: {type(problem).__name__}.") from problem
        self.stdout.write(", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())) or "no mail")

    def taken(self, raw: bytes) -> str:
        row = take_mail(raw, now=timezone.now())
        return row.outcome if row else UNKNOWN
