"""A small scripted IMAP server that behaves as 163.com does, remembers every line it is sent, and fails on order.

What it imitates, from transcripts: the bare greeting, the capabilities, 'Unsafe Login' until ID came with values,
UIDVALIDITY 1, no UIDNEXT in EXAMINE and a senseless one in STATUS, large gappy UIDs, spam-like folders without flags.
Every command that the bot has no business to send is answered BAD. `Manners` makes another server of it.
"""

from __future__ import annotations

import re
import select
import socketserver
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from imaplib import Time2Internaldate
from typing import TYPE_CHECKING

from imapclient.imap_utf7 import decode, encode

from mailbot.settings import Security, Server

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tests.servers.certificates import Certificates

USER = "clerk@163.com"
PASSWORD = "ANAUTHORISATIONC"  # noqa: S105  # of an account on the loopback
CAPABILITIES = "IMAP4rev1 XLIST SPECIAL-USE ID LITERAL+ STARTTLS XAPPLEPUSHSERVICE UIDPLUS X-CM-EXT-1"
UNSAFE = "Unsafe Login. Please contact kefu@188.com for help"
FOLDERS = {
    "INBOX": "",
    "草稿箱": r"\Drafts",
    "已发送": r"\Sent",
    "已删除": r"\Trash",
    "垃圾邮件": r"\Junk",
    "广告邮件": "",
    "订阅邮件": "",
    "病毒文件夹": "",
}


@dataclass(slots=True)
class Kept:
    """A message on the server."""

    uid: int
    raw: bytes
    arrived: datetime
    flags: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Manners:
    """How the server is, where it is not as 163 is."""

    capabilities: str = CAPABILITIES
    greeting: str = "* OK IMAP4 ready"
    wants_id: bool = True
    tells_uidnext: bool = False
    knows_pieces: bool = True


@dataclass(frozen=True, slots=True)
class Heard:
    """A line a client sent: on which connection, its command in capitals (``UID FETCH``), and what came after it."""

    connection: int
    command: str
    rest: str


# What to do in place of answering: it gets the conversation, the tag and what came after the command.
Misbehaviour = Callable[["Conversation", str, str], None]


class Hangup(Exception):  # not an error: the server ends the conversation
    """The server closes the connection."""


