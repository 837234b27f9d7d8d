"""The page of kiosks and officers' tablets, what lets it start without network, its set-up and its heartbeat.

The page holds nothing of anybody: questions and words come with the pack that an enrolled device fetches and keeps.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from surveys.models import Device
from surveys.services.devices import CodeRefused, Report, enrol, hear
from surveys.services.kiosk import form_for, pack_for

from .offline import BadBody, from_device, read_body, refused

MAXIMUM_BODY = 4 * 1024
SCRIPTS = ("suara/js/kiosk-store.js", "suara/js/kiosk.js")
STYLES = ("suara/css/survey.css", "suara/css/kiosk.css")
_ICON = "suara/icon.svg"


@cache
def app_version() -> str:
    """Changes with everything a device keeps of us but its pack; shown in the list of devices."""
    files = [settings.BASE_DIR / "cms" / "static" / name for name in (*SCRIPTS, *STYLES)]
    files += sorted((settings.BASE_DIR / "templates" / "surveys" / "kiosk").glob("*"))
    files += sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.mo"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@require_safe
@cache_control(private=True, no_cache=True)
def page(request: HttpRequest) -> HttpResponse:
    context = {"scripts": SCRIPTS, "styles": STYLES, "app_version": app_version()}
    return render(request, "surveys/kiosk/page.html", context)


@require_safe
@cache_control(private=True, no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its own folder is its scope, so it never touches another page of the site."""
    files = [static(name) for name in (*STYLES, *SCRIPTS, _ICON)]
    context = {"version": app_version(), "files": files}
    return render(request, "surveys/kiosk/worker.js", context, content_type="text/javascript")


@require_safe
@cache_control(private=True, no_cache=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """Installed from the browser's menu, the page opens full screen and its storage is kept."""
    address = reverse("surveys:kiosk")
    content = {
        "id": address,
        "name": _("Satisfaction survey"),
        "short_name": _("Survey"),
        "start_url": address,
        "scope": address,
        "display": "fullscreen",
        "background_color": "#faf8f3",
        "theme_color": "#0b5563",
        "icons": [{"src": static(_ICON), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@csrf_exempt
@require_POST
def set_up(request: HttpRequest) -> HttpResponse:
    """Use up a one-time code. The token in the answer is shown once and kept by the device only."""
    try:
        code = read_body(request, MAXIMUM_BODY).get("code")
        device, token = enrol(code=code if isinstance(code, str) else "", now=timezone.now())
    except BadBody as error:
        return refused(error.status)
    except CodeRefused:
        return refused(403)
    return JsonResponse({"token": token, "device": device.name})


@from_device(limit=MAXIMUM_BODY, with_questionnaire=True)
def beat(device: Device, body: dict[str, Any]) -> HttpResponse:
    """Every minute: the device says how it is and gets a fresh form token, and its pack when that has changed."""
    now = timezone.now()
    hear(device=device, report=_report(body), now=now)
    pack = pack_for(device=device, now=now)
    is_known = body.get("etag") == pack["etag"]
    answer = {"now": int(now.timestamp() * 1000), "form": form_for(device=device, now=now)}
    return JsonResponse(answer | {"pack": None if is_known else pack})


def _report(body: dict[str, Any]) -> Report:
    app, unsent, battery = body.get("app"), body.get("unsent"), body.get("battery")
    return Report(
        app_version=app[:32] if isinstance(app, str) and app.isalnum() else "",
        unsent=_whole(unsent, 10**6) or 0,
        battery=_whole(battery, 100),
    )


def _whole(value: object, most: int) -> int | None:
    return min(most, max(0, value)) if isinstance(value, int) and not isinstance(value, bool) else None
