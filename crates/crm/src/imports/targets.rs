//! What the columns of a file can fill: the fields of the catalogue, with the names that files give them.

use kernel::{Choice, Ctx, Error, Field, FieldRight, Kind, Object, Result, Scope};
use sheet::names::{self, Wanted};

/// Something that a column can fill.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its name in maps: `placed_on`.
    pub key: String,
    /// Its name for people: `Placed on`.
    pub label: String,
    /// What it holds.
    pub kind: Kind,
    /// An import makes no sense without it.
    pub required: bool,
    /// Existing records can be recognised by it.
    pub key_field: bool,
    /// Group in a list to choose from.
    pub group: String,
    /// One sentence of help.
    pub help: String,
    pub(super) wanted: Wanted,
    pub(super) synonyms: Vec<String>,
}

/// Targets of contacts that are no field of theirs: further addresses.
pub(super) const MOBILE: &str = "mobile";
/// See [`MOBILE`].
pub(super) const OTHER_EMAIL: &str = "other_email";

const OTHER_EMAILS: [&str; 8] = [
    "e-mail 2 - value",
    "e-mail 2 address",
    "email 2",
    "second email",
    "secondary email",
    "other email",
    "alternate email",
    "additional email",
];

/// Everything that a column can fill in an import of `object`, as far as the actor may write it. For orders that is a
/// file of purchases: the customer, the product and the order of each row.
/// *Errors*: not an object that takes records, or the actor may not create them.
pub fn targets(ctx: &Ctx, object: &str) -> Result<Vec<Target>> {
    let object = importable(ctx, object)?;
    let mut targets = match object.key.as_str() {
        "orders" => purchase_targets(ctx, object),
        _ => Vec::new(),
    };
    let purchases = object.key == "orders";
    for field in &object.fields {
        let covered = [
            "party",
            "total",
            "number",
            "placed_on",
            "placed_at",
            "currency",
            "status",
            "n_items",
            "discount",
            "external_id",
        ];
        let unwritable = field.computed || ctx.field_right(object, field) < FieldRight::Write;
        if unwritable || purchases && covered.contains(&field.key.as_str()) {
            continue;
        }
        targets.push(of_field(object, field));
    }
    if object.key == "contacts" {
        targets.push(further(MOBILE, "Mobile phone", Kind::Phone, synonyms_of("contacts", MOBILE)));
        let emails = OTHER_EMAILS.iter().map(|s| s.to_string()).collect();
        targets.push(further(OTHER_EMAIL, "Second e-mail", Kind::Email, emails));
    }
    Ok(targets)
}

/// The object, if records of it can be imported by the actor.
pub(super) fn importable<'c>(ctx: &'c Ctx, object: &str) -> Result<&'c std::sync::Arc<Object>> {
    let object = ctx.catalogue.need(object)?;
    let guarded = ["users", "roles", "teams"].contains(&object.key.as_str());
    if !object.writable || !object.parts.is_empty() || guarded {
        return Err(Error::Forbidden(format!("import {}", object.plural.to_lowercase())));
    }
    if ctx.rights.scope(&object.key, kernel::Action::Create) == Scope::None {
        return Err(Error::Forbidden(format!("create {}", object.plural.to_lowercase())));
    }
    Ok(object)
}

fn of_field(object: &Object, field: &Field) -> Target {
    let by_address = matches!(field.kind, Kind::Email | Kind::Phone) && object.table == "parties";
    Target {
        key: field.key.clone(),
        label: field.label.clone(),
        kind: field.kind.clone(),
        required: field.required && field.default.is_none(),
        key_field: field.unique || by_address || field.key == object.title && field.kind == Kind::Text,
        group: field.group.clone(),
        help: field.help.clone(),
        wanted: wanted(&field.kind, &field.key),
        synonyms: synonyms_of(&object.key, &field.key),
    }
}

fn further(key: &str, label: &str, kind: Kind, synonyms: Vec<String>) -> Target {
    Target {
        key: key.into(),
        label: label.into(),
        wanted: wanted(&kind, key),
        kind,
        required: false,
        key_field: false,
        group: "Reach".into(),
        help: "Kept as a further contact point.".into(),
        synonyms,
    }
}

fn wanted(kind: &Kind, key: &str) -> Wanted {
    match kind {
        Kind::Text if ["external_id", "sku", "postal_code", "tax_id"].contains(&key) => Wanted::Id,
        Kind::Text | Kind::LongText | Kind::Choices(_) | Kind::Link(_) => Wanted::Text,
        Kind::Whole => Wanted::Integer,
        Kind::Number | Kind::Percent => Wanted::Decimal,
        Kind::Money => Wanted::Money,
        Kind::Date | Kind::Time => Wanted::Date,
        Kind::Truth => Wanted::Boolean,
        Kind::Choice(_) | Kind::Currency => Wanted::Choice,
        Kind::Email => Wanted::Email,
        Kind::Phone => Wanted::Phone,
        Kind::Url => Wanted::Url,
    }
}

/// The names that files give to a field, where they are known.
fn synonyms_of(object: &str, key: &str) -> Vec<String> {
    let known = match object {
        "contacts" => names::CONTACTS,
        "companies" => names::COMPANIES,
        "products" => names::PRODUCTS,
        _ => &[],
    };
    let alias = match key {
        "company" => "company_name",
        "about" => "note",
        other => other,
    };
    let found = known.iter().find(|t| t.key == alias);
    found.map(|t| t.synonyms.iter().map(|s| s.to_string()).collect()).unwrap_or_default()
}

/// The targets of a file of purchases, from the names that such files have.
fn purchase_targets(ctx: &Ctx, orders: &Object) -> Vec<Target> {
    let statuses = orders.field("status").map(|f| f.kind.clone()).unwrap_or(Kind::Text);
    names::ORDERS
        .iter()
        .map(|target| {
            let kind = match target.key {
                "customer_email" => Kind::Email,
                "placed_on" => Kind::Date,
                "quantity" => Kind::Number,
                "amount" | "unit_price" | "discount" => Kind::Money,
                "currency" => Kind::Currency,
                "status" => statuses.clone(),
                _ => Kind::Text,
            };
            let group = match target.key.split('_').next() {
                Some("customer") => "Customer",
                Some("product") => "Product",
                _ => "Purchase",
            };
            Target {
                key: target.key.into(),
                label: target.label.into(),
                kind,
                required: target.key == "placed_on",
                key_field: false,
                group: group.into(),
                help: help(ctx, target.key).into(),
                wanted: target.kind,
                synonyms: target.synonyms.iter().map(|s| s.to_string()).collect(),
            }
        })
        .collect()
}

fn help(_: &Ctx, key: &str) -> &'static str {
    match key {
        "customer_id" => "The customer's number in the other system; unknown ones become new customers.",
        "customer_email" => "Finds the customer when there is no number.",
        "customer_name" => {
            "Names new customers, and finds the customer when there is neither number nor e-mail."
        }
        "order_number" => {
            "Rows with the same number are lines of one order; without it each row is an order."
        }
        "amount" => "What was paid; without it, quantity times unit price. Less than nothing is a return.",
        "product_sku" => "Finds the product; unknown ones become new products.",
        _ => "",
    }
}

impl Target {
    /// The options of a choice.
    pub fn choices(&self) -> &[Choice] {
        self.kind.choices()
    }
}
