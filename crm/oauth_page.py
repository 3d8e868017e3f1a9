"""The one page the browser shows after a sign-in. Only words of ours: nothing that came from outside stands in it."""

from __future__ import annotations

from enum import StrEnum
from html import escape


class Told(StrEnum):
    """What the page says."""

    DONE = "done"
    FAILED = "failed"
    STRANGE = "strange"  # an answer to another sign-in
    NOTHING = "nothing"  # no such page


_WORDS = {
    "en": {
        Told.DONE: ("You are signed in", "You can close this tab and go back to Ringdown."),
        Told.FAILED: ("The sign-in did not work", "Go back to Ringdown: its window says why, and what to do."),
        Told.STRANGE: (
            "This page belongs to another sign-in",
            "Nothing was changed. Close this tab and use the one that opened last.",
        ),
        Told.NOTHING: ("There is nothing here", "You can close this tab."),
    },
    "ja": {
        Told.DONE: ("サインインしました", "このタブを閉じて、Ringdown に戻ってください。"),
        Told.FAILED: (
            "サインインできませんでした",
            "Ringdown に戻ってください。理由と対処がウィンドウに表示されています。",
        ),
        Told.STRANGE: (
            "このページは別のサインインのものです",
            "何も変更されていません。このタブを閉じ、最後に開いたタブを使ってください。",
        ),
        Told.NOTHING: ("ここには何もありません", "このタブを閉じてください。"),
    },
}
_STYLE = (
    "html{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;"
    "place-items:center}main{max-width:26rem;padding:2rem;text-align:center}h1{font-size:1.4rem;margin:0 0 .5rem}"
    "p{margin:0;opacity:.8}"
)
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    # The address holds the code: it goes to nobody.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(told: Told, language: str) -> bytes:
    """The page as HTML. ``language`` is "en" or "ja"; any other is English."""
    code = language if language in _WORDS else "en"
    title, sentence = (escape(text) for text in _WORDS[code][told])
    html = (
        f'<!doctype html><html lang="{code}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title} · Ringdown</title><style>{_STYLE}</style>'
        f"</head><body><main><h1>{title}</h1><p>{sentence}</p></main></body></html>"
    )
    return html.encode()
