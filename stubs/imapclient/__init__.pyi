import ssl
from imaplib import IMAP4
from socket import socket
from typing import NamedTuple

class SocketTimeout(NamedTuple):
    connect: float
    read: float

class IMAPClient:
    folder_encode: bool
    _imap: IMAP4
    def __init__(
        self,
        host: str,
        port: int | None = ...,
        use_uid: bool = ...,
        ssl: bool = ...,
        stream: bool = ...,
        ssl_context: ssl.SSLContext | None = ...,
        timeout: SocketTimeout | float | None = ...,
    ) -> None: ...
    def socket(self) -> socket: ...
    def starttls(self, ssl_context: ssl.SSLContext | None = ...) -> bytes: ...
    def login(self, username: str, password: str) -> bytes: ...
    def capabilities(self) -> tuple[bytes, ...]: ...
    def list_folders(self) -> list[tuple[tuple[bytes, ...], bytes | None, bytes | str]]: ...
    def select_folder(self, folder: bytes, readonly: bool = ...) -> dict[bytes, int]: ...  # of its keys, those that are numbers
    def logout(self) -> bytes: ...
    def shutdown(self) -> None: ...
