//! The field catalogue: every kind of record and its fields, standard and custom, declared once.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::rules::Rules;

/// A kind of record: contacts, deals, or one that an administrator made.
#[derive(Debug, Clone)]
pub struct Object {
    /// Plural name used in URLs, rights and filters: `deals`.
    pub key: String,
    /// One of them, for people: `Deal`.
    pub singular: String,
    /// Many of them, for people: `Deals`.
    pub plural: String,
    /// Lucide icon name.
    pub icon: String,
    /// One sentence saying what it is for.
    pub help: String,
    /// The table its records live in.
    pub table: String,
    /// SQL that narrows the table to this object; `{t}` stands for the table's alias.
    pub fixed: Option<String>,
    /// Columns that every new record of this object gets.
    pub fixed_values: Vec<(String, db::Value)>,
    /// For a list over several objects (`customers`): which ones. Records are saved through those.
    pub parts: Vec<Part>,
    /// The field that names a record.
    pub title: String,
    /// Its fields in reading order.
    pub fields: Vec<Field>,
    /// Who a record belongs to, for own/team rights.
    pub scope: ScopeBy,
    /// Default order of a list, as in a URL: `-created_at`.
    pub sort: String,
    /// Where it stands in the navigation; `None` keeps it off.
    pub section: Option<Section>,
    /// May records be made and changed through the generic doors?
    pub writable: bool,
    /// Only administrators make, change and archive its records, whatever roles say.
    pub administered: bool,
    /// Made by an administrator at run time.
    pub custom: bool,
    /// Rules of the domain that run inside `save`.
    pub rules: Rules,
}

/// One object among those that a list like `customers` gathers.
#[derive(Debug, Clone)]
pub struct Part {
    /// Key of the object.
    pub object: String,
    /// Value of the column `kind` that tells its records.
    pub kind: String,
}

/// The parts of the navigation, in the order of the cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Identify: who they are.
    People,
    /// Interact and capture: what we do.
    Work,
    /// Analyse: what we know.
    Know,
}

/// How own/team rights find a record's owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeBy {
    /// By the column `owner_id`.
    Owner,
    /// Like the record that this link field points to.
    Parent(String),
    /// Like all the records that these link fields point to; an empty link does not count.
    Parents(Vec<String>),
    /// Not owned: whoever may see the object at all sees every record.
    Open,
}

/// One field of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Name in URLs, filters, API: `lifetime_value`.
    pub key: String,
    /// Name for people: `Lifetime value`.
    pub label: String,
    /// What it holds.
    pub kind: Kind,
    /// Where it is stored.
    pub storage: Storage,
    /// One sentence under the input.
    pub help: String,
    /// A record can't be saved without it.
    pub required: bool,
    /// No two records share a value; can be an upsert key.
    pub unique: bool,
    /// Nobody writes it by hand: the system works it out.
    pub computed: bool,
    /// Found by search.
    pub searched: bool,
    /// Shown in lists when nothing else is chosen.
    pub listed: bool,
    /// Health data and the like: masked in exports and logs.
    pub sensitive: bool,
    /// Given when a form leaves it empty.
    pub default: Option<String>,
    /// Group on forms and record pages.
    pub group: String,
    /// Made by an administrator at run time.
    pub custom: bool,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// One line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// A whole number.
    Whole,
    /// A measured number.
    Number,
    /// Minor units in the record's currency.
    Money,
    /// A share between 0 and 1, shown as a percentage.
    Percent,
    /// A calendar day.
    Date,
    /// A moment.
    Time,
    /// Yes or no.
    Truth,
    /// One of some options.
    Choice(Vec<Choice>),
    /// Several of some options.
    Choices(Vec<Choice>),
    /// Another record, by the key of its object.
    Link(String),
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A web address.
    Url,
    /// A currency by its ISO 4217 code.
    Currency,
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Stored value: `closed`.
    pub key: String,
    /// For people: `Closed`.
    pub label: String,
}

/// Where a field's value is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// A column of the object's table.
    Column(String),
    /// A member of the JSON column `custom`.
    Custom,
    /// A column of a table that has one row for each record, such as `scores`.
    Beside {
        /// The table.
        table: String,
        /// Its column that holds the record's id.
        key: String,
        /// The column with the value.
        column: String,
    },
}

impl Kind {
    /// The word for it in settings and in the API.
    pub fn word(&self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::LongText => "long_text",
            Kind::Whole => "whole",
            Kind::Number => "number",
            Kind::Money => "money",
            Kind::Percent => "percent",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::Truth => "yes_no",
            Kind::Choice(_) => "choice",
            Kind::Choices(_) => "choices",
            Kind::Link(_) => "link",
            Kind::Email => "email",
            Kind::Phone => "phone",
            Kind::Url => "url",
            Kind::Currency => "currency",
        }
    }

    /// The options of a choice, else none.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Kind::Choice(choices) | Kind::Choices(choices) => choices,
            _ => &[],
        }
    }

    /// Words compared without regard to case.
    pub fn textual(&self) -> bool {
        matches!(self, Kind::Text | Kind::LongText | Kind::Email | Kind::Phone | Kind::Url | Kind::Currency)
    }
}

