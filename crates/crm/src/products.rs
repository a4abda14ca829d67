//! Products with price and cost.

use kernel::{Field, Kind, Object, ScopeBy, Section};

use crate::catalogue::with_system_fields;

/// What we sell.
pub fn products() -> Object {
    let fields = vec![
        Field::new("name", "Name", Kind::Text).required().searched().listed(),
        Field::new("sku", "Article number", Kind::Text).unique().searched().listed(),
        Field::new("category", "Category", Kind::Text).listed(),
        Field::new("price", "Price", Kind::Money).listed(),
        Field::new("cost", "Cost", Kind::Money)
            .help("What one costs us; margins are worked out from it.")
            .listed(),
        Field::new("currency", "Currency", Kind::Currency),
        Field::new("active", "Sold now", Kind::Truth).default_to("yes"),
        Field::new("description", "Description", Kind::LongText),
    ];
    let mut object = Object::new("products", "Product", "Products", "package", fields);
    object.help = "What we sell, with price and cost.".into();
    object.scope = ScopeBy::Open;
    object.sort = "name".into();
    object.section = Some(Section::Work);
    with_system_fields(object)
}
