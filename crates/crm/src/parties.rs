//! Contacts and companies: two objects over one table of parties; customers are those of both who have bought.

use db::Tx;
use kernel::{Choice, Ctx, Draft, Error, Field, Kind, Object, Part, Result, Rules, Saved, Section, Value};

use crate::catalogue::{owner, with_system_fields};
use crate::{contact_points, scores};

/// The markets in which a party can have a role (Christopher, Payne and Ballantyne's six markets).
const MARKET_ROLES: [(&str, &str); 6] = [
    ("customer", "Customer"),
    ("referral_source", "Referral source"),
    ("influencer", "Influencer"),
    ("recruit", "Recruit"),
    ("supplier", "Supplier"),
    ("internal", "Employee"),
];

fn parts() -> Vec<Part> {
    let part = |object: &str, kind: &str| Part { object: object.into(), kind: kind.into() };
    vec![part("contacts", "contact"), part("companies", "company")]
}

/// Fields that people and companies share.
fn shared() -> Vec<Field> {
    vec![
        Field::new("email", "E-mail", Kind::Email).searched().listed().group("Reach"),
        Field::new("phone", "Phone", Kind::Phone).searched().group("Reach"),
        Field::new("website", "Website", Kind::Url).group("Reach"),
        Field::new("street", "Street", Kind::Text).group("Address"),
        Field::new("postal_code", "Postal code", Kind::Text).group("Address"),
        Field::new("city", "City", Kind::Text).searched().listed().group("Address"),
        Field::new("region", "Region", Kind::Text).group("Address"),
        Field::new("country", "Country", Kind::Text).group("Address"),
        owner(),
        Field::new("source", "Heard of us by", Kind::Text)
            .help("Source of the first contact, kept for attribution.")
            .group("Origin"),
        Field::new("source_detail", "Origin in detail", Kind::Text).group("Origin"),
        Field::new("market_roles", "Roles", Kind::Choices(Choice::list(&MARKET_ROLES)))
            .help("What this party is to us besides a customer.")
            .group("Origin"),
        Field::new("tags", "Tags", Kind::Text).help("Words separated by commas.").group("Origin"),
        Field::new("about", "About", Kind::LongText).group("Origin"),
        Field::new("external_id", "External id", Kind::Text)
            .unique()
            .searched()
            .help("The number this party has in another system; imports recognise it by this.")
            .group("Origin"),
        Field::new("customer_since", "Customer since", Kind::Date).computed().group("Purchases"),
        Field::new("last_order_on", "Last order", Kind::Date).computed().group("Purchases"),
        Field::new("n_orders", "Orders", Kind::Whole).computed().group("Purchases"),
        Field::new("total_spent", "Total spent", Kind::Money)
            .computed()
            .help(
                "Orders in the workspace's currency; those in another one count as orders, not as an amount.",
            )
            .group("Purchases"),
    ]
}

fn person_fields() -> Vec<Field> {
    vec![
        Field::new("given_name", "Given name", Kind::Text),
        Field::new("family_name", "Family name", Kind::Text),
        Field::new("job_title", "Job title", Kind::Text),
        Field::new("company", "Company", Kind::Link("companies".into())).listed(),
        Field::new("birth_on", "Birthday", Kind::Date),
        Field::new("language", "Language", Kind::Text),
    ]
}

fn company_fields() -> Vec<Field> {
    vec![
        Field::new("industry", "Industry", Kind::Text).listed(),
        Field::new("n_employees", "Employees", Kind::Whole),
        Field::new("tax_id", "Tax number", Kind::Text),
    ]
}

/// People.
pub fn contacts() -> Object {
    let name = Field::new("name", "Name", Kind::Text)
        .searched()
        .listed()
        .help("Left empty, it is made of given and family name.");
    let mut fields = vec![name];
    fields.extend(person_fields());
    fields.extend(shared());
    fields.extend(scores::fields());
    let mut object = Object::new("contacts", "Contact", "Contacts", "users", fields);
    object.help = "People we know: customers, prospects, partners.".into();
    over_parties(object, "contact")
}

/// Organisations.
pub fn companies() -> Object {
    let mut fields = vec![Field::new("name", "Name", Kind::Text).required().searched().listed()];
    fields.extend(company_fields());
    fields.extend(shared());
    fields.extend(scores::fields());
    let mut object = Object::new("companies", "Company", "Companies", "building-2", fields);
    object.help = "Organisations we know, and where our contacts work.".into();
    over_parties(object, "company")
}

fn over_parties(mut object: Object, kind: &str) -> Object {
    object.table = "parties".into();
    object.fixed = Some(format!("{{t}}.kind = '{kind}'"));
    object.fixed_values = vec![("kind".into(), kind.into())];
    object.sort = "name".into();
    object.section = Some(Section::People);
    object.rules = Rules { before: Some(name_party), after: Some(keep_contact_points) };
    with_system_fields(object)
}

