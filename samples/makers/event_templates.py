"""The templates of which an event record is made: the outer one with the System part, inner ones with the data."""

from __future__ import annotations

from functools import cache

from makers import binxml as bx
from makers.binxml import Element, Instance, Slot, Template, Value
from makers.event import Event, filetime, system_time

NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"
_BODY_SLOT = 17


@cache
def outer(computer: str) -> Template:
    """Slots as the event log service numbers them; the computer's name is text of the template, as it is there."""
    system = Element(
        "System",
        content=(
            Element("Provider", (("Name", Slot(14, bx.STRING)), ("Guid", Slot(15, bx.GUID)))),
            Element("EventID", (("Qualifiers", Slot(4, bx.UINT16)),), (Slot(3, bx.UINT16),), 3),
            Element("Version", content=(Slot(11, bx.UINT8),), dependency=11),
            Element("Level", content=(Slot(0, bx.UINT8),), dependency=0),
            Element("Task", content=(Slot(2, bx.UINT16),), dependency=2),
            Element("Opcode", content=(Slot(1, bx.UINT8),), dependency=1),
            Element("Keywords", content=(Slot(5, bx.HEX64),), dependency=5),
            Element("TimeCreated", (("SystemTime", Slot(6, bx.FILETIME)),)),
            Element("EventRecordID", content=(Slot(10, bx.UINT64),), dependency=10),
            Element("Correlation", (("ActivityID", Slot(7, bx.GUID)), ("RelatedActivityID", Slot(13, bx.GUID)))),
            Element("Execution", (("ProcessID", Slot(8, bx.UINT32)), ("ThreadID", Slot(9, bx.UINT32)))),
            Element("Channel", content=(Slot(16, bx.STRING),), dependency=16),
            Element("Computer", content=(computer,)),
            Element("Security", (("UserID", Slot(12, bx.SID)),)),
        ),
    )
    return Template(Element("Event", (("xmlns", NAMESPACE),), (system, Slot(_BODY_SLOT, bx.BINXML)), _BODY_SLOT))


CLASSIC = Template(
    Element(
        "EventData",
        content=(
            Element("Data", content=(Slot(0, bx.ARRAY | bx.STRING, optional=False),)),
            Element("Binary", content=(Slot(1, bx.BINARY),), dependency=1),
        ),
    )
)


@cache
def manifest(fields: tuple[tuple[str, int], ...], binary: bool) -> Template:
    content = [
        Element("Data", (("Name", name),), (Slot(i, type_, optional=False),)) for i, (name, type_) in enumerate(fields)
    ]
    if binary:
        content.append(Element("Binary", content=(Slot(len(fields), bx.BINARY),), dependency=len(fields)))
    return Template(Element("EventData", content=tuple(content)))


def _typed(value: str | int | Value) -> Value:
    if isinstance(value, Value):
        return value
    return bx.string(value) if isinstance(value, str) else bx.number(bx.UINT32, value)


def body_of(event: Event) -> list[Instance]:
    if event.body is not None:
        return event.body
    blob = Value(bx.BINARY, event.binary) if event.binary is not None else bx.NOTHING
    named = [item for item in event.data if not isinstance(item, str)]
    if named:
        values = [(name, _typed(value)) for name, value in named]
        shape = manifest(tuple((name, value.type) for name, value in values), event.binary is not None)
        return [Instance(shape, [value for _, value in values] + ([blob] if event.binary is not None else []))]
    return [Instance(CLASSIC, [bx.array(bx.STRING, event.data), blob])]


def instance_of(event: Event) -> Instance:
    """The whole record as the event log service writes it."""
    qualifiers = bx.NOTHING if event.qualifiers is None else bx.number(bx.UINT16, event.qualifiers)
    return Instance(
        outer(event.computer),
        [
            bx.number(bx.UINT8, event.level),
            bx.number(bx.UINT8, event.opcode),
            bx.number(bx.UINT16, event.task),
            bx.number(bx.UINT16, event.id),
            qualifiers,
            bx.number(bx.HEX64, event.keywords),
            bx.number(bx.FILETIME, filetime(event.time)),
            bx.guid(event.activity_id),
            bx.number(bx.UINT32, event.process_id),
            bx.number(bx.UINT32, event.thread_id),
            bx.number(bx.UINT64, event.record_id),
            bx.number(bx.UINT8, event.version),
            bx.sid(event.user_sid),
            bx.NOTHING,
            bx.string(event.provider),
            bx.guid(event.provider_guid),
            bx.string(event.channel),
            body_of(event),
        ],
    )


def plain_tree(event: Event) -> Element:
    """The same event without any template, as exports "with display information" and forwarded events are stored."""

    def texts(item: str | tuple[str, object]) -> Element:
        if isinstance(item, str):
            return Element("Data", content=(item,) if item else ())
        return Element("Data", (("Name", item[0]),), (str(item[1]),))

    qualifiers = () if event.qualifiers is None else (("Qualifiers", str(event.qualifiers)),)
    guid = (("Guid", "{" + event.provider_guid + "}"),) if event.provider_guid else ()
    system = Element(
        "System",
        content=(
            Element("Provider", (("Name", event.provider), *guid)),
            Element("EventID", qualifiers, (str(event.id),)),
            Element("Version", content=(str(event.version),)),
            Element("Level", content=(str(event.level),)),
            Element("Task", content=(str(event.task),)),
            Element("Opcode", content=(str(event.opcode),)),
            Element("Keywords", content=(hex(event.keywords),)),
            Element("TimeCreated", (("SystemTime", system_time(event.time)),)),
            Element("EventRecordID", content=(str(event.record_id),)),
            Element("Correlation"),
            Element("Execution", (("ProcessID", str(event.process_id)), ("ThreadID", str(event.thread_id)))),
            Element("Channel", content=(event.channel,)),
            Element("Computer", content=(event.computer,)),
            Element("Security"),
        ),
    )
    data = tuple(texts(item) for item in event.data)
    return Element("Event", (("xmlns", NAMESPACE),), (system, Element("EventData", content=data)))
