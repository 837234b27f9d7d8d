"""The staff list of answers, first page and last, beside pages by offset with a full count (what a stock list does).

.venv/bin/python -m bench.lists [--sizes 4 5 6]
.venv/bin/python -m tests.postgres .venv/bin/python -m bench.lists
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bench.setting import prepare

prepare()

from django.core.management import call_command  # noqa: E402 - after the settings
from django.core.paginator import Paginator  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.answers import empty, fill, office  # noqa: E402
from bench.clock import seconds  # noqa: E402
from core.models import User  # noqa: E402
from surveys.models import Response  # noqa: E402

ROUNDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[4, 5, 6], help="powers of ten")
    sizes = parser.parse_args().sizes
    call_command("migrate", verbosity=0)
    made = office()
    survey = made.surveys[0]
    here = replace(made, points=[point for point in made.points if point.survey_id == survey.pk])
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create(username="bench", is_superuser=True))
    found = []
    for power in sizes:
        empty()
        fill(here, 10**power)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        found.append(measured(client, survey.pk))
    print(f"{connection.vendor}; milliseconds of CPU, of the server as well; whole page")
    print(f"{'':<34}" + "".join(f"{f'10^{power}':>10}" for power in sizes))
    for name in found[0]:
        print(f"{name:<34}" + "".join(f"{column[name]:>10.0f}" for column in found))


def measured(client: Client, survey: int) -> dict[str, float]:
    url = reverse("survey_responses:index")
    pages = {"first page": "?", "last page": "?last=1", "first page of a survey": f"?survey={survey}",
             "last page of a survey": f"?survey={survey}&last=1"}  # fmt: skip
    times = {name: median(lambda query=query: asked(client, url + query)) for name, query in pages.items()}
    times["peer: offset and count, last page"] = median(lambda: by_offset(survey), rounds=1)
    return times


def asked(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def by_offset(survey: int) -> list[Any]:
    """Only the rows; no page around them."""
    paginator = Paginator(Response.objects.filter(survey=survey).order_by("-submitted_at", "-pk"), 50)
    return list(paginator.page(paginator.num_pages).object_list)


def median(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    times = []
    for number in range(rounds + 1):
        started = seconds()
        work()
        # The first only warms up.
        times += [(seconds() - started) * 1000] if number else []
    return statistics.median(times)


if __name__ == "__main__":
    main()