@dataclass(slots=True)
class NetEase:
    """The server with its one account."""

    certificates: Certificates
    security: Security = Security.TLS
    manners: Manners = field(default_factory=Manners)
    password: str = PASSWORD
    folders: dict[str, list[Kept]] = field(default_factory=lambda: {name: [] for name in FOLDERS})
    uidvalidity: int = 1
    without_date: set[int] = field(default_factory=set)
    withheld: set[int] = field(default_factory=set)  # UIDs whose body it does not give
    told_sizes: dict[int, int] = field(default_factory=dict)  # UIDs of which it tells another size than they have
    heard: list[Heard] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    _on_order: list[tuple[str, Misbehaviour]] = field(default_factory=list)
    _next_uid: int = 1_433_920_980
    _listener: socketserver.ThreadingTCPServer | None = None

    @property
    def server(self) -> Server:
        """Return the settings with which the bot reaches it."""
        assert self._listener is not None
        port = self._listener.server_address[1]
        return Server("127.0.0.1", int(port), self.security, USER, self.ca_file)

    @property
    def ca_file(self) -> Path:
        """Return the authority to trust."""
        return self.certificates.ca_file

    # what a person or the world does

    def add_folder(self, name: str) -> None:
        """Make a folder."""
        self.folders[name] = []

    def deliver(self, folder: str, raw: bytes, arrived: datetime) -> None:
        """Put a message (CRLF) into a folder with that INTERNALDATE."""
        self.folders[folder].append(Kept(self._next_uid, raw, arrived))
        self._next_uid += 7 + len(raw) % 5

    def remove(self, folder: str, number: int) -> None:
        """Delete a message for good."""
        del self.folders[folder][number - 1]

    def move(self, folder: str, number: int, to: str) -> None:
        """Move a message to another folder, where it gets another UID."""
        kept = self.folders[folder].pop(number - 1)
        self.deliver(to, kept.raw, kept.arrived)

    def mark(self, folder: str, number: int, flag: str) -> None:
        """Set a flag, as a person's mail program does."""
        self.folders[folder][number - 1].flags.add(flag)

    def flags(self, folder: str) -> tuple[frozenset[str], ...]:
        """Return every message's flags, in order."""
        return tuple(frozenset(kept.flags) for kept in self.folders[folder])

    # what a test orders, and what it may ask afterwards

    def when(self, command: str, misbehaviour: Misbehaviour) -> None:
        """Misbehave, once, at the next command of that name (``LOGIN``, ``UID FETCH``), or instead of the greeting."""
        self._on_order.append((command, misbehaviour))

    def ordered(self, command: str) -> Misbehaviour | None:
        """Return, and forget, what was ordered for a command."""
        for each in self._on_order:
            if each[0] == command:
                self._on_order.remove(each)
                return each[1]
        return None

    def commands(self) -> list[str]:
        """Return the names of all commands heard, in order."""
        return [each.command for each in self.heard]

    def connections(self) -> int:
        """Return how many connections said anything."""
        return len({each.connection for each in self.heard})

    # its life

    def start(self) -> NetEase:
        """Begin to listen."""
        listener = _Listener(("127.0.0.1", 0), Conversation)
        listener.host = self
        self._listener = listener
        threading.Thread(target=listener.serve_forever, args=(0.01,), name="netease", daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening and let go whoever is stalled."""
        self.released.set()
        if self._listener is not None:
            self._listener.shutdown()
            self._listener.server_close()


class _Listener(socketserver.ThreadingTCPServer):
    host: NetEase
    count = 0

    def next_number(self) -> int:
        self.count += 1
        return self.count

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that left."""


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    disable_nagle_algorithm = True  # an answer goes out in several pieces

    host: NetEase
    server: _Listener
    number = 0
    identified = False
    examined: str | None = None
    budget: int | None = None

    def handle(self) -> None:
        """Greet, then answer until somebody leaves."""
        self.host, self.number = self.server.host, self.server.next_number()
        with suppress(Hangup, OSError):
            if self.host.security is Security.TLS:
                self.protect()
            self.greet()
            while line := self.rfile.readline():
                self.answer(line.decode("ascii").rstrip("\r\n"))
        if isinstance(self.request, ssl.SSLSocket):
            self.request.close()

    def greet(self) -> None:
        """Greet, or misbehave as ordered."""
        misbehave = self.host.ordered("greeting")
        if misbehave is None:
            self.say(self.host.manners.greeting)
        else:
            misbehave(self, "", "")

    def protect(self) -> None:
        """Go on under TLS."""
        self.request = self.host.certificates.server_context().wrap_socket(self.request, server_side=True)
        self.connection = self.request
        self.setup_streams()

    def setup_streams(self) -> None:
        """Read from, and write to, the protected socket."""
        self.rfile = self.request.makefile("rb")
        self.wfile = socketserver._SocketWriter(self.request)  # type: ignore[attr-defined]  # what setup() itself uses

    def answer(self, line: str) -> None:
        """Answer one command, or misbehave as ordered."""
        tag, _, text = line.partition(" ")
        found = re.match(r"(?i)(UID )?\w+", text)
        command = found[0].upper() if found else ""
        rest = text[len(command) :].strip(" ") if not text.endswith(" ") else text[len(command) + 1 :]
        self.host.heard.append(Heard(self.number, command, rest))
        misbehave = self.host.ordered(command)
        if misbehave is not None:
            misbehave(self, tag, rest)
        else:
            self.behave(tag, command, rest)

    def behave(self, tag: str, command: str, rest: str) -> None:
        """Answer as the server does."""
        verb: Callable[[str, str], None] | None = getattr(self, f"do_{command.lower().replace(' ', '_')}", None)
        if verb is None:
            self.say(f"{tag} BAD command not support")
        else:
            verb(tag, rest)

    def say(self, line: str | bytes) -> None:
        """Send a line."""
        self.send((line.encode("utf-8") if isinstance(line, str) else line) + b"\r\n")

    def send(self, data: bytes) -> None:
        """Send bytes, no more than the budget allows."""
        if self.budget is not None:
            data, self.budget = data[: self.budget], self.budget - len(data)
        self.wfile.write(data)
        self.wfile.flush()
        if self.budget is not None and self.budget <= 0:
            raise Hangup

    # the commands

    def do_capability(self, tag: str, _rest: str) -> None:
        self.say(f"* CAPABILITY {self.host.manners.capabilities}")
        self.say(f"{tag} OK CAPABILITY completed")

    def do_starttls(self, tag: str, _rest: str) -> None:
        self.say(f"{tag} OK Begin TLS negotiation now")
        self.protect()

    def do_login(self, tag: str, rest: str) -> None:
        if rest == f'{USER} "{self.host.password}"':
            self.say(f"{tag} OK LOGIN completed")
        else:
            self.say(f"{tag} NO LOGIN Login error or password error")

    def do_id(self, tag: str, rest: str) -> None:
        if not re.fullmatch(r'\(("[^"]*"|NIL)( ("[^"]*"|NIL))*\)|NIL', rest):
            self.say(f"{tag} BAD Request not ending with \\r\\n")
            return
        self.identified = rest != "NIL"
        self.say('* ID ("name" "Coremail Imap" "vendor" "Mailtech" "TransID" "AQAAfwBfdE0")')
        self.say(f"{tag} OK ID completed")

    def do_list(self, tag: str, _rest: str) -> None:
        for name in self.host.folders:
            self.say(b'* LIST (%s) "/" "%s"' % (FOLDERS.get(name, "").encode("ascii"), encode(name)))
        self.say(f"{tag} OK LIST Completed")

    def do_examine(self, tag: str, rest: str) -> None:
        name, self.examined = decode(rest.strip('"').encode("ascii")), None
        if self.host.manners.wants_id and not self.identified:
            self.say(f"{tag} NO EXAMINE {UNSAFE}")
        elif name not in self.host.folders:
            self.say(f"{tag} NO EXAMINE The folder does not exist")
        else:
            self.examined = name
            self.say(f"* {len(self.host.folders[name])} EXISTS")
            self.say("* 0 RECENT")
            self.say(f"* OK [UIDVALIDITY {self.host.uidvalidity}] UIDs valid")
            if self.host.manners.tells_uidnext:
                self.say(f"* OK [UIDNEXT {self.host._next_uid}] Predicted next UID")
            self.say(r"* FLAGS (\Answered \Seen \Deleted \Draft \Flagged)")
            self.say(r"* OK [PERMANENTFLAGS (\Answered \Seen \Deleted \Draft \Flagged)] Limited")
            self.say(f"{tag} OK [READ-ONLY] EXAMINE completed")

    def do_status(self, tag: str, rest: str) -> None:
        quoted = rest.partition(" (")[0]
        name = decode(quoted.strip('"').encode("ascii"))
        if name not in self.host.folders:
            self.say(f"{tag} NO STATUS The folder does not exist")
            return
        kept, uidnext = len(self.host.folders[name]), self.host._next_uid
        if not self.host.manners.tells_uidnext:
            kept, uidnext = 3, 100
        self.say(f"* STATUS {quoted} (MESSAGES {kept} UIDNEXT {uidnext} UIDVALIDITY {self.host.uidvalidity})")
        self.say(f"{tag} OK STATUS completed")

    def do_idle(self, tag: str, _rest: str) -> None:
        if " IDLE" not in self.host.manners.capabilities:
            self.say(f"{tag} BAD command not support")
            return
        known = len(self.kept())
        self.say("+ idling")
        while not select.select([self.request], [], [], 0.01)[0]:
            if len(self.kept()) != known:
                known = len(self.kept())
                self.say(f"* {known} EXISTS")
        said = self.rfile.readline().decode("ascii").strip()
        self.host.heard.append(Heard(self.number, said, ""))
        self.say(f"{tag} OK IDLE completed" if said == "DONE" else f"{tag} BAD expected DONE")

    def do_fetch(self, tag: str, rest: str) -> None:
        first, last, items = self.asked(rest)
        for number, kept in enumerate(self.kept(), start=1):
            if first <= number <= last:
                self.tell(number, kept, items)
        self.say(f"{tag} OK FETCH Completed")

    def do_uid_fetch(self, tag: str, rest: str) -> None:
        first, last, items = self.asked(rest)
        for number, kept in enumerate(self.kept(), start=1):
            if first <= kept.uid <= last:
                self.tell(number, kept, items)
        self.say(f"{tag} OK FETCH Completed")

    def do_logout(self, tag: str, _rest: str) -> None:
        self.say("* BYE IMAP4rev1 Server logging out")
        self.say(f"{tag} OK LOGOUT completed")
        raise Hangup

    # what FETCH needs

    def kept(self) -> list[Kept]:
        """Return the messages of the open folder."""
        return [] if self.examined is None else self.host.folders[self.examined]

    def asked(self, rest: str) -> tuple[int, int, str]:
        """Take a range and the items apart."""
        numbers, _, items = rest.partition(" ")
        first, _, last = numbers.partition(":")
        highest = max((kept.uid for kept in self.kept()), default=0)
        end = highest if last == "*" else int(last or first)
        return min(int(first), end), max(int(first), end), items

    def body(self, kept: Kept, piece: re.Match[str] | None) -> bytes:
        """Return a body, or a piece of it, as it goes over the line."""
        label, text = b"BODY[]", kept.raw
        if piece and self.host.manners.knows_pieces:
            label, text = b"BODY[]<%d>" % int(piece[1]), text[int(piece[1]) :][: int(piece[2])]
        if kept.uid in self.host.withheld:
            return label + b" NIL"
        return b"%b {%d}\r\n%b" % (label, len(text), text)

    def tell(self, number: int, kept: Kept, items: str) -> None:
        """Send one FETCH answer."""
        answer = [f"UID {kept.uid}".encode()] if "UID" in items else []
        if "INTERNALDATE" in items and kept.uid in self.host.without_date:
            answer.append(b'INTERNALDATE "00-Jan-0000 00:00:00 +0000"')
        elif "INTERNALDATE" in items:
            answer.append(b"INTERNALDATE " + Time2Internaldate(kept.arrived).encode("ascii"))
        if "RFC822.SIZE" in items:
            answer.append(b"RFC822.SIZE %d" % self.host.told_sizes.get(kept.uid, len(kept.raw)))
        if "BODY.PEEK[HEADER]<0." in items:
            head = kept.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            answer.append(b"BODY[HEADER]<0> {%d}\r\n%s" % (len(head), head))
        if "BODY.PEEK[]" in items:
            answer.append(self.body(kept, re.search(r"PEEK\[\]<(\d+)\.(\d+)>", items)))
        if "HEADER.FIELDS" in items:
            header = b"".join(re.findall(rb"(?im)^Message-ID:.*\r\n(?:[ \t].*\r\n)*", kept.raw)) + b"\r\n"
            answer.append(b"BODY[HEADER.FIELDS (MESSAGE-ID)] {%d}\r\n%s" % (len(header), header))
        self.send(b"* %d FETCH (%s)\r\n" % (number, b" ".join(answer)))
