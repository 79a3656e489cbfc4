"""Make an Office package (.xlsx, .docx) come out as the same bytes each time: its writers stamp the hour into it."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_CORE = "docProps/core.xml"
_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def stamped(package: bytes, moment: datetime) -> bytes:
    """Return the package with every time in it set to the moment."""
    out = BytesIO()
    with ZipFile(BytesIO(package)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == _CORE:
                content = _STAMPS.sub(rb"\g<1>" + moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)
            member = ZipInfo(name, moment.timetuple()[:6])
            member.compress_type = ZIP_DEFLATED
            target.writestr(member, content)
    return out.getvalue()
