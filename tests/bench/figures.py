"""Figures and the table they are printed in."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured several times. ``target`` is the most it should be; ``peer`` names another figure."""

    name: str
    unit: str
    values: tuple[float, ...]
    target: float | None = None
    peer: str = ""

    @property
    def median(self) -> float:
        """The figure itself."""
        return statistics.median(self.values)

    @property
    def verdict(self) -> str:
        """``ok``, ``over``, or nothing without a target."""
        if self.target is None:
            return ""
        return "ok" if self.median <= self.target else "over"


def figure(name: str, unit: str, values: Sequence[float], target: float | None = None, peer: str = "") -> Figure:
    """A figure of what was measured."""
    return Figure(name, unit, tuple(values), target, peer)


def table(figures: Sequence[Figure]) -> str:
    """All figures, one a line."""
    by_name = {one.name: one for one in figures}
    head = ("what", "unit", "median", "min", "max", "n", "target", "", "× peer")
    rows = [head]
    for one in figures:
        peer = by_name.get(one.peer)
        ratio = f"{one.median / peer.median:.1f} × {peer.name}" if peer and peer.median else ""
        target = "" if one.target is None else _number(one.target)
        rows.append(
            (one.name, one.unit, _number(one.median), _number(min(one.values)), _number(max(one.values)),
             str(len(one.values)), target, one.verdict, ratio)
        )  # fmt: skip
    wide = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(width) if column in {0, 1, 7, 8} else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, wide, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def as_json(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "name": one.name,
            "unit": one.unit,
            "median": one.median,
            "min": min(one.values),
            "max": max(one.values),
            "n": len(one.values),
            "values": list(one.values),
            "target": one.target,
            "verdict": one.verdict,
            "peer": one.peer,
        }
        for one in figures
    ]


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}"
