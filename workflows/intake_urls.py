"""Intake screens under ``/admin/masuk/``; included by ``intake_hooks``."""

from django.urls import path

from workflows.views.staff.held import HeldEntryView, HeldReceiptView, HeldView

app_name = "intake"
urlpatterns = [
    path("tertahan/", HeldView.as_view(), name="held"),
    path("tertahan/<int:pk>/", HeldEntryView.as_view(), name="held_entry"),
    path("tertahan/<int:pk>/tanda-terima/", HeldReceiptView.as_view(), name="held_receipt"),
]
