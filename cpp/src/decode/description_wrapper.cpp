// What Windows prints around the inserted strings of an event whose message text it does not have.
#include <array>

#include "decode/event_fields.hpp"
#include "record/ascii.hpp"

namespace synclens {
namespace {

struct Wrapper {
  std::string_view begins;  // of the whole text
  std::string_view before;  // the last words before the inserted strings
};

constexpr Wrapper wrappers[] = {
    {"The description for Event ID", "The following information was included with the event:"},
    {"The description for Event ID", "The following information is part of the event:"},
    {"Die Beschreibung für Ereignis-ID", "Die folgenden Informationen wurden mit dem Ereignis gespeichert:"},
    {"Die Beschreibung für Ereignis-ID", "Die folgenden Informationen sind Teil des Ereignisses:"},
    {"Die Beschreibung für Ereigniskennung", "Folgende Informationen sind Teil des Ereignisses:"},
    {"La description de l’ID d’événement", "Les informations suivantes étaient incluses avec l’événement :"},
    {"La description de l'ID d'événement", "Les informations suivantes étaient incluses avec l'événement :"},
    {"De beschrijving van gebeurtenis-id", "De volgende informatie is opgenomen in de gebeurtenis:"},
    {"Beskrivningen för händelse-ID", "Följande information medföljde händelsen:"},
    {"A descrição da ID do Evento", "As seguintes informações foram incluídas com o evento:"},
    {"A descrição para a ID do Evento", "As informações a seguir foram incluídas com o evento:"},
    {"La descripción del id. de evento", "Se incluyó la siguiente información con el evento:"},
    {"La descrizione per l'ID evento", "Di seguito sono riportate le informazioni incluse con l'evento:"},
};

// Beginnings of the sentence after the inserted strings: why the text is missing.
constexpr std::array<std::string_view, 6> reasons = {
    "the message resource is present but the message",
    "the specified resource type cannot be found",
    "the handle is invalid",
    "the publisher has been disabled",
    "the locale specific resource for the desired message",
    "the system cannot find the file specified",
};

bool is_reason(std::string_view paragraph) {
  const std::string begin = lower(paragraph.substr(0, 64));
  for (const std::string_view reason : reasons) {
    if (begin.starts_with(reason)) return true;
  }
  return false;
}

// "'first', 'second'" of Get-EventLog, one string per line.
void unquote(std::string_view quoted, std::string& out) {
  quoted.remove_prefix(1);
  quoted.remove_suffix(1);
  constexpr std::string_view between = "', '";
  for (std::size_t at = quoted.find(between); at != quoted.npos; at = quoted.find(between)) {
    out.append(quoted.substr(0, at)).push_back('\n');
    quoted.remove_prefix(at + between.size());
  }
  out.append(quoted);
}

}  // namespace

std::string_view unwrap_description(std::string_view text, std::string& buffer) {
  const std::string_view all = trim(text);
  for (const Wrapper& wrapper : wrappers) {
    if (!all.starts_with(wrapper.begins)) continue;
    const std::size_t at = all.find(wrapper.before);
    if (at == all.npos) continue;
    std::string_view strings = trim(all.substr(at + wrapper.before.size()));
    if (const std::size_t last = strings.find_last_of('\n'); last != strings.npos) {
      if (is_reason(trim(strings.substr(last + 1)))) strings = trim(strings.substr(0, last));
    } else if (is_reason(strings)) {
      strings = {};
    }
    if (strings.empty()) return text;  // nothing was inserted: the wrapper is all there is
    if (strings.size() < 2 || strings.front() != '\'' || strings.back() != '\'') return strings;
    buffer.clear();
    unquote(strings, buffer);
    return buffer;
  }
  return text;
}

}  // namespace synclens
