//! Contacts between a party and us that are not orders.

use jiff::civil::Date;

/// By what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum TouchpointKind {
    WebVisit,
    Form,
    Email,
    Chat,
    Sms,
    Call,
    StoreVisit,
    Delivery,
    Survey,
    CampaignResponse,
    Event,
}

/// Who began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The party came to us.
    In,
    /// We went to the party.
    Out,
}

/// One contact between a party and us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touchpoint {
    /// Index of the contact.
    pub contact: usize,
    /// By what.
    pub kind: TouchpointKind,
    /// Who began.
    pub direction: Direction,
    /// The day.
    pub happened_on: Date,
    /// Second of that day, shop time.
    pub happened_second: u32,
    /// A sentence for the timeline.
    pub summary: String,
    /// Who of us took part, if a person did.
    pub user: Option<usize>,
    /// How long it took, for calls and visits.
    pub minutes: Option<u32>,
    /// The answer from 0 to 10, for surveys.
    pub score: Option<u8>,
}
