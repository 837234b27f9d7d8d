"""Public content: pages with what only is read. What is counted lives in plain rows elsewhere."""

from .agencies import AgencyIndexPage, AgencyPage
from .approval import SectionApproval
from .branding import BrandSettings
from .charters import CharterPage
from .information import InformationPage
from .news import NewsIndexPage, NewsPage
from .standards import ServicePage

__all__ = [
    "AgencyIndexPage",
    "AgencyPage",
    "BrandSettings",
    "CharterPage",
    "InformationPage",
    "NewsIndexPage",
    "NewsPage",
    "SectionApproval",
    "ServicePage",
]
