//! Small things that many pages show: badges, avatars, ranges, numbers with their reasons.

use serde::Serialize;

/// What a colour means. Always accompanied by a word or an icon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// No meaning beyond the words.
    #[default]
    Plain,
    /// The subject, the selected thing.
    Accent,
    /// Well.
    Good,
    /// Look at it.
    Warn,
    /// Act on it.
    Bad,
    /// For information.
    Info,
}

/// Words that lead somewhere.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub href: String,
}

impl Link {
    /// A link from its two parts.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into() }
    }
}

/// Initials on a coloured disc (people) or square (organisations).
#[derive(Clone, Debug, Serialize)]
pub struct Avatar {
    /// One or two letters.
    pub initials: String,
    /// Hue of the background, in degrees 0–359.
    pub hue: u16,
    /// True for an organisation.
    pub square: bool,
}

impl Avatar {
    /// The avatar of a name: first letters of its first and last word, and a hue that stays the same.
    pub fn of(name: &str, square: bool) -> Self {
        let letter = |word: &str| word.chars().find(|c| c.is_alphanumeric());
        let mut words = name.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
        let first = words.next().and_then(letter);
        let last = words.next_back().and_then(letter);
        let rtl = first.is_some_and(|c| matches!(c, '\u{0590}'..='\u{08ff}'));
        // Arabic letters join; a zero-width non-joiner keeps two initials apart.
        let joint = if rtl && last.is_some() { "\u{200c}" } else { "" };
        let initials = match (first, last) {
            (Some(first), Some(last)) => format!("{first}{joint}{last}"),
            (Some(first), None) => first.to_string(),
            _ => "?".to_owned(),
        };
        let sum = name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
        // Twelve hues, so that neighbours differ visibly.
        let hue = u16::try_from(sum % 12).unwrap_or_default() * 30 + 5;
        Self { initials, hue, square }
    }
}

/// A value inside its likely range, placed on a scale of 0 to 100.
#[derive(Clone, Debug, Serialize)]
pub struct Range {
    /// Lower end, per cent of the scale.
    pub lo: f64,
    /// The value itself, per cent of the scale.
    pub mid: f64,
    /// Upper end, per cent of the scale.
    pub hi: f64,
    /// The range in words: "Likely €6,100 – 11,300".
    pub words: String,
}

impl Range {
    /// Places a value and its range on a scale from nought to `max`, clipped to it.
    pub fn on_scale(lo: f64, mid: f64, hi: f64, max: f64, words: impl Into<String>) -> Self {
        let place = |value: f64| {
            let share = if max > 0.0 { value / max * 100.0 } else { 0.0 };
            (share.clamp(0.0, 100.0) * 10.0).round() / 10.0
        };
        Self { lo: place(lo), mid: place(mid), hi: place(hi), words: words.into() }
    }
}

/// A label and its value.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// How much or which.
    pub value: String,
}

impl Fact {
    /// A fact from its two parts.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// One reason behind a number, with its weight.
#[derive(Clone, Debug, Serialize)]
pub struct Reason {
    /// A fact about the customer: "Last purchase 5 days ago".
    pub text: String,
    /// Length and direction of the bar, −100 to 100.
    pub weight: f64,
    /// What it adds or takes: "+14".
    pub amount: String,
}

/// Why a number is what it is: opened from the number itself.
#[derive(Clone, Debug, Serialize)]
pub struct Why {
    /// Unique on the page; letters, digits and hyphens.
    pub id: String,
    /// The question: "Why €8,420?".
    pub title: String,
    /// What the number means, in a sentence.
    pub lead: Option<String>,
    /// The parts it is made of.
    pub facts: Vec<Fact>,
    /// What pushed it up and down.
    pub reasons: Vec<Reason>,
    /// A remark under the parts.
    pub note: Option<String>,
    /// Model, data, date, how often it was right.
    pub source: String,
    /// Where to read more.
    pub link: Option<Link>,
}

/// A headline number.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Stat {
    /// What is counted, with its period.
    pub label: String,
    /// The number, formatted.
    pub value: String,
    /// A unit in smaller type: "of 10".
    pub unit: Option<String>,
    /// Colour of the number when it means something.
    pub tone: Tone,
    /// Likely range, drawn as a whisker; its words are shown under it unless `note` is given.
    pub range: Option<Range>,
    /// Share of a whole, per cent, drawn as a bar.
    pub meter: Option<f64>,
    /// Range, sample size or change in words.
    pub note: Option<String>,
    /// Reasons behind it.
    pub why: Option<Why>,
}

