"""A survey that asks every type of question, with conditions, reasons, recordings and a text between."""

from surveys.models import Survey
from surveys.services.publishing import rendered_in
from surveys.services.versions import define, publish_version
from tests.surveys.factories import COMMENT, PUBLISHED_AT, instrument

QUEUE, WHY, GRADE, PHOTO, AGREE = ("a" * 32, "b" * 32, "c" * 32, "d" * 32, "e" * 32)
CHOICES = [
    {"code": "a", "label": {"id": "Antrean", "jv": "Antri"}},
    {"code": "b", "label": {"id": "Syarat", "en": "Requirements"}},
]


def question(kind, text, *, key, **more):
    row = {"id": key, "code": f"p_{key[:4]}", "type": kind, "required": False, "help": {"id": ""}}
    return row | {"label": {"id": text}} | more


POINTS = {str(n): {"id": text} for n, text in enumerate(("Sangat sulit", "Sulit", "Biasa", "Mudah", "Sangat mudah"), 1)}
QUESTIONS = [
    question("section", "Tentang kunjungan Anda", key="1" * 32, help={"id": "Beberapa pertanyaan dari kantor ini."}),
    question(
        "yes_no",
        "Apakah Anda mengantre?",
        key=QUEUE,
        required=True,
        label={"id": "Apakah Anda mengantre?", "en": "Did you queue?", "jv": "Punapa panjenengan ngantri?"},
        audio={"id": "/media/antre.webm"},
    ),
    question(
        "single",
        "Apa penyebabnya?",
        key=WHY,
        required=True,
        choices=CHOICES,
        show_if={"field": f"q_{QUEUE}", "any_of": ["yes"]},
    ),
    question("multiple", "Apa yang perlu diperbaiki?", key="2" * 32, choices=CHOICES),
    question("scale", "Seberapa mudah menemukan loket?", key="3" * 32, min=1, max=5, options=POINTS),
    question(
        "rating",
        "Seberapa besar kemungkinan Anda menyarankan layanan ini?",
        key=GRADE,
        min=0,
        max=10,
        options={"0": {"id": "tidak mungkin"}, "10": {"id": "pasti"}},
    ),
    question("number", "Berapa kali Anda datang?", key="4" * 32, min="1", max="20", help={"id": "Untuk urusan ini"}),
    question("date", "Kapan Anda datang?", key="5" * 32),
    question("text", "Nama formulir yang Anda isi?", key="6" * 32),
    question("long_text", "Ceritakan pengalaman Anda", key="7" * 32),
    question("photo", "Foto ruang tunggu", key=PHOTO),
    question("consent", "Jawaban saya boleh dikutip tanpa nama", key=AGREE, required=True),
]


def every_type(agency, *, layout="one_page", languages=("id", "en", "jv", "mad"), **values):
    """A published survey of this agency with all of them."""
    version = instrument()
    survey = Survey.objects.create(
        slug=f"semua-{layout.replace('_', '-')}",
        title="Survei kepuasan pelayanan",
        agency=agency,
        instrument_version=version,
        **values,
    )
    definition = define(
        instrument_version=version,
        questions=QUESTIONS,
        comment=COMMENT,
        asks_reason=True,
        layout=layout,
        languages=languages,
    )
    publish_version(survey=survey, definition=definition, now=PUBLISHED_AT, rendered=rendered_in(definition))
    return survey
