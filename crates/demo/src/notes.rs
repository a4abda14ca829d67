//! What staff wrote down about a customer.

use jiff::civil::Date;

use crate::business::{Business, Party};
use crate::calendar::N_DAYS;
use crate::random::{Random, Stream};
use crate::words::{Filling, NOTES};

/// A note on a party's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Position among the notes.
    pub index: usize,
    /// About whom.
    pub party: Party,
    /// Who wrote it.
    pub author: usize,
    /// The text; `@handle` mentions a user.
    pub body: String,
    /// The user mentioned, if any.
    pub mentioned: Option<usize>,
    /// Day written.
    pub written_on: Date,
    /// Second of that day, shop time.
    pub written_second: u32,
}

impl Business {
    /// The note with this index, below `counts().notes`.
    pub fn note(&self, index: usize) -> Note {
        let mut random = Random::of(self.seed, Stream::Notes, index);
        let contact = self.draw_customer(&mut random);
        let created = self.life(contact).created;
        let party = match self.employer(contact) {
            Some(company) if random.chance(0.4) => Party::Company(company),
            _ => Party::Contact(contact),
        };
        // Recent notes are more: half of them from the last quarter of the time we know them.
        let known = N_DAYS - 1 - created;
        let age = (known as f64 * random.unit().powf(2.0)) as usize;
        let day = self.note_day(created, N_DAYS - 1 - age);
        let person = self.person(contact);
        let language = self.contact(contact).language;
        let own: Vec<&(&str, &str)> = NOTES.iter().filter(|note| note.0 == language).collect();
        let n_english = NOTES.iter().take_while(|note| note.0 == "en").count();
        let template = match own.len() {
            1.. if language != "en" && random.chance(0.2) => random.pick(&own).1,
            _ => NOTES[random.below(n_english)].1,
        };
        let author = random.below(self.users.len());
        let other = (author + 1 + random.below(self.users.len() - 1)) % self.users.len();
        let mentioned = template.contains("{@}").then_some(other);
        let mention = self.users[other].handle.as_str();
        let filling = Filling {
            name: person.name.given(),
            city: person.city,
            mention,
            ..Filling::draw(self, &mut random)
        };
        let hours = if day + 1 == N_DAYS { 5.5 + 2.4 * random.unit() } else { 9.2 + 9.2 * random.unit() };
        Note {
            index,
            party,
            author,
            body: filling.fill(template),
            mentioned,
            written_on: self.calendar.date(day),
            written_second: (hours * 3_600.0) as u32,
        }
    }

    /// All notes, in order of index; none without contacts.
    pub fn notes(&self) -> impl Iterator<Item = Note> + '_ {
        let n = if self.counts.contacts == 0 { 0 } else { self.counts.notes };
        (0..n).map(|index| self.note(index))
    }

    /// An open day near the wanted one, not before `created` and before today if the contact is older than that.
    fn note_day(&self, created: usize, wanted: usize) -> usize {
        let mut day = wanted.min(N_DAYS - 2);
        while day > created && !self.calendar.open(day) {
            day -= 1;
        }
        day.max(created)
    }
}
