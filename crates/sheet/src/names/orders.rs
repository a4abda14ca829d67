//! The fields of an order's line, with the names that files give them.

use super::targets::{required, target};
use super::{Target, Wanted};

/// Fields of an order's line.
#[rustfmt::skip]
pub const ORDERS: &[Target<'static>] = &[
    required(target("customer_id", "Customer", Wanted::Id, &[
        "customer id", "customer number", "customer no", "customer code", "client id", "user id", "buyer id", "account id",
        "member id", "household id", "household key", "contact id", "shopper id", "cust id", "cust no", "custid", "customer key",
        "customer", "client", "account number", "customer reference",
        "kundennummer", "kundennr", "kunden nr", "kunden id", "kunde", "debitor", "debitorennummer",
        "id client", "numéro client", "numero client", "code client", "n° client", "client no",
        "id cliente", "numero de cliente", "código cliente", "codigo cliente", "cliente", "codice cliente", "código do cliente",
        "klantnummer", "klant id", "klantnr", "klant",
    ])),
    target("customer_name", "Customer name", Wanted::Text, &[
        "customer name", "billing name", "client name", "buyer name", "full name", "account name", "ship to name", "shipping name",
        "recipient name", "kundenname", "nom du client", "nom client", "nombre del cliente", "nombre cliente", "nome cliente",
        "nome do cliente", "klantnaam", "~customer", "~client", "~kunde", "~cliente", "~klant", "~buyer", "~name",
    ]),
    target("customer_email", "Customer e-mail", Wanted::Email, &[
        "customer email", "email", "e mail", "email address", "billing email", "buyer email", "contact email", "customer e mail",
        "mail", "kunden email", "adresse email", "courriel", "correo", "correo electronico", "emailadres",
    ]),
    required(target("placed_on", "Placed on", Wanted::Date, &[
        "placed on", "order date", "purchase date", "invoice date", "transaction date", "ordered at", "created at", "order created",
        "date", "sale date", "sales date", "order time", "ordered on", "date created", "created", "paid at", "order placed", "purchased at",
        "timestamp", "order datetime", "bought at", "booking date", "payment date", "day", "datetime", "trans date",
        "order purchase timestamp", "created utc",
        "bestelldatum", "kaufdatum", "rechnungsdatum", "auftragsdatum", "belegdatum", "buchungsdatum", "datum", "bestellt am", "verkaufsdatum",
        "date de commande", "date commande", "date d'achat", "date achat", "date facture", "date de facture", "date de vente",
        "fecha", "fecha de pedido", "fecha pedido", "fecha de compra", "fecha factura", "fecha de venta",
        "data", "data ordine", "data acquisto", "data fattura", "data do pedido", "data da compra", "data pedido", "data compra",
        "besteldatum", "orderdatum", "aankoopdatum", "factuurdatum",
    ])),
    target("order_number", "Order number", Wanted::Id, &[
        "order number", "order id", "order no", "order #", "order", "invoice no", "invoice number", "invoice id", "invoice",
        "transaction id", "transaction number", "basket id", "receipt number", "receipt no", "receipt id", "receipt", "ticket number",
        "sales order", "order reference", "order name", "purchase order", "document number", "bill number", "bon",
        "bestellnummer", "bestellnr", "auftragsnummer", "rechnungsnummer", "belegnummer", "rechnungsnr", "auftrag", "bestellung",
        "numéro de commande", "n° commande", "numero commande", "commande", "numéro de facture", "n° facture", "facture",
        "número de pedido", "numero pedido", "pedido", "nº pedido", "factura", "número de factura",
        "numero ordine", "ordine", "numero fattura", "fattura", "número do pedido", "nota fiscal",
        "bestelnummer", "ordernummer", "factuurnummer", "~name", "~id",
    ]),
    target("quantity", "Quantity", Wanted::Count, &[
        "quantity", "qty", "lineitem quantity", "item quantity", "quantity ordered", "ordered quantity", "units", "units sold", "n items",
        "number of items", "items", "item count", "count", "pieces", "pcs", "quant", "number of", "num items", "amount of items", "volume",
        "menge", "anzahl", "stück", "stückzahl", "quantité", "quantite", "qté", "~nombre", "cantidad", "unidades", "cant",
        "quantità", "quantita", "qtà", "quantidade", "qtd", "aantal", "hoeveelheid",
    ]),
    required(target("amount", "Amount", Wanted::Money, &[
        "amount", "line total", "total amount", "total price", "total", "revenue", "order total", "line amount", "sales value", "sales amount",
        "sales", "net amount", "gross amount", "net sales", "amount paid", "order amount", "order value", "transaction amount",
        "transaction value", "purchase amount", "purchase value", "spend", "spent", "turnover", "price total", "extended price",
        "item total", "line item total", "order total amount", "grand total", "invoice total", "invoice amount", "total sales", "total revenue",
        "total paid", "total value", "total spent", "sum", "subtotal", "order subtotal", "value", "payment", "dollar value", "dollars",
        "euros", "euro", "pounds", "usd", "eur", "gbp", "monetary", "money", "gmv",
        "betrag", "umsatz", "summe", "gesamt", "gesamtbetrag", "gesamtpreis", "gesamtsumme", "bruttobetrag", "nettobetrag", "rechnungsbetrag",
        "bestellwert", "warenwert", "endbetrag", "erlös", "positionsbetrag", "zeilensumme",
        "montant", "montant total", "montant ttc", "montant ht", "total ttc", "total ht", "chiffre d'affaires", "ca", "somme", "prix total",
        "importe", "importe total", "monto", "monto total", "ventas", "ingresos", "precio total", "total factura",
        "importo", "importo totale", "totale", "fatturato", "ricavi", "prezzo totale", "valor", "valor total", "montante", "receita", "preço total",
        "faturamento", "bedrag", "totaal", "totaalbedrag", "omzet", "totaalprijs",
    ])),
    target("unit_price", "Unit price", Wanted::Money, &[
        "unit price", "price per unit", "price each", "lineitem price", "item price", "price", "item cost", "product price", "unit cost", "rate",
        "list price", "sale price", "selling price",
        "einzelpreis", "stückpreis", "preis", "preis pro stück", "prix unitaire", "prix", "pu", "precio unitario", "precio",
        "prezzo unitario", "prezzo", "preço unitário", "preco unitario", "preço", "preco", "stukprijs", "eenheidsprijs", "prijs", "stuksprijs",
    ]),
    target("discount", "Discount", Wanted::Money, &[
        "discount", "discount amount", "lineitem discount", "discount value", "total discount", "cart discount amount", "order discount",
        "coupon amount", "rebate", "retail disc", "discounts", "promotion discount", "discount total",
        "rabatt", "rabattbetrag", "nachlass", "remise", "réduction", "montant remise", "descuento", "importe descuento",
        "sconto", "desconto", "korting", "kortingsbedrag",
    ]),
    target("currency", "Currency", Wanted::Choice, &[
        "currency", "currency code", "order currency", "iso currency", "währung", "waehrung", "devise", "monnaie", "moneda", "divisa",
        "valuta", "moeda",
    ]),
    target("product_sku", "Product SKU", Wanted::Id, &[
        "sku", "product sku", "lineitem sku", "item sku", "product id", "product code", "stock code", "item id", "item code", "item number",
        "item no", "product number", "product no", "article number", "article no", "article", "ean", "gtin", "upc", "barcode", "asin", "isbn", "variant sku",
        "style", "part number", "product key",
        "artikelnummer", "artikelnr", "artikel nr", "produktnummer", "produkt id", "référence", "reference produit", "code article", "code produit", "ref",
        "código producto", "codigo producto", "código de producto", "referencia", "codice prodotto", "codice articolo", "código do produto",
        "artikelcode", "productcode", "productnummer",
    ]),
    target("product_name", "Product", Wanted::Text, &[
        "product name", "product", "lineitem name", "item name", "product title", "product description", "description", "item description", "item",
        "title", "item title", "article name", "line item", "goods", "service", "variant",
        "produkt", "produktname", "artikel", "artikelbezeichnung", "bezeichnung", "artikelname", "beschreibung", "produit", "nom du produit",
        "nom produit", "désignation", "designation", "libellé", "article designation", "producto", "nombre del producto", "nombre producto", "descripción",
        "descripcion", "articulo", "prodotto", "nome prodotto", "descrizione", "articolo", "produto", "nome do produto", "descrição", "descricao",
        "productnaam", "omschrijving", "~name",
    ]),
    target("product_category", "Product category", Wanted::Choice, &[
        "product category", "category", "product type", "category name", "item category", "product group", "department", "product line", "item type",
        "item group", "type", "family", "commodity", "sub category", "product family", "segment",
        "kategorie", "warengruppe", "produktgruppe", "produktkategorie", "artikelgruppe", "produktart", "catégorie", "categorie", "famille", "rayon",
        "categoría", "categoria", "familia", "tipo de producto", "categoria prodotto", "categoria do produto", "productgroep", "productcategorie",
    ]),
    target("status", "Status", Wanted::Choice, &[
        "order status", "status", "financial status", "payment status", "~state", "fulfillment status", "order state", "invoice status",
        "bestellstatus", "auftragsstatus", "zahlungsstatus", "statut", "statut commande", "estado", "estado pedido", "estado del pedido", "stato", "stato ordine",
        "situação", "situacao", "bestelstatus",
    ]),
];
