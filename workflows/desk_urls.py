"""Addresses of the queue's helpers; part of ``staff_urls``, before the numbers of cases."""

from django.urls import path

from workflows.views.staff.bulk import BulkView
from workflows.views.staff.desk_settings import DeskSettingsView
from workflows.views.staff.filters import delete_filter, save_filter
from workflows.views.staff.handover import HandoverView
from workflows.views.staff.replies import RepliesView, ReplyView, retire_reply
from workflows.views.staff.returns import ReferralView, ReturnsView, set_arbiter
from workflows.views.staff.samples import SamplesView, SampleView
from workflows.views.staff.similar import SimilarView

urlpatterns = [
    path("pengaturan/", DeskSettingsView.as_view(), name="settings"),
    path("massal/", BulkView.as_view(), name="bulk"),
    path("pengembalian/", ReturnsView.as_view(), name="returns"),
    path("penengah/<int:pk>/", set_arbiter, name="set_arbiter"),
    path("serah-terima/", HandoverView.as_view(), name="handover"),
    path("balasan/", RepliesView.as_view(), name="replies"),
    path("balasan/baru/", ReplyView.as_view(), name="new_reply"),
    path("balasan/<int:pk>/", ReplyView.as_view(), name="reply"),
    path("balasan/<int:pk>/akhiri/", retire_reply, name="retire_reply"),
    path("sampel/", SamplesView.as_view(), name="samples"),
    path("<slug:reference>/sampel/", SampleView.as_view(), name="sample"),
    path("<slug:reference>/serupa/", SimilarView.as_view(), name="similar"),
    path("<slug:reference>/rujukan/", ReferralView.as_view(), name="referral"),
    path("saringan/", save_filter, name="save_filter"),
    path("saringan/<int:pk>/hapus/", delete_filter, name="delete_filter"),
]
