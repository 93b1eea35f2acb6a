#include <doctest/doctest.h>

#include "settings_rows.hpp"

using namespace synclens;
using namespace synclens::test;

TEST_CASE("system: WinHTTP proxy") {
  const SettingRows direct = read_settings(
      "\r\nCurrent WinHTTP proxy settings:\r\n\r\n    Direct access (no proxy server).\r\n", "winhttpproxy.txt");
  CHECK(direct.value("global-settings", "winhttp", "Proxy") == "direct");
  const SettingRows proxy = read_settings(
      "\r\nCurrent WinHTTP proxy settings:\r\n\r\n    Proxy Server(s) :  proxy.contoso.com:8080\r\n"
      "    Bypass List     :  (none)\r\n",
      "winhttpproxy.txt");
  CHECK(proxy.value("global-settings", "winhttp", "Proxy") == "proxy.contoso.com:8080");
  CHECK(proxy.value("global-settings", "winhttp", "ProxyBypass") == "(none)");
  CHECK(proxy.problems.empty());
}

TEST_CASE("system: WinHTTP proxy in another language, known by the file's name") {
  const SettingRows proxy = read_settings(
      "\r\nAktuelle WinHTTP-Proxyeinstellungen:\r\n\r\n    Proxyserver:  proxy.contoso.com:8080\r\n    Umgehungsliste  "
      " :  (Kein)\r\n",
      "CONFIG/GENERAL/winhttpproxy.txt");
  CHECK(proxy.value("global-settings", "winhttp", "Proxy") == "proxy.contoso.com:8080");
  const SettingRows direct = read_settings(
      "\r\nAktuelle WinHTTP-Proxyeinstellungen:\r\n\r\n    Direktzugriff (kein Proxyserver).\r\n", "winhttpproxy.txt");
  CHECK(direct.value("global-settings", "winhttp", "Proxy") == "Direktzugriff (kein Proxyserver).");
  const SettingRows elsewhere = read_settings("    Proxyserver:  proxy.contoso.com:8080\r\n", "notes.txt");
  CHECK(elsewhere.rows.empty());
}

TEST_CASE("system: TLS 1.2 registry values") {
  const SettingRows rows = read_settings(
      "Path                                                   Name                     Value\n"
      "----                                                   ----                     -----\n"
      "HKLM:\\SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319      SystemDefaultTlsVersions     1\n"
      "HKLM:\\SYSTEM\\CurrentControlSet\\...\\TLS 1.2\\Client      Enabled                  Not Found\n");
  CHECK(rows.value("global-settings", "HKLM:\\SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319",
                   "SystemDefaultTlsVersions") == "1");
  CHECK(rows.value("global-settings", "HKLM:\\SYSTEM\\CurrentControlSet\\...\\TLS 1.2\\Client", "Enabled") ==
        "Not Found");
}

TEST_CASE("system: objects with inheritance disabled") {
  const SettingRows rows = read_settings(
      "\nDistinguishedName                          ObjectClass\n-----------------                          "
      "-----------\n"
      "CN=Ann Lee,OU=Staff,DC=contoso,DC=com      user\n\n",
      "Get-ADSyncObjectsWithInheritanceDisabled.txt");
  CHECK(rows.value("connector", "contoso.com", "InheritanceDisabled") == "CN=Ann Lee,OU=Staff,DC=contoso,DC=com");
  const SettingRows lines = read_settings("CN=Ann Lee,OU=Staff,DC=emea,DC=contoso,DC=com\nnothing else\n",
                                          "Get-ADSyncObjectsWithInheritanceDisabled.txt");
  CHECK(lines.value("connector", "emea.contoso.com", "InheritanceDisabled") ==
        "CN=Ann Lee,OU=Staff,DC=emea,DC=contoso,DC=com");
  CHECK(lines.rows.size() == 1);
}

TEST_CASE("build: wherever a text names it, and never another program's") {
  CHECK(read_settings("ERR_: MMS(4984): x\nAzure AD Sync 1.4.18.0\"\n").value("build", "", "version") == "1.4.18.0");
  CHECK(read_settings("Microsoft Azure AD Connect version 2.1.20.0\n").value("build", "", "version") == "2.1.20.0");
  CHECK(read_settings("Microsoft Entra Connect Sync version: 2.5.79.0\n").value("build", "", "version") == "2.5.79.0");
  CHECK(read_settings("Version : 2.4.18.0\n").value("build", "", "version") == "2.4.18.0");
  CHECK(read_settings("Microsoft.Synchronize.ServerConfigurationVersion : 2.4.18.0\n").value("build", "", "version") ==
        "2.4.18.0");
  CHECK(read_settings("Version : 10.0.17763.1\nOS Version: 6.3.9600.0\n").find("build", "", "version") == nullptr);
  CHECK(read_settings("Internet Explorer Version : 2.4.18.0\n").find("build", "", "version") == nullptr);
  CHECK(read_settings("Azure AD Sync 2.4.18.0\nAzure AD Sync 2.4.18.0\n").values("build", "version").size() == 1);
}
