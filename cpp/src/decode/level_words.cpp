#include "decode/level_words.hpp"

#include <string>
#include <unordered_map>

namespace synclens {
namespace {

struct Entry {
  std::string_view word;
  LevelWord meaning;
};

// A word that several languages share stands under the first of them; one that English shares is neutral.
constexpr Entry words[] = {
    {"Critical", {1, Language::neutral}},
    {"Error", {2, Language::neutral}},
    {"Warning", {3, Language::neutral}},
    {"Information", {4, Language::neutral}},
    {"Informational", {4, Language::neutral}},
    {"Info", {4, Language::neutral}},
    {"Verbose", {5, Language::neutral}},
    {"SuccessAudit", {0, Language::neutral}},
    {"FailureAudit", {0, Language::neutral}},
    {"Success Audit", {0, Language::neutral}},
    {"Kritisch", {1, Language::de}},
    {"Fehler", {2, Language::de}},
    {"Warnung", {3, Language::de}},
    {"Informationen", {4, Language::de}},
    {"Ausführlich", {5, Language::de}},
    {"Critique", {1, Language::fr}},
    {"Erreur", {2, Language::fr}},
    {"Avertissement", {3, Language::fr}},
    {"Informations", {4, Language::fr}},
    {"Commentaires", {5, Language::fr}},
    {"Détaillé", {5, Language::fr}},
    {"Kritiek", {1, Language::nl}},
    {"Fout", {2, Language::nl}},
    {"Waarschuwing", {3, Language::nl}},
    {"Informatie", {4, Language::nl}},
    {"Uitgebreid", {5, Language::nl}},
    {"Kritisk", {1, Language::sv}},
    {"Kritiskt", {1, Language::sv}},
    {"Allvarligt", {1, Language::sv}},
    {"Fel", {2, Language::sv}},
    {"Varning", {3, Language::sv}},
    {"Utförlig", {5, Language::sv}},
    {"重大", {1, Language::ja}},
    {"エラー", {2, Language::ja}},
    {"警告", {3, Language::ja}},
    {"情報", {4, Language::ja}},
    {"詳細", {5, Language::ja}},
    {"Crítico", {1, Language::pt}},
    {"Crítica", {1, Language::pt}},
    {"Erro", {2, Language::pt}},
    {"Aviso", {3, Language::pt}},
    {"Informações", {4, Language::pt}},
    {"Informação", {4, Language::pt}},
    {"Detalhado", {5, Language::pt}},
    {"关键", {1, Language::zh}},
    {"严重", {1, Language::zh}},
    {"错误", {2, Language::zh}},
    {"信息", {4, Language::zh}},
    {"详细", {5, Language::zh}},
    {"嚴重", {1, Language::zh}},
    {"錯誤", {2, Language::zh}},
    {"資訊", {4, Language::zh}},
    {"Advertencia", {3, Language::es}},
    {"Información", {4, Language::es}},
    {"Detallado", {5, Language::es}},
    {"Critico", {1, Language::it}},
    {"Errore", {2, Language::it}},
    {"Avviso", {3, Language::it}},
    {"Informazioni", {4, Language::it}},
    {"Dettagliato", {5, Language::it}},
};

using Words = std::unordered_map<std::string, std::optional<LevelWord>>;

Words exact_words() {
  Words result;
  for (const Entry& entry : words) result.emplace(fold_name(entry.word), entry.meaning);
  return result;
}

// Words that an ASCII export leaves recognisable; what stands for two levels says nothing.
Words ascii_words() {
  Words result;
  for (const Entry& entry : words) {
    std::string folded = fold_name_ascii(entry.word);
    if (folded.size() < 3 || folded == fold_name(entry.word)) continue;
    const auto [place, fresh] = result.emplace(std::move(folded), entry.meaning);
    if (!fresh && place->second && place->second->level != entry.meaning.level) place->second.reset();
  }
  return result;
}

}  // namespace

std::optional<LevelWord> level_of_word(std::string_view word) {
  static const Words exact = exact_words();
  static const Words ascii = ascii_words();
  if (word.size() > 64) return std::nullopt;
  if (const auto found = exact.find(fold_name(word)); found != exact.end()) return found->second;
  if (word.find('?') == word.npos && word.find("\xEF\xBF\xBD") == word.npos) return std::nullopt;
  const auto found = ascii.find(fold_name_ascii(word));
  return found != ascii.end() ? found->second : std::nullopt;
}

}  // namespace synclens
