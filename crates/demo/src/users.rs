//! The staff of the company and their teams.

use std::collections::BTreeSet;

use crate::business::Business;
use crate::names::{self, slug};
use crate::random::{Random, Stream};

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

/// The teams, in the order that [`team_of`] relies on.
pub(crate) fn teams() -> Vec<Team> {
    ["Management", "Sales", "Service and workshop", "Marketing", "Analysis"]
        .into_iter()
        .enumerate()
        .map(|(index, name)| Team { index, name })
        .collect()
}

fn team_of(role: Role) -> usize {
    match role {
        Role::Admin | Role::Manager => 0,
        Role::Sales => 1,
        Role::Service => 2,
        Role::Marketing => 3,
        Role::Analyst => 4,
    }
}

/// The first ten; further users sell and serve by turns.
const ROLES: [Role; 10] = [
    Role::Admin,
    Role::Manager,
    Role::Sales,
    Role::Service,
    Role::Sales,
    Role::Service,
    Role::Marketing,
    Role::Analyst,
    Role::Sales,
    Role::Service,
];

/// The staff: at least four, so that every kind of work has somebody.
pub(crate) fn users(seed: u64, n: usize) -> Vec<User> {
    let mut users: Vec<User> = Vec::new();
    let mut handles = BTreeSet::new();
    for index in 0..n.max(4) {
        let mut random = Random::of(seed, Stream::Users, index);
        let role =
            ROLES.get(index).copied().unwrap_or(if index % 2 == 0 { Role::Sales } else { Role::Service });
        let mut name = names::draw(&mut random);
        // Another name rather than a number: handles are typed by people. A number ends the search for big staffs.
        for _ in 0..40 {
            if !handles.contains(&slug(name.given.latin)) && !name.family.latin.is_empty() {
                break;
            }
            name = names::draw(&mut random);
        }
        let mut handle = slug(name.given.latin);
        if handles.contains(&handle) {
            handle = format!("{handle}{index}");
        }
        handles.insert(handle.clone());
        let (given, family) = (name.given.latin, name.family.latin);
        let shown =
            if name.pool.family_first { format!("{family} {given}") } else { format!("{given} {family}") };
        let email = format!("{handle}@linden-sparrow.example");
        users.push(User { index, name: shown.trim().to_owned(), handle, email, role, team: team_of(role) });
    }
    users
}

impl Business {
    /// A user with this role.
    pub(crate) fn draw_user(&self, role: Role, random: &mut Random) -> usize {
        let n = self.users.iter().filter(|user| user.role == role).count();
        let nth = random.below(n);
        self.users.iter().filter(|user| user.role == role).nth(nth).map_or(0, |user| user.index)
    }
}
