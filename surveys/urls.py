"""Public addresses. ``/q/…`` is printed on posters and may never change."""

from django.urls import path

from surveys.views import answering, internal, visits

app_name = "surveys"
urlpatterns = [
    path("q/<str:code>/", answering.point_form, name="point"),
    path("q/<str:code>/terima-kasih/", answering.point_thanks, name="point_thanks"),
    # Printed on visit slips.
    path("k/<str:code>/", visits.visit_form, name="visit"),
    path("pegawai/survei/<slug:slug>/", internal.internal_form, name="internal"),
    path("pegawai/survei/<slug:slug>/terima-kasih/", internal.internal_thanks, name="internal_thanks"),
    path("survei/", answering.survey_list, name="list"),
    path("survei/<slug:slug>/", answering.survey_form, name="form"),
    path("survei/<slug:slug>/terima-kasih/", answering.survey_thanks, name="form_thanks"),
]
