"""The forms in which Windows and PowerShell hand out events: XML, CSV, text, Clixml. One function per form."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from makers.event import LEVEL_WORDS, Event, system_time
from makers.event_templates import NAMESPACE

NL = "\r\n"
BOM = "\ufeff"


def powershell_file(text: str) -> bytes:
    """As Out-File of Windows PowerShell 5.1 writes it."""
    return (BOM + text).encode("utf-16-le")


def us_time(time: datetime, seconds: bool = True) -> str:
    """en-US, without leading zeros: 11/3/2026 2:21:36 PM."""
    half = "AM" if time.hour < 12 else "PM"
    return (
        f"{time.month}/{time.day}/{time.year} {time.hour % 12 or 12}:{time:%M}{f':{time:%S}' if seconds else ''} {half}"
    )


def _xml_text(text: str) -> str:
    # XML 1.0 has no place for control characters; Event Viewer drops them.
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
    return escape(text).replace("\r", "&#13;").replace("\n", "&#10;")


def _attribute(text: str) -> str:
    return _xml_text(text).replace("'", "&apos;")


def event_xml(event: Event, *, rendering: bool = False) -> str:
    guid = f" Guid='{{{event.provider_guid}}}'" if event.provider_guid else ""
    qualifiers = "" if event.qualifiers is None else f" Qualifiers='{event.qualifiers}'"
    user = f" UserID='{event.user_sid}'" if event.user_sid else ""
    activity = f" ActivityID='{{{event.activity_id}}}'" if event.activity_id else ""
    items = []
    for item in event.data or [""]:
        name, value = ("", item) if isinstance(item, str) else (f" Name='{_attribute(item[0])}'", str(item[1]))
        items.append(f"<Data{name}>{_xml_text(value)}</Data>")
    if event.binary is not None:
        items.append(f"<Binary>{event.binary.hex().upper()}</Binary>")
    text = (
        f"<Event xmlns='{NAMESPACE}'><System><Provider Name='{_attribute(event.provider)}'{guid}/>"
        f"<EventID{qualifiers}>{event.id}</EventID><Version>{event.version}</Version><Level>{event.level}</Level>"
        f"<Task>{event.task}</Task><Opcode>{event.opcode}</Opcode><Keywords>{event.keywords:#x}</Keywords>"
        f"<TimeCreated SystemTime='{system_time(event.time)}'/><EventRecordID>{event.record_id}</EventRecordID>"
        f"<Correlation{activity}/><Execution ProcessID='{event.process_id}' ThreadID='{event.thread_id}'/>"
        f"<Channel>{event.channel}</Channel><Computer>{_xml_text(event.computer)}</Computer><Security{user}/></System>"
        f"<EventData>{''.join(items)}</EventData>"
    )
    if rendering:
        text += (
            f"<RenderingInfo Culture='en-US'><Message>{_xml_text(event.text)}</Message>"
            f"<Level>{LEVEL_WORDS[event.level]}</Level><Task></Task><Opcode></Opcode><Channel></Channel><Provider></Provider>"
            "<Keywords><Keyword>Classic</Keyword></Keywords></RenderingInfo>"
        )
    return text + "</Event>"


def viewer_xml(events: list[Event]) -> bytes:
    """Event Viewer, Save as XML with display information: newest first, no line breaks."""
    head = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>' + NL
    body = "".join(event_xml(event, rendering=True) for event in reversed(events))
    return (BOM + head + f"<Events>{body}</Events>").encode("utf-8", "replace")


def wevtutil_xml(events: list[Event]) -> bytes:
    """wevtutil qe Application /f:xml: one event a line, no root."""
    return (NL.join(event_xml(event) for event in events) + NL).encode("utf-8", "replace")


def viewer_csv(events: list[Event]) -> bytes:
    """Five names, but six columns."""
    out = io.StringIO()
    out.write("Level,Date and Time,Source,Event ID,Task Category" + NL)
    _viewer_rows(csv.writer(out, lineterminator=NL), events)
    return out.getvalue().encode("utf-8", "replace")


def viewer_txt(events: list[Event]) -> bytes:
    """Event Viewer, Save as Text: the same columns, tab separated."""
    out = io.StringIO()
    out.write("Level\tDate and Time\tSource\tEvent ID\tTask Category" + NL)
    _viewer_rows(csv.writer(out, delimiter="\t", lineterminator=NL), events)
    return out.getvalue().encode("utf-8", "replace")


def _viewer_rows(writer: Any, events: list[Event]) -> None:
    for event in reversed(events):
        writer.writerow(
            [LEVEL_WORDS[event.level], us_time(event.time), event.provider, event.id, event.task_word, event.text]
        )


_WINEVENT = [
    "Message", "Id", "Version", "Qualifiers", "Level", "Task", "Opcode", "Keywords", "RecordId", "ProviderName",
    "ProviderId", "LogName", "ProcessId", "ThreadId", "MachineName", "UserId", "TimeCreated", "ActivityId",
    "RelatedActivityId", "ContainerLog", "MatchedQueryIds", "Bookmark", "LevelDisplayName", "OpcodeDisplayName",
    "TaskDisplayName", "KeywordsDisplayNames", "Properties",
]  # fmt: skip


def _winevent_row(event: Event) -> dict[str, object]:
    keywords = event.keywords - (1 << 64) if event.keywords >> 63 else event.keywords
    return {
        "Message": event.text,
        "Id": event.id,
        "Version": event.version,
        "Qualifiers": event.qualifiers or 0,
        "Level": event.level,
        "Task": event.task,
        "Opcode": event.opcode,
        "Keywords": keywords,
        "RecordId": event.record_id,
        "ProviderName": event.provider,
        "ProviderId": event.provider_guid or "",
        "LogName": event.channel,
        "ProcessId": event.process_id or "",
        "ThreadId": event.thread_id or "",
        "MachineName": event.computer,
        "TimeCreated": us_time(event.time),
        "ContainerLog": event.channel,
        "MatchedQueryIds": "System.UInt32[]",
        "Bookmark": "System.Diagnostics.Eventing.Reader.EventBookmark",
        "LevelDisplayName": LEVEL_WORDS[event.level],
        "OpcodeDisplayName": "Info",
        "KeywordsDisplayNames": "System.Collections.ObjectModel.ReadOnlyCollection`1[System.String]",
        "Properties": "System.Collections.Generic.List`1[System.Diagnostics.Eventing.Reader.EventProperty]",
    }


def winevent_csv(events: list[Event]) -> bytes:
    """Get-WinEvent | Export-Csv of 5.1: ASCII, newest first, the type above the header."""
    out = io.StringIO()
    out.write("#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord" + NL)
    writer = csv.DictWriter(out, _WINEVENT, restval="", quoting=csv.QUOTE_ALL, lineterminator=NL)
    writer.writeheader()
    writer.writerows(_winevent_row(event) for event in reversed(events))
    return out.getvalue().encode("ascii", "replace")


def eventlog_csv(events: list[Event]) -> bytes:
    """Get-EventLog | Export-Csv of 5.1: other names than Get-WinEvent's, and the id once more inside InstanceId."""
    out = io.StringIO()
    out.write("#TYPE System.Diagnostics.EventLogEntry#Application/Directory Synchronization/611" + NL)
    names = [
        "EventID", "MachineName", "Data", "Index", "Category", "CategoryNumber", "EntryType", "Message", "Source",
        "ReplacementStrings", "InstanceId", "TimeGenerated", "TimeWritten", "UserName", "Site", "Container",
    ]  # fmt: skip
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=NL)
    writer.writerow(names)
    for event in reversed(events):
        time = us_time(event.time)
        writer.writerow([
            event.id, event.computer, "System.Byte[]", event.record_id, "(0)", 0, LEVEL_WORDS[event.level], event.text,
            event.provider, "System.String[]", ((event.qualifiers or 0) << 16) + event.id, time, time, "", "", "",
        ])  # fmt: skip
    return out.getvalue().encode("ascii", "replace")


