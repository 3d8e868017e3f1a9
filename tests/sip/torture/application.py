"""RFC 4475 §3.3: wrong for what they ask, §3.4: as RFC 2543 wrote them."""

from __future__ import annotations

from tests.sip.torture.text import wire, with_sdp


def _request(method: str, uri: str, name: str, more: str = "", *, to: str = "sip:user@example.com") -> str:
    """A request with the usual headers."""
    return (
        f"{method} {uri} SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{name}1\nTo: {to}\n"
        f"From: <sip:caller@example.net>;tag=8814{name}\nCall-ID: {name}.9ihsdrsdfnm\nMax-Forwards: 70\n"
        f"CSeq: 8 {method}\n{more}"
    )


def _empty(head: str) -> bytes:
    return wire(head + "Content-Length: 0\n\n")


_USER = "sip:user@example.com"
_CONTACT = "Contact: <sip:caller@host5.example.net>\n"

APPLICATION: dict[str, bytes] = {
    "insuf": wire(
        "INVITE sip:user@example.com SIP/2.0\nCSeq: 193942 INVITE\nVia: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf\nContent-Type: application/sdp\nl: 0\n\n"
    ),
    "unkscm": _empty(_request("OPTIONS", "nobodyKnowsThisScheme:totallyopaquecontent", "unkscm")),
    "novelsc": _empty(_request("OPTIONS", "soap.beep://192.0.2.103:3002", "novelsc")),
    "unksm2": _empty(
        _request("REGISTER", "sip:example.com", "unksm2", "Contact: <name:John_Smith>\n", to="isbn:2983792873")
    ),
    "bext01": _empty(
        _request(
            "OPTIONS",
            _USER,
            "bext01",
            "Require: nothingSupportsThis, nothingSupportsThisEither\nProxy-Require: noProxiesSupportThis, norDoAnyProxiesSupportThis\n",
            to="sip:j_user@example.com",
        )
    ),
    "invut": wire(
        _request("INVITE", _USER, "invut", _CONTACT)
        + 'Content-Type: application/unknownformat\nContent-Length: 40\n\n<audio>\n <pcmu port="443"/>\n</audio>\n'
    ),
    "regaut01": _empty(
        _request(
            "REGISTER",
            "sip:example.com",
            "regaut01",
            "Authorization: NoOneKnowsThisScheme opaque-data=here\nContact: <sip:j.user@host.example.com>\n",
        )
    ),
    "multi01": wire(
        """
INVITE sip:user@company.com SIP/2.0
Contact: <sip:caller@host25.example.net>
Via: SIP/2.0/UDP 192.0.2.25;branch=z9hG4bKkdjuw
Max-Forwards: 70
CSeq: 5 INVITE
Call-ID: multi01.98asdh@192.0.2.1
CSeq: 59 INVITE
Call-ID: multi01.98asdh@192.0.2.2
From: sip:caller@example.com;tag=3413415
To: sip:user@example.com
To: sip:other@example.net
From: sip:caller@example.net;tag=2923420123
Content-Type: application/sdp
l: 154
Contact: <sip:caller@host36.example.net>
Max-Forwards: 5

v=0
o=mhandley 29739 7272939 IN IP4 192.0.2.25
s=-
c=IN IP4 192.0.2.25
t=0 0
m=audio 49217 RTP/AVP 0 12
m=video 3227 RTP/AVP 31
a=rtpmap:31 LPC
"""
    ),
    "mcl01": wire(
        _request("OPTIONS", _USER, "mcl01")
        + "Content-Length: 13\nContent-Length: 5\nContent-Type: text/plain\n\nThere's no way to know how many octets are supposed to be here.\n"
    ),
    "bcast": with_sdp(
        """
SIP/2.0 200 OK
Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923
Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23
Call-ID: bcast.0384840201234ksdfak3j2erwedfsASdf
CSeq: 35 INVITE
From: sip:user@example.com;tag=11141343
To: sip:user@example.edu;tag=2229
Contact: <sip:user@host28.example.com>
"""
    ),
    "zeromf": _empty(_request("OPTIONS", _USER, "zeromf").replace("Max-Forwards: 70", "Max-Forwards: 0")),
    "cparam01": _empty(
        _request(
            "REGISTER",
            "sip:example.com",
            "cparam01",
            "Contact: sip:+19725552222@gw1.example.net;unknownparam\n",
            to="sip:watson@example.com",
        )
    ),
    "cparam02": _empty(
        _request(
            "REGISTER",
            "sip:example.com",
            "cparam02",
            "Contact: <sip:+19725552222@gw1.example.net;unknownparam>\n",
            to="sip:watson@example.com",
        )
    ),
    "regescrt": _empty(
        _request(
            "REGISTER",
            "sip:example.com",
            "regescrt",
            "Contact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>\n",
        )
    ),
    "sdp01": wire(
        _request("INVITE", "sip:user@example.com", "sdp01", _CONTACT)
        + "Accept: text/nobodyKnowsThis\nContent-Type: application/sdp\nContent-Length: 150\n\nv=0\no=mhandley 29739 7272939 IN IP4 192.0.2.5\ns=-\nc=IN IP4 192.0.2.5\nt=0 0\nm=audio 49217 RTP/AVP 0 12\nm=video 3227 RTP/AVP 31\na=rtpmap:31 LPC\n"
    ),
    # §3.4: no branch, no tag, no Max-Forwards, no Contact.
    "inv2543": with_sdp(
        """
INVITE sip:UserB@example.com SIP/2.0
Via: SIP/2.0/UDP iftgw.example.com
From: <sip:+13035551111@ift.client.example.net;user=phone>
Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>
To: sip:+16505552222@ss1.example.net;user=phone
Call-ID: inv2543.1717@ift.client.example.com
CSeq: 56 INVITE
"""
    ),
}
