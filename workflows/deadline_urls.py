"""Screens of calendars and limits under ``/admin/tenggat/``; included by ``deadline_hooks``."""

from django.urls import path

from workflows.views.staff.calendar_changes import ChangeView, NewChangeView
from workflows.views.staff.limits import LimitView, SetUpView

app_name = "deadlines"
urlpatterns = [
    path("", SetUpView.as_view(), name="set_up"),
    path("perubahan/<slug:kind>/baru/", NewChangeView.as_view(), name="new_change"),
    path("perubahan/<int:pk>/", ChangeView.as_view(), name="change"),
    path("batas/<int:pk>/", LimitView.as_view(), name="limit"),
]
