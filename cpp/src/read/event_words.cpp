#include "read/event_words.hpp"

#include <array>
#include <string>

#include "record/ascii.hpp"

namespace synclens {
namespace {

struct Word {
  std::string_view text;  // in lower case, as far as it is ASCII
  EventWord meaning;
};
using enum EventWord;

constexpr std::array columns = {
    // PowerShell's properties
    Word{"id", id},
    Word{"eventid", id},
    Word{"instanceid", id},
    Word{"timecreated", time},
    Word{"timegenerated", time},
    Word{"timewritten", time},
    Word{"providername", source},
    Word{"message", message},
    Word{"level", level},
    Word{"leveldisplayname", level},
    Word{"entrytype", level},
    Word{"logname", other},
    Word{"machinename", other},
    Word{"recordid", other},
    Word{"taskdisplayname", other},
    Word{"keywordsdisplaynames", other},
    Word{"replacementstrings", other},
    Word{"qualifiers", other},
    // Event Viewer: en
    Word{"event id", id},
    Word{"date and time", time},
    Word{"source", source},
    Word{"task category", other},
    Word{"keywords", other},
    Word{"log", other},
    Word{"computer", other},
    Word{"description", message},
    Word{"event source", source},
    Word{"provider", source},
    Word{"time", time},
    Word{"time created", time},
    // de
    Word{"ereignis-id", id},
    Word{"datum und uhrzeit", time},
    Word{"quelle", source},
    Word{"ebene", level},
    Word{"aufgabenkategorie", other},
    // fr
    Word{"id de l'événement", id},
    Word{"id de l’événement", id},
    Word{"date et heure", time},
    Word{"niveau", level},
    Word{"catégorie de la tâche", other},
    // nl
    Word{"gebeurtenis-id", id},
    Word{"datum en tijd", time},
    Word{"bron", source},
    Word{"taakcategorie", other},
    // sv
    Word{"händelse-id", id},
    Word{"datum och tid", time},
    Word{"källa", source},
    Word{"nivå", level},
    Word{"aktivitetskategori", other},
    Word{"uppgiftskategori", other},
    // ja
    Word{"イベント id", id},
    Word{"日付と時刻", time},
    Word{"ソース", source},
    Word{"レベル", level},
    Word{"タスクのカテゴリ", other},
    // pt-BR
    Word{"identificação do evento", id},
    Word{"id do evento", id},
    Word{"data e hora", time},
    Word{"fonte", source},
    Word{"origem", source},
    Word{"nível", level},
    Word{"categoria da tarefa", other},
    // zh-CN
    Word{"事件 id", id},
    Word{"事件id", id},
    Word{"日期和时间", time},
    Word{"来源", source},
    Word{"级别", level},
    Word{"任务类别", other},
    // es
    Word{"id. del evento", id},
    Word{"id. de evento", id},
    Word{"id del evento", id},
    Word{"fecha y hora", time},
    Word{"origen", source},
    Word{"nivel", level},
    Word{"categoría de la tarea", other},
    // it
    Word{"id evento", id},
    Word{"data e ora", time},
    Word{"origine", source},
    Word{"livello", level},
    Word{"categoria attività", other},
};

constexpr std::array labels = {
    Word{"event id", id},
    Word{"log name", other},
    Word{"source", source},
    Word{"date", time},
    Word{"task category", other},
    Word{"level", level},
    Word{"keywords", other},
    Word{"user", other},
    Word{"computer", other},
    Word{"description", message},
    // de
    Word{"ereignis-id", id},
    Word{"protokollname", other},
    Word{"quelle", source},
    Word{"datum", time},
    Word{"aufgabenkategorie", other},
    Word{"ebene", level},
    Word{"schlüsselwörter", other},
    Word{"benutzer", other},
    Word{"beschreibung", message},
    // fr
    Word{"id de l'événement", id},
    Word{"id de l’événement", id},
    Word{"nom du journal", other},
    Word{"catégorie de la tâche", other},
    Word{"niveau", level},
    Word{"mots clés", other},
    Word{"mots-clés", other},
    Word{"utilisateur", other},
    Word{"ordinateur", other},
    // nl
    Word{"gebeurtenis-id", id},
    Word{"logboeknaam", other},
    Word{"bron", source},
    Word{"taakcategorie", other},
    Word{"trefwoorden", other},
    Word{"gebruiker", other},
    Word{"beschrijving", message},
    // sv
    Word{"händelse-id", id},
    Word{"loggnamn", other},
    Word{"källa", source},
    Word{"aktivitetskategori", other},
    Word{"uppgiftskategori", other},
    Word{"nivå", level},
    Word{"nyckelord", other},
    Word{"användare", other},
    Word{"dator", other},
    Word{"beskrivning", message},
    // ja
    Word{"イベント id", id},
    Word{"ログの名前", other},
    Word{"ソース", source},
    Word{"日付", time},
    Word{"タスクのカテゴリ", other},
    Word{"レベル", level},
    Word{"キーワード", other},
    Word{"ユーザー", other},
    Word{"コンピューター", other},
    Word{"説明", message},
    // pt-BR
    Word{"identificação do evento", id},
    Word{"id do evento", id},
    Word{"nome do log", other},
    Word{"fonte", source},
    Word{"origem", source},
    Word{"data", time},
    Word{"categoria da tarefa", other},
    Word{"nível", level},
    Word{"palavras-chave", other},
    Word{"usuário", other},
    Word{"computador", other},
    Word{"descrição", message},
    // zh-CN
    Word{"事件 id", id},
    Word{"事件id", id},
    Word{"日志名称", other},
    Word{"来源", source},
    Word{"日期", time},
    Word{"任务类别", other},
    Word{"级别", level},
    Word{"关键字", other},
    Word{"用户", other},
    Word{"计算机", other},
    Word{"描述", message},
    // es
    Word{"id. del evento", id},
    Word{"id. de evento", id},
    Word{"id del evento", id},
    Word{"nombre de registro", other},
    Word{"origen", source},
    Word{"fecha", time},
    Word{"categoría de la tarea", other},
    Word{"nivel", level},
    Word{"palabras clave", other},
    Word{"usuario", other},
    Word{"equipo", other},
    Word{"descripción", message},
    // it
    Word{"id evento", id},
    Word{"nome registro", other},
    Word{"origine", source},
    Word{"categoria attività", other},
    Word{"livello", level},
    Word{"parole chiave", other},
    Word{"utente", other},
    Word{"descrizione", message},
};

// Trimmed, lower case, with plain blanks where French and Japanese texts have others.
std::string plain(std::string_view text) {
  std::string result;
  text = trim(text);
  while (!text.empty()) {
    if (text.substr(0, 2) == "\xC2\xA0") {  // no-break space
      result.push_back(' ');
      text.remove_prefix(2);
    } else if (text.substr(0, 3) == "\xE2\x80\xAF" || text.substr(0, 3) == "\xE3\x80\x80") {  // narrow, ideographic
      result.push_back(' ');
      text.remove_prefix(3);
    } else {
      result.push_back(to_lower(text.front()));
      text.remove_prefix(1);
    }
  }
  return std::string(trim(result));
}

template <std::size_t n>
EventWord look_up(const std::array<Word, n>& words, std::string_view name) {
  constexpr std::size_t longest = 64;
  if (name.size() > longest) return none;
  const std::string key = plain(name);
  for (const Word& word : words) {
    if (word.text == key) return word.meaning;
  }
  return none;
}

}  // namespace

EventWord event_column(std::string_view name) {
  name = trim(name);
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
  return look_up(columns, name);
}

EventWord event_label(std::string_view name) {
  return look_up(labels, name);
}

}  // namespace synclens
