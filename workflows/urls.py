from django.urls import path

from workflows.views import (
    aftercare,
    attachments,
    dates,
    filing,
    following,
    gateways,
    opening,
    proofs,
    published,
    tracking,
)

app_name = "workflows"
urlpatterns = [
    path("aduan/", filing.complaint_new, name="complaint_new"),
    path("aduan/desa/", filing.villages, name="villages"),
    path("aduan/diterima/", filing.receipt, name="receipt"),
    path("aduan/lacak/", tracking.track, name="track"),
    path("aduan/lacak/buka/<str:token>/", opening.open_case, name="open_case"),
    path("aduan/lacak/kasus/", tracking.case, name="case"),
    path("aduan/lacak/kasus/nilai/", aftercare.rate, name="rate"),
    path("aduan/lacak/kasus/privasi/", aftercare.hide, name="hide"),
    path("aduan/lacak/kasus/surel/", aftercare.mail, name="mail"),
    path("aduan/lacak/kasus/kontak/", aftercare.contact, name="contact"),
    path("aduan/lacak/kasus/berkas/", aftercare.dossier, name="dossier"),
    path("aduan/lacak/tenggat/", dates.why_this_date, name="why_this_date"),
    path("aduan/lacak/keluar/", tracking.leave, name="leave"),
    path("aduan/ikuti/konfirmasi/<str:token>/", following.confirm, name="follow_confirm"),
    path("aduan/ikuti/<slug:reference>/", following.follow, name="follow"),
    path("aduan/bukti/", proofs.proofs, name="proofs"),
    path("aduan/bukti/<slug:day>.txt", proofs.proof_of_day, name="proof_of_day"),
    path("aduan/statistik/", published.statistics, name="statistics"),
    path("aduan/publik/", published.cases, name="public_cases"),
    path("aduan/publik/<slug:reference>/", published.case, name="public_case"),
    path("aduan/lampiran/<slug:key>/", attachments.attachment, name="attachment"),
    path("masuk/<slug:slug>/", gateways.GatewayView.as_view(), name="gateway"),
]
