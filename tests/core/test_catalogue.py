"""The catalogue check sees what a translator would be asked for, and what is wrong with the answer."""

import struct

import pytest

from core.catalogue import Message, messages_in, problems_of, read_po

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
LABEL = _("Forwarded")
HELP = _("two "
         "parts")
def count(n): return ngettext("%(n)d complaint", "%(n)d complaints", n) % {"n": n}
MONTH = pgettext("month name", "May")
NOT_OURS = other("Not translated")
DYNAMIC = _(LABEL)
"""
TEMPLATE = """{% load i18n %}
{% translate "Send complaint" %} {% translate 'May' context "month name" %}
{% blocktranslate trimmed count n=total %}
  One answer of {{ place }}
{% plural %}
  {{ n }} answers of {{ place }}
{% endblocktranslate %}
<p>{{ _("In braces") }}</p> {# translate "a comment" #}
"""


@pytest.fixture
def found(tmp_path):
    def find(name, source):
        path = tmp_path / name
        path.write_text(source)
        return set(messages_in([path]))

    return find


def test_python_calls_are_found_with_plural_and_context(found):
    assert found("views.py", PYTHON) == {
        Message("Forwarded"),
        Message("two parts"),
        Message("%(n)d complaint", "%(n)d complaints"),
        Message("May", context="month name"),
    }


def test_template_tags_are_found_and_comments_are_not(found):
    assert found("page.html", TEMPLATE) == {
        Message("Send complaint"),
        Message("May", context="month name"),
        Message("One answer of %(place)s", "%(n)s answers of %(place)s"),
        Message("In braces"),
    }


HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n'


def _compile(path, pairs):
    """A .mo file by the format of the GNU gettext manual, section 10.3."""
    pairs = sorted([("", "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"), *pairs])
    ids = texts = b""
    offsets = []
    for key, text in pairs:
        raw, translated = key.encode(), text.encode()
        offsets.append((len(raw), len(ids), len(translated), len(texts)))
        ids, texts = ids + raw + b"\0", texts + translated + b"\0"
    start = 28 + 16 * len(pairs)
    table = b"".join(struct.pack("<2I", size, start + at) for size, at, _size, _at in offsets)
    table += b"".join(struct.pack("<2I", size, start + len(ids) + at) for _size, _at, size, at in offsets)
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    path.write_bytes(head + table + ids + texts)


@pytest.fixture
def problems(tmp_path):
    def find(body, sources, compiled):
        po, mo = tmp_path / "django.po", tmp_path / "django.mo"
        po.write_text(HEADER + body)
        _compile(mo, compiled)
        return problems_of(dict.fromkeys(sources, tmp_path), po, mo)

    return find


GOOD = 'msgid "Forwarded"\nmsgstr "Diteruskan"\n'


def test_a_complete_catalogue_has_no_problem(problems):
    assert problems(GOOD, [Message("Forwarded")], [("Forwarded", "Diteruskan")]) == []


@pytest.mark.parametrize(
    ("body", "sources", "compiled", "expected"),
    [
        (GOOD, ["Forwarded", "Closed"], ["Forwarded"], "missing: 'Closed'"),
        ('msgid "Forwarded"\nmsgstr ""\n', ["Forwarded"], [], "untranslated: 'Forwarded'"),
        ("#, fuzzy\n" + GOOD, ["Forwarded"], [], "fuzzy: 'Forwarded'"),
        (GOOD, ["Forwarded"], [], "django.mo is older"),
        ('msgid "for %(name)s"\nmsgstr "untuk %(nama)s"\n', [], ["for %(name)s"], "placeholders differ"),
        ('msgid "for {name}"\nmsgstr "untuk dia"\n', [], ["for {name}"], "placeholders differ"),
    ],
)
def test_each_fault_is_named(problems, body, sources, compiled, expected):
    translations = {"Forwarded": "Diteruskan", "for %(name)s": "untuk %(nama)s", "for {name}": "untuk dia"}
    told = problems(body, map(Message, sources), [(key, translations[key]) for key in compiled])
    assert len(told) == 1
    assert told[0].startswith(expected)


def test_a_stale_translation_is_noticed(problems):
    assert "older" in problems(GOOD, [], [("Forwarded", "Lama")])[0]


def test_long_and_plural_entries_are_read(tmp_path):
    po = tmp_path / "django.po"
    po.write_text(
        HEADER + 'msgctxt "month name"\nmsgid ""\n"a long "\n"text"\nmsgid_plural "texts"\nmsgstr[0] "teks"\n\n'
        '#~ msgid "obsolete"\n#~ msgstr "usang"\n'
    )
    (entry,) = read_po(po)
    assert entry.message == Message("a long text", "texts", "month name")
    assert entry.translations == ["teks"]
