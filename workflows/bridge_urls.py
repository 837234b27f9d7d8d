"""Addresses of the exchange with SP4N-LAPOR! and of the indicators; part of ``staff_urls``."""

from django.urls import path

from workflows.views.staff.bridge import (
    BridgeCheckView,
    BridgeExportView,
    BridgeImportView,
    BridgeView,
    EnterTrackingView,
)
from workflows.views.staff.indicators import IndicatorsView

urlpatterns = [
    path("kinerja/", IndicatorsView.as_view(), name="indicators"),
    path("sp4n/", BridgeView.as_view(), name="sp4n"),
    path("sp4n/ekspor/<slug:kind>/", BridgeExportView.as_view(), name="sp4n_export"),
    path("sp4n/impor/", BridgeImportView.as_view(), name="sp4n_import"),
    path("sp4n/impor/periksa/", BridgeCheckView.as_view(), name="sp4n_check"),
    path("<slug:reference>/sp4n/", EnterTrackingView.as_view(), name="sp4n_enter"),
]
