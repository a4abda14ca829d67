//! What staff promised to do.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::business::{Business, Party};
use crate::calendar::N_DAYS;
use crate::random::{Random, Stream};
use crate::users::Role;
use crate::words::{Filling, TASKS};

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

impl Business {
    /// The task with this index, below `counts().tasks`.
    pub fn task(&self, index: usize) -> Task {
        let mut random = Random::of(self.seed, Stream::Tasks, index);
        let (about, contact, earliest) = self.task_about(&mut random);
        let done = random.chance(0.6);
        let known = N_DAYS - 1 - self.day_of(earliest);
        let age = if done {
            random.below(known.min(240) + 1)
        } else {
            ((random.exponential() * 6.0) as usize).min(known)
        };
        let created = N_DAYS - 1 - age;
        let created_on = self.calendar.date(created);
        let lead = (random.exponential() * 8.0) as i64;
        // What is not done is due from three days ago on; what is done was done within some days, some of it late.
        let first_due = if done { created_on } else { created_on.max(self.today().saturating_sub(3.days())) };
        let due_on = workday(first_due.saturating_add(lead.min(32).days()));
        let done_day = self.next_open_day(created + (random.exponential() * 4.0) as usize);
        let done_on = (done && done_day + 1 < N_DAYS).then(|| self.calendar.date(done_day));
        let person = self.person(contact);
        let filling =
            Filling { name: person.name.given(), city: person.city, ..Filling::draw(self, &mut random) };
        let role = if matches!(about, TaskAbout::Case(_)) { Role::Service } else { Role::Sales };
        let assignee = if random.chance(0.8) {
            self.draw_user(role, &mut random)
        } else {
            random.below(self.users.len())
        };
        let title = filling.fill(random.pick(&TASKS));
        Task { index, title, due_on, created_on, done_on, assignee, about }
    }

    /// All tasks, in order of index; none without contacts.
    pub fn tasks(&self) -> impl Iterator<Item = Task> + '_ {
        let n = if self.counts.contacts == 0 { 0 } else { self.counts.tasks };
        (0..n).map(|index| self.task(index))
    }

    /// What a task is about, whom to name, and the day before which it cannot have been written.
    fn task_about(&self, random: &mut Random) -> (TaskAbout, usize, Date) {
        let kind = random.unit();
        if kind < 0.35 && self.counts.deals > 0 {
            let deal = self.deal(random.below(self.counts.deals));
            return (TaskAbout::Deal(deal.index), deal.contact, deal.opened_on);
        }
        if kind < 0.6 && self.counts.cases > 0 {
            let case = self.case(random.below(self.counts.cases));
            return (TaskAbout::Case(case.index), case.contact, case.opened_on);
        }
        let contact = self.draw_customer(random);
        let created_on = self.calendar.date(self.life(contact).created);
        match self.employer(contact) {
            Some(company) if random.chance(0.5) => {
                (TaskAbout::Party(Party::Company(company)), contact, created_on)
            }
            _ => (TaskAbout::Party(Party::Contact(contact)), contact, created_on),
        }
    }

    fn day_of(&self, date: Date) -> usize {
        let days = date.since(self.starts_on()).map_or(0, |span| span.get_days());
        usize::try_from(days).unwrap_or(0).min(N_DAYS - 1)
    }
}

/// The day itself or, on a Sunday, the Monday after.
fn workday(date: Date) -> Date {
    if date.weekday() == Weekday::Sunday { date.saturating_add(1.day()) } else { date }
}
