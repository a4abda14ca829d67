//! Deals and the stages they move through, in several pipelines.

use db::Tx;
use kernel::{Choice, Ctx, Draft, Error, Field, Kind, Object, Result, Rules, ScopeBy, Section, Value};

use crate::catalogue::{owner, with_system_fields};

/// An open deal that has stood in its stage for this many days is marked as stale.
pub const STALE_DAYS: i64 = 14;

/// Sales in progress.
pub fn deals() -> Object {
    let statuses = [("open", "Open"), ("won", "Won"), ("lost", "Lost")];
    let fields = vec![
        Field::new("name", "Deal", Kind::Text).required().searched().listed(),
        Field::new("party", "Customer", Kind::Link("parties".into())).listed(),
        Field::new("contact", "Contact", Kind::Link("contacts".into())),
        Field::new("amount", "Amount", Kind::Money).listed(),
        Field::new("currency", "Currency", Kind::Currency),
        Field::new("pipeline", "Pipeline", Kind::Link("pipelines".into()))
            .help("Left empty, it is the first."),
        Field::new("stage", "Stage", Kind::Link("stages".into()))
            .listed()
            .help("Left empty, it is the first."),
        Field::new("probability", "Probability", Kind::Percent)
            .listed()
            .help("Left empty, it is that of the stage."),
        Field::new("expected_close_on", "Expected close", Kind::Date).listed(),
        Field::new("status", "State", Kind::Choice(Choice::list(&statuses))).computed(),
        owner(),
        Field::new("source", "Source", Kind::Text),
        Field::new("lost_reason", "Reason lost", Kind::Text),
        Field::new("body", "About", Kind::LongText),
        Field::new("external_id", "External id", Kind::Text).unique(),
        Field::new("stage_since", "In this stage since", Kind::Time).computed(),
        Field::new("closed_at", "Closed at", Kind::Time).computed(),
    ];
    let mut object = Object::new("deals", "Deal", "Deals", "square-kanban", fields);
    object.help = "Sales in progress, by stage.".into();
    object.section = Some(Section::Work);
    object.rules = Rules { before: Some(follow_stage), after: None };
    with_system_fields(object)
}

/// Ways that deals go.
pub fn pipelines() -> Object {
    let fields = vec![
        Field::new("name", "Name", Kind::Text).required().listed(),
        Field::new("position", "Position", Kind::Whole).listed(),
    ];
    let mut object = Object::new("pipelines", "Pipeline", "Pipelines", "route", fields);
    object.scope = ScopeBy::Open;
    object.sort = "position".into();
    with_system_fields(object)
}

/// The steps of a pipeline.
pub fn stages() -> Object {
    let outcomes = [("open", "Open"), ("won", "Won"), ("lost", "Lost")];
    let fields = vec![
        Field::new("name", "Name", Kind::Text).required().listed(),
        Field::new("pipeline", "Pipeline", Kind::Link("pipelines".into())).required().listed(),
        Field::new("position", "Position", Kind::Whole).listed(),
        Field::new("probability", "Probability", Kind::Percent).listed(),
        Field::new("outcome", "Outcome", Kind::Choice(Choice::list(&outcomes))).default_to("open").listed(),
    ];
    let mut object = Object::new("stages", "Stage", "Stages", "milestone", fields);
    object.scope = ScopeBy::Open;
    object.sort = "pipeline,position".into();
    with_system_fields(object)
}

/// A deal's state, probability and time in stage follow its stage; its pipeline is that of its stage.
fn follow_stage(tx: &mut Tx<'_>, ctx: &Ctx, _: &Object, draft: &mut Draft) -> Result<()> {
    if draft.value("currency").vacant() {
        draft.set("currency", Value::Text(ctx.currency.clone()));
    }
    // A pipeline left empty is the one there is, or for a new deal the first.
    if draft.value("pipeline").vacant() {
        draft.values.remove("pipeline");
    }
    if draft.value("stage").vacant() || (draft.changing("pipeline") && !draft.changing("stage")) {
        let pipeline = draft.value("pipeline").link();
        let first = tx.opt(
            "SELECT s.id FROM stages s JOIN pipelines p ON p.id = s.pipeline_id
             WHERE (CAST($1 AS BIGINT) = 0 OR p.id = $1) AND s.archived_at IS NULL AND p.archived_at IS NULL
             ORDER BY p.position, p.id, s.position, s.id LIMIT 1",
            &[pipeline.unwrap_or(0).into()],
        )?;
        let first =
            first.ok_or_else(|| Error::invalid("stage", "there is no stage yet; make a pipeline first"))?;
        draft.set("stage", Value::Link(first.int(0)?));
    }
    if !(draft.before.is_none() || draft.changing("stage")) {
        return Ok(());
    }
    let stage_id = draft.value("stage").link().unwrap_or(0);
    let stage =
        tx.opt("SELECT pipeline_id, probability, outcome FROM stages WHERE id = $1", &[stage_id.into()])?;
    let stage =
        stage.ok_or_else(|| Error::invalid("stage", format!("there is no such record: {stage_id}")))?;
    let pipeline = Value::Link(stage.int(0)?);
    if draft.changing("pipeline") && *draft.value("pipeline") != pipeline {
        return Err(Error::invalid("stage", "belongs to another pipeline"));
    }
    draft.set("pipeline", pipeline);
    let outcome = stage.text(2)?.to_string();
    if draft.value("probability").vacant() || !draft.changing("probability") {
        draft.set("probability", stage.opt_real(1)?.map_or(Value::Empty, Value::Number));
    }
    draft.set("closed_at", if outcome == "open" { Value::Empty } else { Value::Time(ctx.now) });
    draft.set("status", Value::Text(outcome));
    draft.set("stage_since", Value::Time(ctx.now));
    Ok(())
}
