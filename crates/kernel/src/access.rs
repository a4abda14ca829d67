//! Who may do what: scopes for each object and action, rights for each field.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// Which records an action reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// None at all.
    None,
    /// Records that the user owns.
    Own,
    /// Records owned by members of the user's teams, and those without an owner.
    Team,
    /// All of them.
    All,
}

/// What a user does with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Read it.
    See,
    /// Make a new one.
    Create,
    /// Change its fields.
    Change,
    /// Put it away, or bring it back.
    Archive,
    /// Take it out in a file.
    Export,
    /// Remove it for good.
    Erase,
}

/// What a user may do with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldRight {
    /// Not even know its value.
    Hidden,
    /// Read it.
    Read,
    /// Change it.
    Write,
}

impl Action {
    /// All actions.
    pub const ALL: [Action; 6] =
        [Action::See, Action::Create, Action::Change, Action::Archive, Action::Export, Action::Erase];

    /// The word for it in a role: `see`.
    pub fn word(self) -> &'static str {
        match self {
            Action::See => "see",
            Action::Create => "create",
            Action::Change => "change",
            Action::Archive => "archive",
            Action::Export => "export",
            Action::Erase => "erase",
        }
    }
}

impl Scope {
    /// The word for it in a role: `team`.
    pub fn word(self) -> &'static str {
        match self {
            Scope::None => "none",
            Scope::Own => "own",
            Scope::Team => "team",
            Scope::All => "all",
        }
    }

    /// The inverse of [`Scope::word`].
    pub fn from_word(word: &str) -> Option<Scope> {
        [Scope::None, Scope::Own, Scope::Team, Scope::All].into_iter().find(|s| s.word() == word)
    }
}

impl FieldRight {
    fn from_word(word: &str) -> Option<FieldRight> {
        match word {
            "hidden" => Some(FieldRight::Hidden),
            "read" => Some(FieldRight::Read),
            "write" => Some(FieldRight::Write),
            _ => None,
        }
    }
}

/// The rights of one user: the widest of all the user's roles.
#[derive(Debug, Clone, Default)]
pub struct Rights {
    roles: Vec<Role>,
    administrator: bool,
}

#[derive(Debug, Clone, Default)]
struct Role {
    default: BTreeMap<String, Scope>,
    objects: BTreeMap<String, BTreeMap<String, Scope>>,
    fields: BTreeMap<String, FieldRight>,
}

impl Rights {
    /// Everything, settings included.
    pub fn administrator() -> Rights {
        Rights { roles: Vec::new(), administrator: true }
    }

    /// The union of roles given as JSON:
    /// `{"administrator":false,"default":{"see":"all"},"objects":{"deals":{"change":"own"}},"fields":{"contacts.birth_on":"hidden"}}`.
    /// Unknown words give nothing.
    pub fn from_roles<'a>(roles: impl IntoIterator<Item = &'a Json>) -> Rights {
        let mut rights = Rights::default();
        for json in roles {
            if json["administrator"].as_bool() == Some(true) {
                rights.administrator = true;
            }
            let scopes = |json: &Json| -> BTreeMap<String, Scope> {
                let pairs = json.as_object().into_iter().flatten();
                pairs.filter_map(|(k, v)| Some((k.clone(), Scope::from_word(v.as_str()?)?))).collect()
            };
            let objects = json["objects"].as_object().into_iter().flatten();
            let fields = json["fields"].as_object().into_iter().flatten();
            rights.roles.push(Role {
                default: scopes(&json["default"]),
                objects: objects.map(|(k, v)| (k.clone(), scopes(v))).collect(),
                fields: fields
                    .filter_map(|(k, v)| Some((k.clone(), FieldRight::from_word(v.as_str()?)?)))
                    .collect(),
            });
        }
        rights
    }

    /// What is not understood in a role's JSON; `None` when all of it is.
    pub fn trouble(json: &Json) -> Option<String> {
        let scopes = |of: &Json, place: &str| -> Option<String> {
            let Some(pairs) = of.as_object() else {
                return Some(format!("{place} is an object of actions and scopes"));
            };
            pairs.iter().find_map(|(action, scope)| {
                if !Action::ALL.iter().any(|a| a.word() == action) {
                    let known: Vec<&str> = Action::ALL.iter().map(|a| a.word()).collect();
                    return Some(format!("{place}: {action} is not one of {}", known.join(", ")));
                }
                let known = scope.as_str().is_some_and(|word| Scope::from_word(word).is_some());
                (!known).then(|| format!("{place}.{action} is one of none, own, team, all"))
            })
        };
        json.as_object()?.iter().find_map(|(key, value)| match key.as_str() {
            "administrator" => (!value.is_boolean()).then(|| "administrator is true or false".to_string()),
            "default" => scopes(value, "default"),
            "objects" => match value.as_object() {
                Some(objects) => objects.iter().find_map(|(object, of)| scopes(of, &format!("objects.{object}"))),
                None => Some("objects is an object of kinds of records".into()),
            },
            "fields" => match value.as_object() {
                Some(fields) => fields.iter().find_map(|(field, right)| {
                    let known = right.as_str().is_some_and(|word| FieldRight::from_word(word).is_some());
                    (!known || !field.contains('.'))
                        .then(|| format!("fields: \"{field}\" is a key such as contacts.birth_on with hidden, read or write"))
                }),
                None => Some("fields is an object of fields and rights".into()),
            },
            other => Some(format!("{other} is not one of administrator, default, objects, fields")),
        })
    }

    /// May the user change settings, users and roles?
    pub fn administers(&self) -> bool {
        self.administrator
    }

    /// How far `action` reaches among the records of `object`.
    pub fn scope(&self, object: &str, action: Action) -> Scope {
        if self.administrator {
            return Scope::All;
        }
        let word = action.word();
        let of = |role: &Role| {
            let named = role.objects.get(object).and_then(|actions| actions.get(word));
            named.or_else(|| role.default.get(word)).copied().unwrap_or(Scope::None)
        };
        self.roles.iter().map(of).max().unwrap_or(Scope::None)
    }

    /// What the user may do with a field: the widest of the roles that name it; those that don't give write.
    pub fn field(&self, object: &str, field: &str) -> FieldRight {
        if self.administrator || self.roles.is_empty() {
            return FieldRight::Write;
        }
        let key = format!("{object}.{field}");
        let of = |role: &Role| role.fields.get(&key).copied().unwrap_or(FieldRight::Write);
        self.roles.iter().map(of).max().unwrap_or(FieldRight::Write)
    }
}
