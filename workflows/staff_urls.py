"""Complaint screens under ``/admin/pengaduan/``; included by ``wagtail_hooks``."""

from django.urls import include, path

from workflows.views.staff.case import CaseView, MoveView, RevealView
from workflows.views.staff.deadline import DeadlineView
from workflows.views.staff.entry import EntryView, villages
from workflows.views.staff.queue import QueueView
from workflows.views.staff.rules import RulesView, StatesView

app_name = "complaints"
urlpatterns = [
    path("", QueueView.as_view(), name="queue"),
    path("baru/", EntryView.as_view(), name="enter"),
    path("desa/", villages, name="villages"),
    path("keadaan/", StatesView.as_view(), name="states"),
    path("keadaan/<int:region>/", RulesView.as_view(), name="rules"),
    path("", include("workflows.desk_urls")),
    path("", include("workflows.bridge_urls")),
    path("<slug:reference>/", CaseView.as_view(), name="case"),
    path("<slug:reference>/tenggat/", DeadlineView.as_view(), name="deadline"),
    path("<slug:reference>/identitas/", RevealView.as_view(), name="reveal"),
    path("<slug:reference>/langkah/<slug:move>/", MoveView.as_view(), name="move"),
]
