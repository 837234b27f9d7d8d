"""Dashboards and comments under ``/admin/ikm/``; included by ``desk_hooks``."""

from django.urls import path

from surveys.views.comments import CommentView, InboxView, MoveView, NoteView, RevealView
from surveys.views.dashboard import DashboardView, home

app_name = "ikm"
urlpatterns = [
    path("", home, name="home"),
    path("wilayah/<int:pk>/", DashboardView.as_view(kind="region"), name="region"),
    path("opd/<int:pk>/", DashboardView.as_view(kind="agency"), name="agency"),
    path("layanan/<int:pk>/", DashboardView.as_view(kind="service"), name="service"),
    path("titik/<int:pk>/", DashboardView.as_view(kind="point"), name="point"),
    path("komentar/", InboxView.as_view(), name="inbox"),
    path("komentar/<int:pk>/", CommentView.as_view(), name="comment"),
    path("komentar/<int:pk>/langkah/", MoveView.as_view(), name="move"),
    path("komentar/<int:pk>/catatan/", NoteView.as_view(), name="note"),
    path("komentar/<int:pk>/buka/", RevealView.as_view(), name="reveal"),
]
