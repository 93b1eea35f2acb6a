// A catalogue that is not ours: the judgement asks for causes by name, and may find none of them.
#include <doctest/doctest.h>

#include "support/catalogue_text.hpp"
#include "support/judged_day.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

// Knows what the records are, and no cause but its own three.
Catalogue without_our_causes() {
  return catalogue_of(R"(
[[rule]]
id = "ALL"
title = "Known"
summary = "Known"
match.provider = ["Directory Synchronization", "ADSync"]
match.event_id = [0, 601, 602, 605, 609, 611, 620, 650, 651, 652, 653, 654, 655, 656, 657, 2002, 2506]
[[rule]]
id = "CLOUD"
cause = "c"
title = "Cloud"
summary = "Cloud"
match.provider = ["Directory Synchronization"]
match.event_id = [655]
match.text = 'closed'
constant.weight = "single"
)");
}

Diagnosis diagnose_with(const Catalogue& catalogue, const std::vector<Given>& given) {
  Analyzer analyzer(catalogue, {});
  for (const Given& g : given) {
    Source source;
    source.name = g.name;
    source.stream = open_memory(as_bytes(g.bytes));
    source.collected_at = g.collected;
    analyzer.add(std::move(source));
  }
  return analyzer.conclude();
}

}  // namespace

TEST_CASE("catalogue: one that knows none of our causes finds none of them") {
  const Catalogue catalogue = without_our_causes();
  MadeLog open = ping(60);
  open.pop_back();
  const Given object{
      "Get-ADSyncCSObject_" + std::string(ana) + ".txt",
      "## Export CS object all\r\n\r\nObjectType : user\r\nDistinguishedName : " +
          std::string("CN=Other,DC=contoso,DC=com") +
          "\r\nHasExportError : False\r\n\r\n## Export CS object Lineage\r\n\r\nSyncRuleName : In from AD - "
          "User Join\r\nOperation : Provision\r\nPasswordSync : True\r\n\r\n## Export CS object "
          "Attributes\r\n\r\nName : pwdLastSet\r\nValues : {20260310060000.0Z}\r\n\r\nName : "
          "userAccountControl\r\nValues : {262656}\r\n\r\n",
      at(700)};
  const MadeLog log = heart(0, 121) + open + noise(0, 720) + change(90) + request(100) + result(110, "Failed") +
                      ev(130, 2506, "Password hash sync was disabled.") + stopped(131) + credential(140) +
                      failure(150, 1722) + ev(160, 655, "The connection was closed.") + ping(500);
  const Diagnosis d = diagnose_with(
      catalogue, {xml(log), object, build("1.4.18.0", 700), scheduler("True", 700, "False"), feature("False", 700)});
  CHECK(d.findings.size() == 1);
  CHECK(found(d, "c"));
}
