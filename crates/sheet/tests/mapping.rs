//! Files as shops, tills and address books export them are read and matched to the right fields.

#![allow(clippy::unwrap_used)]

use sheet::names::{COMPANIES, CONTACTS, ORDERS, PRODUCTS, Target, guess_mapping};
use sheet::sniff;

/// What is proposed for each column, as `column → field`.
fn mapped(file: &str, targets: &[Target<'_>]) -> String {
    let sniffed = sniff(file.as_bytes()).unwrap();
    let matches = guess_mapping(&sniffed.columns, targets);
    let lines = sniffed.columns.iter().zip(matches).map(|(column, found)| {
        let field = found.map_or("-".to_owned(), |found| format!("{} {:.2}", found.key, found.confidence));
        format!("{} ({}) → {field}", column.name, column.kind)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// As [`mapped`], for a header whose rows tell nothing.
fn header(names: &str, targets: &[Target<'_>]) -> String {
    mapped(&format!("{names}\n"), targets)
}

#[test]
fn cd_orders_are_mapped_by_names_and_values() {
    let file = "customer_id,date,cds,dollars\n00001,1997-01-01,1,11.77\n00002,1997-01-12,1,12.00\n00002,1997-01-12,5,77.00\n";
    insta::assert_snapshot!(mapped(file, ORDERS));
}

#[test]
fn cd_orders_in_blanks_are_mapped_too() {
    let file = " customer_id  date number_of_cds  dollar_value\r\n 00001 19970101  1   11.77\r\n 00002 19970112  1   12.00\r\n 00002 19970112  5   77.00\r\n";
    insta::assert_snapshot!(mapped(file, ORDERS));
}

#[test]
fn electronic_sales_are_mapped() {
    let file = "Customer ID,Age,Gender,Loyalty Member,Product Type,SKU,Rating,Order Status,Payment Method,Total Price,Unit Price,Quantity,Purchase Date,Shipping Type,Add-ons Purchased,Add-on Total\r\n\
        1000,53,Male,No,Smartphone,SKU1004,2,Cancelled,Credit Card,5538.33,791.19,7,2024-03-20,Standard,\"Accessory,Accessory\",40.21\r\n\
        1000,53,Male,No,Tablet,SKU1002,3,Completed,Paypal,741.09,247.03,3,2024-04-20,Overnight,Impulse Item,26.09\r\n\
        1002,41,Male,Yes,Laptop,SKU1005,3,Completed,Cash,1855.84,463.96,4,2023-10-17,Express,,0\r\n";
    insta::assert_snapshot!(mapped(file, ORDERS));
}

#[test]
fn shopify_orders_are_mapped() {
    let file = "Name,Email,Financial Status,Paid at,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Subtotal,Shipping,Taxes,Total,Discount Amount,Currency,Billing Name\n\
        #1001,ada@example.com,paid,2019-04-03 12:15:39 -0400,2019-04-03 12:15:37 -0400,2,Blue mug,9.50,MUG-1,19.00,4.90,3.04,23.90,0.00,USD,Ada King\n\
        #1002,bob@example.com,pending,,2019-04-04 08:00:00 -0400,1,Red mug,9.50,MUG-2,9.50,4.90,1.52,14.40,1.00,USD,Bob Ray\n";
    insta::assert_snapshot!(mapped(file, ORDERS));
}

#[test]
fn online_retail_is_mapped() {
    let file = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
        536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,12/1/2010 8:26,2.55,17850,United Kingdom\n\
        536365,71053,WHITE METAL LANTERN,6,12/1/2010 8:26,3.39,17850,United Kingdom\n\
        C536379,D,Discount,-1,12/13/2010 9:41,27.5,14527,United Kingdom\n";
    insta::assert_snapshot!(mapped(file, ORDERS));
}

#[test]
fn orders_in_other_languages_are_mapped() {
    let files = [
        "Kundennummer;Bestelldatum;Bestellnummer;Artikelbezeichnung;Menge;Einzelpreis;Gesamtbetrag;Währung\n10001;31.01.2024;B-100;Tasse blau;2;9,50 €;19,00 €;EUR\n10002;01.02.2024;B-101;Kanne;1;1.249,90 €;1.249,90 €;EUR\n",
        "N° client;Date de commande;Désignation;Quantité;Prix unitaire;Montant TTC\n00017;31/01/2024;Tasse bleue;2;9,50;19,00\n00018;01/02/2024;Théière;1;49,90;49,90\n",
        "Cliente;Fecha;Producto;Cantidad;Precio;Importe\nC-17;31/01/2024;Taza azul;2;9,50;19,00\nC-18;01/02/2024;Tetera;1;49,90;49,90\n",
        "Codice cliente;Data ordine;Articolo;Quantità;Prezzo;Totale\nC-17;31/01/2024;Tazza blu;2;9,50;19,00\nC-18;01/02/2024;Teiera;1;49,90;49,90\n",
        "Klantnummer;Besteldatum;Omschrijving;Aantal;Prijs;Bedrag\n17;31-01-2024;Blauwe mok;2;9,50;19,00\n18;01-02-2024;Theepot;1;49,90;49,90\n",
    ];
    insta::assert_snapshot!(files.map(|file| mapped(file, ORDERS)).join("\n\n"));
}

#[test]
fn address_books_are_mapped() {
    let headers = [
        (
            "HubSpot",
            "Record ID,First Name,Last Name,Email,Phone Number,Company name,Job Title,Street Address,City,State/Region,Postal Code,Country/Region,Lifecycle Stage,Original Source",
        ),
        (
            "Salesforce",
            "Contact ID,First Name,Last Name,Title,Account Name,Mailing Street,Mailing City,Mailing State/Province,Mailing Zip/Postal Code,Mailing Country,Phone,Mobile,Fax,Email,Lead Source,Birthdate,Description",
        ),
        (
            "Google",
            "First Name,Middle Name,Last Name,Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Street,Address 1 - City,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Organization Name,Organization Title,Website 1 - Value",
        ),
        (
            "Google before 2024",
            "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Value,Organization 1 - Name,Organization 1 - Title",
        ),
        (
            "Outlook",
            "First Name,Last Name,Company,Job Title,Business Street,Business City,Business State,Business Postal Code,Business Country/Region,Business Phone,Mobile Phone,E-mail Address,Birthday,Web Page,Notes,Categories",
        ),
        (
            "German",
            "Anrede,Vorname,Nachname,Firma,Straße,PLZ,Ort,Land,Telefon,Handy,E-Mail,Geburtsdatum,Bemerkung",
        ),
        ("French", "Prénom,Nom,Société,Fonction,Adresse,Code postal,Ville,Pays,Téléphone,Portable,Courriel"),
        (
            "Spanish",
            "Nombre,Apellidos,Empresa,Cargo,Dirección,Código postal,Ciudad,Provincia,País,Teléfono,Móvil,Correo electrónico",
        ),
    ];
    let all: Vec<String> =
        headers.iter().map(|(name, names)| format!("# {name}\n{}", header(names, CONTACTS))).collect();
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn companies_and_products_are_mapped() {
    let companies = header(
        "Company ID,Company name,Company Domain Name,Industry,Phone Number,Street Address,City,Postal Code,State/Region,Country/Region,Number of Employees,VAT ID",
        COMPANIES,
    );
    let products =
        header("Handle,Title,Body (HTML),Product Category,Variant SKU,Variant Price,Cost per item", PRODUCTS);
    insta::assert_snapshot!(format!("{companies}\n\n{products}"));
}

#[test]
fn without_a_header_values_decide_where_only_one_column_would_do() {
    let file = "C-17,2024-01-31,2,19.00,ada@example.com\nC-18,2024-02-01,1,49.90,bob@example.com\nC-19,2024-02-03,4,12.25,cy@example.com\n";
    insta::assert_snapshot!(mapped(file, ORDERS));
}

#[test]
fn no_field_is_proposed_twice() {
    let sniffed = sniff(b"email,email,mail,e-mail\na@b.de,a@b.de,a@b.de,a@b.de\n").unwrap();
    let matches = guess_mapping(&sniffed.columns, CONTACTS);
    let keys: Vec<String> = matches.iter().flatten().map(|found| found.key.clone()).collect();
    assert_eq!(keys, ["email"]);
}

#[test]
fn a_name_beside_the_number_of_a_customer_is_the_customers_name() {
    let file = "Kundennr;Kunde;Datum;Betrag\nK-1;Jürgen Weiß;06.11.2026;39,90 €\nK-2;Ana Horvat;07.11.2026;89,00 €\n";
    let sniffed = sheet::sniff(file.as_bytes()).expect("a table");
    let found = sheet::names::guess_mapping(&sniffed.columns, sheet::names::ORDERS);
    let keys: Vec<&str> = found.iter().map(|m| m.as_ref().map_or("", |m| m.key.as_str())).collect();
    assert_eq!(keys, ["customer_id", "customer_name", "placed_on", "amount"]);
}
