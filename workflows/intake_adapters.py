"""Connects the channels of intake at start: scheduled jobs, messengers of the outbox, the address answers go to."""

from datetime import timedelta

from core import channels, letters, scheduling
from core.channels import Letter
from workflows import intake_tasks
from workflows.services import correspondence
from workflows.services.intake import gateways, mail

MESSENGERS = ("whatsapp", "sms")


def connect() -> None:
    scheduling.register(intake_tasks.learn_routing, every=timedelta(days=1))
    scheduling.register(intake_tasks.read_mail, every=timedelta(minutes=2))
    for kind in MESSENGERS:
        channels.register(kind, gateways.send)
    channels.answer_to(_answer_to)
    letters.say_beside(correspondence.beside)


def _answer_to(letter: Letter) -> str:
    return mail.reply_to(letter.about, letter.to)
