"""Intake screens under ``/admin/masuk/``; included by ``intake_hooks``."""

from django.urls import path

from workflows.views.staff.gateways import GatewaysView, SimulatorView
from workflows.views.staff.held import HeldEntryView, HeldReceiptView, HeldView
from workflows.views.staff.inbox import InboxMessageView, InboxView
from workflows.views.staff.routing import RoutingEditView, RoutingView, VersionView
from workflows.viewsets.categories import QuestionsView

app_name = "intake"
urlpatterns = [
    path("tertahan/", HeldView.as_view(), name="held"),
    path("tertahan/<int:pk>/", HeldEntryView.as_view(), name="held_entry"),
    path("tertahan/<int:pk>/tanda-terima/", HeldReceiptView.as_view(), name="held_receipt"),
    path("pesan/", InboxView.as_view(), name="inbox"),
    path("pesan/<int:pk>/", InboxMessageView.as_view(), name="inbox_message"),
    path("gerbang/", GatewaysView.as_view(), name="gateways"),
    path("gerbang/simulator/", SimulatorView.as_view(), name="simulator"),
    path("arah/", RoutingView.as_view(), name="routing"),
    path("arah/ubah/", RoutingEditView.as_view(), name="routing_edit"),
    path("arah/versi/<int:pk>/", VersionView.as_view(), name="routing_version"),
    path("topik/<int:pk>/pertanyaan/", QuestionsView.as_view(), name="questions"),
]
