"""Whether the address in From is proved, by what servers wrote: a pass only by the receiving one, a fail by any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from itertools import takewhile

from mailbot.domain.message import Mail

_LONGEST_VALUE = 2000
_RECEIVED = re.compile(r"\bby\s+(?P<server>mx\d+)\s+\(Coremail\).*?\bid\s+(?P<transaction>[^\s;]+)", re.DOTALL)
_CHECK = re.compile(r"\s*(spf|dkim|dmarc)\s*=\s*(\w+)", re.IGNORECASE)
_WHOSE = re.compile(r"(?:smtp\.mail(?:from)?|header\.[id])\s*=\s*([^\s;]+)", re.IGNORECASE)


class Authenticity(Enum):
    """What is known of a From address."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    SUSPECT = "suspect"
    FAILED = "failed"


def authenticity(mail: Mail) -> Authenticity:
    """Return what servers found out about the address in From.

    A pass counts only where no sender could have written it: Coremail's verdict of the transaction that the first
    Received and X-CM-TRANSID name, or one above every Received. It settles the matter, as an earlier hop may have
    failed (a list). Else a failure is believed whoever wrote it, for no forger would; so is an envelope of another
    domain where the receiving server names it and nothing aligned. A soft failure only makes suspect.

    Source: RFC 8601 §5, RFC 7208 §8.5; 163 writes its verdict at the bottom of the header block.
    """
    domain = mail.sender.spec.rpartition("@")[2].lower()
    of_coremail = _of_coremail(mail)
    trusted = [verdict for verdict in (of_coremail, *_above_every_hop(mail)) if verdict]
    if any(_proves(verdict, domain) for verdict in trusted):
        return Authenticity.VERIFIED
    results = {result for verdict in mail.all("authentication-results") for result in _against(verdict, domain)}
    results |= {value.strip().partition(" ")[0].lower() for value in mail.all("received-spf")}
    foreign = any(check[:2] == ("spf", "pass") for check in _checks(of_coremail or "")) and domain
    if "fail" in results or foreign:
        return Authenticity.FAILED
    return Authenticity.SUSPECT if "softfail" in results else Authenticity.UNVERIFIED


def _against(verdict: str, domain: str) -> Iterator[str]:
    """Yield what a verdict says against an address; a signature or envelope may fail where the other one is aligned."""
    proved = _proves(verdict, domain)
    for method, result, _ in _checks(verdict):
        if method == "dmarc" or not proved:
            yield result


def _proves(verdict: str, domain: str) -> bool:
    """Tell whether a verdict says that the envelope or a signature is the domain's own."""
    return any(result == "pass" and _aligned(whose, domain) for _, result, whose in _checks(verdict))


def _above_every_hop(mail: Mail) -> tuple[str, ...]:
    """Return the verdicts above the first Received, where only the last server writes."""
    if mail.header("received") is None:
        return ()
    top = takewhile(lambda header: header[0] != "received", mail.headers)
    return tuple(value for name, value in top if name == "authentication-results")


def _of_coremail(mail: Mail) -> str | None:
    """Return the verdict that a receiving Coremail wrote, None where there is none to trust."""
    received = _RECEIVED.search((mail.header("received") or "")[:_LONGEST_VALUE])
    if not received:
        return None
    names = [(name, value[:_LONGEST_VALUE].strip()) for name, value in mail.headers]
    mark = ("x-cm-transid", received["transaction"])
    if mark not in names:
        return None
    after = names[names.index(mark) + 1 :]
    server = received["server"]
    return next(
        (
            value
            for name, value in after
            if name == "authentication-results" and re.match(rf"{server}\s*(?:;|$)", value)
        ),
        None,
    )


def _checks(verdict: str) -> list[tuple[str, str, str]]:
    """Return each check of a verdict: method, result, and the domain it speaks of ('' where it names none)."""
    found = []
    for clause in verdict[:_LONGEST_VALUE].split(";"):
        check = _CHECK.match(clause)
        if check:
            whose = _WHOSE.search(clause)
            found.append((check[1].lower(), check[2].lower(), whose[1].rpartition("@")[2].lower() if whose else ""))
    return found


def _aligned(whose: str, domain: str) -> bool:
    """Tell whether two domains are one or one lies under the other."""
    if not whose or not domain:
        return False
    return whose == domain or whose.endswith("." + domain) or domain.endswith("." + whose)