def format_list(events: list[Event]) -> bytes:
    """Get-WinEvent | Format-List TimeCreated,ProviderName,Id,LevelDisplayName,Message | Out-File."""
    names = ("TimeCreated", "ProviderName", "Id", "LevelDisplayName", "Message")
    width = max(map(len, names))
    out = [""]
    for event in reversed(events):
        row = _winevent_row(event)
        out.append("")
        for name in names:
            lines = str(row[name]).replace(NL, "\n").split("\n")
            out.append(f"{name:<{width}} : {lines[0]}")
            out += [" " * (width + 3) + line for line in lines[1:]]
    return powershell_file(NL.join(out) + NL * 3)


def pasted_text(events: list[Event]) -> bytes:
    """What Event Viewer's Copy, Copy Details as Text puts on the clipboard."""
    blocks = [
        f"Log Name:      {e.channel}{NL}Source:        {e.provider}{NL}Date:          {us_time(e.time)}{NL}"
        f"Event ID:      {e.id}{NL}Task Category: {e.task_word}{NL}Level:         {LEVEL_WORDS[e.level]}{NL}"
        f"Keywords:      Classic{NL}User:          N/A{NL}Computer:      {e.computer}{NL}Description:{NL}{e.text}{NL}"
        for e in reversed(events)
    ]
    return NL.join(blocks).encode("utf-8", "replace")


def _cli_text(text: str) -> str:
    """Clixml writes control characters as _xHHHH_, and an underscore that would look like one too."""
    text = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    text = re.sub("[\x00-\x1f\x7f\ud800-\udfff]", lambda m: f"_x{ord(m[0]):04X}_", text)
    return escape(text)


def clixml(events: list[Event]) -> bytes:
    """Get-WinEvent | Export-Clixml."""
    out = ['<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">']
    for n, event in enumerate(reversed(events)):
        row = _winevent_row(event)
        types = (
            (
                '<TN RefId="0"><T>System.Diagnostics.Eventing.Reader.EventLogRecord</T>'
                "<T>System.Diagnostics.Eventing.Reader.EventRecord</T><T>System.Object</T></TN>"
            )
            if n == 0
            else '<TNRef RefId="0" />'
        )
        out.append(
            f'  <Obj RefId="{n}">{types}<ToString>System.Diagnostics.Eventing.Reader.EventLogRecord</ToString><Props>'
            f'<I32 N="Id">{event.id}</I32><By N="Version">{event.version}</By>'
            f'<I32 N="Qualifiers">{row["Qualifiers"]}</I32><By N="Level">{event.level}</By>'
            f'<I32 N="Task">{event.task}</I32><I16 N="Opcode">{event.opcode}</I16>'
            f'<I64 N="Keywords">{row["Keywords"]}</I64><I64 N="RecordId">{event.record_id}</I64>'
            f'<S N="ProviderName">{_cli_text(event.provider)}</S><S N="LogName">{event.channel}</S>'
            f'<S N="MachineName">{_cli_text(event.computer)}</S><Nil N="UserId" />'
            f'<DT N="TimeCreated">{system_time(event.time)}</DT><S N="LevelDisplayName">{row["LevelDisplayName"]}</S>'
            f'</Props><MS><S N="Message">{_cli_text(event.text)}</S></MS></Obj>'
        )
    return powershell_file(NL.join([*out, "</Objs>"]))
