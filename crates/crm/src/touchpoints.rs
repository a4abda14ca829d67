//! Touchpoints: every contact between a party and us, whatever the channel.

use db::Tx;
use kernel::{Choice, Ctx, Draft, Field, Kind, Object, Result, Rules, ScopeBy, Value};

use crate::catalogue::with_system_fields;

/// The kinds of touchpoints.
pub const KINDS: [(&str, &str); 19] = [
    ("call", "Call"),
    ("email", "E-mail"),
    ("meeting", "Meeting"),
    ("visit", "Visit"),
    ("store_visit", "Visit to the shop"),
    ("web_visit", "Visit to the website"),
    ("form", "Form"),
    ("chat", "Chat"),
    ("sms", "SMS"),
    ("point_of_sale", "At the till"),
    ("kiosk", "Kiosk"),
    ("delivery", "Delivery"),
    ("installation", "Installation"),
    ("registration", "Product registration"),
    ("survey", "Survey"),
    ("campaign_response", "Answer to a campaign"),
    ("event", "Event"),
    ("phone_menu", "Phone menu"),
    ("other", "Other"),
];

/// Contacts between parties and us.
pub fn touchpoints() -> Object {
    let directions = [("in", "From them"), ("out", "From us")];
    let fields = vec![
        Field::new("summary", "Summary", Kind::Text).required().listed(),
        Field::new("party", "With whom", Kind::Link("parties".into())).required().listed(),
        Field::new("kind", "Channel", Kind::Choice(Choice::list(&KINDS))).required().listed(),
        Field::new("direction", "Direction", Kind::Choice(Choice::list(&directions))),
        Field::new("at", "When", Kind::Time).listed().help("Left empty, it is now."),
        Field::new("owner", "Who of us", Kind::Link("users".into())).listed(),
        Field::new("source", "Campaign or source", Kind::Text),
        Field::new("body", "In full", Kind::LongText),
    ];
    let mut object = Object::new("touchpoints", "Touchpoint", "Touchpoints", "messages-square", fields);
    object.help = "Every contact between customers and us, whatever the channel.".into();
    object.title = "summary".into();
    object.scope = ScopeBy::Parent("party".into());
    object.sort = "-at".into();
    object.rules = Rules { before: Some(now_if_unsaid), after: None };
    with_system_fields(object)
}

fn now_if_unsaid(_: &mut Tx<'_>, ctx: &Ctx, _: &Object, draft: &mut Draft) -> Result<()> {
    if draft.value("at").vacant() {
        draft.set("at", Value::Time(ctx.now));
    }
    Ok(())
}
