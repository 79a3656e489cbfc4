"""The notice, unit and holiday files: read, checked, every mistake named with its line."""
