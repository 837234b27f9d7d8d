"""Public addresses. ``/q/…`` is printed on posters and may never change."""

from django.urls import URLPattern, path

from surveys import converters  # noqa: F401  registers <period:…>
from surveys.views import answering, badges, internal, kiosk, offline, results, visits

app_name = "surveys"


def _result_addresses(start: str, name: str) -> list[URLPattern]:
    return [
        path(start, results.result, name=name),
        path(f"{start}poster.pdf", results.result_poster, name=f"{name}_poster"),
        path(f"{start}data.json", results.result_data, name=f"{name}_data"),
        path(f"{start}revisi-<int:revision>/", results.result, name=f"{name}_revision"),
    ]


urlpatterns = [
    # Before the codes: no code is this short.
    path("q/kirim/", offline.send, name="send"),
    path("kios/", kiosk.page, name="kiosk"),
    path("kios/pekerja.js", kiosk.worker, name="kiosk_worker"),
    path("kios/kios.webmanifest", kiosk.manifest, name="kiosk_manifest"),
    path("kios/daftar/", kiosk.set_up, name="kiosk_set_up"),
    path("kios/detak/", kiosk.beat, name="kiosk_beat"),
    path("q/<str:code>/", answering.point_form, name="point"),
    path("q/<str:code>/terima-kasih/", answering.point_thanks, name="point_thanks"),
    # Printed on visit slips.
    path("k/<str:code>/", visits.visit_form, name="visit"),
    path("pegawai/survei/<slug:slug>/", internal.internal_form, name="internal"),
    path("pegawai/survei/<slug:slug>/terima-kasih/", internal.internal_thanks, name="internal_thanks"),
    path("survei/", answering.survey_list, name="list"),
    path("survei/<slug:slug>/", answering.survey_form, name="form"),
    path("survei/<slug:slug>/terima-kasih/", answering.survey_thanks, name="form_thanks"),
    path("hasil/", results.result_list, name="results"),
    *_result_addresses("hasil/<str:unit>/<period:period>/", "result"),
    *_result_addresses("hasil/<str:unit>/<slug:service>/<period:period>/", "service_result"),
    # Embedded in other websites: these addresses stay.
    path("lencana/<str:kind>/<str:code>.svg", badges.badge_svg, name="badge_svg"),
    path("lencana/<str:kind>/<str:code>/", badges.badge_page, name="badge"),
]
