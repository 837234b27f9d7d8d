"""Makes the stock form page: nine choices of four, four short choices and a comment."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.stock.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from bench.peers.stock.models import StockField, StockFormPage  # noqa: E402


def main() -> None:
    call_command("migrate", verbosity=0)
    home = Page.objects.get(depth=2)
    page = home.add_child(instance=StockFormPage(title="Survei", slug="survei"))
    for number in range(13):
        StockField.objects.create(
            page=page, sort_order=number, label=f"Unsur {number}", field_type="radio", choices="1,2,3,4", required=True
        )
    StockField.objects.create(page=page, sort_order=13, label="Saran", field_type="multiline", required=False)
    Site.objects.update(root_page=home)


if __name__ == "__main__":
    main()
