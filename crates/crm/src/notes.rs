//! Notes: what someone observed or wants remembered, on a party, a deal or a case.

use kernel::{Field, Kind, Object, ScopeBy};

use crate::catalogue::with_system_fields;

/// Notes.
pub fn notes() -> Object {
    let fields = vec![
        Field::new("body", "Note", Kind::LongText).required().listed(),
        Field::new("party", "About", Kind::Link("parties".into())).listed(),
        Field::new("deal", "Deal", Kind::Link("deals".into())),
        Field::new("case", "Case", Kind::Link("cases".into())),
        Field::new("owner", "Written by", Kind::Link("users".into())).listed(),
    ];
    let mut object = Object::new("notes", "Note", "Notes", "file-text", fields);
    object.title = "body".into();
    object.scope = ScopeBy::Parents(["party", "deal", "case"].map(String::from).to_vec());
    with_system_fields(object)
}
