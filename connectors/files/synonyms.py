"""What people call the columns of their files, in English and French, by what the column means."""

from __future__ import annotations

import re
import unicodedata

from connectors.files.convert import MONTHS

SYNONYMS: dict[str, tuple[str, ...]] = {
    "rep_email": ("rep email", "email", "e mail", "mail", "owner email", "sales rep email", "courriel",
                  "email commercial", "adresse mail", "email vendeur", "seller email", "user email"),
    "rep_id": ("rep id", "employee id", "employee key", "sales rep id", "salesperson id", "owner id",
               "user id", "matricule", "id commercial", "id vendeur", "code commercial", "code vendeur",
               "seller id", "employee number", "rep code", "rep number"),
    "rep_name": ("rep", "rep name", "sales rep", "salesperson", "sales person", "salesman", "owner",
                 "owner name", "opportunity owner", "deal owner", "seller", "account executive",
                 "commercial", "vendeur", "commerciale", "nom commercial", "nom vendeur", "nom du commercial",
                 "nom du vendeur", "employee", "employee name", "full name", "name", "nom", "proprietaire",
                 "representative", "sales representative", "responsable commercial", "collaborateur", "who"),
    "first_name": ("first name", "firstname", "prenom", "given name"),
    "last_name": ("last name", "lastname", "surname", "family name", "nom de famille"),
    "manager": ("manager", "manager name", "manager id", "manager email", "reports to", "supervisor", "boss",
                "team lead", "responsable", "superieur", "chef", "n 1", "manager key", "email manager",
                "nom du manager", "sales manager", "hierarchie", "directeur"),
    "team": ("team", "team name", "sales team", "equipe", "squad", "group", "groupe", "department", "bu",
             "business unit", "service"),
    "role": ("role", "job title", "title", "poste", "fonction", "job", "titre", "position"),
    "hire_date": ("hire date", "hired", "start date", "joined", "date d embauche", "date embauche",
                  "date d entree", "date entree", "embauche", "joining date", "date of joining", "hired on"),
    "leave_date": ("leave date", "end date", "termination date", "left", "date de sortie", "date sortie",
                   "date de depart", "depart", "left on"),
    "active": ("active", "is active", "actif", "current"),
    "deal_id": ("opportunity id", "deal id", "order id", "order number", "sales order number", "invoice",
                "invoice number", "invoice id", "opportunity number", "order", "order no", "id", "reference",
                "numero de commande", "commande", "no commande", "numero facture", "facture", "id opportunite",
                "sale id", "transaction id", "contract", "contract id", "numero", "ref", "so number",
                "id affaire", "no facture"),
    "deal_name": ("opportunity name", "deal name", "opportunity", "deal", "description", "affaire",
                  "opportunite", "libelle", "nom de l affaire", "objet", "subject"),
    "account_id": ("account id", "customer id", "client id", "reseller key", "customer number", "code client",
                   "id client", "customer key", "account number", "customer code", "no client"),
    "account_name": ("account", "account name", "customer", "customer name", "client", "client name", "company",
                     "company name", "nom client", "nom du client", "societe", "reseller", "reseller name",
                     "entreprise", "compte", "raison sociale", "associated company"),
    "amount": ("amount", "sales amount", "revenue", "value", "total", "sales", "deal value", "deal amount",
               "net amount", "order amount", "total amount", "bookings", "acv", "tcv", "arr", "montant",
               "montant ht", "chiffre d affaires", "ca", "ca ht", "ventes", "valeur", "total ht",
               "invoice amount", "price total", "net sales", "sale amount", "net revenue", "amount usd",
               "amount eur", "vente", "contract value", "opportunity amount", "booking amount", "gross sales"),
    "close_on": ("close date", "closed date", "order date", "date", "invoice date", "sale date", "booking date",
                 "won date", "close", "closed on", "date de cloture", "date cloture", "date de commande",
                 "date commande", "date facture", "date de facture", "date de vente", "date vente",
                 "date de signature", "signature", "transaction date", "sold on", "closed", "expected close date",
                 "date signature", "date de facturation", "booked on", "booked date"),
    "created_on": ("created date", "create date", "created", "created on", "open date", "date de creation",
                   "date creation", "opened"),
    "stage": ("stage", "stage name", "deal stage", "etape", "phase", "status", "statut", "etat", "outcome",
              "won lost", "result", "resultat"),
    "won": ("is won", "won", "is closed won", "closed won", "gagne", "gagnee", "is deal won"),
    "closed_flag": ("is closed", "closed", "is deal closed", "cloture", "cloturee"),
    "probability": ("probability", "probability %", "win probability", "probabilite", "proba"),
    "deal_type": ("type", "deal type", "opportunity type", "type d affaire"),
    "product_id": ("product id", "product key", "sku", "product code", "item", "item code", "code produit",
                   "code article", "ref produit", "id produit", "article"),
    "product_name": ("product", "product name", "produit", "nom produit", "item name", "libelle produit",
                     "designation"),
    "family": ("product family", "family", "category", "product category", "famille", "categorie", "gamme",
               "famille produit", "product line"),
    "quantity": ("quantity", "qty", "units", "order quantity", "quantite", "qte", "nombre"),
    "price": ("unit price", "price", "net price", "prix unitaire", "prix", "pu", "list price"),
    "cost": ("cost", "total cost", "total product cost", "cout", "cout total", "cogs", "standard cost"),
    "quota": ("quota", "target", "goal", "quota amount", "target amount", "sales quota", "sales target",
              "objectif", "objectifs", "montant objectif", "objectif ca", "cible", "plan", "budget",
              "sales amount quota", "quota value", "annual quota", "objectif annuel", "quarterly quota"),
    "year": ("year", "fiscal year", "annee", "exercice", "an", "calendar year", "fy"),
    "quarter": ("quarter", "fiscal quarter", "trimestre", "qtr", "calendar quarter"),
    "month": ("month", "mois", "fiscal month"),
    "period": ("period", "periode", "period start", "start", "from", "debut", "month start", "quarter start",
               "date debut", "start date", "year start", "week start", "week", "semaine", "date de debut",
               "debut trimestre", "debut du trimestre", "debut mois", "debut du mois", "debut periode"),
    "period_end": ("period end", "end date", "end", "to", "fin", "quarter end", "month end", "year end", "week end",
                   "quarter ending", "month ending", "week ending", "date fin", "date de fin", "fin periode",
                   "fin du trimestre", "fin trimestre", "fin du mois"),
    "territory": ("territory", "territory name", "territory id", "sales territory", "sales territory key",
                  "territory key", "secteur", "territoire", "zone", "patch", "code secteur"),
    "region": ("region", "sales region", "area", "geo", "geography", "region name", "pays", "country"),
    "segment": ("segment", "customer segment", "tier", "business type", "taille", "size"),
    "industry": ("industry", "vertical", "secteur d activite", "industrie", "branche", "sector"),
    "currency": ("currency", "currency code", "devise", "monnaie"),
    "measure": ("measure", "metric", "quota type", "target type", "indicateur", "mesure", "type d objectif"),
    "valid_from": ("valid from", "effective from", "effective date", "from date", "date d effet", "debut validite"),
    "valid_to": ("valid to", "effective to", "to date", "until", "fin validite", "date de fin"),
}  # fmt: skip
"""By meaning: names as they come out of ``plain``. An earlier name is more usual than a later one."""

