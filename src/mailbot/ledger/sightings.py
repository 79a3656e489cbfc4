"""Where messages were seen: in folders or taken in by hand, and what the last complete poll of a folder left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import and_, bindparam, false, func, insert, select, update

from mailbot.domain.books import Event, FolderPoll, MessageStanding
from mailbot.domain.mailbox import FolderMemory, FolderView, Listing, Origin, Sighting, StandIn
from mailbot.ledger import events
from mailbot.ledger.gaps import take_place
from mailbot.ledger.schema import folders, messages, receipts, sightings

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

Identity: TypeAlias = "tuple[int, int, datetime, int]"  # UIDVALIDITY, UID, arrival, size
AT_ONCE = 500  # ids in one statement: databases limit how many parameters they take

_PLACE = ("folder", "uidvalidity", "uid", "arrived", "size")
_IS_THERE = (sightings.c[name].is_not_distinct_from(bindparam(name)) for name in _PLACE)  # an arrival may be NULL
_THERE = select(sightings, messages.c.lost).join(messages).where(*_IS_THERE)
_SIGHT = insert(sightings)
_ARRIVED = select(messages.c.arrived).where(messages.c.sha256 == bindparam("sha256"))
_TAKE = insert(messages)


def folder_memory(connection: Connection, folder: str) -> FolderMemory | None:
    """Return what the last complete poll left of the folder."""
    row = connection.execute(select(folders).where(folders.c.folder == folder)).one_or_none()
    if row is None:
        return None
    return FolderMemory(row.uidvalidity, row.uidnext, _count_in_view(connection, folder))


def polls(connection: Connection) -> tuple[FolderPoll, ...]:
    """Return the last complete poll of each folder."""
    rows = connection.execute(select(folders).order_by(folders.c.folder)).all()
    return tuple(
        FolderPoll(row.folder, row.completed, row.exists, _count_in_view(connection, row.folder)) for row in rows
    )


def unseen(connection: Connection, view: FolderView) -> tuple[Sighting, ...]:
    """Return the view's sightings that the ledger does not hold, each once, in the view's order."""
    known = _known(connection, view)
    return tuple(one for one in dict.fromkeys(view.sightings) if _identity(one) not in known)


def sight(
    connection: Connection, sighting: Sighting, sha256: str, at: datetime | None, stand_in: StandIn | None = None
) -> bool:
    """Note that these bytes were seen there, or that they stand for what was; return whether the message is new."""
    new = _arrives(connection, sha256, sighting.size, sighting.folder, sighting.arrived, at)
    place = {name: getattr(sighting, name) for name in _PLACE}
    held = connection.execute(_THERE, place).first()
    if held and at and stand_in is None and (held.stand_in or (held.lost and held.sha256 != sha256)):
        take_place(connection, held.id, held.sha256, sha256, at)
    elif held is not None and held.sha256 == sha256:
        connection.execute(update(sightings).where(sightings.c.id == held.id).values(in_view=True))
    else:  # other bytes under the same identity: the unique key stops that
        values = {"sha256": sha256, "source": Origin.IMAP, "in_view": True, "stand_in": stand_in, **place}
        connection.execute(_SIGHT, values)
    return new


def take_in(
    connection: Connection, sha256: str, size: int, arrived: datetime | None, *, origin: Origin, at: datetime | None
) -> bool:
    """Note a message that came by hand, once however often it is given; return whether it is new."""
    new = _arrives(connection, sha256, size, "", arrived, at)
    by_hand = and_(sightings.c.sha256 == sha256, sightings.c.source == origin, sightings.c.uid.is_(None))
    row = connection.execute(select(sightings.c.id, sightings.c.arrived).where(by_hand)).one_or_none()
    if row is None:
        connection.execute(
            insert(sightings).values(sha256=sha256, source=origin, folder="", arrived=arrived, size=size, in_view=False)
        )
    elif arrived is not None and (row.arrived is None or arrived < row.arrived):
        connection.execute(update(sightings).where(sightings.c.id == row.id).values(arrived=arrived))
    return new


def viewed(connection: Connection, view: FolderView, at: datetime) -> None:
    """Note a complete poll: which sightings are in view, and the moment."""
    if view.listing is not Listing.UNCHANGED:
        _bring_into_view(connection, view)
    values = {"uidvalidity": view.uidvalidity, "uidnext": view.uidnext, "exists": view.exists, "completed": at}
    if connection.execute(update(folders).where(folders.c.folder == view.folder).values(values)).rowcount == 0:
        connection.execute(insert(folders).values(folder=view.folder, **values))


def _bring_into_view(connection: Connection, view: FolderView) -> None:
    """Change only the rows that differ: a folder of thousands is listed every five minutes."""
    listed = {_identity(one) for one in view.sightings}
    rows = connection.execute(select(sightings).where(sightings.c.folder == view.folder)).all()
    came = [row.id for row in rows if not row.in_view and _identity(row) in listed]
    went = [row.id for row in rows if row.in_view and _identity(row) not in listed]
    _set_in_view(connection, came, in_view=True)
    if view.listing is Listing.FULL:
        _set_in_view(connection, went, in_view=False)


def _set_in_view(connection: Connection, ids: list[int], *, in_view: bool) -> None:
    for start in range(0, len(ids), AT_ONCE):
        some = sightings.c.id.in_(ids[start : start + AT_ONCE])
        connection.execute(update(sightings).where(some).values(in_view=in_view))


def _arrives(
    connection: Connection, sha256: str, size: int, folder: str, arrived: datetime | None, at: datetime | None
) -> bool:
    """Make the message's row, undecided, or let an earlier arrival correct it; return whether it was made."""
    row = connection.execute(_ARRIVED, {"sha256": sha256}).one_or_none()
    if row is None:
        standing = MessageStanding.UNDECIDED
        values = {"sha256": sha256, "size": size, "arrived": arrived, "folder": folder, "standing": standing}
        connection.execute(_TAKE, values)
        return True
    if arrived is not None and (row.arrived is None or arrived < row.arrived):
        arrived_earlier(connection, sha256, row.arrived, arrived, at or arrived)
    return False


def arrived_earlier(
    connection: Connection, sha256: str, before: datetime | None, arrived: datetime, at: datetime
) -> None:
    """Correct the arrival of a message and of its receipts: the earliest counts."""
    connection.execute(update(messages).where(messages.c.sha256 == sha256).values(arrived=arrived))
    connection.execute(update(receipts).where(receipts.c.sha256 == sha256).values(arrived=arrived))
    detail = f"{before.isoformat() if before else '?'} -> {arrived.isoformat()}"
    events.note(connection, Event(at, "mailbot", "arrival_corrected", sha256, detail))


def _known(connection: Connection, view: FolderView) -> set[Identity]:
    """Return the identities that the ledger holds of the folder, as far as the view's UIDs reach."""
    uids = [one.uid for one in view.sightings]
    between = sightings.c.uid.between(min(uids), max(uids)) if uids else false()
    rows = connection.execute(select(sightings).where(sightings.c.folder == view.folder, between))
    return {_identity(row) for row in rows}


def _identity(row: Any) -> Identity:
    """Return what makes a sighting, or a row of one, the same one in its folder."""
    return row.uidvalidity, row.uid, row.arrived, row.size


def _count_in_view(connection: Connection, folder: str) -> int:
    in_view = and_(sightings.c.folder == folder, sightings.c.in_view)
    return connection.execute(select(func.count()).select_from(sightings).where(in_view)).scalar_one()
