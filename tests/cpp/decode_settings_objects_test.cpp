#include <doctest/doctest.h>

#include "settings_rows.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

constexpr std::string_view dn = "CN=Ann Lee,OU=Staff,DC=contoso,DC=com";

constexpr std::string_view connector_space =
    "## Export CS object all\r\n\r\n"
    "ObjectId             : 3184d2b1-2922-ec11-8d0e-000000000001\r\n"
    "ConnectorName        : contoso.com\r\n"
    "DistinguishedName    : CN=Ann Lee,OU=Staff,DC=contoso,DC=com\r\n"
    "HasExportError       : False\r\n"
    "ConnectedMVObjectId  : 6f84d2b1-2922-ec11-8d0e-000000000002\r\n"
    "Lineage              : {In from AD - User Join, In from AD - User AccountEnabled}\r\n\r\n"
    "## Export CS ExportError\r\n\r\nErrorType : AttributeValueMustBeUnique\r\nErrorCode : 114\r\n\r\n"
    "## Export CS SynchronizationError\r\n"
    "## Export CS object AnchorValue\r\nH552hI9GwEykZwosf74JeOQ==\r\n"
    "## Export CS object Lineage\r\n\r\n"
    "SyncRuleInternalId : 21eb63a4-0000-0000-0000-000000000001\r\nSyncRuleName       : In from AD - User Join\r\n"
    "Operation          : Provision\r\nPasswordSync       : False\r\n\r\n"
    "SyncRuleInternalId : 21eb63a4-0000-0000-0000-000000000002\r\nSyncRuleName       : In from AD - User "
    "AccountEnabled\r\n"
    "Operation          : Join\r\nPasswordSync       : True\r\n\r\n"
    "## Export CS object Attributes\r\n\r\n"
    "Name          : adminDescription\r\nType          : String\r\nIsMultiValued : False\r\nValues        : "
    "{PHSFiltered}\r\n\r\n";

constexpr std::string_view metaverse =
    "## Export MV object ObjectId\r\n\r\nGuid\r\n----\r\n6f84d2b1-2922-ec11-8d0e-000000000002\r\n\r\n"
    "## Export MV object Lineage\r\n\r\n"
    "ConnectorName       : contoso.com\r\nConnectedCsObjectDN : CN=Ann Lee,OU=Staff,DC=contoso,DC=com\r\n\r\n"
    "ConnectorName       : contoso.onmicrosoft.com - AAD\r\nConnectedCsObjectDN : CN={4948}\r\n\r\n"
    "## Export MV object Attributes\r\n\r\n"
    "Name          SyncRuleName           Values\r\n----          ------------           ------\r\n"
    "cloudFiltered In from AD - User Join {true}\r\n"
    "domainFQDN    In from AD - User Join {contoso.com}\r\n"
    "domainNetBios In from AD - User Join {CONTOSO}\r\n\r\n"
    "## Export MV object SerializedXml\r\n<mv-object>\r\n  <entry/>\r\n</mv-object>\r\n";

}  // namespace

TEST_CASE("connector space object: properties, errors, lineage, attributes") {
  const SettingRows rows =
      read_settings(connector_space, "Get-ADSyncCSObject_CN=Ann Lee,OU=Staff,DC=contoso,DC=com.txt");
  CHECK(rows.value("cs-object", dn, "ObjectId") == "3184d2b1-2922-ec11-8d0e-000000000001");
  CHECK(rows.value("cs-object", dn, "ConnectorName") == "contoso.com");
  CHECK(rows.value("cs-object", dn, "ExportError.ErrorType") == "AttributeValueMustBeUnique");
  CHECK(rows.value("cs-object", dn, "AnchorValue") == "H552hI9GwEykZwosf74JeOQ==");
  CHECK(rows.value("cs-object", dn, "adminDescription") == "PHSFiltered");
  CHECK(rows.values("cs-object", "PasswordSync") ==
        std::vector<std::string>{"In from AD - User Join=False", "In from AD - User AccountEnabled=True"});
  CHECK(rows.find("cs-object", dn, "SynchronizationError") == nullptr);
  CHECK(rows.problems.empty());
}

