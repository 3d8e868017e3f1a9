"""A small file over https: certificates verified, the system's proxy, no redirect, no more than it may be."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO

from app.errors import AppError, ErrorCode

_SECONDS = 15.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect may lead to a host nobody allowed."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def download(url: str, most: int = 64 * 1024, context: ssl.SSLContext | None = None) -> bytes:
    """The content of an https address. Blocks; raises AppError DOWNLOAD_FAILED. ``context`` is for another CA."""
    if not url.lower().startswith("https://"):
        raise AppError(ErrorCode.DOWNLOAD_FAILED, detail="only https addresses are read")
    opener = urllib.request.build_opener(
        _NoRedirect, urllib.request.HTTPSHandler(context=context or ssl.create_default_context())
    )
    try:
        with opener.open(url, timeout=_SECONDS) as answer:
            content: bytes = answer.read(most + 1)
    except urllib.error.HTTPError as error:
        raise AppError(ErrorCode.DOWNLOAD_FAILED, detail=f"the server answered {error.code}") from error
    except urllib.error.URLError as error:
        reason = error.reason
        detail = "its certificate cannot be trusted" if isinstance(reason, ssl.SSLError) else "it cannot be reached"
        raise AppError(ErrorCode.DOWNLOAD_FAILED, detail=detail) from error
    except (OSError, HTTPException) as error:
        raise AppError(ErrorCode.DOWNLOAD_FAILED, detail="it cannot be reached") from error
    if len(content) > most:
        raise AppError(ErrorCode.DOWNLOAD_FAILED, detail="it is too large to be settings")
    return content
