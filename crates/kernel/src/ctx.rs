//! Who asks, when, and with which rights: what every call of the domain carries.

use std::sync::Arc;

use jiff::civil::Date;

use crate::access::{Action, FieldRight, Rights, Scope};
use crate::catalogue::{Catalogue, Field, Object};

/// The door a request came through; written into each event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// A page in the browser.
    Web,
    /// The REST API.
    Api,
    /// The command line.
    Cli,
    /// An import.
    Import,
    /// Kith itself: jobs and models.
    System,
}

impl Via {
    /// The word stored in events.
    pub fn word(self) -> &'static str {
        match self {
            Via::Web => "web",
            Via::Api => "api",
            Via::Cli => "cli",
            Via::Import => "import",
            Via::System => "system",
        }
    }
}

/// The context of one request: actor, rights, clock, catalogue. The domain reads no other clock.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// The acting user; `None` when Kith itself acts.
    pub user_id: Option<i64>,
    /// Ids of the users in the actor's teams, the actor included.
    pub teammates: Vec<i64>,
    /// What the actor may do.
    pub rights: Arc<Rights>,
    /// All kinds of records.
    pub catalogue: Arc<Catalogue>,
    /// The moment of the request, microseconds UTC.
    pub now: i64,
    /// The day of the request in the workspace's time zone.
    pub today: Date,
    /// The workspace's time zone.
    pub zone: jiff::tz::TimeZone,
    /// The workspace's currency.
    pub currency: String,
    /// The door the request came through.
    pub via: Via,
    /// The import that writes, if one does.
    pub import_id: Option<i64>,
}

impl Ctx {
    /// The same context with all rights, for what the system does on its own account.
    pub fn system(&self) -> Ctx {
        Ctx { rights: Arc::new(Rights::administrator()), via: Via::System, ..self.clone() }
    }

    /// How far `action` reaches in `object`; a list over several objects reaches as far as the widest of them.
    pub fn scope(&self, object: &Object, action: Action) -> Scope {
        if object.administered && action != Action::See && !self.rights.administers() {
            return Scope::None;
        }
        if object.parts.is_empty() {
            return self.rights.scope(&object.key, action);
        }
        object.parts.iter().map(|p| self.rights.scope(&p.object, action)).max().unwrap_or(Scope::None)
    }

    /// What the actor may do with a field; hidden in one part is hidden in the list over all.
    pub fn field_right(&self, object: &Object, field: &Field) -> FieldRight {
        let keys = object.parts.iter().map(|p| p.object.as_str()).chain(std::iter::once(object.key.as_str()));
        keys.map(|key| self.rights.field(key, &field.key)).min().unwrap_or(FieldRight::Hidden)
    }

    /// May the actor read this field?
    pub fn sees_field(&self, object: &Object, field: &Field) -> bool {
        self.field_right(object, field) >= FieldRight::Read
    }

    /// The fields of `object` that the actor may read.
    pub fn visible_fields<'a>(&'a self, object: &'a Object) -> impl Iterator<Item = &'a Field> {
        object.fields.iter().filter(|f| self.sees_field(object, f))
    }

    /// The first moment of a day in the workspace's time zone, microseconds UTC.
    pub fn start_of(&self, day: Date) -> i64 {
        day.to_zoned(self.zone.clone()).map_or(0, |z| z.timestamp().as_microsecond())
    }
}
