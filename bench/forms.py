"""Showing and sending the survey form beside a stock Wagtail form page of fourteen fields, on the same server line.

    .venv/bin/python -m bench.forms [--seconds 10]
    .venv/bin/python -m tests.postgres .venv/bin/python -m bench.forms

All are served by gunicorn (or, with ``--server granian``, by the product's own server) with 2 workers of 4 threads and
asked by 8 threads of this process, on databases that reach the disk with every commit. All guards are on; only their
limits are widened, as on a campaign day. The floor is one insert with hand-checked answers. Everything is asked in
turn, a few seconds at a time, so that whatever else the machine does weighs on all alike. Requests per second are of
this machine and its neighbours; the CPU milliseconds of the two workers are nearly free of them; ratios decide.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

os.environ["SURVEY_TRAFFIC"] = "1000000"

from bench.setting import prepare

FOLDER = prepare()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.answers import office  # noqa: E402
from bench.peers.floor_fields import FIELDS  # noqa: E402
from bench.serving import SERVERS, Ask, Line, Rate, post_bytes, rate, served  # noqa: E402
from surveys.models import Response, ServicePoint  # noqa: E402
from surveys.tokens import new_token  # noqa: E402
from tests.postgres import free_port  # noqa: E402

ROUNDS = 5
OURS, FLOOR, STOCK = (free_port() for _ in range(3))
COMMENT = "Pelayanan cepat, ruang tunggu panas, parkir sempit."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--server", choices=SERVERS, default="gunicorn")
    given = parser.parse_args()
    server = partial(served, given.server)
    call_command("migrate", verbosity=0)
    made = office()
    # As published: the row made above does not know its version yet.
    point = ServicePoint.objects.select_related("survey").get(pk=made.points[0].pk)
    url = f"/q/{point.code}/"
    environment = {"DATABASE_URL": peer_database(), "DJANGO_SETTINGS_MODULE": "bench.peers.stock.settings"}
    subprocess.run([sys.executable, "-m", "bench.peers.stock.prepare"], env={**os.environ, **environment}, check=True)
    with (
        server("cms.wsgi:application", OURS) as ours,
        server("bench.peers.floor:application", FLOOR) as floor,
        server("bench.peers.stock.wsgi:application", STOCK, environment) as stock,
    ):
        size = len(Line(OURS).ask(get_bytes(url))[1])
        asked = {
            "stock show": (stock, same(get_bytes("/survei/"))),
            "show": (ours, same(get_bytes(url))),
            "stock submit": (stock, same(post_bytes("/survei/", *stock_form()))),
            "submit": (ours, submit(url, point)),
            "floor": (floor, same(post_bytes("/take", {**scores(), "comment": COMMENT}))),
        }
        rounds = [{name: rate(*asking, given.seconds) for name, asking in asked.items()} for _ in range(ROUNDS)]
    report(rounds, size)


def scores() -> dict[str, str]:
    return {f"e_{name}": str(1 + place % 4) for place, name in enumerate(FIELDS)}


# --- What is asked ----------------------------------------------------------------------------


def same(request: bytes) -> Ask:
    return lambda: request


def get_bytes(url: str) -> bytes:
    return f"GET {url} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode()


def submit(url: str, point: ServicePoint) -> Ask:
    """Every post is a form of its own, shown a minute ago."""
    shown, version = timezone.now() - timedelta(minutes=1), point.survey.current_version_id

    def ask() -> bytes:
        token = str(new_token(version_id=version or 0, point_id=point.pk, now=shown))
        return post_bytes(url, {**scores(), "website": "", "token": token})

    return ask


def stock_form() -> tuple[dict[str, str], str]:
    line = http.client.HTTPConnection("127.0.0.1", STOCK)
    line.request("GET", "/survei/")
    answer = line.getresponse()
    html, cookie = answer.read().decode(), (answer.getheader("Set-Cookie") or "").split(";")[0]
    names = re.findall(r'name="([^"]+)"', html)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    fields = dict.fromkeys(names, "3") | {"saran": COMMENT, "csrfmiddlewaretoken": token.group(1) if token else ""}
    return fields, cookie


# --- Around it --------------------------------------------------------------------------------


def peer_database() -> str:
    """A second, empty database beside ours."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{FOLDER / 'stock.sqlite3'}"
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE bench_stock")
    return urlsplit(os.environ["DATABASE_URL"])._replace(path="/bench_stock").geturl()


def report(rounds: list[dict[str, Rate]], size: int) -> None:
    print(f"{connection.vendor}; median of {len(rounds)} rounds{'':<10}per second   CPU ms")
    for name in rounds[0]:
        middle = [statistics.median(values) for values in zip(*(found[name] for found in rounds), strict=True)]
        print(f"{name:<40}{middle[0]:>9.1f}{middle[1]:>9.2f}")
    for ours, peer, target in (("show", "stock show", 20), ("submit", "stock submit", 5), ("submit", "floor", 0.6)):
        ratios = sorted(found[ours].per_second / found[peer].per_second for found in rounds)
        cpu = statistics.median(found[peer].cpu / found[ours].cpu for found in rounds)
        spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
        head = f"{ours} / {peer}"
        print(f"{head:<24}{statistics.median(ratios):>7.2f} x ({spread}; by CPU {cpu:.2f}; target {target})")
    print(f"page compressed {size / 1000:.1f} kB; answers stored {Response.objects.count()}")


if __name__ == "__main__":
    main()
