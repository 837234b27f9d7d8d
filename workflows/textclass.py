"""A small text classifier: complement naive Bayes over words, for Indonesian, in plain Python.

Covers: words of a text, training from labelled texts, a guess with its reasons, and choosing how sure it must be on
texts it has not seen. It abstains below that. A text is only counted, never obeyed: what comes out is one of the labels
it was trained with, or nothing. Leaves out where labels come from and what is done with a guess.

Complement naive Bayes: Rennie et al., "Tackling the Poor Assumptions of Naive Bayes Text Classifiers", ICML 2003.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf, log, sqrt
from typing import Any

from workflows.routing import tokens_of

STOP_WORDS = frozenset(
    tokens_of(
        """ada adalah agar akan aku anda antara apa apakah atau atas bagi bahwa banyak bapak baru belum beberapa berada
        berapa bisa boleh bukan bulan dalam dan dapat dari dengan di dia dua harap hari harus hanya hingga ibu ini itu
        jadi jam jika juga kalau kami kapan karena kasih ke kembali kepada ketika kita lagi lain lalu lebih lewat maka
        malam masih mau mereka minggu minta mohon namun oleh orang pada pagi pak para pernah pun saat saja salah sampai
        sangat satu saya sebagai sebelum sebuah secara sedang segera sehingga sejak sekali sekarang selalu selama semua
        seperti serta setelah setiap siang sini sore sudah supaya tadi tahun tanpa tapi telah tempat tentang terhadap
        terima ternyata tersebut tetapi tidak tiga tolong untuk waktu warga ya yaitu yang"""
    )
)
SUFFIXES = ("nya", "lah", "kah")
FEWEST_TEXTS = 2  # a word only one case used says more about its reporter than about the topic
MOST_WORDS = 8000
SMOOTHING = 0.5
MOST_REASONS = 4


def words_of(text: str) -> set[str]:
    """What counts of a text: words without the common ones, and neighbours, without digits and clitics."""
    tokens = [_bare(token) for token in tokens_of(text) if len(token) > 2 and not any(c.isdigit() for c in token)]
    tokens = [token for token in tokens if token not in STOP_WORDS]
    return {*tokens, *(f"{left} {right}" for left, right in pairwise(tokens))}


def _bare(token: str) -> str:
    for suffix in SUFFIXES:
        if token.endswith(suffix) and len(token) - len(suffix) > 3:
            return token[: -len(suffix)]
    return token


@dataclass(frozen=True, slots=True)
class Guess:
    """The best label, how far ahead of the second it is, and the words that made the difference."""

    label: Hashable
    margin: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Classifier:
    """How often each word stood in texts of each label; all that is stored."""

    counts: Mapping[str, Mapping[Hashable, int]]
    totals: Mapping[Hashable, int] = field(default_factory=dict)

    @classmethod
    def trained(cls, texts: Iterable[tuple[str, Hashable]]) -> Classifier:
        counts: dict[str, Counter] = defaultdict(Counter)
        for text, label in texts:
            for word in words_of(text):
                counts[word][label] += 1
        used = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))[:MOST_WORDS]
        kept = {word: dict(by_label) for word, by_label in used if by_label.total() >= FEWEST_TEXTS}
        return cls(kept, _totals(kept))

    def guess(self, text: str) -> Guess | None:
        """The best label, however unsure; None when no word is known or there is nothing to choose between."""
        known = [word for word in words_of(text) if word in self.counts]
        if not known or len(self.totals) < 2:
            return None
        weights = {word: self._weights(word) for word in known}
        scores = {label: sum(weights[word][label] for word in known) for label in self.totals}
        first, second = sorted(scores, key=lambda label: (-scores[label], str(label)))[:2]
        lead = {word: weights[word][first] - weights[word][second] for word in known}
        reasons = sorted((word for word in known if lead[word] > 0), key=lambda word: (-lead[word], word))
        return Guess(first, (scores[first] - scores[second]) / sqrt(len(known)), tuple(reasons[:MOST_REASONS]))

    def _weights(self, word: str) -> dict[Hashable, float]:
        """How little the word belongs to all other labels together."""
        by_label, everything, size = self.counts[word], sum(self.totals.values()), len(self.counts)
        total = sum(by_label.values())
        return {
            label: -log((total - by_label.get(label, 0) + SMOOTHING) / (everything - own + SMOOTHING * size))
            for label, own in self.totals.items()
        }

    def to_json(self) -> dict[str, Any]:
        labels = sorted(self.totals, key=str)
        place = {label: at for at, label in enumerate(labels)}
        rows = {word: [[place[label], n] for label, n in by.items()] for word, by in self.counts.items()}
        return {"labels": labels, "words": rows}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Classifier:
        labels = data["labels"]
        counts = {word: {labels[at]: n for at, n in pairs} for word, pairs in data["words"].items()}
        return cls(counts, _totals(counts))


def _totals(counts: Mapping[str, Mapping[Hashable, int]]) -> dict[Hashable, int]:
    totals: Counter = Counter()
    for by_label in counts.values():
        totals.update(by_label)
    return dict(totals)


# --- How sure is sure enough ---------------------------------------------------------------------

NEVER = inf


@dataclass(frozen=True, slots=True)
class Measure:
    """On texts not learned from: how many got a suggestion, and how many of those were right."""

    texts: int
    suggested: int
    right: int

    @property
    def coverage(self) -> float | None:
        return self.suggested / self.texts if self.texts else None

    @property
    def precision(self) -> float | None:
        return self.right / self.suggested if self.suggested else None


def choose_threshold(
    classifier: Classifier, texts: Sequence[tuple[str, Hashable]], *, wanted: float, fewest: int = 20
) -> float:
    """The smallest margin above which at least ``wanted`` of the guesses are right; ``NEVER`` when none is.

    Few guesses prove little: what counts is their share less one standard error.
    """
    guesses = ((classifier.guess(text), label) for text, label in texts)
    ordered = sorted(((guess.margin, guess.label == label) for guess, label in guesses if guess), reverse=True)
    best, right = NEVER, 0
    for number, (margin, is_right) in enumerate(ordered, start=1):
        right += is_right
        share = right / number
        if number >= fewest and share - sqrt(share * (1 - share) / number) >= wanted:
            best = margin
    return best


def measure(classifier: Classifier, threshold: float, texts: Sequence[tuple[str, Hashable]]) -> Measure:
    guesses = [(classifier.guess(text), label) for text, label in texts]
    sure = [(guess, label) for guess, label in guesses if guess and guess.margin >= threshold]
    return Measure(len(texts), len(sure), sum(guess.label == label for guess, label in sure))
