"""The peer of bench/cases.py: django-helpdesk in its own environment, told by lines what to do, answering in JSON.

Run by that environment's own Python, which knows nothing of this project: ``HELPDESK_FOLDER=… python ticket_desk.py``;
behind a server as ``ticket_desk:application``. HELPDESK_DATABASE: address of a PostgreSQL server; without it SQLite.
"""

import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings

FOLDER = Path(os.environ["HELPDESK_FOLDER"])
WORDS = "Lubang besar di depan pasar sejak dua minggu lalu, sudah dua sepeda motor jatuh di sana."


def database():
    if "HELPDESK_DATABASE" not in os.environ:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "helpdesk.sqlite3"}
    url = urlsplit(os.environ["HELPDESK_DATABASE"])
    return {"ENGINE": "django.db.backends.postgresql", "NAME": "helpdesk", "USER": url.username, "HOST": url.hostname,
            "PORT": url.port, "CONN_MAX_AGE": None}  # fmt: skip


settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": database()},
    INSTALLED_APPS=[
        "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
        "django.contrib.sites", "django.contrib.messages", "django.contrib.staticfiles", "django.contrib.humanize",
        "rest_framework", "helpdesk",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
        "OPTIONS": {"context_processors": [
            "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages", "django.template.context_processors.debug",
        ]},
    }],
    ROOT_URLCONF=__name__,
    SITE_ID=1,
    USE_TZ=True,
    STATIC_URL="/static/",
    MEDIA_ROOT=FOLDER,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    LOGIN_URL="/login/",
    HELPDESK_TEAMS_MODE_ENABLED=False,
    HELPDESK_ACTIVATE_API_ENDPOINT=False,
)  # fmt: skip
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.utils import timezone  # noqa: E402
from helpdesk.models import FollowUp, Queue, Ticket  # noqa: E402
from helpdesk.query import query_to_base64  # noqa: E402

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]


def prepare():
    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
    queue = Queue.objects.create(title="Pengaduan", slug="pengaduan", allow_public_submission=True)
    user = get_user_model().objects.create_superuser("petugas", "petugas@example.org", "x")
    staff = Client()
    staff.force_login(user)
    return queue, staff


def file_one(number):
    citizen.cookies.clear()
    answer = citizen.post("/tickets/submit/", {
        "queue": queue.pk, "title": f"Jalan berlubang {number}", "body": WORDS, "priority": 3,
        "submitter_email": "sulastri@example.org",
    })  # fmt: skip
    assert answer.status_code == 302, answer.content[:800]


def move_one(number):
    ticket = Ticket.objects.filter(status=1).order_by("pk")[:1].values_list("pk", flat=True)[0]
    answer = staff.post(f"/tickets/{ticket}/update/", {
        "comment": WORDS, "new_status": 3, "public": "1", "queue": queue.pk, "title": f"Jalan berlubang {number}",
        "priority": 3,
    })  # fmt: skip
    assert answer.status_code == 302, answer.content[:800]


SEEDS, STEPS = 1000, 500
# The first ticket, once there are some.
FILLED = []
OPEN = {"filtering": {"status__in": [1, 2]}, "sorting": "created", "search_string": "", "sortreverse": False}


def fill(number):
    """So many tickets: some made, the rest copied inside the database; the first has 500 follow-ups."""
    now, user = timezone.now(), get_user_model().objects.get()
    made = (
        Ticket(queue=queue, title="Jalan berlubang", description=WORDS, created=now, modified=now, priority=n % 5 + 1,
               status=(1, 1, 2, 3, 4)[n % 5], assigned_to=user if n % 3 else None, submitter_email="s@example.org")
        for n in range(SEEDS)
    )  # fmt: skip
    first = Ticket.objects.bulk_create(made)[0]
    steps = (
        FollowUp(ticket=first, date=now, title="Kabar", comment=WORDS, public=True, user=user) for _ in range(STEPS)
    )
    FollowUp.objects.bulk_create(steps)
    columns = ", ".join(f'"{field.column}"' for field in Ticket._meta.concrete_fields if not field.primary_key)
    with connection.cursor() as cursor:
        for _copy in range(number // SEEDS - 1):
            table = f"helpdesk_ticket WHERE id BETWEEN {first.pk} AND {first.pk + SEEDS - 1}"
            cursor.execute(f"INSERT INTO helpdesk_ticket ({columns}) SELECT {columns} FROM {table}")
        cursor.execute("ANALYZE")
    return first.pk


def show_queue(_number):
    """The list as a person sees it: the page, and the rows it asks for."""
    shown("/tickets/")
    shown(f"/datatables_ticket_list/{query_to_base64(OPEN)}?draw=1&start=0&length=25")


def shown(address):
    answer = staff.get(address)
    assert answer.status_code == 200, answer.content[:800]


def measured(action, times):
    started, cpu = time.perf_counter(), time.process_time()
    for number in range(times):
        action(number)
    found = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu, "times": times}
    with CaptureQueriesContext(connection) as seen:
        action(times)
    return {**found, "queries": len(seen)}


def serve_lines():
    print("ready", flush=True)
    for line in sys.stdin:
        name, times = line.split()
        print(json.dumps(done(name, int(times))), flush=True)


def done(name, times):
    if name == "fill":
        FILLED[:] = [fill(times)]
        return {}
    return measured(ACTIONS[name], times)


ACTIONS = {
    "file": file_one,
    "move": move_one,
    "queue": show_queue,
    "dashboard": lambda _number: shown("/dashboard/"),
    "case": lambda _number: shown(f"/tickets/{FILLED[0]}/"),
}

if __name__ == "__main__":
    queue, staff = prepare()
    # One client, as a server sets itself up once; each report comes without a cookie.
    citizen = Client()
    serve_lines()
else:
    application = get_wsgi_application()