impl Field {
    /// A plain field stored in the column of its own name (for a link, in `{key}_id`).
    pub fn new(key: &str, label: &str, kind: Kind) -> Field {
        let column = if matches!(kind, Kind::Link(_)) { format!("{key}_id") } else { key.to_string() };
        Field {
            key: key.to_string(),
            label: label.to_string(),
            kind,
            storage: Storage::Column(column),
            help: String::new(),
            required: false,
            unique: false,
            computed: false,
            searched: false,
            listed: false,
            sensitive: false,
            default: None,
            group: "Details".into(),
            custom: false,
        }
    }

    /// With a sentence of help.
    pub fn help(mut self, help: &str) -> Field {
        self.help = help.to_string();
        self
    }

    /// A record can't be saved without it.
    pub fn required(mut self) -> Field {
        self.required = true;
        self
    }

    /// No two records share a value.
    pub fn unique(mut self) -> Field {
        self.unique = true;
        self
    }

    /// Worked out by the system.
    pub fn computed(mut self) -> Field {
        self.computed = true;
        self
    }

    /// Found by search.
    pub fn searched(mut self) -> Field {
        self.searched = true;
        self
    }

    /// Shown in lists.
    pub fn listed(mut self) -> Field {
        self.listed = true;
        self
    }

    /// Has a value when a new record says nothing.
    pub fn default_to(mut self, value: &str) -> Field {
        self.default = Some(value.to_string());
        self
    }

    /// Belongs to a group on forms and record pages.
    pub fn group(mut self, group: &str) -> Field {
        self.group = group.to_string();
        self
    }

    /// Stored in a table that has one row for each record.
    pub fn beside(mut self, table: &str, key: &str) -> Field {
        self.storage = Storage::Beside { table: table.into(), key: key.into(), column: self.key.clone() };
        self.computed = true;
        self
    }
}

impl Choice {
    /// Choices from `key` and `label` pairs.
    pub fn list(pairs: &[(&str, &str)]) -> Vec<Choice> {
        pairs.iter().map(|(key, label)| Choice { key: (*key).into(), label: (*label).into() }).collect()
    }
}

impl Object {
    /// An object over a table of its own name, owned by users, writable, without rules.
    pub fn new(key: &str, singular: &str, plural: &str, icon: &str, fields: Vec<Field>) -> Object {
        Object {
            key: key.into(),
            singular: singular.into(),
            plural: plural.into(),
            icon: icon.into(),
            help: String::new(),
            table: key.into(),
            fixed: None,
            fixed_values: Vec::new(),
            parts: Vec::new(),
            title: "name".into(),
            fields,
            scope: ScopeBy::Owner,
            sort: "-created_at".into(),
            section: None,
            writable: true,
            administered: false,
            custom: false,
            rules: Rules::default(),
        }
    }

    /// A field by its key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.key == key)
    }

    /// The currency field, when records carry their own currency.
    pub fn currency_field(&self) -> Option<&Field> {
        self.fields.iter().find(|f| f.kind == Kind::Currency)
    }

    /// Whether records have an owner column.
    pub fn owned(&self) -> bool {
        self.field("owner").is_some()
    }
}

/// A one-to-many relation seen from its "one" side, derived from a link field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Name in filters: `orders`, or `relationships_by_to` when two fields link the same way.
    pub key: String,
    /// The object on the "many" side.
    pub object: String,
    /// Its link field.
    pub field: String,
}

/// All objects of one Kith; replaced as a whole when an administrator changes one.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    objects: BTreeMap<String, Arc<Object>>,
    order: Vec<String>,
}

impl Catalogue {
    /// A catalogue of `objects`, in the order of the navigation.
    pub fn new(objects: Vec<Object>) -> Catalogue {
        let order = objects.iter().map(|o| o.key.clone()).collect();
        let objects = objects.into_iter().map(|o| (o.key.clone(), Arc::new(o))).collect();
        Catalogue { objects, order }
    }

    /// An object by its key.
    pub fn object(&self, key: &str) -> Option<&Arc<Object>> {
        self.objects.get(key)
    }

    /// An object by its key. *Errors*: not found.
    pub fn need(&self, key: &str) -> crate::Result<&Arc<Object>> {
        self.object(key).ok_or_else(|| crate::Error::NotFound(format!("object {key}")))
    }

    /// All objects in their order.
    pub fn objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.order.iter().filter_map(|key| self.objects.get(key))
    }

    /// Is `wide` the same table seen without, or with less of, a narrowing: are all records of `narrow` in it?
    pub fn covers(&self, wide: &str, narrow: &str) -> bool {
        if wide == narrow {
            return true;
        }
        match (self.object(wide), self.object(narrow)) {
            (Some(wide), Some(narrow)) => {
                let within = wide.parts.iter().any(|p| p.object == narrow.key);
                let both_lists =
                    !wide.parts.is_empty() && !narrow.parts.is_empty() && wide.table == narrow.table;
                within || (both_lists && wide.fixed.is_none())
            }
            _ => false,
        }
    }

    /// The relations that point at `object`, by name.
    pub fn relations(&self, object: &str) -> Vec<Relation> {
        let mut found: Vec<Relation> = Vec::new();
        for many in self.objects() {
            // A list over several objects would repeat the relations of its parts.
            if !many.parts.is_empty() {
                continue;
            }
            for field in &many.fields {
                let Kind::Link(target) = &field.kind else { continue };
                if !self.covers(target, object) {
                    continue;
                }
                let taken = found.iter().any(|r| r.key == many.key);
                let key = if taken { format!("{}_by_{}", many.key, field.key) } else { many.key.clone() };
                found.push(Relation { key, object: many.key.clone(), field: field.key.clone() });
            }
        }
        found
    }
}
