"""Taking secrets out of what others say, before it is cut, logged, kept or shown. No secret is kept here."""

from __future__ import annotations

import re
from base64 import b64encode

STARS = "***"
TELLING = 6  # so many characters of a secret in a row are too much, as servers cut what they quote
LEAST_ENCODED = 4  # fewer characters of base64 stand in any text
WORD = re.compile("[!-~]+")


def redacted(text: str, *secrets: str) -> str:
    r"""Return the text with stars for every word that holds a secret or a telling piece of one.

    Upper and lower case count as one. A secret is known in base64 too, alone (AUTH LOGIN) and behind anything else, as
    behind the user name in SASL PLAIN. Empty secrets are none.

    Source: RFC 4616 §2 (SASL PLAIN: ``\0user\0password``), RFC 4648 §4 (base64).

    >>> redacted('BAD unknown command: LOGIN "office" "ABCDEFGHIJKLMNOP"', "ABCDEFGHIJKLMNOP")
    'BAD unknown command: LOGIN "office" "***"'
    >>> redacted("授权码abcdefghijk…错误", "ABCDEFGHIJKLMNOP")
    '授权码***…错误'
    >>> redacted("535 AG9mZmljZQBBQkNERUZHSElKS0xNTk9Q is wrong", "ABCDEFGHIJKLMNOP")
    '535 *** is wrong'
    """
    known = [secret for secret in secrets if secret]
    for secret in known:
        text = re.sub(re.escape(secret), STARS, text, flags=re.IGNORECASE)
    pieces = {piece for secret in known for form in _forms(secret) for piece in _pieces(form.lower())}
    return WORD.sub(lambda word: STARS if any(piece in word[0].lower() for piece in pieces) else word[0], text)


def _forms(secret: str) -> list[str]:
    """Return how a secret may be written: as it is, and what of its base64 does not depend on what stands beside it."""
    raw = secret.encode()
    encoded = []
    for before, foreign in ((0, 0), (1, 2), (2, 3)):  # bytes before it in its group of three, characters they touch
        certain = (before + len(raw)) * 8 // 6
        encoded.append(b64encode(bytes(before) + raw).decode()[foreign:certain])
    return [secret, *(form for form in encoded if len(form) >= LEAST_ENCODED)]


def _pieces(form: str) -> set[str]:
    return {form[start : start + TELLING] for start in range(max(1, len(form) - TELLING + 1))}
