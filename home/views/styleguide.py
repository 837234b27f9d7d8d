"""Every component of the design system on one page, for those who build with it."""

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SCALE = ["Tidak cepat", "Kurang cepat", "Cepat", "Sangat cepat"]


class DemoForm(forms.Form):
    """Made-up fields with an error, so that every state of a field can be seen."""

    name = forms.CharField(label="Nama", help_text="Seperti pada KTP.")
    story = forms.CharField(label="Apa yang terjadi?", widget=forms.Textarea, max_length=500)
    place = forms.ChoiceField(label="Kecamatan", choices=[("", "–"), ("1", "Bangkalan"), ("2", "Socah")])
    agree = forms.BooleanField(label="Saya setuju", required=False)


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or request.user.is_staff):
        raise Http404
    context = {
        "demo_form": DemoForm({"story": "…"}),
        "demo_options": [(str(score), label) for score, label in enumerate(SCALE, start=1)],
        "demo_page": Paginator(range(95), 10).page(4),
    }
    return render(request, "home/styleguide.html", context)
