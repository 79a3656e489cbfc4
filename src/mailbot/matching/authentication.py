"""Whether the sending server could prove the address in From, by the verdict that the receiving Coremail wrote."""

from __future__ import annotations

import re
from enum import Enum

from mailbot.domain.message import Mail

_LONGEST_VALUE = 2000
_RECEIVED = re.compile(r"\bby\s+(?P<server>mx\d+)\s+\(Coremail\).*?\bid\s+(?P<transaction>[^\s;]+)", re.DOTALL)


_SAYS_FAIL = re.compile(r"\b(?:spf|dmarc)\s*=\s*fail\b|^\s*fail\b", re.IGNORECASE)


class Authenticity(Enum):
    """What is known of a From address."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    FAILED = "failed"


def authenticity(mail: Mail) -> Authenticity:
    """Return what the receiving server found out about the address in From.

    A verdict counts only where no sender could have written it: the first Received is Coremail's own, X-CM-TRANSID
    repeats its transaction, and the verdict of the same server stands after that. An aligned pass verifies the address;
    an envelope or signature that fails, or an envelope of another domain and nothing aligned, is a failure. Where no
    verdict can be trusted, a failure of SPF or DMARC is believed whoever wrote it.

    Source: RFC 8601 §5; 163 writes its verdict at the bottom of the header block.
    """
    verdict = _trusted_verdict(mail)
    if verdict is None or not mail.sender.spec:
        return Authenticity.FAILED if _anybody_says_fail(mail) else Authenticity.UNVERIFIED
    domain = mail.sender.spec.rpartition("@")[2].lower()
    checks = tuple(_checks(verdict))
    if any(result == "pass" and _aligned(whose, domain) for _, result, whose in checks):
        return Authenticity.VERIFIED
    foreign = any(
        method == "spf" and result == "pass" and not _aligned(whose, domain) for method, result, whose in checks
    )
    failed = any(result == "fail" for _, result, _ in checks)
    return Authenticity.FAILED if failed or foreign else Authenticity.UNVERIFIED


def _anybody_says_fail(mail: Mail) -> bool:
    """Tell whether any server on the way wrote that SPF or DMARC failed: no forger would write that, so it counts."""
    verdicts = (*mail.all("authentication-results"), *mail.all("received-spf"))
    return any(_SAYS_FAIL.search(verdict[:_LONGEST_VALUE]) for verdict in verdicts)


def _trusted_verdict(mail: Mail) -> str | None:
    """Return the Authentication-Results that the receiving server wrote, None where there is none to trust."""
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
    for clause in verdict.split(";")[1:]:
        check = re.match(r"\s*(spf|dkim)\s*=\s*(\w+)", clause, re.IGNORECASE)
        if check:
            whose = re.search(r"(?:smtp\.mail(?:from)?|header\.[id])\s*=\s*([^\s;]+)", clause, re.IGNORECASE)
            found.append((check[1].lower(), check[2].lower(), whose[1].rpartition("@")[2].lower() if whose else ""))
    return found


def _aligned(whose: str, domain: str) -> bool:
    """Tell whether two domains are one or one lies under the other."""
    return bool(whose) and (whose == domain or whose.endswith("." + domain) or domain.endswith("." + whose))
