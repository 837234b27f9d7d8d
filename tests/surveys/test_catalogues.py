"""The few fixed words of the form in Javanese and Madurese; what is not translated is Indonesian, never empty."""

import pytest
from django.conf import settings
from django.utils.translation import gettext, ngettext, override

from core.catalogue import messages_in, problems_of, read_po
from core.management.commands.check_translations import source_files

CATALOGUES = ["jv", "mad"]
ASKED = ("%(asked)s question, about two minutes", "%(asked)s questions, about two minutes")


def po(code):
    return settings.BASE_DIR / "locale" / code / "LC_MESSAGES" / "django.po"


@pytest.mark.parametrize("code", CATALOGUES)
def test_the_catalogue_is_sound_compiled_and_knows_no_message_that_is_gone(code):
    assert problems_of({}, po(code), po(code).with_suffix(".mo")) == []
    sources = {message.text for message in messages_in(settings.BASE_DIR / path for path in source_files())}
    assert {entry.message.text for entry in read_po(po(code))} <= sources


@pytest.mark.parametrize("code", CATALOGUES)
def test_a_message_that_is_missing_is_indonesian(code):
    # Of the complaint form, which no survey language is spoken in.
    with override("id"):
        indonesian = gettext("Send message")
    with override(code):
        assert gettext("Send message") == indonesian != "Send message"


def test_words_of_the_form_are_spoken():
    with override("jv"):
        assert gettext("Yes") == "Inggih"
        assert ngettext(*ASKED, 9) % {"asked": 9} == "9 pitakenan, kirang langkung kalih menit"
    with override("mad"):
        assert gettext("Yes") == "Engghi"
        # Not translated with a plural either: Indonesian.
        assert ngettext(*ASKED, 9) % {"asked": 9} == "9 pertanyaan, sekitar dua menit"
