import ssl as ssl_library
from imaplib import IMAP4
from typing import NamedTuple

class SocketTimeout(NamedTuple):
    connect: float
    read: float

class IMAPClient:
    host: str
    port: int
    ssl: bool
    ssl_context: ssl_library.SSLContext | None
    _imap: IMAP4
    def __init__(
        self,
        host: str,
        port: int | None = ...,
        use_uid: bool = ...,
        ssl: bool = ...,
        stream: bool = ...,
        ssl_context: ssl_library.SSLContext | None = ...,
        timeout: SocketTimeout | float | None = ...,
    ) -> None: ...
    def starttls(self, ssl_context: ssl_library.SSLContext | None = ...) -> bytes: ...
    def login(self, username: str, password: str) -> bytes: ...
    def capabilities(self) -> tuple[bytes, ...]: ...
    def logout(self) -> bytes: ...
    def shutdown(self) -> None: ...
