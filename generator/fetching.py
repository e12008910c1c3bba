"""Fetching: one web page, on somebody's explicit wish; the only place where the generator uses the network.

What may be fetched is decided here: http and https, also after redirects, of bounded size, within bounded time.
"""

from __future__ import annotations

import http.client
import re
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from generator.importing import Received
from generator.issues import ArchiveError, quote, visible
from generator.read.files import MAX_CAPTURE_BYTES
from generator.read.schema import url_fault

if TYPE_CHECKING:
    from typing import IO

TIMEOUT = 20
"""Seconds without an answer; the whole page may take three times as long."""
_BY_HAND = "open it in a browser, save the page and import the file"


class _OnlyWeb(urllib.request.HTTPRedirectHandler):
    """Follows redirects to http and https only."""

    def redirect_request(  # noqa: PLR0917 - the signature is that of the standard library
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Return the next request; raise where it leads out of the web."""
        fault = url_fault(newurl)
        if fault:
            fp.close()
            raise ArchiveError(f"the page redirects to {quote(newurl)}, which {fault}", _BY_HAND)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch_page(url: str) -> Received:
    """Return a web page, its bytes as received.

    Raises:
        ArchiveError: it cannot be had.
    """
    fault = url_fault(url)
    if fault:
        raise ArchiveError(
            f"{quote(url)} {fault}", "write a whole address that begins with https:// or http://"
        )
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(), urllib.request.HTTPErrorProcessor(), _OnlyWeb(),
    ):  # fmt: skip
        opener.add_handler(handler)
    request = urllib.request.Request(  # noqa: S310 - checked above
        url, headers={"User-Agent": "annotated-news-archive", "Accept": "text/html, text/plain"}
    )
    try:
        with opener.open(request, timeout=TIMEOUT) as answer:
            data = _read(answer, url)
            return Received(_name(url), data, answer.headers.get_content_charset())
    except urllib.error.HTTPError as error:
        error.close()
        raise ArchiveError(visible(f"{url} answered {error.code} {error.reason}"), _BY_HAND) from error
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise ArchiveError(visible(f"{url} cannot be fetched: {reason}"), _BY_HAND) from error


def _read(answer: http.client.HTTPResponse, url: str) -> bytes:
    """Return the bytes of an answer, as long as they are few and come in time."""
    data = bytearray()
    end = time.monotonic() + 3 * TIMEOUT
    while chunk := answer.read1(65536):
        data += chunk
        if len(data) > MAX_CAPTURE_BYTES:
            raise ArchiveError(
                f"{url} has more than {MAX_CAPTURE_BYTES:,} bytes", "this is no page of an article"
            )
        if time.monotonic() > end:
            raise ArchiveError(f"{url} takes longer than {3 * TIMEOUT} seconds", _BY_HAND)
    return bytes(data)


def _name(url: str) -> str:
    """Return a file name for an address: its last part with a letter in it.

    >>> _name("https://chronicle.example/1969/eagle-has-landed/?a=1")
    'eagle-has-landed.html'
    """
    parts = urlsplit(url)
    last = next(
        (p for p in reversed(unquote(parts.path).split("/")) if re.search(r"[a-z]", p, re.IGNORECASE)), None
    )
    stem = re.sub(r"\.(?:html?|xhtml|php|aspx?)$", "", last or parts.hostname or "page", flags=re.IGNORECASE)
    return f"{stem}.html"
