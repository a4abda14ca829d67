//! Tasks: what someone has promised to do, and by when.

use db::Tx;
use kernel::{Choice, Ctx, Draft, Field, Kind, Object, Result, Rules, Section, Value};

use crate::catalogue::{owner, with_system_fields};

/// Tasks.
pub fn tasks() -> Object {
    let statuses = [("open", "Open"), ("done", "Done")];
    let fields = vec![
        Field::new("name", "Task", Kind::Text).required().searched().listed(),
        Field::new("due_on", "Due", Kind::Date).listed(),
        Field::new("status", "State", Kind::Choice(Choice::list(&statuses))).default_to("open").listed(),
        Field::new("party", "For whom", Kind::Link("parties".into())).listed(),
        Field::new("deal", "Deal", Kind::Link("deals".into())),
        Field::new("case", "Case", Kind::Link("cases".into())),
        owner(),
        Field::new("body", "Details", Kind::LongText),
        Field::new("done_at", "Done at", Kind::Time).computed(),
    ];
    let mut object = Object::new("tasks", "Task", "Tasks", "square-check", fields);
    object.help = "What we promised to do, and by when.".into();
    object.sort = "due_on".into();
    object.section = Some(Section::Work);
    object.rules = Rules { before: Some(note_done), after: None };
    with_system_fields(object)
}

fn note_done(_: &mut Tx<'_>, ctx: &Ctx, _: &Object, draft: &mut Draft) -> Result<()> {
    if draft.changing("status") {
        let done = draft.value("status").text() == Some("done");
        draft.set("done_at", if done { Value::Time(ctx.now) } else { Value::Empty });
    }
    Ok(())
}
