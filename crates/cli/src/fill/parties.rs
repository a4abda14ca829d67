//! Contacts and companies with what hangs on them: contact points, orders, touchpoints, relationships.

use std::ops::Range;

use anyhow::Result;
use db::Value;
use demo::{Contact, Direction, Order, Party, Relationship, RelationshipKind, Touchpoint, TouchpointKind};
use kernel::search::Doc;
use kernel::value::days_of;

use super::events::{COMPANY, CONTACT, RELATIONSHIP, TOUCHPOINT};
use super::orders::{OrderRows, Totals};
use super::{Filler, Rows, joined};

/// What a chunk of parties writes.
struct Chunk {
    parties: Rows,
    points: Rows,
    touchpoints: Rows,
    relationships: Rows,
    orders: OrderRows,
    docs: Vec<(i64, Doc)>,
    /// Events of records that have no id yet: the row, when, the party, the actor.
    touched: Vec<(i64, i64, i64)>,
    related: Vec<(i64, i64)>,
}

const PARTY: [&str; 29] = [
    "kind",
    "name",
    "name_key",
    "external_id",
    "owner_id",
    "given_name",
    "family_name",
    "job_title",
    "company_id",
    "birth_on",
    "language",
    "industry",
    "n_employees",
    "website",
    "email",
    "phone",
    "street",
    "city",
    "postal_code",
    "country",
    "source",
    "market_roles",
    "tags",
    "customer_since",
    "last_order_on",
    "n_orders",
    "total_spent",
    "region",
    "about",
];
const POINT: [&str; 7] = ["party_id", "kind", "value", "value_key", "main", "state", "verified_at"];
const TOUCH: [&str; 7] = ["party_id", "kind", "direction", "at", "summary", "body", "owner_id"];
const RELATED: [&str; 4] = ["from_id", "to_id", "kind", "since_on"];

impl Chunk {
    fn new() -> Chunk {
        Chunk {
            parties: Rows::of("parties", &PARTY),
            points: Rows::of("contact_points", &POINT),
            touchpoints: Rows::of("touchpoints", &TOUCH),
            relationships: Rows::of("relationships", &RELATED),
            orders: OrderRows::new(),
            docs: Vec::new(),
            touched: Vec::new(),
            related: Vec::new(),
        }
    }

    fn point(&mut self, party: i64, since: i64, kind: &str, value: &str, verified: bool) {
        let (state, at) =
            if verified { ("verified", Value::Int(since)) } else { ("unverified", Value::Null) };
        let key = crm::contact_points::value_key(kind, value);
        self.points.add(
            since,
            since,
            [party.into(), kind.into(), value.into(), key.into(), 1.into(), state.into(), at],
        );
    }
}

