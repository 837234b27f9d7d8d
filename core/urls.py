from django.urls import path

from core.views import messages

app_name = "core"
urlpatterns = [
    path("pesan/berhenti/<str:token>/", messages.stop, name="stop"),
    path("pesan/alamat/<str:token>/", messages.confirm, name="confirm_address"),
]
