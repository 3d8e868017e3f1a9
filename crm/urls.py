"""Where a record opens in the browser."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from app.domain.counterpart import RecordRef

# Ends of API hosts and of the Lightning hosts of the same orgs; what stands before (sandbox, develop…) is kept.
_LIGHTNING = (
    (".my.salesforce.com", ".lightning.force.com"),
    (".my.salesforce.mil", ".lightning.crmforce.mil"),
    (".my-salesforce.com", ".my-lightning.com"),
    (".my.sfcrmproducts.cn", ".lightning.sfcrmapps.cn"),
)


def record_url(instance_url: str, ref: RecordRef) -> str:
    """The Lightning page of a record; on hosts of no known pattern the short address, which Salesforce forwards.

    Never with a token in it: the browser has its own login.
    """
    lightning = _lightning(instance_url)
    if lightning:
        return f"{lightning}/lightning/r/{quote(ref.kind, safe='')}/{quote(ref.id, safe='')}/view"
    return f"{_origin(instance_url)}/{quote(ref.id, safe='')}"


def new_contact_url(instance_url: str, number: str) -> str:
    """The Lightning page that makes a Contact, with the number filled in."""
    origin = _lightning(instance_url) or _origin(instance_url)
    return f"{origin}/lightning/o/Contact/new?defaultFieldValues=Phone={quote(number, safe='')}"


def _lightning(instance_url: str) -> str:
    host = urlsplit(instance_url).hostname or ""
    for api, lightning in _LIGHTNING:
        if host.endswith(api):
            return f"https://{host.removesuffix(api)}{lightning}"
    return ""


def _origin(instance_url: str) -> str:
    parts = urlsplit(instance_url)
    return f"{parts.scheme}://{parts.netloc}"
