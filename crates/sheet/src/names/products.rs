//! The fields of a product, with the names that files give them.

use super::targets::{required, target};
use super::{Target, Wanted};

/// Fields of a product.
#[rustfmt::skip]
pub const PRODUCTS: &[Target<'static>] = &[
    target("sku", "SKU", Wanted::Id, &[
        "sku", "variant sku", "product sku", "product code", "product id", "item number", "item no", "item code", "article number", "article no", "stock code", "code", "id",
        "handle", "ean", "gtin", "upc", "barcode", "part number", "product number", "artikelnummer", "artikelnr", "artikel nr", "produktnummer", "référence", "reference", "code article",
        "code produit", "ref", "código", "codigo", "referencia", "codice", "codice articolo", "codice prodotto", "artikelcode", "productcode",
    ]),
    required(target("name", "Name", Wanted::Text, &[
        "name", "product name", "title", "product title", "product", "item name", "item", "article", "label", "bezeichnung", "produktname", "produkt",
        "artikel", "artikelbezeichnung", "artikelname", "nom", "nom du produit", "nom produit", "désignation", "designation", "libellé", "produit", "nombre", "nombre del producto",
        "nombre producto", "producto", "nome", "nome prodotto", "prodotto", "nome do produto", "produto", "naam", "productnaam",
    ])),
    target("category", "Category", Wanted::Choice, &[
        "category", "categories", "product category", "product type", "type", "product group", "group", "department", "family", "collection", "product family",
        "kategorie", "kategorien", "warengruppe", "produktgruppe", "artikelgruppe", "catégorie", "categorie", "famille", "categoría", "categoria", "familia", "productgroep",
    ]),
    target("price", "Price", Wanted::Money, &[
        "price", "unit price", "regular price", "list price", "sales price", "sale price", "retail price", "variant price", "selling price", "amount", "net price", "gross price",
        "preis", "verkaufspreis", "listenpreis", "vk", "einzelpreis", "bruttopreis", "nettopreis", "prix", "prix de vente", "prix unitaire", "precio", "precio de venta", "pvp",
        "prezzo", "prezzo di vendita", "preço", "preco", "preço de venda", "prijs", "verkoopprijs",
    ]),
    target("cost", "Cost", Wanted::Money, &[
        "cost", "unit cost", "cost per item", "cost price", "purchase price", "buying price", "standard cost", "wholesale price", "einkaufspreis", "ek", "kosten", "selbstkosten",
        "coût", "cout", "prix d'achat", "prix de revient", "coste", "costo", "precio de compra", "prezzo di acquisto", "custo", "preço de custo", "inkoopprijs", "kostprijs",
    ]),
    target("currency", "Currency", Wanted::Choice, &[
        "currency", "currency code", "währung", "devise", "monnaie", "moneda", "divisa", "valuta", "moeda",
    ]),
    target("description", "Description", Wanted::Text, &[
        "description", "product description", "long description", "short description", "body html", "body", "details", "text", "beschreibung", "artikelbeschreibung", "langtext",
        "descriptif", "descripción", "descripcion", "descrizione", "descrição", "descricao", "omschrijving", "beschrijving",
    ]),
];
