"""Intake screens under ``/admin/masuk/``; included by ``intake_hooks``."""

from django.urls import path

from workflows.views.staff.held import HeldEntryView, HeldReceiptView, HeldView
from workflows.views.staff.routing import RoutingEditView, RoutingView, VersionView

app_name = "intake"
urlpatterns = [
    path("tertahan/", HeldView.as_view(), name="held"),
    path("tertahan/<int:pk>/", HeldEntryView.as_view(), name="held_entry"),
    path("tertahan/<int:pk>/tanda-terima/", HeldReceiptView.as_view(), name="held_receipt"),
    path("arah/", RoutingView.as_view(), name="routing"),
    path("arah/ubah/", RoutingEditView.as_view(), name="routing_edit"),
    path("arah/versi/<int:pk>/", VersionView.as_view(), name="routing_version"),
]
