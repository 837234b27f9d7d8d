"""Reads of public content, by what they serve: the frame, citizens' pages, staff screens, search."""

from .chrome import chrome_for, first_level, frame_of
from .directory import agency_groups, section_of_agency, site_numbers
from .newsroom import latest_news
from .searching import found_pages
from .staff import pages_for_staff

__all__ = [
    "agency_groups",
    "chrome_for",
    "first_level",
    "found_pages",
    "frame_of",
    "latest_news",
    "pages_for_staff",
    "section_of_agency",
    "site_numbers",
]
