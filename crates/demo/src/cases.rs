//! Complaints, questions and requests.

use jiff::civil::Date;

/// What kind of case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum CaseKind {
    Complaint,
    Question,
    Request,
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseStatus {
    /// Nobody has looked yet.
    New,
    /// Somebody works on it.
    Open,
    /// We wait for the customer or a supplier.
    Waiting,
    /// Done.
    Closed,
}

/// How much it presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Priority {
    Low,
    Normal,
    High,
    Urgent,
}

/// Something a customer wants solved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Position among the cases.
    pub index: usize,
    /// One line.
    pub subject: String,
    /// What the customer wrote, in their words and sometimes their language.
    pub body: String,
    /// What kind.
    pub kind: CaseKind,
    /// Where it stands.
    pub status: CaseStatus,
    /// How much it presses.
    pub priority: Priority,
    /// Day it came in.
    pub opened_on: Date,
    /// Second of that day, shop time.
    pub opened_second: u32,
    /// Day and second it was closed.
    pub closed: Option<(Date, u32)>,
    /// Whose case.
    pub contact: usize,
    /// Who works on it; new ones have nobody yet.
    pub owner: Option<usize>,
    /// The product it is about.
    pub product: Option<usize>,
}
