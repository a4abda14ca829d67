//! Relationships between parties: who is in which household, who employs, refers, influences whom.

use db::Tx;
use kernel::{Choice, Ctx, Draft, Error, Field, Kind, Object, Result, Rules, ScopeBy};

use crate::catalogue::with_system_fields;

/// Ties between two parties, read from the first to the second: `Ana refers Ben`.
pub fn relationships() -> Object {
    let kinds = [
        ("household", "Shares a household with"),
        ("employer", "Works for"),
        ("refers", "Referred"),
        ("influences", "Influences"),
        ("supplies", "Supplies"),
        ("reports_to", "Reports to"),
    ];
    let fields = vec![
        Field::new("from", "Who", Kind::Link("parties".into())).required().listed(),
        Field::new("kind", "Relationship", Kind::Choice(Choice::list(&kinds))).required().listed(),
        Field::new("to", "With whom", Kind::Link("parties".into())).required().listed(),
        Field::new("since_on", "Since", Kind::Date).listed(),
        Field::new("until_on", "Until", Kind::Date),
        Field::new("remark", "Remark", Kind::Text),
    ];
    let mut object = Object::new("relationships", "Relationship", "Relationships", "network", fields);
    object.title = "remark".into();
    object.scope = ScopeBy::Parent("from".into());
    object.rules = Rules { before: Some(two_parties), after: None };
    with_system_fields(object)
}

fn two_parties(_: &mut Tx<'_>, _: &Ctx, _: &Object, draft: &mut Draft) -> Result<()> {
    if !draft.value("from").vacant() && draft.value("from") == draft.value("to") {
        return Err(Error::invalid("to", "is the same party; a relationship needs two"));
    }
    if let (Some(since), Some(until)) = (draft.value("since_on").int(), draft.value("until_on").int())
        && until < since
    {
        return Err(Error::invalid("until_on", "is before the relationship began"));
    }
    Ok(())
}