fn both(key: &str, singular: &str, plural: &str, icon: &str) -> Object {
    let mut fields = vec![Field::new("name", "Name", Kind::Text).searched().listed()];
    fields.extend(person_fields());
    fields.extend(company_fields());
    fields.extend(shared());
    fields.extend(scores::fields());
    let mut object = Object::new(key, singular, plural, icon, fields);
    object.table = "parties".into();
    object.parts = parts();
    object.writable = false;
    object.sort = "name".into();
    with_system_fields(object)
}

/// People and organisations that have bought.
pub fn customers() -> Object {
    let mut object = both("customers", "Customer", "Customers", "users-round");
    object.help = "Everyone who has bought, people and companies, with what they are worth and why.".into();
    object.fixed = Some("{t}.customer_since IS NOT NULL".into());
    object.section = Some(Section::People);
    object.sort = "-lifetime_value".into();
    let listed =
        ["name", "tier", "relationship_stage", "lifetime_value", "p_alive", "last_order_on", "owner"];
    for field in &mut object.fields {
        field.listed = listed.contains(&field.key.as_str());
    }
    // Lists show fields in their order: here value comes before origin.
    object.fields.sort_by_key(|f| listed.iter().position(|key| *key == f.key).unwrap_or(listed.len()));
    object
}

/// All people and organisations, as the target of links.
pub fn parties() -> Object {
    both("parties", "Person or company", "People and companies", "contact")
}

/// A contact is named by its parts when nothing else is said, and never nameless.
fn name_party(_: &mut Tx<'_>, _: &Ctx, object: &Object, draft: &mut Draft) -> Result<()> {
    if object.key != "contacts" {
        return Ok(());
    }
    let part = |draft: &Draft, key: &str| draft.value(key).text().unwrap_or_default().trim().to_string();
    let full = |draft: &Draft| {
        format!("{} {}", part(draft, "given_name"), part(draft, "family_name")).trim().to_string()
    };
    let parts_change = draft.changing("given_name") || draft.changing("family_name");
    let named_here = draft.values.get("name").is_some_and(|v| !v.vacant());
    if (draft.value("name").vacant() || parts_change) && !(named_here && draft.changing("name")) {
        let name =
            [full(draft), part(draft, "email"), part(draft, "phone")].into_iter().find(|n| !n.is_empty());
        let name =
            name.ok_or_else(|| Error::invalid("name", "give a name, an e-mail address or a phone number"))?;
        draft.set("name", Value::Text(name));
    }
    Ok(())
}

/// The main e-mail address and phone of a party are contact points, too.
fn keep_contact_points(tx: &mut Tx<'_>, ctx: &Ctx, _: &Object, saved: &Saved) -> Result<()> {
    for kind in ["email", "phone"] {
        if let Some((old, new)) = saved.changes.get(kind) {
            contact_points::set_main(tx, ctx, saved.id, kind, old.text(), new.text())?;
        }
    }
    Ok(())
}

/// What [`count_orders`] writes. An order in a currency that is not the workspace's is an order, but adding up its amount
/// would make a number that is of no currency.
const COUNTED: &str = "(customer_since, last_order_on, n_orders, total_spent) =
    (SELECT MIN(o.placed_on), MAX(o.placed_on), COUNT(*),
        CAST(COALESCE(SUM(CASE WHEN o.currency = $1 THEN o.total ELSE 0 END), 0) AS BIGINT)
     FROM orders o WHERE o.party_id = parties.id AND o.archived_at IS NULL AND o.status <> 'cancelled')";

/// Works out, from the orders, since when each of these parties is a customer, and how much it has bought, in the
/// workspace's `currency`.
pub fn count_orders(tx: &mut Tx<'_>, currency: &str, party_ids: &[i64]) -> Result<()> {
    tx.lock("parties", party_ids)?;
    for chunk in party_ids.chunks(200) {
        // Padded to a fixed length, so that the statement is prepared once.
        let mut params: Vec<db::Value> = vec![currency.into()];
        params.extend(chunk.iter().map(|id| db::Value::Int(*id)));
        params.resize(201, db::Value::Null);
        let places: Vec<String> = (2..=201).map(|n| format!("${n}")).collect();
        tx.execute(&format!("UPDATE parties SET {COUNTED} WHERE id IN ({})", places.join(", ")), &params)?;
    }
    Ok(())
}

/// Works it out for every customer anew, after the workspace's currency was changed.
pub(crate) fn count_all_orders(tx: &mut Tx<'_>, currency: &str) -> Result<()> {
    let sql = format!("UPDATE parties SET {COUNTED} WHERE customer_since IS NOT NULL");
    tx.execute(&sql, &[currency.into()])?;
    Ok(())
}
