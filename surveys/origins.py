"""Whether a post comes from our own page. Browsers say so themselves; no cookie is needed to ask them."""

from __future__ import annotations

from collections.abc import Mapping


def is_cross_site(headers: Mapping[str, str], *, host: str, secure: bool) -> bool:
    """True when the browser names another site as the sender.

    ``Sec-Fetch-Site`` cannot be set by a page and decides where it is sent (every browser since 2023). Older ones send
    ``Origin``. A client that sends neither is no browser on another site, so there is nobody to protect.
    """
    site = headers.get("Sec-Fetch-Site", "")
    if site:
        return site not in ("same-origin", "none")
    origin = headers.get("Origin", "")
    return bool(origin) and origin != f"{'https' if secure else 'http'}://{host}"
