"""Colour and logo of the region whose poster is printed."""

from __future__ import annotations

from dataclasses import dataclass

from cms.colour import DEFAULT_BRAND, shade_until
from cms.models import BrandSettings
from surveys.models import ServicePoint

LOGO_RENDITION = "max-400x400|format-png"


@dataclass(frozen=True)
class PosterBrand:
    """``colour`` is dark enough for white letters on paper."""

    colour: str = DEFAULT_BRAND
    logo: bytes = b""
    logo_url: str = ""
    logo_format: str = "png"


def poster_brand(point: ServicePoint) -> PosterBrand:
    """The look of the site of the point's region."""
    return region_brand(point.agency.region_id)


def region_brand(region_id: int) -> PosterBrand:
    """The look of the region's site; the plain one while it has none."""
    brand = BrandSettings.objects.filter(site__region=region_id).select_related("logo").first()
    if brand is None:
        return PosterBrand()
    colour = shade_until(brand.brand_colour, "#000000", ("#ffffff",))
    if brand.logo is None:
        return PosterBrand(colour)
    rendition = brand.logo.get_rendition(LOGO_RENDITION)
    with rendition.file.open("rb") as file:
        return PosterBrand(colour, file.read(), rendition.url)
