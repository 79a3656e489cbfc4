"""What each mail provider is like, as far as reading its mailbox goes: one small profile each, chosen by host."""

from __future__ import annotations

from dataclasses import dataclass

# By its capability, never by its greeting: that changed in 2024, and a proxy on the loopback has its own host.
NETEASE_CAPABILITY = b"X-CM-EXT-1"
JUNK = b"\\Junk"
SENT = b"\\Sent"
UNSELECTABLE = frozenset({b"\\noselect", b"\\nonexistent"})


@dataclass(frozen=True, slots=True)
class Profile:
    r"""How to read a mailbox there.

    `spam` names the spam-like folders (compared without case, by the last part of their path) beside those marked
    \Junk; `uidnext` tells whether UIDNEXT means anything; `identify` whether ID must be sent even unasked; `keeps`
    whether a running service keeps its connection from one round to the next.
    """

    name: str
    spam: frozenset[str]
    uidnext: bool
    identify: bool
    keeps: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as the server lists it."""

    name: str
    flags: frozenset[bytes] = frozenset()
    delimiter: str = "/"

    def last_part(self) -> str:
        """Return its name without the folders round it, without case.

        >>> Folder("INBOX.Spam", delimiter=".").last_part()
        'spam'
        """
        return (self.name.rsplit(self.delimiter, 1)[-1] if self.delimiter else self.name).casefold()

    def can_be_opened(self) -> bool:
        """Tell whether it holds messages and is not only a knot in the tree."""
        return not {flag.lower() for flag in self.flags} & UNSELECTABLE

    def has(self, flag: bytes) -> bool:
        """Tell whether it carries a special-use flag (RFC 6154), whatever its case."""
        return flag.lower() in {each.lower() for each in self.flags}


# Source: transcripts of 163 and 126: only 垃圾邮件 carries \Junk; no UIDNEXT in SELECT, a senseless one in STATUS.
# How long it suffers a silent connection, and whether it tells an old one of new mail, nobody knows: so none is kept.
NETEASE = Profile("netease", frozenset({"垃圾邮件", "广告邮件", "订阅邮件"}), uidnext=False, identify=True, keeps=False)
GENERAL = Profile(
    "general",
    frozenset({"junk", "junk e-mail", "junk mail", "spam", "bulk mail", "垃圾邮件", "广告邮件", "订阅邮件"}),
    uidnext=True,
    identify=False,
    keeps=True,
)

SENT_NAMES = frozenset({"sent", "sent messages", "sent items", "sent mail", "已发送", "已发送邮件"})

# Each has its own hosts, imap.X and smtp.X; at another's host its addresses get 'password error'.
NETEASE_DOMAINS = frozenset({"163.com", "126.com", "yeah.net", "188.com", "vip.163.com", "vip.126.com", "vip.188.com"})
NETEASE_ENTERPRISE = "qiye.163.com"  # mailboxes of any domain


def profile_of(host: str, capabilities: frozenset[bytes] = frozenset()) -> Profile:
    """Return the profile of a server, by its host or by what only NetEase's announces.

    >>> profile_of("IMAP.163.com.").name, profile_of("mail.example.test").name
    ('netease', 'general')
    >>> profile_of("127.0.0.1", frozenset({b"X-CM-EXT-1"})).name
    'netease'
    """
    known = _domain_served(host) in NETEASE_DOMAINS | {NETEASE_ENTERPRISE} or NETEASE_CAPABILITY in capabilities
    return NETEASE if known else GENERAL


def watched(profile: Profile, listed: tuple[Folder, ...], chosen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the folders to watch: INBOX and the spam-like ones among those listed, or those that were chosen.

    What was chosen is watched whether it is listed or not: one that is missing must not pass for one that is empty.

    >>> watched(NETEASE, (Folder("广告邮件"), Folder("INBOX"), Folder("已发送")))
    ('INBOX', '广告邮件')
    >>> watched(NETEASE, (Folder("广告邮件"), Folder("INBOX"), Folder("报送")), ("报送", "inbox", "没有的"))
    ('报送', 'INBOX', '没有的')
    """
    if chosen:
        return tuple(dict.fromkeys(map(_inbox, chosen)))
    names = {folder.name: folder for folder in listed if folder.can_be_opened()}
    spam = [name for name, folder in names.items() if folder.has(JUNK) or folder.last_part() in profile.spam]
    return tuple(dict.fromkeys(["INBOX", *map(_inbox, spam)]))


def sent_folder(listed: tuple[Folder, ...]) -> str | None:
    """Return the folder that holds what was sent, by its flag, else by its name."""
    usable = [folder for folder in listed if folder.can_be_opened()]
    flagged = [folder.name for folder in usable if folder.has(SENT)]
    named = [folder.name for folder in usable if folder.last_part() in SENT_NAMES]
    return next(iter([*flagged, *named]), None)


def domain_matches(host: str, address: str) -> bool | None:
    """Tell whether the mailbox of an address is on that host; None where nobody can tell.

    >>> domain_matches("imap.163.com", "zydc697@163.com"), domain_matches("imap.163.com", "office@126.com")
    (True, False)
    >>> domain_matches("mail.example.test", "office@126.com") is None  # any office may have a gateway of its own
    True
    """
    served = _domain_served(host)
    return address.rpartition("@")[2].lower() == served if served in NETEASE_DOMAINS else None


def _host(host: str) -> str:
    return host.lower().rstrip(".")


def _domain_served(host: str) -> str:
    service, _, domain = _host(host).partition(".")
    return domain if service in {"imap", "smtp", "pop"} else ""


def _inbox(name: str) -> str:
    return "INBOX" if name.upper() == "INBOX" else name