TEST_CASE("connector space object: a lineage as a table, the object named by the file") {
  const SettingRows rows = read_settings(
      "## Export CS object Lineage\n\nSyncRuleName                      Operation PasswordSync\n"
      "------------                      --------- ------------\nOut to AAD - User Join            Provision         "
      "True\n"
      "Out to AAD - User Identity        Join             False\n",
      "OBJECT/Get-ADSyncCSObject_CN={4948}.txt");
  CHECK(rows.value("cs-object", "CN={4948}", "PasswordSync") == "Out to AAD - User Join=True");
  CHECK(rows.values("cs-object", "PasswordSync").size() == 2);
  const SettingRows without = read_settings(
      "## Export CS object Lineage\n\nSyncRuleName           Operation\n------------           ---------\n"
      "Out to AAD - User Join Provision\n",
      "Get-ADSyncCSObject_CN={4948}.txt");
  CHECK(without.value("cs-object", "CN={4948}", "SyncRule") == "Out to AAD - User Join");
  CHECK(without.values("cs-object", "PasswordSync").empty());
}

TEST_CASE("metaverse object: id, connectors, attributes") {
  const std::string id = "6f84d2b1-2922-ec11-8d0e-000000000002";
  const SettingRows rows = read_settings(metaverse, "Get-ADSyncMVObject_" + id + ".txt");
  CHECK(rows.value("mv-object", id, "cloudFiltered") == "true");
  CHECK(rows.value("mv-object", id, "domainFQDN") == "contoso.com");
  CHECK(rows.value("mv-object", id, "domainNetBios") == "CONTOSO");
  CHECK(rows.values("mv-object", "ConnectorName") ==
        std::vector<std::string>{"contoso.com", "contoso.onmicrosoft.com - AAD"});
  CHECK(rows.values("mv-object", "ConnectedCsObjectDN").size() == 2);
  CHECK(rows.problems.empty());
  const SettingRows bare = read_settings("## Export MV object ObjectId\n" + id + "\n");
  CHECK(bare.value("mv-object", id, "ObjectId") == id);
}

TEST_CASE("an object printed by hand, without sections") {
  const SettingRows rows = read_settings(
      "PS C:\\> Get-ADSyncCSObject -ConnectorName contoso.com -DistinguishedName $dn\n\n"
      "ObjectId            : 1\nDistinguishedName   : CN=x,DC=contoso,DC=com\nHasExportError      : True\n");
  CHECK(rows.value("cs-object", "CN=x,DC=contoso,DC=com", "HasExportError") == "True");
  CHECK(rows.find("mv-object", "CN=x,DC=contoso,DC=com", "HasExportError") == nullptr);
}

TEST_CASE("objects: cut anywhere") {
  CHECK(survives_every_cut(connector_space, "Get-ADSyncCSObject_x.txt"));
  CHECK(survives_every_cut(metaverse, "Get-ADSyncMVObject_x.txt"));
}

TEST_CASE("objects: what csexport writes is read for errors of export, and the rest of it is no fault") {
  const SettingRows rows = read_settings(
      "<?xml version=\"1.0\"?>\n<cs-objects>\n"
      "<cs-object cs-dn=\"CN={616263}\" object-type=\"user\"><export-errordetail error-type=\"cd-error\">\n"
      "<cd-error><error-code>8023134a</error-code><error-literal>AttributeValueMustBeUnique</error-literal></"
      "cd-error>\n"
      "</export-errordetail></cs-object>\n"
      "<cs-object cs-dn=\"CN={646566}\" object-type=\"user\"><import-error><error-literal>odd</error-literal>\n"
      "</import-error></cs-object>\n</cs-objects>\n",
      "error_export_contoso.xml");
  CHECK(rows.problems.empty());
  REQUIRE(rows.rows.size() == 1);
  CHECK(rows.value("cs-object", "CN={616263}", "ExportError") == "cd-error 8023134a AttributeValueMustBeUnique");
  CHECK(rows.rows[0].line == 3);
  const SettingRows pending = read_settings("<cs-objects><cs-object cs-dn=\"CN=x\"/></cs-objects>");
  CHECK(pending.problems.empty());
  CHECK(pending.rows.empty());
  CHECK_FALSE(read_settings("<cs-objects><cs-object cs-dn=\"CN=x\">").problems.empty());
}

TEST_CASE("builds: the wizard's trace names one") {
  const SettingRows rows = read_settings(
      "[10:10:10.101] [  1] [INFO ] ================\r\n[10:10:10.102] [  1] [INFO ] Azure AD Connect version "
      "2.1.20.0\r\n[10:10:10.103] [  1] [INFO ] Something : else\r\n",
      "trace-20260310-101010.log");
  CHECK(rows.value("build", "", "version") == "2.1.20.0");
  CHECK(rows.problems.empty());
}
