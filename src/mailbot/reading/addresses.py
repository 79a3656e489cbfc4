"""Whose mail it is: an address counts only where two parsers read the header alike.

One parser is mail-parser's; this is the other. It is strict and takes one mailbox only: `spec`, `<spec>` or
`phrase <spec>`. A group, several mailboxes, a second address in an unquoted phrase, a domain literal: nothing to trust.
Source: RFC 5322 §3.4; CVE-2023-27043 (parseaddr takes `alice@a]<bob@b>` for alice).
"""

from __future__ import annotations

import re

MAX_LENGTH = 4096

_SPEC = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}\Z")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_ANGLE = re.compile(r"\s*<([^<>]*)>\s*\Z")
_NOT_IN_A_PHRASE = frozenset('<>[]:;,"@')


def only_spec(value: str) -> str:
    r"""Return the addr-spec of a header that names exactly one mailbox beyond doubt, in lower case; else ''.

    >>> only_spec('"张三" <Zhang@example.cn>'), only_spec("zhang@example.cn (张三)")
    ('zhang@example.cn', 'zhang@example.cn')
    >>> only_spec("alice@example.org]<bob@example.org>"), only_spec("a@gov.cn <x@evil.example>")
    ('', '')
    """
    bare = _without_comments(value[: MAX_LENGTH + 1])
    if bare is None or len(value) > MAX_LENGTH:
        return ""
    angle = _ANGLE.search(_QUOTED.sub(lambda quoted: "q" * len(quoted.group()), bare))
    spec = bare[angle.start(1) : angle.end(1)].strip() if angle else bare.strip()
    phrase = _QUOTED.sub("", bare[: angle.start()]).strip() if angle else ""
    if not _SPEC.match(spec) or ".." in spec:
        return ""
    doubtful = _NOT_IN_A_PHRASE.intersection(phrase) and phrase.lower() != spec.lower()
    return "" if doubtful else spec.lower()


def _without_comments(value: str) -> str | None:
    """Return the value without its (nested) comments; None where one is not closed. Linear, and without recursion."""
    kept: list[str] = []
    depth = 0
    quoted = escaped = False
    for letter in value:
        if escaped:
            escaped = False
        elif letter == "\\" and (quoted or depth):
            escaped = True
        elif letter == '"' and not depth:
            quoted = not quoted
        elif letter in "()" and not quoted:
            depth += 1 if letter == "(" else -1
            if depth < 0:
                return None
            continue
        if not depth:
            kept.append(letter)
    return "".join(kept) if not depth and not quoted else None
