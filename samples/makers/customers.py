"""The customers whose bundles the scenarios are."""

from makers.site import Connector, Site

CONTOSO = Site("AADC01", "contoso.onmicrosoft.com", (Connector("contoso.com", ("contoso.com", "emea.contoso.com")),))
CONTOSO_FABRIKAM = Site(
    "AADC01",
    "contoso.onmicrosoft.com",
    (Connector("contoso.com", ("contoso.com",)), Connector("fabrikam.net", ("fabrikam.net",), "svc-aadsync")),
)
NORTHWIND = Site(
    "NWSYNC1", "northwindtraders.onmicrosoft.com", (Connector("northwindtraders.com", ("northwindtraders.com",)),)
)
TAILSPIN = Site(
    "TTSYNC",
    "tailspintoys.onmicrosoft.com",
    (Connector("tailspintoys.com", ("tailspintoys.com",), "svc-entra"),),
    build="2.5.190.0",
)
WINGTIP = Site(
    "WT-AADC",
    "wingtiptoys.onmicrosoft.com",
    (Connector("wingtiptoys.com", ("wingtiptoys.com",)),),
    build="2.5.190.0",
    identity="ServiceAccount",
)
ADATUM = Site("ADASYNC01", "adatum.onmicrosoft.com", (Connector("adatum.com", ("adatum.com",)),), feature=False)
LITWARE = Site(
    "LITSYNC02", "litware.onmicrosoft.com", (Connector("litwareinc.com", ("litwareinc.com",)),), staging=True
)
PROSEWARE = Site("PWSYNC01", "proseware.onmicrosoft.com", (Connector("proseware.com", ("proseware.com",)),))
FOURTHCOFFEE = Site(
    "FCSYNC",
    "fourthcoffee.onmicrosoft.com",
    (Connector("fourthcoffee.com", ("fourthcoffee.com",)),),
    build="2.5.3.0",
    identity="ServiceAccount",
)
RELECLOUD = Site(
    "RCSYNC01",
    "relecloud.onmicrosoft.com",
    (Connector("relecloud.com", ("relecloud.com",)),),
    build="2.6.3.0",
    cycle_running=True,
)
VANARSDEL = Site("VASYNC02", "vanarsdel.onmicrosoft.com", (Connector("vanarsdelltd.com", ("vanarsdelltd.com",)),))
WOODGROVE = Site("WGSYNC1", "woodgrovebank.onmicrosoft.com", (Connector("woodgrovebank.com", ("woodgrovebank.com",)),))
TREY = Site("TREYSYNC", "treyresearch.onmicrosoft.com", (Connector("treyresearch.net", ("treyresearch.net",)),))
