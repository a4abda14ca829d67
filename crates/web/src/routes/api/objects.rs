//! The catalogue itself: which objects there are, with which fields, and adding to both.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use crm::catalogue::{FIELD_KINDS, NewField, add_field as add, add_object};
use db::Tx;
use kernel::{Ctx, Field, FieldRight, Kind, Object, Scope, Via};
use serde_json::{Map, Value as Json, json};

use super::answers::{Answer, Refusal};
use super::asked::{Body, Params};
use super::once::Once;
use crate::{App, Refused, Who};

/// The longest label, key or sentence of help.
pub(in crate::routes::api) const TEXT_LIMIT: usize = 200;
/// The most choices of a field.
pub(in crate::routes::api) const CHOICE_LIMIT: usize = 200;

/// `GET /objects`: the objects of which the reader may see any record.
pub(super) async fn list(State(app): State<App>, who: Who, params: Params) -> Result<Answer, Refusal> {
    let read = move |_: &mut Tx<'_>, ctx: &Ctx| {
        params.done()?;
        let seen = ctx.catalogue.objects().filter(|o| ctx.scope(o, kernel::Action::See) > Scope::None);
        let data: Vec<Json> = seen.map(|o| object_json(o)).collect();
        Ok::<_, Refused>(Answer::json(&json!({ "data": data })))
    };
    Ok(app.read(&who, Via::Api, read).await?)
}

/// `GET /objects/{object}/fields`.
pub(super) async fn fields(
    State(app): State<App>,
    who: Who,
    Path(object): Path<String>,
    params: Params,
) -> Result<Answer, Refusal> {
    let read = move |_: &mut Tx<'_>, ctx: &Ctx| {
        params.done()?;
        let object = ctx.catalogue.need(&object)?;
        let data: Vec<Json> = ctx.visible_fields(object).map(|f| field_json(ctx, object, f)).collect();
        Ok::<_, Refused>(Answer::json(&json!({ "data": data })))
    };
    Ok(app.read(&who, Via::Api, read).await?)
}

fn object_json(object: &Object) -> Json {
    json!({
        "key": object.key,
        "singular": object.singular,
        "plural": object.plural,
        "help": object.help,
        "title": object.title,
        "writable": object.writable && object.parts.is_empty(),
        "parts": object.parts.iter().map(|p| p.object.as_str()).collect::<Vec<_>>(),
        "custom": object.custom,
    })
}

fn field_json(ctx: &Ctx, object: &Object, field: &Field) -> Json {
    let target = match &field.kind {
        Kind::Link(target) => Some(target.as_str()),
        _ => None,
    };
    let choices = field.kind.choices().iter().map(|c| json!({ "key": c.key, "label": c.label }));
    let writable = !field.computed && object.writable && ctx.field_right(object, field) == FieldRight::Write;
    json!({
        "key": field.key,
        "label": field.label,
        "kind": field.kind.word(),
        "help": field.help,
        "required": field.required,
        "unique": field.unique,
        "writable": writable,
        "listed": field.listed,
        "target": target,
        "choices": choices.collect::<Vec<_>>(),
        "default": field.default,
        "custom": field.custom,
    })
}

/// `POST /objects`: adds an object.
pub(super) async fn create(
    State(app): State<App>,
    who: Who,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Answer, Refusal> {
    let once = Once::new(&headers, &who, uri.path(), &body.bytes)?;
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        once.run(tx, ctx, |tx| {
            let mut sent = Sent::new(&body)?;
            let (singular, plural) = (sent.needed("singular"), sent.needed("plural"));
            let (key, help) = (sent.text("key"), sent.text("help"));
            sent.done()?;
            let key = add_object(tx, ctx, &singular, &plural, &key, &help)?;
            let catalogue = crm::catalogue::load(tx)?;
            Ok(Answer::json(&object_json(catalogue.need(&key)?)).created(format!("/{key}")))
        })
    };
    let answer = app.write(&who, Via::Api, write).await?;
    reload(&app).await?;
    Ok(answer)
}

