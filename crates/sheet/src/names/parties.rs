//! Names that files give to the fields which contacts and companies share.

#[rustfmt::skip]
pub(super) const EMAIL: &[&str] = &[
    "email", "e mail", "email address", "e mail address", "mail", "email 1", "e mail 1 value", "primary email",
    "work email", "business email", "contact email", "personal email", "emails", "email id", "company email",
    "general email", "mailadresse", "email adresse", "e mail adresse", "emailadresse", "adresse email",
    "adresse e mail", "adresse mail", "courriel", "mél", "correo", "correo electrónico", "email de contacto",
    "posta elettronica", "indirizzo email", "correio eletrônico", "endereço de email", "emailadres", "e mailadres",
    "e post",
];
#[rustfmt::skip]
pub(super) const PHONE: &[&str] = &[
    "phone", "phone number", "telephone", "business phone", "work phone", "phone 1 value", "primary phone",
    "main phone", "company main phone", "tel", "telephone number", "phone no", "home phone", "office phone",
    "contact number", "contact phone", "landline", "telefon", "telefonnummer", "telefon geschäftlich", "tel nr",
    "téléphone", "numéro de téléphone", "telephone fixe", "teléfono", "telefono", "número de teléfono",
    "numero di telefono", "telefone", "telefoon", "telefoonnummer",
];
#[rustfmt::skip]
pub(super) const STREET: &[&str] = &[
    "street", "street address", "address", "address line 1", "address 1", "address1", "business street",
    "mailing street", "billing street", "home street", "address 1 street", "street name", "billing address",
    "shipping street", "shipping address", "shipping address1", "billing address1", "postal address",
    "address street", "address 1 formatted", "strasse", "straße", "straße und hausnummer", "strasse hausnummer",
    "anschrift", "adresse", "rue", "voie", "adresse postale", "calle", "dirección", "direccion", "domicilio", "via",
    "indirizzo", "rua", "endereço", "endereco", "morada", "logradouro", "straat", "adres",
];
#[rustfmt::skip]
pub(super) const CITY: &[&str] = &[
    "city", "town", "business city", "mailing city", "billing city", "home city", "address 1 city", "shipping city",
    "locality", "suburb", "place", "city town", "address city", "stadt", "ort", "wohnort", "ortschaft", "ville",
    "commune", "localité", "ciudad", "población", "poblacion", "localidad", "municipio", "città", "citta", "comune",
    "cidade", "stad", "plaats", "woonplaats", "gemeente",
];
#[rustfmt::skip]
pub(super) const POSTAL_CODE: &[&str] = &[
    "postal code", "zip code", "zip", "zipcode", "postcode", "post code", "postalcode", "business postal code",
    "mailing zip", "mailing postal code", "mailing zip postal code", "billing zip", "billing postal code",
    "billing zip postal code", "zip postal code", "address 1 postal code", "home postal code", "shipping zip",
    "shipping postal code", "address zip", "plz", "postleitzahl", "code postal", "cp", "código postal",
    "codigo postal", "cap", "codice postale", "cep", "código postal", "postcode nl",
];
#[rustfmt::skip]
pub(super) const REGION: &[&str] = &[
    "region", "state", "province", "state region", "state province", "county", "business state", "mailing state",
    "mailing state province", "billing state", "billing state province", "home state", "address 1 region",
    "shipping province", "billing province", "address state", "bundesland", "kanton", "région", "département",
    "estado", "provincia", "comunidad autónoma", "regione", "provincie", "uf", "regio",
];
#[rustfmt::skip]
pub(super) const COUNTRY: &[&str] = &[
    "country", "country region", "country code", "business country region", "business country", "mailing country",
    "billing country", "home country region", "address 1 country", "shipping country", "nation", "country name",
    "land", "staat", "länderkennzeichen", "pays", "país", "pais", "paese", "nazione", "stato estero", "landcode",
];
#[rustfmt::skip]
pub(super) const NOTE: &[&str] = &[
    "note", "notes", "comment", "comments", "remarks", "remark", "description", "memo", "about", "notiz", "notizen",
    "bemerkung", "bemerkungen", "kommentar", "anmerkung", "remarque", "remarques", "commentaire", "commentaires",
    "nota", "notas", "observaciones", "comentario", "comentarios", "osservazioni", "commenti", "observações",
    "observacoes", "opmerking", "opmerkingen", "notitie",
];
#[rustfmt::skip]
pub(super) const WEBSITE: &[&str] = &[
    "website", "web site", "website url", "web page", "webpage", "url", "homepage", "web", "website 1 value",
    "web address", "company website", "site", "domain", "company domain name", "internet", "webseite",
    "internetseite", "site web", "site internet", "página web", "pagina web", "sitio web", "sito web", "sito",
    "sítio", "webadres", "linkedin url",
];
