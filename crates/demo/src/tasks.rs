//! What staff promised to do.

use jiff::civil::Date;

use crate::business::Party;

/// What a task belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskAbout {
    /// A contact or a company.
    Party(Party),
    /// Index of a deal.
    Deal(usize),
    /// Index of a case.
    Case(usize),
}

/// Something to do by a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Position among the tasks.
    pub index: usize,
    /// What to do.
    pub title: String,
    /// By when; may lie up to five weeks after today.
    pub due_on: Date,
    /// When it was written down.
    pub created_on: Date,
    /// When it was done.
    pub done_on: Option<Date>,
    /// Who does it.
    pub assignee: usize,
    /// What it belongs to.
    pub about: TaskAbout,
}