FILE_WORDS: dict[str, tuple[str, ...]] = {
    "reps": ("rep", "reps", "people", "employee", "employees", "salespeople", "staff", "team", "users", "roster",
             "commerciaux", "equipe", "vendeurs", "salaries", "headcount", "hierarchy", "org", "sellers"),
    "quotas": ("quota", "quotas", "target", "targets", "goal", "goals", "objectif", "objectifs", "cibles", "plan",
               "budget"),
    "sales": ("sale", "sales", "order", "orders", "deal", "deals", "opportunity", "opportunities", "opps",
              "invoice", "invoices", "bookings", "revenue", "ventes", "commandes", "factures", "affaires",
              "transactions", "opportunites", "pipeline"),
    "territories": ("territory", "territories", "territoires", "secteurs", "regions"),
    "products": ("product", "products", "produits", "catalog", "catalogue", "articles", "items"),
    "accounts": ("account", "accounts", "customer", "customers", "client", "clients", "resellers", "comptes",
                 "companies"),
    "assignments": ("assignment", "assignments", "affectations", "territory history", "coverage"),
}  # fmt: skip


def plain(name: str) -> str:
    """A name without accents, case and punctuation: ``Date d'Embauche`` → ``date d embauche``."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    split = unicodedata.normalize("NFKD", spaced).lower()
    bare = "".join(character for character in split if not unicodedata.combining(character))
    return " ".join(re.findall(r"[a-z0-9%]+", bare))


MONTH_NAMES = tuple(dict.fromkeys(plain(name) for names in MONTHS for name in names))
"""Months as people write them, without accents."""


def name_score(name: str, meaning: str) -> float:
    """How well a column's name fits a meaning: 1 for a usual name, less for part of one, 0 for none."""
    words = plain(name)
    names = SYNONYMS[meaning]
    if words in names:
        return 1.0 - 0.2 * names.index(words) / len(names)
    tokens = set(words.split())
    parts = [set(candidate.split()) for candidate in names]
    inside = [part for part in parts if part <= tokens]
    if inside:
        return 0.4 + 0.3 * max(len(part) for part in inside) / max(len(tokens), 1)
    return 0.0
