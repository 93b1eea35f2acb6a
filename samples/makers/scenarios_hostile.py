"""What a careless, broken or malicious sender puts into a bundle."""

from __future__ import annotations

from dataclasses import replace

from makers import phs_text as say
from makers.bundle import bundle
from makers.customers import CONTOSO, TREY
from makers.event import number
from makers.evtx_writer import CHUNK, encode_evtx
from makers.log import CYCLE, Log, at, every
from makers.site import Connector

DN = "DC=treyresearch,DC=net"
HOSTILE_PEOPLE = (
    "CN=<script>alert(document.domain)</script>,OU=Staff," + DN,
    'CN="><img src=x onerror=alert(1)>,OU=Staff,' + DN,
    "CN=\x1b[2J\x1b[31mred\x1b]0;title\x07,OU=Staff," + DN,
    'CN==HYPERLINK("http://example.invalid"\\,"x"),OU=Staff,' + DN,
    "CN=+1+cmd|' /C calc'!A0,OU=Staff," + DN,
    "CN=\u202egnp.exe\u202c \u2066invoice\u2069,OU=Staff," + DN,
    'CN=O\'Neil; $(Remove-Item C:\\*) `"quoted`",OU=A\\,B;C,' + DN,
    "CN=\\<b\\>, Result : Success.,OU=Staff," + DN,
    "CN=${7*7} {{7*7}} %s%n </textarea> | pipe |,OU=Staff," + DN,
)


def hostile() -> bytes:
    """A healthy channel, one denied domain, and names that want to be code somewhere."""
    account = "MSOL_x'; Start-Process calc; '$(whoami)"
    site = replace(TREY, connectors=(Connector("treyresearch.net", ("treyresearch.net",), account),))
    log = Log(site, "2026-11-11 00:00:00", "2026-11-12 11:59:00")
    log.heart(site.connectors[0], "2026-11-11 00:09:09", "2026-11-12 11:39:09")
    for hour, dn in enumerate(HOSTILE_PEOPLE, 7):
        log.change(f"2026-11-11 {hour:02}:17:00", (dn, "Failed", False))
    text = say.NL.join(
        [
            say.head_611("treyresearch.net", "=cmd|'/C_calc'!A0.treyresearch.net", "10.9.9.9\u202e"),
            "Details: ",
            say.drs_details(8453, "Replication access was denied."),
            "</script><script>alert(1)</script>\x1b[41m\x07 -->]]>",
        ]
    )
    for time in every(CYCLE, at("2026-11-12 01:00:00"), log.end):
        log.phs(time, 611, text, level=2)
    log.noise()
    extra = {
        "OBJECT/Get-ADSyncCSObject_CN=<img src=x onerror=alert(1)>.txt": b"\xff\xfe",
        "OBJECT/\u202etxt.exe": b"",
        "CONFIG/GENERAL/$(calc).txt": "<script>alert(1)</script>\r\n".encode("utf-16"),
        "CONFIG/GENERAL/" + "n" * 180 + ".txt": b"\0" * 4096,
    }
    return bundle(log, "2026-11-12 12:02:00", failed={"treyresearch.net": "2026-11-12 00:58:00"}, extra=extra)


def damaged_log() -> bytes:
    """A healthy day whose last chunk was overwritten while the file was copied."""
    log = Log(CONTOSO, "2026-11-05 00:00:00", "2026-11-06 09:00:00")
    log.heart(CONTOSO.connectors[0], "2026-11-05 00:07:41", "2026-11-06 08:37:41")
    log.working_days("contoso.com", log.start, log.end)
    log.cycles(at("2026-11-05 00:12:20"), log.end)
    log.noise()
    whole = encode_evtx(number(log.application, 184_211))
    return whole[:-CHUNK] + b"\x55" * CHUNK
