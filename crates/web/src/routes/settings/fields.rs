//! Settings of objects and their fields.

use axum::extract::Query;
use axum::response::Response;
use kernel::Ctx;

use super::{administer, capital, page, told};
use crate::routes::asked::{Asked, Message, Outcome};
use crate::routes::forms::Posted;
use crate::views::{Choice, Field, FieldRow, FieldsPanel, Input, SettingsForm, SettingsPanel, TimelineTab};

/// `GET /settings/fields?object=`.
pub(crate) async fn fields(Query(pairs): Query<Vec<(String, String)>>, asked: Asked) -> Response {
    asked
        .page(move |tx, ctx, asked| {
            administer(ctx)?;
            let wanted =
                pairs.iter().find(|(k, _)| k == "object").map_or("contacts", |(_, v)| v.as_str()).to_string();
            let object = ctx.catalogue.need(&wanted)?.clone();
            let shown = ctx.catalogue.objects().filter(|o| o.parts.is_empty() && o.writable);
            let objects = shown
                .map(|o| TimelineTab {
                    text: o.plural.clone(),
                    href: format!("/settings/fields?object={}", o.key),
                    current: o.key == wanted,
                })
                .collect();
            let panel = FieldsPanel {
                objects,
                object: object.singular.clone(),
                fields: object.fields.iter().map(field_row).collect(),
                add: Some(add_field_form(ctx, &wanted)),
                add_object: Some(SettingsForm {
                    title: Some("Add an object".into()),
                    action: "/settings/objects".into(),
                    submit: "Add object".into(),
                    error: None,
                    fields: vec![
                        Field::new("singular", "Name of one", Input::text("")).required().help("Bicycle"),
                        Field::new("plural", "Name of many", Input::text("")).required().help("Bicycles"),
                        Field::new("help", "What it is for", Input::text("")),
                    ],
                    open: false,
                }),
            };
            page(
                tx,
                ctx,
                asked,
                "Objects and fields",
                "Fields you add work at once in lists, forms, filters, imports and the API.",
                SettingsPanel::Fields(panel),
            )
        })
        .await
}

fn field_row(field: &kernel::Field) -> FieldRow {
    let choices = field.kind.choices().len();
    let kind = if choices > 0 {
        format!("{} of {choices}", field.kind.word())
    } else {
        field.kind.word().replace('_', " ")
    };
    let marks = [(field.required, "Required"), (field.unique, "Unique"), (field.computed, "Worked out")];
    FieldRow {
        label: field.label.clone(),
        key: field.key.clone(),
        kind,
        marks: marks.iter().filter(|(on, _)| *on).map(|(_, text)| (*text).to_string()).collect(),
        custom: field.custom,
        edit: None,
        archive: None,
    }
}

fn add_field_form(ctx: &Ctx, object: &str) -> SettingsForm {
    let kinds = crm::catalogue::FIELD_KINDS
        .iter()
        .map(|k| Choice::new(*k, capital(&k.replace('_', " ")), *k == "text"));
    let mut targets: Vec<Choice> = vec![Choice::new("", "—", true)];
    targets.extend(ctx.catalogue.objects().map(|o| Choice::new(o.key.as_str(), o.plural.as_str(), false)));
    SettingsForm {
        title: Some("Add a field".into()),
        action: format!("/settings/fields?object={object}"),
        submit: "Add field".into(),
        error: None,
        fields: vec![
            Field::new("label", "Name", Input::text("")).required(),
            Field::new("kind", "Kind", Input::Choice { choices: kinds.collect() }).required(),
            Field::new("options", "Choices", Input::LongText { value: String::new() })
                .help("For choices: one on each line."),
            Field::new("target", "Links to", Input::Choice { choices: targets }).help("For links."),
            Field::new("help", "Help", Input::text("")).help("A sentence under the input."),
            Field::new("required", "Required", Input::YesNo { checked: false }),
            Field::new("unique", "Unique", Input::YesNo { checked: false })
                .help("No two records share a value."),
            Field::new("listed", "Shown in lists", Input::YesNo { checked: false }),
        ],
        open: false,
    }
}

/// `POST /settings/fields?object=`.
pub(crate) async fn add_field(
    Query(pairs): Query<Vec<(String, String)>>,
    asked: Asked,
    posted: Posted,
) -> Response {
    let object = pairs.iter().find(|(k, _)| k == "object").map(|(_, v)| v.clone()).unwrap_or_default();
    asked
        .act(move |tx, ctx, _| {
            let text = |name: &str| posted.one(name).unwrap_or_default().trim().to_string();
            let ticked = |name: &str| posted.one(name) == Some("true");
            let new = crm::catalogue::NewField {
                object: object.clone(),
                key: String::new(),
                label: text("label"),
                kind: text("kind"),
                choices: text("options").lines().map(String::from).collect(),
                target: text("target"),
                help: text("help"),
                required: ticked("required"),
                unique: ticked("unique"),
                listed: ticked("listed"),
                default: String::new(),
            };
            let to = format!("/settings/fields?object={object}");
            match crm::catalogue::add_field(tx, ctx, &new) {
                Ok(_) => Ok(Outcome::Go(
                    to,
                    Message::done("Field added. It is in lists, forms, filters and the API.", None),
                )),
                Err(error) => told(&to, error.into()),
            }
        })
        .await
}

/// `POST /settings/objects`.
pub(crate) async fn add_object(asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, _| {
            let text = |name: &str| posted.one(name).unwrap_or_default().trim().to_string();
            match crm::catalogue::add_object(tx, ctx, &text("singular"), &text("plural"), "", &text("help")) {
                Ok(key) => Ok(Outcome::Go(
                    format!("/settings/fields?object={key}"),
                    Message::done("Object added.", None),
                )),
                Err(error) => told("/settings/fields", error.into()),
            }
        })
        .await
}
