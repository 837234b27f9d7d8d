"""Whole lives of complaints over HTTP: file, verify, forward, accept, answer, track and confirm."""

from __future__ import annotations

import http.client
import re
import threading
import time
from contextlib import AbstractContextManager
from importlib import import_module
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.urls import reverse

from bench.desk import WORDS, Desk
from bench.serving import THREADS, Rate, Server, served
from core.models import User
from tests.postgres import free_port
from workflows.form_tokens import read_token
from workflows.models import Complaint
from workflows.services.filing import form_key_of, receipt_of

SECRET = "b" * 32


def product(port: int) -> AbstractContextManager[Server]:
    """The product behind two workers, with the hourly limits of one network widened."""
    return served("gunicorn", "bench.wide:application", port, {"BENCH_SERVER": "1"})


class Asker:
    """One kept connection, and as many people as one life needs."""

    def __init__(self, port: int, desk: Desk):
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.desk = desk
        self.verifier, self.officer = session_of(desk.verifier), session_of(desk.officers[0])

    def post(self, address: str, form: dict[str, object], session: str = "") -> str:
        """Send a form; the session the server gave. Refuses to count anything but a redirect."""
        cookies = f"{settings.CSRF_COOKIE_NAME}={SECRET}"
        cookies += f"; {settings.SESSION_COOKIE_NAME}={session}" if session else ""
        headers = {"Host": "localhost", "Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        self.line.request("POST", address, urlencode({**form, "csrfmiddlewaretoken": SECRET}), headers)
        answer = self.line.getresponse()
        body = answer.read()
        assert answer.status == 302, (address, answer.status, body[:600])
        found = re.search(rf"{settings.SESSION_COOKIE_NAME}=([^;]+)", str(answer.headers))
        return found[1] if found else session

    def move(self, reference: str, move: str, version: int, session: str, **form: object) -> None:
        typed = {f"{move}-{name}": value for name, value in form.items()}
        self.post(
            reverse("complaints:move", args=[reference, move]), {**typed, "version": version, "anyway": 1}, session
        )

    def life(self) -> None:
        form = self.desk.form()
        self.post(reverse("workflows:complaint_new"), form)
        secret = read_token(form["token"])
        case = Complaint.objects.get(form_key=form_key_of(secret))
        number = case.reference
        self.move(number, "verify", 1, self.verifier)
        self.move(number, "forward", 2, self.verifier, agency=self.desk.agencies[0].pk)
        self.move(number, "accept", 3, self.officer)
        self.move(number, "follow_up", 4, self.officer, answer=WORDS, no_evidence_reason=WORDS)
        code = receipt_of(case, secret).code
        reporter = self.post(reverse("workflows:track"), {"reference": number, "code": code})
        self.post(reverse("workflows:case"), {"action": "confirm", "version": 5}, reporter)


def session_of(user: User) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def lives_per_second(desk: Desk, seconds: float) -> Rate:
    """By eight askers of a server with two workers; a life counts when the reporter has confirmed."""
    with product(free_port()) as server:
        askers = [Asker(server.port, desk) for _ in range(THREADS)]
        for asker in askers:
            asker.life()
        return _counted(server, askers, seconds)


def _counted(server: Server, askers: list[Asker], seconds: float) -> Rate:
    counts, failed = [0] * len(askers), []
    before, start = server.cpu(), time.perf_counter()

    def work(number: int) -> None:
        try:
            while time.perf_counter() < start + seconds:
                askers[number].life()
                counts[number] += 1
        except Exception as error:  # noqa: BLE001 - told below, with the thread gone
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(askers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed[0]
    done = sum(counts)
    return Rate(done / (time.perf_counter() - start), (server.cpu() - before) * 1000 / done)
