"""A form page as Wagtail's documentation shows it: the peer of our survey form."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.contrib.forms.models import AbstractForm, AbstractFormField


class StockField(AbstractFormField):
    page = ParentalKey("StockFormPage", on_delete=models.CASCADE, related_name="form_fields")


class StockFormPage(AbstractForm):
    template = "stock/form.html"
    landing_page_template = "stock/thanks.html"
