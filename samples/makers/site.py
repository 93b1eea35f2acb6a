"""A customer's installation: the sync server, its connectors and their domains, the people in them."""

from __future__ import annotations

from dataclasses import dataclass

from makers.phs_text import guid

_FIRST = [
    "Ana", "Bram", "Chidi", "Dana", "Eva", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kim", "Lars", "Mina",
    "Nils", "Olga", "Priya", "Quinn", "Rosa", "Sven", "Tara", "Uma", "Viola", "Wen", "Yara",
]  # fmt: skip
_LAST = [
    "Lima", "Okafor", "Hanson", "Reyes", "Nowak", "Svensson", "Moreau", "Costa", "Iyer", "Tanaka", "Weber",
    "Novak", "Silva", "Jansen", "Petrov", "Kaya", "Duarte", "Berg",
]  # fmt: skip
_PLACES = ["Staff", "Sales", "Engineering", "Finance", "Plant-2", "Contractors"]


@dataclass(frozen=True)
class Connector:
    """An AD connector: `name` is the forest's root domain, `domains` its partitions."""

    name: str
    domains: tuple[str, ...]
    account: str = "MSOL_3f8c1e0b77aa"

    @property
    def guid(self) -> str:
        return guid("connector", self.name)

    @property
    def netbios(self) -> str:
        return self.name.split(".")[0].upper()[:15]


@dataclass(frozen=True)
class Site:
    host: str
    tenant: str
    connectors: tuple[Connector, ...]
    build: str = "2.6.1.0"
    identity: str = "Application"  # or ServiceAccount: how the server signs in to the cloud
    staging: bool = False
    feature: bool = True
    scheduler: bool = True
    cycle_running: bool = False
    sign_in: str = "PasswordHashSync"

    @property
    def computer(self) -> str:
        return f"{self.host}.{self.connectors[0].name}"

    @property
    def cloud(self) -> str:
        """The cloud connector's name."""
        return f"{self.tenant} - AAD"

    def connector_of(self, domain: str) -> Connector:
        return next(c for c in self.connectors if domain in c.domains)


def dn_of(domain: str) -> str:
    return ",".join("DC=" + part for part in domain.split("."))


def person(number: int, domain: str) -> str:
    """The DN of one of the domain's people; a few names hold what parsers trip over."""
    first, last = _FIRST[number % len(_FIRST)], _LAST[number * 7 % len(_LAST)]
    name = f"{last}\\, {first}" if number % 5 == 4 else f"{first} {last}"
    return f"CN={name},OU={_PLACES[number % len(_PLACES)]},{dn_of(domain)}"
