"""Counts and times of the requests, for /metrics.

One process counts in its memory. Several processes of one server share files in PROMETHEUS_MULTIPROC_DIR, which
`topbackup-dashboard servir` sets: whichever of them is asked then answers for all. Each server is scraped by itself.
"""

import os
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.multiprocess import MultiProcessCollector

SHARED = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client's own name
_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_OWN = CollectorRegistry()

disable_created_metrics()  # type: ignore[no-untyped-call] # it has no annotations
REQUESTS = Counter(
    "topbackup_http_requests", "Answered requests.", ("view", "method", "code"), registry=_OWN
)  # fmt: skip
SECONDS = Histogram(
    "topbackup_http_request_seconds",
    "Time to the answer.",
    ("view",),
    registry=_OWN,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


class Measured:
    """The outermost middleware. The labels are few: the view's name, never an address that somebody thought of."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self._get_response(request)
        found = request.resolver_match
        view = (found.view_name or "?") if found else "none"
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(view, method, str(response.status_code)).inc()
        SECONDS.labels(view).observe(time.perf_counter() - began)
        return response


def registry() -> CollectorRegistry:
    """What has been counted so far, by all processes of this server."""
    if SHARED not in os.environ:
        return _OWN
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call] # it has no annotations
    return shared
