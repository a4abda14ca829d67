//! The fields of a company, with the names that files give them.

use super::parties::*;
use super::targets::{required, target};
use super::{Target, Wanted};

/// Fields of a company.
#[rustfmt::skip]
pub const COMPANIES: &[Target<'static>] = &[
    target("external_id", "External ID", Wanted::Id, &[
        "external id", "id", "company id", "account id", "record id", "organization id", "organisation id", "customer id", "customer number", "account number", "client id", "company number", "uuid", "key",
        "firmen id", "firmennummer", "kundennummer", "kundennr", "kunden nr", "debitorennummer", "identifiant", "numéro client", "code client", "n° client", "id empresa", "código cliente", "id azienda", "codice cliente", "código", "klantnummer", "debiteurnummer", "relatienummer",
    ]),
    required(target("name", "Name", Wanted::Text, &[
        "name", "company name", "company", "account name", "organization name", "organisation name", "organization", "organisation", "business name", "legal name", "customer name", "customer", "account", "firm", "trading name",
        "firma", "firmenname", "unternehmen", "unternehmensname", "kunde", "société", "societe", "entreprise", "raison sociale", "nom", "nom de l'entreprise", "empresa", "nombre", "nombre de la empresa", "razón social",
        "azienda", "ragione sociale", "società", "ditta", "nome", "razão social", "nome da empresa", "bedrijf", "bedrijfsnaam", "organisatie", "naam",
    ])),
    target("website", "Website", Wanted::Url, WEBSITE),
    target("industry", "Industry", Wanted::Choice, &[
        "industry", "sector", "business sector", "vertical", "line of business", "branch", "type of business", "branche", "industrie", "wirtschaftszweig", "secteur", "secteur d'activité", "activité", "sector de actividad", "industria",
        "settore", "setor", "ramo", "bedrijfstak", "sbi",
    ]),
    target("email", "E-mail", Wanted::Email, EMAIL),
    target("phone", "Phone", Wanted::Phone, PHONE),
    target("street", "Street", Wanted::Text, STREET),
    target("city", "City", Wanted::Text, CITY),
    target("postal_code", "Postal code", Wanted::Id, POSTAL_CODE),
    target("region", "Region", Wanted::Choice, REGION),
    target("country", "Country", Wanted::Choice, COUNTRY),
    target("n_employees", "Employees", Wanted::Integer, &[
        "employees", "number of employees", "n employees", "num employees", "employee count", "headcount", "staff", "company size", "size", "no of employees", "mitarbeiter", "mitarbeiterzahl", "anzahl mitarbeiter", "beschäftigte",
        "effectif", "nombre d'employés", "nombre de salariés", "salariés", "empleados", "número de empleados", "plantilla", "dipendenti", "numero dipendenti", "funcionários", "número de funcionários", "medewerkers", "aantal medewerkers",
    ]),
    target("tax_id", "Tax ID", Wanted::Id, &[
        "tax id", "vat id", "vat number", "vat", "vat no", "tax number", "vat registration number", "ein", "ust id", "ustid", "umsatzsteuer id", "ust idnr", "steuernummer", "uid", "numéro de tva", "tva intracommunautaire", "n° tva", "siret", "siren",
        "nif", "cif", "número de iva", "rfc", "partita iva", "p iva", "codice fiscale", "cnpj", "nipc", "btw nummer", "btw", "kvk nummer", "kvk",
    ]),
    target("note", "Note", Wanted::Text, NOTE),
];
