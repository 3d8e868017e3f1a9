"""RFC 4475 §3.1.2: broken in their syntax, §3.2: in their transaction, each in its own way."""

from __future__ import annotations

from tests.sip.torture.text import SDP, wire, with_sdp


def _request(first: str, call_id: str, cseq: str, more: str = "", *, tag: str = "98asjd8", to: str = "") -> str:
    """A request with the usual headers."""
    return (
        f"{first}\nMax-Forwards: 10\nTo: {to or 'sip:j.user@example.com'}\nFrom: sip:caller@example.net;tag={tag}\n"
        f"Call-ID: {call_id}\nCSeq: {cseq}\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKkdj{call_id[:6]}\n{more}"
    )


INVALID: dict[str, bytes] = {
    "badinv01": wire(
        """
INVITE sip:user@example.com SIP/2.0
To: sip:j.user@example.com
From: sip:caller@example.net;tag=134161461246
Max-Forwards: 7
Call-ID: badinv01.0ha0isndaksdjasdf3234nas
CSeq: 8 INVITE
Via: SIP/2.0/UDP 192.0.2.15;;,;,,
Contact: "Joe" <sip:joe@example.org>;;;;
Content-Length: 152
Content-Type: application/sdp

"""
        + SDP
    ),
    "clerr": wire(
        _request("INVITE sip:user@example.com SIP/2.0", "clerr.0ha0isndaksdjweiafasdk3", "8 INVITE")
        + "Contact: <sip:caller@host5.example.net>\nContent-Type: application/sdp\nContent-Length: 9999\n\n"
        + SDP
    ),
    "ncl": wire(
        _request("INVITE sip:user@example.com SIP/2.0", "ncl.0ha0isndaksdj2193423r542w35", "0 INVITE")
        + "Contact: <sip:caller@example53.example.net>\nContent-Type: application/sdp\nContent-Length: -999\n\n"
        + SDP
    ),
    "scalar02": wire(
        """
REGISTER sip:example.com SIP/2.0
Via: SIP/2.0/TCP host129.example.com;branch=z9hG4bK342sdfoi3
To: <sip:user@example.com>
From: <sip:user@example.com>;tag=239232jh3
CSeq: 36893488147419103232 REGISTER
Call-ID: scalar02.23o0pd9vanlq3wnrlnewofjas9ui32
Max-Forwards: 300
Expires: 10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
Contact: <sip:user@host129.example.com>
  ;expires=280297596632815
Content-Length: 0

"""
    ),
    "scalarlg": wire(
        """
SIP/2.0 503 Service Unavailable
Via: SIP/2.0/TCP host129.example.com;branch=z9hG4bKzzxdiwo34sw;received=192.0.2.129
To: <sip:user@example.com>
From: <sip:other@example.net>;tag=2easdjfejw
CSeq: 9292394834772304023312 OPTIONS
Call-ID: scalarlg.noase0of0234hn2qofoaf0232aewf2394r
Retry-After: 949302838503028349304023988
Warning: 1812 overture "In Progress"
Content-Length: 0

"""
    ),
    "quotbal": with_sdp(
        """
INVITE sip:user@example.com SIP/2.0
To: "Mr. J. User <sip:j.user@example.com>
From: sip:caller@example.net;tag=93334
Max-Forwards: 10
Call-ID: quotbal.aksdj
Contact: <sip:caller@host59.example.net>
CSeq: 8 INVITE
Via: SIP/2.0/UDP 192.0.2.59:5050;branch=z9hG4bKkdjuw39234
"""
    ),
    "ltgtruri": with_sdp(
        _request("INVITE <sip:user@example.com> SIP/2.0", "ltgtruri.1@192.0.2.5", "1 INVITE")
        + "Contact: <sip:caller@host5.example.net>\n"
    ),
    "lwsruri": with_sdp(
        _request(
            "INVITE sip:user@example.com; lr SIP/2.0",
            "lwsruri.asdfasdoeoi2323-asdfwrn23-asd834rk423",
            "2130706432 INVITE",
        )
    ),
    "lwsstart": with_sdp(
        _request(
            "INVITE  sip:user@example.com  SIP/2.0", "lwsstart.dfknq234oi243099adsdfnawe3@example.com", "1893884 INVITE"
        )
    ),
    "trws": wire(
        _request("OPTIONS sip:remote-target@example.com SIP/2.0  ", "trws.oicu34958239neffasdhr2345r", "238923 OPTIONS")
        + "Content-Length: 0\n\n"
    ),
    "escruri": with_sdp(
        _request(
            "INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0",
            "escruri.23940-asdfhj-aje3br-234q098w-fawerh2q-h4n5",
            "149209342 INVITE",
        )
    ),
    "baddate": with_sdp(
        _request(
            "INVITE sip:user@example.com SIP/2.0",
            "baddate.239423mnsadf3j23lj42--sedfnm234",
            "1392934 INVITE",
            "Date: Fri, 01 Jan 2010 16:00:00 EST\n",
        )
    ),
    "regbadct": wire(
        _request(
            "REGISTER sip:example.com SIP/2.0",
            "regbadct.k345asrl3fdbv@10.0.0.1",
            "1 REGISTER",
            "Contact: sip:user@example.com?Route=%3Csip:sip.example.com%3E\nl: 0\n",
        )
        + "\n"
    ),
    "badaspec": wire(
        _request(
            "OPTIONS sip:user@example.org SIP/2.0",
            "badaspec.sdf0234n2nds0a099u23h3hnnw009cdkne3",
            "3923239 OPTIONS",
            "l: 0\n",
            to='"Watson, Thomas" < sip:t.watson@example.org >',
        )
        + "\n"
    ),
    "baddn": wire(
        _request(
            "OPTIONS sip:t.watson@example.org SIP/2.0",
            "baddn.31415@c.bell-tel.com",
            "3923239 OPTIONS",
            "l: 0\n",
            to="Bell, Alexander <sip:a.g.bell@bell-tel.com>",
        )
        + "\n"
    ),
    "badvers": wire(
        _request("OPTIONS sip:t.watson@example.org SIP/7.0", "badvers.31417@c.bell-tel.com", "1 OPTIONS", "l: 0\n")
        + "\n"
    ),
    "mismatch01": wire(
        _request("OPTIONS sip:user@example.com SIP/2.0", "mismatch01.dj0234sxdfl3", "8 INVITE", "l: 0\n") + "\n"
    ),
    "mismatch02": with_sdp(_request("NEWMETHOD sip:user@example.com SIP/2.0", "mismatch02.dj0234sxdfl3", "8 INVITE")),
    "bigcode": wire(
        "SIP/2.0 4294967301 better not break the receiver\nVia: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK2398ndaoe\n"
        "Call-ID: bigcode.asdof3uj203asdnf3429uasdhfas3ehjasdfas9i\nCSeq: 353494 INVITE\n"
        "From: <sip:user@example.com>;tag=39ansfi3\nTo: <sip:user@example.edu>;tag=902jndnke3\nContent-Length: 0\n"
        "Contact: <sip:user@host105.example.com>\n\n"
    ),
    # §3.2: the branch is the magic cookie and nothing else.
    "badbranch": wire(
        """
OPTIONS sip:user@example.com SIP/2.0
To: sip:user@example.com
From: sip:caller@example.org;tag=33242
Max-Forwards: 3
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK
Accept: application/sdp
Call-ID: badbranch.sadonfo23i420jv0as0derf3j3n
CSeq: 8 OPTIONS
l: 0

"""
    ),
}
