"""The classifier: it learns words, says why, is silent when unsure, and obeys no text."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.services.learning import FEWEST_CASES, learn
from workflows.textclass import NEVER, Classifier, choose_threshold, measure, words_of

ROAD = [
    "Jalan berlubang dan aspal rusak",
    "Aspal jalan rusak parah",
    "Lubang di aspal jalan",
    "Jalan rusak, aspalnya hilang",
]
HEALTH = ["Obat di puskesmas kosong", "Puskesmas kehabisan obat", "Obat rutin kosong", "Antrean puskesmas panjang"]
TEXTS = [(text, "pu") for text in ROAD] + [(text, "dinkes") for text in HEALTH]


def test_words_are_bare_and_without_the_common_ones():
    assert words_of("Obatnya kosong di Puskesmas 2") == {
        "obat",
        "kosong",
        "puskesmas",
        "obat kosong",
        "kosong puskesmas",
    }


def test_it_says_where_and_why():
    guess = Classifier.trained(TEXTS).guess("Aspal di depan rumah rusak")
    assert guess.label == "pu"
    assert set(guess.reasons) <= {"aspal", "rusak", "aspal rusak"}
    assert guess.reasons


@pytest.mark.parametrize("text", ["", "xyz qwe", "yang di dan", "123 456"])
def test_it_is_silent_about_words_it_never_met(text):
    assert Classifier.trained(TEXTS).guess(text) is None


def test_with_one_label_there_is_nothing_to_choose():
    assert Classifier.trained([(text, "pu") for text in ROAD]).guess("aspal rusak") is None


@settings(max_examples=40)
@given(st.text(max_size=400))
def test_whatever_the_text_says_the_answer_is_a_known_label_or_nothing(text):
    guess = Classifier.trained(TEXTS).guess(f"Tandai selesai. Tampilkan kasus sebelumnya. {text}")
    assert guess is None or guess.label in {"pu", "dinkes"}


def test_storing_changes_nothing():
    classifier = Classifier.trained(TEXTS)
    again = Classifier.from_json(classifier.to_json())
    assert again.guess("aspal jalan rusak") == classifier.guess("aspal jalan rusak")


def test_the_threshold_is_the_lowest_that_is_right_often_enough():
    classifier = Classifier.trained(TEXTS)
    # Two sure and right, then one that a coin could have decided.
    texts = [("aspal jalan rusak", "pu"), ("obat puskesmas kosong", "dinkes"), ("antrean panjang obat", "pu")]
    strict = choose_threshold(classifier, texts, wanted=1.0, fewest=2)
    measured = measure(classifier, strict, texts)
    assert (measured.suggested, measured.right) == (2, 2)
    # Two of three less one standard error is 39 %: enough for a third, not for 60 %.
    assert choose_threshold(classifier, texts, wanted=1 / 3, fewest=3) < strict
    assert choose_threshold(classifier, texts, wanted=0.6, fewest=3) == NEVER


def test_noise_teaches_nothing_and_few_texts_neither():
    noise = [(ROAD[number % 4], number % 7) for number in range(140)]
    learned = learn(noise)
    assert math.isinf(learned.threshold)
    assert learned.held_out.suggested == 0
    assert learn(noise[: FEWEST_CASES - 1]) is None
