from django.urls import path

from workflows.views import attachments, filing, tracking

app_name = "workflows"
urlpatterns = [
    path("aduan/", filing.complaint_new, name="complaint_new"),
    path("aduan/desa/", filing.villages, name="villages"),
    path("aduan/diterima/", filing.receipt, name="receipt"),
    path("aduan/lacak/", tracking.track, name="track"),
    path("aduan/lacak/kasus/", tracking.case, name="case"),
    path("aduan/lacak/keluar/", tracking.leave, name="leave"),
    path("aduan/lampiran/<slug:key>/", attachments.attachment, name="attachment"),
]
