//! The fields of a contact, with the names that files give them.

use super::parties::*;
use super::targets::target;
use super::{Target, Wanted};

/// Fields of a contact.
#[rustfmt::skip]
pub const CONTACTS: &[Target<'static>] = &[
    target("external_id", "External ID", Wanted::Id, &[
        "external id", "id", "contact id", "record id", "person id", "customer id", "client id", "user id", "member id", "lead id", "contact number", "customer number", "uid", "uuid", "key", "rec id",
        "kontakt id", "kundennummer", "kundennr", "kunden nr", "personalnummer", "mitgliedsnummer", "identifiant", "id contact", "numéro client", "n° client", "id contacto", "identificador",
        "id contatto", "id cliente", "código", "relatienummer", "klantnummer",
    ]),
    target("name", "Name", Wanted::Text, &[
        "name", "full name", "contact name", "display name", "customer name", "person", "person name", "contact", "fullname", "file as", "client name", "lead name", "kontaktname",
        "vollständiger name", "ansprechpartner", "name vorname", "kontakt", "kunde", "nom complet", "nom et prénom", "nombre completo", "nombre y apellidos", "contacto", "nome completo", "nominativo", "contatto", "volledige naam", "naam", "contactpersoon",
    ]),
    target("given_name", "Given name", Wanted::Text, &[
        "given name", "first name", "firstname", "forename", "fname", "christian name", "first", "vorname", "rufname", "prénom", "prenom", "nombre", "nombre de pila", "primer nombre", "nome",
        "nome próprio", "primeiro nome", "voornaam", "roepnaam", "förnamn", "fornavn",
    ]),
    target("family_name", "Family name", Wanted::Text, &[
        "family name", "last name", "lastname", "surname", "lname", "last", "second name", "nachname", "familienname", "zuname", "nom de famille", "nom", "apellido", "apellidos", "primer apellido",
        "cognome", "sobrenome", "apelido", "último nome", "achternaam", "familienaam", "efternamn", "etternavn",
    ]),
    target("email", "E-mail", Wanted::Email, EMAIL),
    target("phone", "Phone", Wanted::Phone, PHONE),
    target("mobile", "Mobile", Wanted::Phone, &[
        "mobile", "mobile phone", "mobile phone number", "mobile number", "cell", "cell phone", "cellphone", "cellular", "gsm", "whatsapp", "whatsapp number", "phone 2 value", "mobil", "handy", "handynummer", "mobiltelefon", "mobilnummer",
        "portable", "téléphone mobile", "telephone portable", "tél portable", "mobile perso", "móvil", "movil", "celular", "teléfono móvil", "cellulare", "telemóvel", "telemovel", "mobiel", "mobiele telefoon", "mobiel nummer", "06 nummer",
    ]),
    target("company_name", "Company", Wanted::Text, &[
        "company name", "company", "organization", "organisation", "organization name", "organization 1 name", "account name", "account", "employer", "business", "business name", "associated company", "firm", "company account",
        "firma", "unternehmen", "firmenname", "betrieb", "organisation name", "société", "societe", "entreprise", "raison sociale", "nom de l'entreprise", "empresa", "compañía", "organización", "nombre de la empresa",
        "azienda", "società", "ditta", "nome da empresa", "bedrijf", "bedrijfsnaam", "organisatie",
    ]),
    target("job_title", "Job title", Wanted::Text, &[
        "job title", "title", "position", "role", "organization 1 title", "organization title", "function", "occupation", "job", "profession", "stelle", "funktion", "beruf", "berufsbezeichnung", "stellenbezeichnung",
        "fonction", "poste", "titre", "métier", "cargo", "puesto", "profesión", "ruolo", "qualifica", "professione", "posizione", "profissão", "função", "functie", "functietitel", "beroep",
    ]),
    target("street", "Street", Wanted::Text, STREET),
    target("city", "City", Wanted::Text, CITY),
    target("postal_code", "Postal code", Wanted::Id, POSTAL_CODE),
    target("region", "Region", Wanted::Choice, REGION),
    target("country", "Country", Wanted::Choice, COUNTRY),
    target("birth_on", "Birthday", Wanted::Date, &[
        "birthday", "birth date", "date of birth", "dob", "birthdate", "born", "born on", "geburtstag", "geburtsdatum", "geb datum", "date de naissance", "anniversaire", "né le", "fecha de nacimiento", "nacimiento", "cumpleaños",
        "data di nascita", "compleanno", "data de nascimento", "nascimento", "aniversário", "geboortedatum", "verjaardag",
    ]),
    target("language", "Language", Wanted::Choice, &[
        "language", "preferred language", "lang", "locale", "sprache", "langue", "idioma", "lengua", "lingua", "língua", "taal",
    ]),
    target("website", "Website", Wanted::Url, WEBSITE),
    target("note", "Note", Wanted::Text, NOTE),
    target("source", "Source", Wanted::Choice, &[
        "source", "lead source", "original source", "origin", "channel", "acquisition channel", "referrer", "utm source", "how did you hear about us", "quelle", "herkunft", "leadquelle", "origine", "provenance", "canal",
        "fuente", "origen", "fonte", "provenienza", "origem", "bron", "herkomst",
    ]),
    target("tags", "Tags", Wanted::Text, &[
        "tags", "tag", "labels", "label", "categories", "category", "groups", "group", "group membership", "keywords", "lists", "segment", "segments", "schlagworte", "schlagwörter", "kategorien", "kategorie", "gruppen", "gruppe",
        "étiquettes", "catégories", "groupe", "etiquetas", "categorías", "grupos", "etichette", "categorie", "gruppi", "marcadores", "trefwoorden", "groepen",
    ]),
];
