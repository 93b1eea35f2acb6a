#include <doctest/doctest.h>

#include "settings_rows.hpp"

using namespace synclens;
using namespace synclens::test;

namespace {

constexpr std::string_view text =
    "## Connector Summary\r\n\r\n\r\n"
    "Name                        : contoso.com\r\n"
    "Identifier                  : fffb4a69-4ed6-444d-8b89-000000000002\r\n"
    "Type                        : AD\r\n"
    "ConnectivityParameters      : {forest-login-user, forest-login-domain}\r\n"
    "Partitions                  : {contoso.com, emea.contoso.com}\r\n"
    "PasswordHashConfiguration   : Microsoft.IdentityManagement.PowerShell.ObjectModel.PasswordHash\r\n"
    "                              SyncConfiguration\r\n\r\n"
    "## Connector Runprofiles\r\n\r\nName       : Delta Import\r\nIdentifier : "
    "5c5c5c5c-0000-0000-0000-000000000000\r\n\r\n"
    "## Connector ConnectivityParameters\r\n\r\n"
    "Name     : forest-login-user\r\nDataType : String\r\nValue    : MSOL_0123456789ab\r\n\r\n"
    "Name     : forest-login-domain\r\nDataType : String\r\nValue    : CONTOSO.COM\r\n\r\n"
    "## Connector GlobalParameters\r\n\r\n"
    "Name  : Microsoft.Synchronize.Something\r\nValue : 1\r\n\r\n"
    "## Connector PasswordHashConfiguration\r\n\r\n"
    "Enabled : True\r\nTarget  : b891884f-051e-4a83-95af-2544101c9083\r\n\r\n"
    "## Connector Summary\r\n\r\n"
    "Name                   : contoso.onmicrosoft.com - AAD\r\n"
    "Identifier             : b891884f-051e-4a83-95af-2544101c9083\r\n"
    "Type                   : Extensible2\r\n"
    "ConnectivityParameters : {UserName}\r\n\r\n"
    "## Connector ConnectivityParameters\r\n\r\n"
    "Name     : UserName\r\nValue    : Sync_SYNC01_0123@contoso.onmicrosoft.com\r\n\r\n";

constexpr std::string_view xml =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ma-data format-version=\"1\">\n"
    "  <id>{FFFB4A69-4ED6-444D-8B89-000000000002}</id>\n  <name>contoso.com</name>\n  <category>AD</category>\n"
    "  <private-configuration><adma-configuration>\n    <forest-name>contoso.com</forest-name>\n"
    "    <forest-login-domain>CONTOSO</forest-login-domain>\n    "
    "<forest-login-user>MSOL_0123456789ab</forest-login-user>\n"
    "  </adma-configuration></private-configuration>\n"
    "  <ma-partition-data><partition><id>{1}</id><name>DC=contoso,DC=com</name>\n"
    "    <custom-data><adma-partition-data><dn>DC=contoso,DC=com</dn><name>contoso.com</name>\n"
    "    "
    "<preferred-dcs><preferred-dc>dc1.contoso.com</preferred-dc></preferred-dcs></adma-partition-data></custom-data>\n"
    "  </partition></ma-partition-data>\n</ma-data>\n";

}  // namespace

TEST_CASE("connector: sections belong to the connector before them") {
  const SettingRows rows = read_settings(text, "Get-ADSyncConnector.txt");
  CHECK(rows.value("connector", "contoso.com", "Identifier") == "fffb4a69-4ed6-444d-8b89-000000000002");
  CHECK(rows.value("connector", "contoso.com", "Type") == "AD");
  CHECK(rows.value("connector", "contoso.com", "AccountName") == "MSOL_0123456789ab");
  CHECK(rows.value("connector", "contoso.com", "AccountDomain") == "CONTOSO.COM");
  CHECK(rows.values("connector", "Partition") == std::vector<std::string>{"contoso.com", "emea.contoso.com"});
  CHECK(rows.value("connector", "contoso.com", "PasswordHashConfiguration.Enabled") == "True");
  CHECK(rows.value("connector", "contoso.com", "Microsoft.Synchronize.Something") == "1");
  CHECK(rows.value("connector", "contoso.onmicrosoft.com - AAD", "Type") == "Extensible2");
  CHECK(rows.value("connector", "contoso.onmicrosoft.com - AAD", "AccountName") ==
        "Sync_SYNC01_0123@contoso.onmicrosoft.com");
  CHECK(rows.value("connector", "contoso.onmicrosoft.com - AAD", "Identifier") ==
        "b891884f-051e-4a83-95af-2544101c9083");
  CHECK(rows.find("connector", "Delta Import", "Identifier") == nullptr);
  CHECK(rows.find("global-settings", "", "Microsoft.Synchronize.Something") == nullptr);
  CHECK(rows.problems.empty());
}

TEST_CASE("connector: a summary may be headed by the connector's name") {
  const SettingRows rows = read_settings(
      "## Connector Main Forest\r\n\r\nName : Main Forest\r\nIdentifier : fffb4a69-4ed6-444d-8b89-000000000002\r\n"
      "Type : AD\r\n\r\n## Connector RunProfiles\r\n\r\nName : Delta Import\r\nSteps : {1}\r\n",
      "Get-ADSyncConnector.txt");
  CHECK(rows.value("connector", "Main Forest", "Identifier") == "fffb4a69-4ed6-444d-8b89-000000000002");
  CHECK(rows.value("connector", "Main Forest", "Type") == "AD");
  CHECK(rows.find("connector", "Delta Import", "Steps") == nullptr);
}

