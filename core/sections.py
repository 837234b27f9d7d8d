"""Which page is an agency's section.

Core knows agencies and rights but no page types; ``cms`` registers the function that finds the
section page of an agency, and ``sync_roles`` turns it into page permissions.
"""

from collections.abc import Callable, Collection

# Takes agency ids; returns the page id of the section of each agency that has one.
SectionFinder = Callable[[Collection[int]], dict[int, int]]

_finders: list[SectionFinder] = []


def register_section_finder(finder: SectionFinder) -> None:
    """Called once, in ``CmsConfig.ready``."""
    if finder not in _finders:
        _finders.append(finder)


def section_pages(agency_ids: Collection[int]) -> dict[int, int]:
    """Agency id → page id of its section, for the agencies that have one."""
    pages: dict[int, int] = {}
    for finder in _finders:
        pages.update(finder(agency_ids))
    return pages
