"""What we send: composed as values, rendered by Jinja2, tried once at a time over SMTP."""