TEST_CASE("connector: partitions in a section of their own, with the controllers that are preferred") {
  const SettingRows rows = read_settings(
      "## Connector Summary\n\nName                   : contoso.com\nIdentifier             : 1\n"
      "ConnectivityParameters : {}\n\n## Connector Partitions\n\n"
      "Name         : contoso.com\nDN           : DC=contoso,DC=com\nPreferredDCs : {dc1.contoso.com, "
      "dc2.contoso.com}\n\n"
      "DN           : DC=emea,DC=contoso,DC=com\nEnabled      : True\n\nEnabled      : False\n\n",
      "Get-ADSyncConnector.txt");
  CHECK(rows.values("connector", "Partition") == std::vector<std::string>{"contoso.com", "DC=emea,DC=contoso,DC=com"});
  CHECK(rows.values("connector", "PreferredDC") == std::vector<std::string>{"dc1.contoso.com", "dc2.contoso.com"});
  CHECK(rows.problems.empty());
}

TEST_CASE("connector: partitions that are distinguished names stay whole") {
  const SettingRows rows = read_settings(
      "Name                   : contoso.com\nIdentifier             : 1\nConnectivityParameters : {}\n"
      "Partitions             : {DC=contoso,DC=com, DC=emea,DC=contoso,DC=com}\n");
  CHECK(rows.values("connector", "Partition") ==
        std::vector<std::string>{"DC=contoso,DC=com", "DC=emea,DC=contoso,DC=com"});
}

TEST_CASE("connector XML: name, GUID, account, partitions") {
  const SettingRows rows = read_settings(xml, "Connector_{fffb4a69-4ed6-444d-8b89-000000000002}.xml");
  CHECK(rows.value("connector", "contoso.com", "Identifier") == "{FFFB4A69-4ED6-444D-8B89-000000000002}");
  CHECK(rows.value("connector", "contoso.com", "Type") == "AD");
  CHECK(rows.value("connector", "contoso.com", "AccountName") == "MSOL_0123456789ab");
  CHECK(rows.value("connector", "contoso.com", "AccountDomain") == "CONTOSO");
  CHECK(rows.value("connector", "contoso.com", "Partition") == "DC=contoso,DC=com");
  CHECK(rows.value("connector", "contoso.com", "PreferredDC") == "dc1.contoso.com");
  CHECK(rows.problems.empty());
}

TEST_CASE("connector XML: parameters as elements or attributes, the GUID from the file's name") {
  const SettingRows rows = read_settings(
      "<Connector><Name>contoso.com</Name><ConnectivityParameters><Parameter Name='forest-login-user'>svc</Parameter>"
      "<Parameter><Name>forest-login-domain</Name><Value>CONTOSO</Value></Parameter></ConnectivityParameters></"
      "Connector>",
      "Connectors/Connector_{aaaaaaaa-0000-0000-0000-000000000001}.xml");
  CHECK(rows.value("connector", "contoso.com", "AccountName") == "svc");
  CHECK(rows.value("connector", "contoso.com", "AccountDomain") == "CONTOSO");
  CHECK(rows.value("connector", "contoso.com", "Identifier") == "{aaaaaaaa-0000-0000-0000-000000000001}");
}

TEST_CASE("connector XML: hostile and foreign files") {
  const SettingRows doctype =
      read_settings("<!DOCTYPE a [<!ENTITY b \"c\">]><ma-data><name>contoso.com</name></ma-data>");
  CHECK(doctype.rows.empty());
  REQUIRE(doctype.problems.size() == 1);
  CHECK(doctype.problems[0].what.find("DOCTYPE") != std::string::npos);
  std::string deep;
  for (int i = 0; i < 200000; ++i) deep += "<a>";
  const SettingRows nested = read_settings("<ma-data><name>contoso.com</name><forest-name>x</forest-name>" + deep);
  CHECK(nested.problems.size() == 1);
  CHECK(nested.rows.empty());
  std::string below = "<ma-data><name>contoso.com</name><forest-name>x</forest-name>";
  for (int i = 0; i < 100; ++i) below += "<a>";
  below += "<preferred-dc>dc1</preferred-dc>";
  for (int i = 0; i < 100; ++i) below += "</a>";
  const SettingRows tower = read_settings(below + "</ma-data>");
  CHECK(tower.value("connector", "contoso.com", "ForestName") == "x");
  CHECK(tower.find("connector", "contoso.com", "PreferredDC") == nullptr);
  CHECK(tower.problems.size() == 1);
  std::string many = "<ma-data>";
  for (int i = 0; i < 1100000; ++i) many += "<a/>";
  CHECK(read_settings(many + "</ma-data>").problems.size() == 1);
  const SettingRows foreign = read_settings("<html><body>hello</body></html>");
  CHECK(foreign.rows.empty());
  CHECK(foreign.problems.size() == 1);
  const SettingRows half = read_settings(xml.substr(0, xml.find("<ma-partition-data>")));
  CHECK(half.value("connector", "contoso.com", "AccountName") == "MSOL_0123456789ab");
  CHECK(half.problems.size() == 1);
}

TEST_CASE("connector: cut anywhere") {
  CHECK(survives_every_cut(text, "Get-ADSyncConnector.txt"));
  CHECK(survives_every_cut(xml, "Connector_{1}.xml"));
}
