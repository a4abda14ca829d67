//! Cases: complaints, questions and requests, so that none is lost however small.

use db::Tx;
use kernel::{Choice, Ctx, Draft, Field, Kind, Object, Result, Rules, Section, Value};

use crate::catalogue::{owner, with_system_fields};

/// What customers asked of us.
pub fn cases() -> Object {
    let kinds =
        [("complaint", "Complaint"), ("question", "Question"), ("request", "Request"), ("praise", "Praise")];
    let statuses = [("new", "New"), ("open", "Open"), ("waiting", "Waiting for them"), ("closed", "Closed")];
    let priorities = [("low", "Low"), ("normal", "Normal"), ("high", "High"), ("urgent", "Urgent")];
    let fields = vec![
        Field::new("name", "Subject", Kind::Text).required().searched().listed(),
        Field::new("party", "From", Kind::Link("parties".into())).listed(),
        Field::new("kind", "Kind", Kind::Choice(Choice::list(&kinds))).default_to("question").listed(),
        Field::new("status", "State", Kind::Choice(Choice::list(&statuses))).default_to("new").listed(),
        Field::new("priority", "Priority", Kind::Choice(Choice::list(&priorities)))
            .default_to("normal")
            .listed(),
        Field::new("product", "Product", Kind::Link("products".into())),
        owner(),
        Field::new("body", "What it is about", Kind::LongText),
        Field::new("external_id", "External id", Kind::Text).unique(),
        Field::new("closed_at", "Closed at", Kind::Time).computed(),
    ];
    let mut object = Object::new("cases", "Case", "Cases", "life-buoy", fields);
    object.help = "Complaints, questions and requests, until they are closed.".into();
    object.section = Some(Section::Work);
    object.rules = Rules { before: Some(note_closed), after: None };
    with_system_fields(object)
}

fn note_closed(_: &mut Tx<'_>, ctx: &Ctx, _: &Object, draft: &mut Draft) -> Result<()> {
    if draft.changing("status") {
        let closed = draft.value("status").text() == Some("closed");
        draft.set("closed_at", if closed { Value::Time(ctx.now) } else { Value::Empty });
    }
    Ok(())
}
