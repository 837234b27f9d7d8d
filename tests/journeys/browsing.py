"""What a journey asks of a page: is it accessible, how heavy is it, whom does it talk to?"""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1.min.js"
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
LOCAL_SCHEMES = {"data", "blob", "about", "chrome-error"}


@dataclass
class Watch:
    """Notes what no page of ours may do; checked when the journey ends."""

    host: str
    third_party: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def follow(self, page) -> None:
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("console", self._on_console)

    def _on_request(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in LOCAL_SCHEMES and parts.netloc != self.host:
            self.third_party.append(request.url)

    def _on_response(self, response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status} {response.url}")

    def _on_console(self, message) -> None:
        if "Content Security Policy" in message.text:
            self.problems.append(message.text)


@dataclass
class Wire:
    """A first visit as the network sees it: headers and bodies as sent, compressed."""

    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        return len(self.sizes)

    @property
    def total(self) -> int:
        """Bytes."""
        return sum(self.sizes.values())

    def without(self, *suffixes: str) -> "Wire":
        """The same visit without some files, e.g. ``without(".jpg", ".webp")`` for photos."""
        kept = {url: size for url, size in self.sizes.items() if not urlsplit(url).path.endswith(suffixes)}
        return Wire(kept)

    def __str__(self) -> str:
        rows = [f"{size:>8} {url}" for url, size in self.sizes.items()]
        return "\n".join([f"{self.requests} requests, {self.total} bytes", *rows])


def measure_wire(page, path: str) -> Wire:
    """Visit ``path`` with an empty cache and count every response."""
    session = page.context.new_cdp_session(page)
    urls, wire = {}, Wire()
    session.on("Network.requestWillBeSent", lambda event: urls.update({event["requestId"]: event["request"]["url"]}))

    def finished(event):
        url = urls.get(event["requestId"], event["requestId"])
        if urlsplit(url).scheme not in LOCAL_SCHEMES:
            wire.sizes[url] = wire.sizes.get(url, 0) + int(event["encodedDataLength"])

    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    page.goto(path, wait_until="networkidle")
    session.detach()
    return wire


# Only animations that end: a spinner would be waited for for ever.
SETTLE = """() => Promise.allSettled(
    document.getAnimations()
        .filter(animation => animation.effect.getComputedTiming().endTime !== Infinity)
        .map(animation => animation.finished))"""


def axe_violations(page) -> list[dict]:
    """Violations of all of axe's default rules (WCAG A and AA, best practices) on the page as it is.

    The rules are evaluated through the debugger, so the page's own policy stays in force. What still
    fades or slides in is let finish first: halfway, its colours are nobody's choice.
    """
    page.evaluate(SETTLE)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)")


def describe(violation: dict) -> str:
    nodes = "\n".join(f"    {node['html'][:200]}\n      {node['failureSummary'][:300]}" for node in violation["nodes"])
    return f"{violation['id']} ({violation['impact']}): {violation['help']}\n{nodes}"
