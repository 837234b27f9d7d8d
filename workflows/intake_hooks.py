"""Registers the intake screens with Wagtail; decides nothing. Imported by ``wagtail_hooks``."""

from django.urls import URLResolver, include, path
from wagtail import hooks


@hooks.register("register_admin_urls")
def register_intake_urls() -> list[URLResolver]:
    return [path("masuk/", include("workflows.intake_urls"))]
