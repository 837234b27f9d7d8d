"""A region's brand colour turned into accessible design tokens.

Covers: hex parsing, WCAG 2.2 relative luminance and contrast, and the custom properties that the public
stylesheets take from a brand (`docs/design-system.md`, "Brand tokens"). Every text pair it returns reaches
4.5:1 (WCAG 2.2, 1.4.3), whatever colour a region picks, because the text colour and the ink shades are
derived, never taken over. Left out: the accent, which only decorates and never carries text.
No Django in here: the view that serves the stylesheet lives in `home`.
"""

import colorsys
import re
from dataclasses import dataclass

AA = 4.5
DEFAULT_BRAND = "#0b5563"
DEFAULT_ACCENT = "#e39b2d"

# The grounds that brand-coloured text is set on; they must equal --paper, --surface and --sunken in site.css.
LIGHT_GROUNDS = ("#faf8f3", "#ffffff", "#f0ece3")
DARK_GROUNDS = ("#0f1719", "#172225", "#1f2c30")

_WHITE, _BLACK = "#ffffff", "#000000"
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class BrandTokens:
    """Custom properties by name (without the two dashes) for each colour scheme."""

    light: dict[str, str]
    dark: dict[str, str]


def parse_hex(value: str) -> Rgb:
    """Read `#abc` or `#aabbcc` (any case, # optional); ValueError for anything else."""
    match = _HEX.fullmatch(value.strip().lower())
    if match is None:
        raise ValueError("not a hex colour")
    digits = match.group(1)
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def to_hex(rgb: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def luminance(colour: str) -> float:
    """WCAG relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel / 255) for channel in parse_hex(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio, 1 to 21; the order does not matter."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`share` (0 to 1) of `other` blended into `colour`, in sRGB as browsers do."""
    pairs = zip(parse_hex(colour), parse_hex(other), strict=True)
    red, green, blue = (round(a + (b - a) * share) for a, b in pairs)
    return to_hex((red, green, blue))


def text_on(ground: str) -> str:
    """White or black: white where it reaches AA. One of the two always does."""
    return _WHITE if contrast(_WHITE, ground) >= AA else _BLACK


def shade_until(colour: str, target: str, grounds: tuple[str, ...], ratio: float = AA) -> str:
    """Blend `colour` towards `target` in steps of 2 % until it stands out from every ground."""
    for step in range(51):
        shade = mix(colour, target, step / 50)
        if all(contrast(shade, ground) >= ratio for ground in grounds):
            return shade
    return target


def brand_tokens(brand: str = DEFAULT_BRAND, accent: str = DEFAULT_ACCENT) -> BrandTokens:
    """Derive every brand token from two colours; ValueError when one is no hex colour."""
    brand, accent = to_hex(parse_hex(brand)), to_hex(parse_hex(accent))
    return BrandTokens(light=_light(brand, accent), dark=_dark(brand, accent))


def brand_css(brand: str = DEFAULT_BRAND, accent: str = DEFAULT_ACCENT, *, logo: str = "") -> str:
    """The region's stylesheet: loaded after site.css or survey.css, it overrides their brand tokens.

    `logo` is a data URI (base64 image) for the slim header, which may not cost another request.
    """
    tokens = brand_tokens(brand, accent)
    if not re.fullmatch(r"(data:image/[a-z+]+;base64,[A-Za-z0-9+/=]+)?", logo):
        raise ValueError("not a base64 image")
    light = tokens.light | (_logo(logo) if logo else {})
    dark = _declarations(tokens.dark)
    return (
        f":root{{{_declarations(light)}}}"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f":root[data-theme=dark]{{{dark}}}"
    )


def _light(brand: str, accent: str) -> dict[str, str]:
    tint = mix(brand, _WHITE, 0.91)
    on_brand = text_on(brand)
    footer = shade_until(brand, _BLACK, (_WHITE,), 12)
    return {
        "brand": brand,
        "on-brand": on_brand,
        "brand-hover": mix(brand, _BLACK if on_brand == _WHITE else _WHITE, 0.22),
        "brand-ink": shade_until(brand, _BLACK, (*LIGHT_GROUNDS, tint)),
        "brand-tint": tint,
        "brand-line": mix(brand, _WHITE, 0.68),
        "header": brand,
        "on-header": on_brand,
        "footer": footer,
        "on-footer": _WHITE,
        "accent": accent,
    }


def _dark(brand: str, accent: str) -> dict[str, str]:
    tint = mix(DARK_GROUNDS[1], brand, 0.22)
    # A pale brand would make a glaring tint: hold it dark enough for the secondary text that stands on it.
    tint = shade_until(tint, _BLACK, ("#b3bfc1",), 5.5)
    ink = shade_until(_lifted(brand), _WHITE, (*DARK_GROUNDS, tint), 6)
    header = shade_until(mix(brand, DARK_GROUNDS[0], 0.45), _BLACK, (_WHITE,), 8)
    return {
        "brand": ink,
        "on-brand": text_on(ink),
        "brand-hover": mix(ink, _WHITE if text_on(ink) == _BLACK else _BLACK, 0.3),
        "brand-ink": ink,
        "brand-tint": tint,
        "brand-line": mix(tint, _WHITE, 0.22),
        "header": header,
        "on-header": _WHITE,
        "footer": mix(header, _BLACK, 0.45),
        "on-footer": _WHITE,
        "accent": accent,
    }


def _lifted(colour: str) -> str:
    """The same hue, light enough for a dark ground: blending a deep colour with white alone turns it grey."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in parse_hex(colour)))
    red, green, blue = colorsys.hls_to_rgb(hue, max(lightness, 0.6), saturation * 0.65)
    return to_hex((round(red * 255), round(green * 255), round(blue * 255)))


def _logo(data_uri: str) -> dict[str, str]:
    return {"brand-logo": f'url("{data_uri}")', "logo-w": "2.5rem", "logo-gap": "0"}


def _declarations(tokens: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in tokens.items())


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
