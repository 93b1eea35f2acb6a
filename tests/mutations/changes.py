"""The places of the judgement's sources that can be changed, and the sources with each change behind a switch."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STAGE = Path("cpp/src/correlate")
SOURCES = [
    "meaning.cpp",
    "judge.cpp",
    "silence.cpp",
    "open_requests.cpp",
    "untracked_requests.cpp",
    "life.cpp",
    "thin_times.cpp",
    "ordinary_thinning.cpp",
    "intervals.cpp",
    "distinct.cpp",
    "users.cpp",
    "latest_events.cpp",
    "batches.cpp",
    "verdict.cpp",
    "coverage.cpp",
    "tie_breaks.cpp",
    "world.cpp",
    "sightings.cpp",
    "setting_sightings.cpp",
    "object_sightings.cpp",
    "changes.cpp",
    "checks.cpp",
    "findings.cpp",
    "collector.cpp",
]
NEIGHBOUR = {"critical": "high", "high": "medium", "medium": "low", "low": "info", "info": "low"}
OTHER = {
    "FindingStatus::ongoing": "past",
    "FindingStatus::past": "ongoing",
    "FindingStatus::recovered": "past",
    "VerdictStatus::failing": "degraded",
    "VerdictStatus::degraded": "failing",
    "VerdictStatus::healthy": "unknown",
    "VerdictStatus::unknown": "healthy",
    "CheckStatus::pass": "unknown",
    "CheckStatus::fail": "unknown",
    "CheckStatus::unknown": "pass",
}
OPPOSITE = {">": "more_or_equal", "<": "less_or_equal", ">=": "more", "<=": "less"}
AS_IS = {">": "more", "<": "less", ">=": "more_or_equal", "<=": "less_or_equal"}

SWITCHES = """#pragma once
#pragma GCC system_header
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <type_traits>
namespace synclens_mutation {
inline bool on(int number) {
  static const char* chosen = std::getenv("SYNCLENS_MUTATION");
  static const int which = chosen == nullptr ? -1 : std::atoi(chosen);
  return number == which;
}
inline std::uint32_t id(int number, std::uint32_t value) { return on(number) ? 99999u : value; }
template <typename T> T twice(int number, T value) { return on(number) ? 2 * value : value; }
inline const char* name(int number, const char* value) { return on(number) ? "no-such-name" : value; }
template <typename T> T either(int number, T changed, T value) { return on(number) ? changed : value; }
template <typename T> std::decay_t<T> none(int number, const T& value) { return on(number) ? std::decay_t<T>{} : value; }
template <typename T> const T& larger(int n, const T& a, const T& b) { return on(n) ? std::min(a, b) : std::max(a, b); }
template <typename T> const T& smaller(int n, const T& a, const T& b) { return on(n) ? std::max(a, b) : std::min(a, b); }
template <typename A, typename B> bool before(int n, bool less, const A& a, const B& b) { return less != on(n) ? a < b : a > b; }
template <typename A, typename B> bool more(int n, const A& a, const B& b) { return on(n) ? a >= b : a > b; }
template <typename A, typename B> bool less(int n, const A& a, const B& b) { return on(n) ? a <= b : a < b; }
template <typename A, typename B> bool more_or_equal(int n, const A& a, const B& b) { return on(n) ? a > b : a >= b; }
template <typename A, typename B> bool less_or_equal(int n, const A& a, const B& b) { return on(n) ? a < b : a <= b; }
}  // namespace synclens_mutation
"""


@dataclass(frozen=True)
class Change:
    """Puts `before` and `after` around a stretch of a source, and something else for a stretch inside it."""

    source: str
    begin: int
    end: int
    before: str  # {n} becomes the number of the change, here and in `inside`
    after: str
    what: str
    line: int
    inside: tuple[int, int, str] | None = None
    nth: int = 1  # of those that are described by the same words

    @property
    def key(self) -> str:
        """Its name in results, reasons and rules: without a line, which another edit moves."""
        return f"{self.source}: {self.what}" + (f" #{self.nth}" if self.nth > 1 else "")

    @property
    def description(self) -> str:
        return f"{self.source}:{self.line}: {self.what}"


def masked(text: str) -> str:
    """The text of the same length without comments, and with underscores for what stands between quotes."""

    def blank(match: re.Match[str]) -> str:
        found = match[0]
        if found[0] in "\"'":
            return found[0] + "_" * (len(found) - 2) + found[-1]
        return re.sub(r"[^\n]", " ", found)

    return re.sub(r'//[^\n]*|"(?:[^"\\\n]|\\.)*"|(?<!\w)\'(?:[^\'\\\n]|\\.)\'|^#[^\n]*', blank, text, flags=re.M)


def operand_left(code: str, at: int) -> int:
    """Where the operand begins that ends at `at`."""
    depth = 0
    i = at
    while i > 0:
        c = code[i - 1]
        if c in ")]}":
            depth += 1
        elif c in "([{":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0:
            if c in ",;?" or code[i - 2 : i] in ("&&", "||"):
                break
            if c == ":" and code[i - 2] != ":" and code[i : i + 1] != ":":
                break
            if c == "=" and code[i - 2] not in "=!<>" and code[i : i + 1] != "=":
                break
            if code[max(0, i - 6) : i] == "return":
                break
        i -= 1
    while code[i : i + 1].isspace():
        i += 1
    return i


def operand_right(code: str, at: int) -> int:
    """Where the operand ends that begins at `at`."""
    depth = 0
    i = at
    while i < len(code):
        c = code[i]
        if c in "([{":
            depth += 1
        elif c in ")]}":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0 and (
            c in ",;?" or code[i : i + 2] in ("&&", "||") or (c == ":" and ":" not in (code[i + 1], code[i - 1]))
        ):
            break
        i += 1
    while code[i - 1].isspace():
        i -= 1
    return i


def closing(code: str, at: int) -> int:
    """Where the bracket closes that was opened before `at`."""
    depth = 1
    while depth > 0:
        depth += {"(": 1, ")": -1}.get(code[at], 0)
        at += 1
    return at - 1


def places(code: str) -> Callable[[int], str]:
    """Tells the function, or the table outside of functions, in which an offset of the code lies."""
    control = r"(?:return|if|for|while|switch|else|case|do|const auto|throw|using)\b"
    typed = r"[\w:<>*&\[][\w:<>*&,\[\] ]*[ *&](?=\w)"
    function = rf"^(?: {{2}})?(?!{control})(?:{typed}|(?=[A-Z]))([A-Za-z_]\w*(?:::\w+)*)\((?=[^;]*?\{{)"
    table = r"^(?:inline )?(?:const|constexpr) [^\n;=(]*?(\w+)(?: = |\{)"
    found = [(0, "the file")]
    for m in re.finditer(f"{function}|{table}", code, re.M):
        found.append((m.start(), (m[1] or m[2]).split("::")[-1]))
    found.sort()
    starts = [at for at, _ in found]
    return lambda at: found[bisect_right(starts, at) - 1][1]


def constants(source: str, text: str, code: str) -> Iterator[Change]:
    def change(begin: int, end: int, before: str, after: str, what: str) -> Change:
        return Change(source, begin, end, before, after, what, text.count("\n", 0, begin) + 1)

    def line_of(at: int) -> str:
        return code[code.rfind("\n", 0, at) + 1 : code.find("\n", at)]

    for m in re.finditer(r"\b(\d+) \* ticks_per_(?:second|minute|hour|day)\b", code):
        yield change(m.start(1), m.end(1), "synclens_mutation::twice<long long>({n}, ", ")", f"twice {m[0]}")
    for m in re.finditer(r"(?:[-+]|>=|=) (ticks_per_(?:minute|hour|day))\b(?! \*)", code):
        yield change(m.start(1), m.end(1), "synclens_mutation::twice<long long>({n}, ", ")", f"twice {m[1]}")
    for m in re.finditer(r"\b([2-9]) \* (?!ticks_per)([\w.>-]+)", code):
        yield change(m.start(1), m.end(1), "synclens_mutation::twice({n}, ", "u)", f"twice {m[0]}")
    for m in re.finditer(r"(?<![\w'.])(?:(?<=id == )\d+|(?<=id != )\d+|\d{3,5})u?(?![\w'.])", code):
        if not re.search(r"constexpr std::size_t|record_id|shorten\(|\.size\(\)", line_of(m.start())):
            yield change(m.start(), m.end(), "synclens_mutation::id({n}, ", ")", f"another id than {m[0]}")
    for m in re.finditer(r'"_*", (\d{1,2})\}', code):
        yield change(m.start(1), m.end(1), "synclens_mutation::id({n}, ", ")", f"another id than {m[1]}")
    for m in re.finditer(r"Severity::(critical|high|medium|low|info)\b", code):
        before = f"synclens_mutation::either({{n}}, Severity::{NEIGHBOUR[m[1]]}, "
        yield change(m.start(), m.end(), before, ")", f"{NEIGHBOUR[m[1]]} for {m[1]}")
    for m in re.finditer(r"(?:(?<![=!])= |\? |: |return |, )((\w+Status)::(\w+))\b(?! (?:==|!=))", code):
        if (other := OTHER.get(m[1])) is not None:
            before = f"synclens_mutation::either({{n}}, {m[2]}::{other}, "
            yield change(m.start(1), m.end(1), before, ")", f"{other} for {m[3]}")
    for m in re.finditer(r"(?:(?<![=!])= |\? |: |return )(EndedBy::(\w+))\b(?! (?:==|!=))", code):
        other = "tenant_life" if m[2] == "nothing" else "nothing"
        before = f"synclens_mutation::either({{n}}, EndedBy::{other}, "
        yield change(m.start(1), m.end(1), before, ")", f"ended by {other} instead of {m[2]}")
    for m in re.finditer(r"\blasting = (true)\b", code):
        yield change(m.start(1), m.end(1), "synclens_mutation::either({n}, false, ", ")", "not lasting")
    for m in re.finditer(r"\bstd::(max|min)\b(<\w+>)?\(", code):
        new = f"synclens_mutation::{'larger' if m[1] == 'max' else 'smaller'}{m[2] or ''}({{n}}, "
        call = " ".join(text[m.start() : closing(code, m.end()) + 1].split())
        what = f"{'min' if m[1] == 'max' else 'max'} for {call[:100]}"
        yield replace(change(m.start(), m.end(), "", "", what), inside=(m.start(), m.end(), new))
    fixed = [m.span() for m in re.finditer(r"static constexpr [^;]*;", code)]  # of a class: no switch fits in there
    for m in re.finditer(r'"[a-z0-9]+(?:-[a-z0-9]+)+"', text):  # names of causes and topics
        if any(begin <= m.start() < end for begin, end in fixed):
            continue
        if re.fullmatch('"_+"', code[m.start() : m.end()]):
            yield change(m.start(), m.end(), "synclens_mutation::name({n}, ", ")", f"another name than {m[0]}")


def order_of_findings(source: str, text: str, code: str) -> Iterator[Change]:
    """Each step of a comparison that goes on with the next where two are equal."""
    for m in re.finditer(r"^ *if \((.+ != .+)\) return (.+);$", code, re.M):
        if source == "findings.cpp" and "x." in m[2] + m[1]:
            what = f"without the step {' '.join(text[m.start(1) : m.end(1)].split())}"
            number = text.count("\n", 0, m.start(1)) + 1
            yield Change(source, m.start(1), m.end(1), "(!synclens_mutation::on({n}) && (", "))", what, number)


def of_another(code: str) -> str:
    """What is asked of the one of two items that are sorted, as it is asked of the other."""
    return re.sub(r"\ba\b", "b", re.sub(r"\bx\b", "y", code))


def conditions(source: str, text: str, code: str) -> Iterator[Change]:
    seen = set()
    for m in re.finditer(r"(?<=[\s])(&&|\|\|)(?=[\s])", code):
        dropped = "(synclens_mutation::on({n}) || (" if m[1] == "&&" else "(!synclens_mutation::on({n}) && ("
        left = (operand_left(code, m.start()), len(code[: m.start()].rstrip()))
        after = len(code) - len(code[m.end() :].lstrip())
        for begin, end in (left, (after, operand_right(code, after))):
            if (begin, end) in seen or begin >= end:
                continue
            seen.add((begin, end))
            shown = " ".join(text[begin:end].split())
            what = f"without {m[1]} {shown[:100]}"
            yield Change(source, begin, end, dropped, "))", what, text.count("\n", 0, begin) + 1)
    for m in re.finditer(r" (>|<|>=|<=) ", code):
        line = code[code.rfind("\n", 0, m.start()) + 1 : code.find("\n", m.start())]
        if re.match(r"\s*(for \(|template|struct|using)", line):
            continue
        begin, end = operand_left(code, m.start()), operand_right(code, m.end())
        shown = " ".join(text[begin:end].split())
        before, what = (
            f"synclens_mutation::{AS_IS[m[1]]}({{n}}, ",
            f"{OPPOSITE[m[1]].replace('_', ' ')} in {shown[:100]}",
        )
        if of_another(code[begin : m.start()]) == code[m.end() : end]:  # of two items that are sorted
            before, what = (
                f"synclens_mutation::before({{n}}, {'true' if m[1] == '<' else 'false'}, ",
                f"reversed {shown[:100]}",
            )
        number = text.count("\n", 0, begin) + 1
        yield Change(source, begin, end, before, ")", what, number, (m.start(1), m.end(1), ","))


@cache
def changes_of(source: str) -> list[Change]:
    text = (ROOT / STAGE / source).read_text(encoding="utf-8")
    code = masked(text)
    place = places(code)
    found = [*constants(source, text, code), *order_of_findings(source, text, code), *conditions(source, text, code)]
    found.sort(key=lambda c: (c.begin, c.end, c.what))
    counted: Counter[str] = Counter()
    named = []
    for change in found:
        what = f"{change.what}, in {place(change.begin)}"
        counted[what] += 1
        named.append(replace(change, what=what, nth=counted[what]))
    return named


def all_changes() -> list[Change]:
    return [change for source in SOURCES for change in changes_of(source)]


def switched(source: str, changes: list[tuple[int, Change]]) -> str:
    """The source with every change behind its switch."""
    text = (ROOT / STAGE / source).read_text(encoding="utf-8")
    edits: list[tuple[int, int, int, int, str]] = []  # place, closing first, nesting, length to replace, new text
    for number, c in changes:
        edits.append((c.begin, 1, -c.end, 0, c.before.format(n=number)))
        edits.append((c.end, 0, -c.begin, 0, c.after))
        if c.inside is not None:
            edits.append((c.inside[0], 2, 0, c.inside[1] - c.inside[0], c.inside[2].format(n=number)))
    parts, at = [], 0
    for position, _, _, length, new in sorted(edits):
        parts += [text[at:position], new]
        at = position + length
    changed = "".join([*parts, text[at:]])
    changed = changed.replace("constexpr const char*", "const char* const")
    changed = re.sub(r"(?<!static )\bconstexpr (?!std::size_t)", "const ", changed)
    return f'#include "{STAGE.name}/mutation_switches.hpp"\n' + changed