impl Stat {
    /// A number with its label; the rest is added by struct update.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), ..Self::default() }
    }
}

/// A short state word.
#[derive(Clone, Debug, Serialize)]
pub struct Badge {
    /// The word.
    pub text: String,
    /// Its meaning.
    pub tone: Tone,
}

impl Badge {
    /// A badge from its two parts.
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }
}

/// A customer tier: shape and word carry it.
#[derive(Clone, Debug, Serialize)]
pub struct Tier {
    /// `platinum`, `gold`, `iron` or `lead`.
    pub key: String,
    /// The word shown.
    pub text: String,
}

impl Tier {
    /// A tier from its key, named by it.
    pub fn new(key: &str) -> Self {
        let mut text = key.to_owned();
        if let Some(first) = text.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        Self { key: key.to_owned(), text }
    }
}

/// A link drawn as a button.
#[derive(Clone, Debug, Serialize)]
pub struct Action {
    /// A verb with its object.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Icon name without prefix, such as `plus`.
    pub icon: Option<String>,
    /// The one thing this view is for.
    pub primary: bool,
    /// Single key that presses it.
    pub key: Option<String>,
}

impl Action {
    /// An ordinary action.
    pub fn new(text: impl Into<String>, href: impl Into<String>, icon: &str) -> Self {
        Self { text: text.into(), href: href.into(), icon: Some(icon.to_owned()), primary: false, key: None }
    }

    /// The same, as the page's main action.
    pub fn primary(self) -> Self {
        Self { primary: true, ..self }
    }

    /// The same, pressed by a single key.
    pub fn key(self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self }
    }
}

/// A button that posts: a form with nothing but hidden values.
#[derive(Clone, Debug, Serialize)]
pub struct PostButton {
    /// A verb with its object.
    pub text: String,
    /// Where it posts.
    pub action: String,
    /// Icon name without prefix.
    pub icon: Option<String>,
    /// Values sent along.
    pub hidden: Vec<Hidden>,
    /// True when it takes something away.
    pub danger: bool,
}

/// A value that a form carries unseen.
#[derive(Clone, Debug, Serialize)]
pub struct Hidden {
    /// Name of the value.
    pub name: String,
    /// The value.
    pub value: String,
}

impl Hidden {
    /// A hidden value from its two parts.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// One of several values to choose from.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// True for the present choice.
    pub selected: bool,
}

impl Choice {
    /// A choice from its three parts.
    pub fn new(value: impl Into<String>, label: impl Into<String>, selected: bool) -> Self {
        Self { value: value.into(), label: label.into(), selected }
    }
}

/// A remark about this place that stays.
#[derive(Clone, Debug, Serialize)]
pub struct Notice {
    /// Its meaning.
    pub tone: Tone,
    /// The remark.
    pub text: String,
    /// A way on.
    pub link: Option<Link>,
}

/// Why a place is empty and one way on.
#[derive(Clone, Debug, Serialize)]
pub struct Empty {
    /// Icon name without prefix.
    pub icon: String,
    /// What is missing.
    pub title: String,
    /// Why, in a sentence.
    pub text: String,
    /// Ways on.
    pub actions: Vec<Action>,
}

/// A moment as a reader sees it.
#[derive(Clone, Debug, Serialize)]
pub struct Moment {
    /// RFC 3339, for machines.
    pub iso: String,
    /// Short or relative: "2 days ago", "16:42".
    pub text: String,
    /// In full: "20 Nov 2026, 16:42".
    pub title: String,
}

impl Moment {
    /// A moment from its three forms.
    pub fn new(iso: impl Into<String>, text: impl Into<String>, title: impl Into<String>) -> Self {
        Self { iso: iso.into(), text: text.into(), title: title.into() }
    }
}

/// One row of a short list: a deal, a case, a person beside a record.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// Icon name without prefix; ignored when there is an avatar.
    pub icon: String,
    /// Picture of a person or organisation.
    pub avatar: Option<Avatar>,
    /// What it is called.
    pub title: String,
    /// Where it opens.
    pub href: Option<String>,
    /// A second line.
    pub detail: String,
    /// At the end: an amount, a date, time left.
    pub end: Option<String>,
    /// Meaning of the end.
    pub end_tone: Tone,
}
