"""Addresses of the queue's helpers; part of ``staff_urls``, before the numbers of cases."""

from django.urls import path

from workflows.views.staff.bulk import BulkView
from workflows.views.staff.filters import delete_filter, save_filter

urlpatterns = [
    path("massal/", BulkView.as_view(), name="bulk"),
    path("saringan/", save_filter, name="save_filter"),
    path("saringan/<int:pk>/hapus/", delete_filter, name="delete_filter"),
]
