"""The IMAP side: a read-only session, what each provider is like, and the archive of raw bytes."""
