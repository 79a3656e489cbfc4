"""Who turns raw bytes into facts. No judgement, no network; all of it runs in a worker process with limits.

The way in is `reader.SandboxedReader`; inside the worker it is carver, skeleton and one small reader a format family.
"""
