"""Privacy, proofs and messages under ``/admin/privasi/``; included by ``privacy_hooks``."""

from django.urls import path

from workflows.views.staff.letters import LettersView, LetterView, MessagesView
from workflows.views.staff.privacy import PrivacyView
from workflows.views.staff.proofs import ProofsView, change_rule

app_name = "privacy"
urlpatterns = [
    path("", ProofsView.as_view(), name="proofs"),
    path("aturan/<int:pk>/", change_rule, name="rule"),
    path("surat/", LettersView.as_view(), name="letters"),
    path("surat/<slug:code>/", LetterView.as_view(), name="letter"),
    path("pesan-saya/", MessagesView.as_view(), name="messages"),
    path("kasus/<slug:reference>/", PrivacyView.as_view(), name="case"),
]