impl Filler<'_> {
    pub(super) fn companies(&mut self, range: Range<usize>) -> Result<()> {
        let mut chunk = Chunk::new();
        for index in range {
            let company = self.business.company(index);
            let id = self.companies[index];
            let orders: Vec<Order> = self.business.orders_of_company(index).collect();
            let since = self.first_moment(company.created_on, index, &orders, &[]);
            self.company_since.push(since);
            let totals = Totals::of(&orders);
            let website = format!("https://{}", company.domain);
            let external_id = format!("LF-{}", 10_000 + index);
            let roles = (!orders.is_empty()).then(|| r#"["customer"]"#.to_string());
            let row = chunk.parties.add(
                since,
                since,
                [
                    "company".into(),
                    company.name.as_str().into(),
                    kernel::fold::fold(&company.name).into(),
                    external_id.as_str().into(),
                    self.users[company.owner].into(),
                    Value::Null,
                    Value::Null,
                    Value::Null,
                    Value::Null,
                    Value::Null,
                    Value::Null,
                    company.industry.into(),
                    i64::from(company.n_employees).into(),
                    website.into(),
                    format!("office@{}", company.domain).into(),
                    company.phone.number.as_str().into(),
                    company.street.as_str().into(),
                    company.city.into(),
                    company.postal_code.as_str().into(),
                    company.country.into(),
                    Value::Null,
                    roles.into(),
                    joined(&company.tags).into(),
                    totals.since.into(),
                    totals.last.into(),
                    totals.n.into(),
                    totals.spent.into(),
                    Value::Null,
                    Value::Null,
                ],
            );
            chunk.parties.set(row, "id", id);
            let email = format!("office@{}", company.domain);
            chunk.point(id, since, "email", &email, !orders.is_empty());
            chunk.point(id, since, "phone", &company.phone.number, false);
            let doc = self.doc(
                "companies",
                &[
                    ("name", Some(&company.name)),
                    ("email", Some(&email)),
                    ("phone", Some(&company.phone.number)),
                    ("city", Some(company.city)),
                    ("external_id", Some(&external_id)),
                ],
            );
            chunk.docs.push((id, doc));
            self.log.add(&COMPANY, since, id, id, self.users[company.owner]);
            self.orders(&mut chunk.orders, id, &orders);
        }
        self.write(chunk, "companies")
    }

    pub(super) fn contacts(&mut self, range: Range<usize>) -> Result<()> {
        let mut chunk = Chunk::new();
        for index in range {
            let contact = self.business.contact(index);
            let id = self.contacts[index];
            let orders: Vec<Order> = self.business.orders_of(index).collect();
            let touchpoints: Vec<Touchpoint> = self.business.touchpoints_of(index).collect();
            let relationships: Vec<Relationship> = self.business.relationships_of(index).collect();
            let since = self.first_moment(contact.created_on, index, &orders, &touchpoints);
            self.contact_since.push(since);
            self.contact(&mut chunk, &contact, since, &orders, &relationships);
            self.orders(&mut chunk.orders, id, &orders);
            self.touchpoints(&mut chunk, id, &touchpoints);
            for relationship in &relationships {
                self.relationship(&mut chunk, relationship);
            }
        }
        self.write(chunk, "contacts")
    }

    /// A party enters the record before anything of theirs happens.
    fn first_moment(
        &self,
        on: jiff::civil::Date,
        salt: usize,
        orders: &[Order],
        touchpoints: &[Touchpoint],
    ) -> i64 {
        let first_order = orders.first().map(|o| self.moments.at(o.placed_on, o.placed_second));
        let first_touch = touchpoints.first().map(|t| self.moments.at(t.happened_on, t.happened_second));
        let first = first_order.into_iter().chain(first_touch).min().unwrap_or(i64::MAX);
        self.moments.some(on, salt).min(first - 120_000_000)
    }

    fn contact(
        &mut self,
        chunk: &mut Chunk,
        contact: &Contact,
        since: i64,
        orders: &[Order],
        related: &[Relationship],
    ) {
        let id = self.contacts[contact.index];
        let totals = Totals::of(orders);
        let external_id = format!("LS-{}", 10_000 + contact.index);
        let refers = related.iter().any(|r| r.kind == RelationshipKind::Refers);
        let influences = related.iter().any(|r| r.kind == RelationshipKind::Influences);
        let mut roles = Vec::new();
        roles.extend((!orders.is_empty()).then_some("customer"));
        roles.extend(refers.then_some("referral_source"));
        roles.extend(influences.then_some("influencer"));
        let roles = (!roles.is_empty()).then(|| serde_json::json!(roles).to_string());
        let phone = contact.phone.as_ref().map(|p| p.number.as_str());
        let owner = contact.owner.map(|user| self.users[user]);
        let row = chunk.parties.add(
            since,
            since,
            [
                "contact".into(),
                contact.display_name.as_str().into(),
                kernel::fold::fold(&contact.display_name).into(),
                external_id.as_str().into(),
                owner.into(),
                contact.given.as_str().into(),
                Some(contact.family.as_str()).filter(|f| !f.is_empty()).into(),
                contact.job_title.into(),
                contact.company.map(|company| self.companies[company]).into(),
                contact.birth_on.map(days_of).into(),
                contact.language.into(),
                Value::Null,
                Value::Null,
                Value::Null,
                contact.email.as_deref().into(),
                phone.into(),
                contact.street.as_str().into(),
                contact.city.into(),
                contact.postal_code.as_str().into(),
                contact.country.into(),
                contact.source.into(),
                roles.into(),
                joined(&contact.tags).into(),
                totals.since.into(),
                totals.last.into(),
                totals.n.into(),
                totals.spent.into(),
                Value::Null,
                Value::Null,
            ],
        );
        chunk.parties.set(row, "id", id);
        if let Some(email) = &contact.email {
            chunk.point(id, since, "email", email, !orders.is_empty());
        }
        if let Some(phone) = phone {
            chunk.point(id, since, "phone", phone, false);
        }
        let doc = self.doc(
            "contacts",
            &[
                ("name", Some(&contact.display_name)),
                ("email", contact.email.as_deref()),
                ("phone", phone),
                ("city", Some(contact.city)),
                ("external_id", Some(&external_id)),
            ],
        );
        chunk.docs.push((id, doc));
        self.log.add(&CONTACT, since, id, id, owner.unwrap_or(0));
    }

    fn touchpoints(&self, chunk: &mut Chunk, party: i64, touchpoints: &[Touchpoint]) {
        for touchpoint in touchpoints {
            let at = self.moments.at(touchpoint.happened_on, touchpoint.happened_second);
            let user = touchpoint.user.map(|user| self.users[user]);
            let body = match (touchpoint.minutes, touchpoint.score) {
                (_, Some(score)) => Some(format!("{score} of 10")),
                (Some(1), _) => Some("1 minute".to_string()),
                (Some(minutes), _) => Some(format!("{minutes} minutes")),
                (None, None) => None,
            };
            let direction = if touchpoint.direction == Direction::In { "in" } else { "out" };
            let values = [
                party.into(),
                touchpoint_word(touchpoint.kind).into(),
                direction.into(),
                at.into(),
                touchpoint.summary.as_str().into(),
                body.into(),
                user.into(),
            ];
            chunk.touchpoints.add(at, at, values);
            chunk.touched.push((at, party, user.unwrap_or(0)));
        }
    }

    fn relationship(&self, chunk: &mut Chunk, relationship: &Relationship) {
        let kind = match relationship.kind {
            RelationshipKind::Household => "household",
            RelationshipKind::Employer => "employer",
            RelationshipKind::Refers => "refers",
            RelationshipKind::Influences => "influences",
            RelationshipKind::Supplies => "supplies",
            RelationshipKind::ReportsTo => "reports_to",
        };
        let (from, to) = (self.party(relationship.from), self.party(relationship.to));
        let at = self.moments.some(relationship.since_on, from as usize).max(self.since(relationship.from));
        let since = days_of(relationship.since_on);
        chunk.relationships.add(at, at, [from.into(), to.into(), kind.into(), since.into()]);
        chunk.related.push((at, from));
    }

    /// Who among the companies supplies whom; the others were written with the contacts.
    pub(super) fn company_relationships(&mut self) -> Result<()> {
        let mut chunk = Chunk::new();
        for relationship in self.business.company_relationships() {
            if matches!(relationship.from, Party::Company(_)) {
                self.relationship(&mut chunk, &relationship);
            }
        }
        self.write(chunk, "companies")
    }

    fn write(&mut self, mut chunk: Chunk, object: &str) -> Result<()> {
        let (touchpoints, relationships) = self.db.write::<_, kernel::Error>(|tx| {
            chunk.parties.write(tx)?;
            chunk.points.number(tx)?;
            chunk.points.write(tx)?;
            let touchpoints = chunk.touchpoints.number(tx)?;
            chunk.touchpoints.write(tx)?;
            let relationships = chunk.relationships.number(tx)?;
            chunk.relationships.write(tx)?;
            kernel::search::put_many(tx, object, &chunk.docs)?;
            chunk.orders.write(tx, self)?;
            Ok((touchpoints, relationships))
        })?;
        for (id, (at, party, actor)) in touchpoints.into_iter().zip(chunk.touched) {
            self.log.add(&TOUCHPOINT, at, id, party, actor);
        }
        for (id, (at, party)) in relationships.into_iter().zip(chunk.related) {
            self.log.add(&RELATIONSHIP, at, id, party, 0);
        }
        chunk.orders.log(&mut self.log);
        Ok(())
    }
}

fn touchpoint_word(kind: TouchpointKind) -> &'static str {
    match kind {
        TouchpointKind::WebVisit => "web_visit",
        TouchpointKind::Form => "form",
        TouchpointKind::Email => "email",
        TouchpointKind::Chat => "chat",
        TouchpointKind::Sms => "sms",
        TouchpointKind::Call => "call",
        TouchpointKind::StoreVisit => "store_visit",
        TouchpointKind::Delivery => "delivery",
        TouchpointKind::Survey => "survey",
        TouchpointKind::CampaignResponse => "campaign_response",
        TouchpointKind::Event => "event",
    }
}
