//! The staff of the company and their teams.

/// What a user is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Runs the installation.
    Admin,
    /// Leads shops and people.
    Manager,
    /// Sells to companies and customers.
    Sales,
    /// Answers cases; the workshop too.
    Service,
    /// Plans campaigns.
    Marketing,
    /// Looks at the numbers.
    Analyst,
}

/// A group of users who share work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Position in [`crate::Business::teams`].
    pub index: usize,
    /// Shown name.
    pub name: &'static str,
}

/// One of the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Position in [`crate::Business::users`].
    pub index: usize,
    /// Shown name, unique.
    pub name: String,
    /// The word after `@` in notes, unique, lower case.
    pub handle: String,
    /// Address under `linden-sparrow.example`, unique.
    pub email: String,
    /// What they are there for.
    pub role: Role,
    /// Their team, an index into [`crate::Business::teams`].
    pub team: usize,
}