/// `POST /objects/{object}/fields`: adds a field.
pub(super) async fn add_field(
    State(app): State<App>,
    who: Who,
    Path(object): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Answer, Refusal> {
    let once = Once::new(&headers, &who, uri.path(), &body.bytes)?;
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        once.run(tx, ctx, |tx| {
            let mut sent = Sent::new(&body)?;
            let new = NewField {
                object: object.clone(),
                label: sent.needed("label"),
                kind: sent.one_of("kind", &FIELD_KINDS),
                key: sent.text("key"),
                choices: sent.texts("choices"),
                target: sent.text("target"),
                help: sent.text("help"),
                required: sent.flag("required"),
                unique: sent.flag("unique"),
                listed: sent.flag("listed"),
                default: sent.text("default"),
            };
            sent.done()?;
            let key = add(tx, ctx, &new)?;
            let catalogue = crm::catalogue::load(tx)?;
            let object = catalogue.need(&object)?;
            let field =
                object.field(&key).ok_or_else(|| Refused::Broken(format!("field {key} is not there")))?;
            Ok(Answer::json(&field_json(ctx, object, field))
                .created(format!("/objects/{}/fields", object.key)))
        })
    };
    let answer = app.write(&who, Via::Api, write).await?;
    reload(&app).await?;
    Ok(answer)
}

async fn reload(app: &App) -> Result<(), Refused> {
    let reloaded = app.clone();
    app.blocking(move || reloaded.reload()).await?
}

/// The members of a body that is no record, each taken once; what is wrong with them is told together.
struct Sent {
    members: Map<String, Json>,
    problems: Vec<kernel::Problem>,
}

impl Sent {
    fn new(body: &Body) -> Result<Sent, Refused> {
        Ok(Sent { members: body.object()?.clone(), problems: Vec::new() })
    }

    fn wrong(&mut self, key: &str, message: impl Into<String>) {
        self.problems.push(kernel::Problem::new(key, message));
    }

    /// Text; empty when it is not given.
    fn text(&mut self, key: &str) -> String {
        match self.members.remove(key) {
            None => String::new(),
            Some(Json::String(text)) if fits(&text) => text,
            Some(_) => {
                self.wrong(key, format!("is not text of at most {TEXT_LIMIT} characters"));
                String::new()
            }
        }
    }

    /// Text that must say something.
    fn needed(&mut self, key: &str) -> String {
        let there = self.members.contains_key(key);
        let text = self.text(key);
        if !there || text.trim().is_empty() {
            self.wrong(key, "is required");
        }
        text
    }

    fn one_of(&mut self, key: &str, words: &[&str]) -> String {
        let text = self.needed(key);
        if !words.contains(&text.as_str()) {
            self.wrong(key, format!("is not one of {}", words.join(", ")));
        }
        text
    }

    fn flag(&mut self, key: &str) -> bool {
        match self.members.remove(key) {
            None => false,
            Some(Json::Bool(flag)) => flag,
            Some(_) => {
                self.wrong(key, "is neither true nor false");
                false
            }
        }
    }

    fn texts(&mut self, key: &str) -> Vec<String> {
        let Some(json) = self.members.remove(key) else { return Vec::new() };
        let items = json.as_array().filter(|items| items.len() <= CHOICE_LIMIT);
        let texts: Option<Vec<String>> = items.and_then(|items| {
            items.iter().map(|i| i.as_str().filter(|t| fits(t)).map(String::from)).collect()
        });
        texts.unwrap_or_else(|| {
            self.wrong(key, format!("is not a list of at most {CHOICE_LIMIT} texts"));
            Vec::new()
        })
    }

    fn done(mut self) -> Result<(), Refused> {
        let unknown: Vec<String> = self.members.keys().cloned().collect();
        for key in unknown {
            self.wrong(&key, "is not known here");
        }
        if self.problems.is_empty() { Ok(()) } else { Err(Refused::Shape(self.problems)) }
    }
}

fn fits(text: &str) -> bool {
    text.chars().count() <= TEXT_LIMIT && !text.contains('\0')
}
