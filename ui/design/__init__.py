"""Tokens, theme, fonts and icons: what every widget is drawn with.

Widgets ask `theme()` for colours and fonts while they paint, and never name a colour themselves.
"""
