"""How one region's site presents itself."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from cms.colour import DEFAULT_ACCENT, DEFAULT_BRAND, parse_hex


def validate_hex(value: str) -> None:
    try:
        parse_hex(value)
    except ValueError:
        raise ValidationError(_("Write the colour as # and six digits, for example #0b5563.")) from None


@register_setting(icon="site")
class BrandSettings(BaseSiteSetting):
    """Logo, colours and contact of the region; the colours are made readable in `cms.colour`."""

    logo = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
        help_text=_("The region's coat of arms, PNG with a transparent ground."),
    )
    brand_colour = models.CharField(
        _("main colour"),
        max_length=7,
        default=DEFAULT_BRAND,
        validators=[validate_hex],
        help_text=_("Text colours are chosen so that everything stays readable."),
    )
    accent_colour = models.CharField(
        _("accent colour"),
        max_length=7,
        default=DEFAULT_ACCENT,
        validators=[validate_hex],
    )
    name = models.CharField(
        _("site name"),
        max_length=80,
        default="Suara Layanan",
        help_text=_("Shown beside the logo."),
    )
    tagline = models.CharField(_("tagline"), max_length=120, blank=True)
    address = models.TextField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    whatsapp = models.CharField(_("WhatsApp"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    footer_text = models.CharField(_("footer text"), max_length=300, blank=True)

    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("tagline"), FieldPanel("logo")],
            heading=_("Name and logo"),
        ),
        MultiFieldPanel(
            [FieldPanel("brand_colour"), FieldPanel("accent_colour")],
            heading=_("Colours"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldPanel("phone"),
                FieldPanel("whatsapp"),
                FieldPanel("email"),
            ],
            heading=_("Contact"),
        ),
        FieldPanel("footer_text"),
    ]

    class Meta:
        verbose_name = _("look of the site")
