//! People: customers, leads and the people we know at companies.

use jiff::civil::Date;

use crate::business::Business;
use crate::lives::Life;
use crate::names::{self, Name};
use crate::places::{self, COUNTRIES, Country};
use crate::random::{Random, Stream};
use crate::users::Role;

/// A phone number in international form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// `+44 20 7946 0184`.
    pub number: String,
    /// Whether a regulator keeps the range for fiction (GB, US, CA, IE, DE, FR, SE, AU). Otherwise the number only
    /// has its country's form, with a subscriber part beginning with 000; never dial it.
    pub reserved: bool,
}

/// What somebody allowed on one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Nobody asked yet.
    NotAsked,
    /// Refused or withdrawn.
    Refused,
    /// Only about orders and cases.
    Service,
    /// Service and marketing.
    Marketing,
}

/// What a contact allowed, channel by channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permissions {
    /// E-mail.
    pub email: Permission,
    /// Calls.
    pub phone: Permission,
    /// Text messages.
    pub sms: Permission,
    /// Letters.
    pub post: Permission,
    /// When they last said so; `None` if never asked.
    pub given_on: Option<Date>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Position among the contacts.
    pub index: usize,
    /// Given name, in the person's own spelling and script.
    pub given: String,
    /// Family name with its particles; empty for people with one name.
    pub family: String,
    /// The name as the person writes it: family name first where that is the custom.
    pub display_name: String,
    /// The pool the name came from, for tests only: it says nothing about a person and is not for import.
    pub name_pool: &'static str,
    /// Preferred language, BCP 47.
    pub language: &'static str,
    /// Country, ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// City.
    pub city: &'static str,
    /// Postal code in the country's form.
    pub postal_code: String,
    /// Street and number.
    pub street: String,
    /// Address under `.example`, unique; about one in fourteen has none.
    pub email: Option<String>,
    /// Phone number.
    pub phone: Option<Phone>,
    /// Birthday, when told.
    pub birth_on: Option<Date>,
    /// Job title, for people at companies.
    pub job_title: Option<&'static str>,
    /// The company they work for, an index into the companies.
    pub company: Option<usize>,
    /// How they heard about us.
    pub source: &'static str,
    /// When they entered the record; no order or touchpoint is earlier.
    pub created_on: Date,
    /// The user who looks after them.
    pub owner: Option<usize>,
    /// What they allowed.
    pub permissions: Permissions,
    /// Free labels.
    pub tags: Vec<&'static str>,
}

/// Who somebody is and where they live.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person {
    pub(crate) name: Name,
    pub(crate) country: &'static Country,
    pub(crate) city: &'static str,
}

const SOURCES: [(&str, f64); 9] = [
    ("Friend or neighbour", 0.24),
    ("Walked past", 0.2),
    ("Search engine", 0.19),
    ("Repair course", 0.05),
    ("Employer", 0.08),
    ("Newspaper", 0.05),
    ("Social media", 0.1),
    ("Trade fair", 0.04),
    ("Map", 0.05),
];

const TAGS: [(&str, f64); 10] = [
    ("commuter", 0.2),
    ("family", 0.16),
    ("touring", 0.09),
    ("club", 0.07),
    ("student", 0.06),
    ("winter rider", 0.07),
    ("left-handed brakes", 0.01),
    ("test rider", 0.04),
    ("newsletter", 0.15),
    ("press", 0.005),
];

const TITLES: [&str; 16] = [
    "Head of fleet",
    "Facility manager",
    "Office manager",
    "Owner",
    "Purchasing",
    "Head of operations",
    "Human resources",
    "Finance director",
    "Mobility coordinator",
    "Managing director",
    "Site manager",
    "Sustainability lead",
    "Accounts payable",
    "Head of school",
    "Ward manager",
    "Dispatcher",
];

const HOUSE_FIRST: [&str; 64] = [
    "amber", "ash", "autumn", "birch", "blue", "brass", "bright", "broad", "cedar", "clear", "cloud",
    "copper", "coral", "crisp", "dawn", "deep", "early", "east", "elder", "ember", "even", "fair", "fern",
    "field", "flint", "frost", "gold", "green", "grey", "hazel", "high", "hollow", "indigo", "iron", "ivory",
    "june", "kind", "lake", "late", "leaf", "light", "little", "long", "lunar", "maple", "marble", "mild",
    "misty", "moss", "north", "oak", "olive", "open", "pale", "quiet", "rain", "red", "river", "sage",
    "silver", "slow", "south", "stone", "west",
];

const HOUSE_LAST: [&str; 64] = [
    "acre", "anchor", "arch", "bank", "barn", "bay", "beacon", "bell", "bend", "bower", "bridge", "brook",
    "cabin", "cliff", "coast", "corner", "court", "cove", "creek", "dale", "dell", "dune", "farm", "ferry",
    "fold", "ford", "forge", "garden", "gate", "glade", "glen", "grove", "harbour", "haven", "heath", "hill",
    "holm", "house", "inlet", "isle", "kiln", "lane", "ledge", "lodge", "loft", "marsh", "meadow", "mill",
    "moor", "nest", "orchard", "path", "pier", "pond", "porch", "quay", "reach", "ridge", "shore", "spring",
    "terrace", "vale", "wharf", "yard",
];

impl Business {
    /// The contact with this index, below `counts().contacts`.
    pub fn contact(&self, index: usize) -> Contact {
        let life = self.life(index);
        let person = self.person(index);
        let company = self.employer(index);
        // People of one household share their address: it is drawn from the first one's numbers.
        let home = if self.shares_household(index) { index - 1 } else { index };
        let mut random = Random::of(self.seed, Stream::Contacts, home);
        let postal_code = places::fill(person.country.postal, &mut random);
        let street = person.country.address(&mut random);
        let mut random = Random::of(!self.seed, Stream::Contacts, index);
        let email = random.chance(0.93).then(|| self.email(index, &person.name, company));
        let phone = random.chance(0.82).then(|| person.country.phone(&mut random));
        let birth_on = random.chance(0.55).then(|| birthday(self.today(), &mut random)).flatten();
        let source = SOURCES[random.weighted(&SOURCES.map(|(_, weight)| weight))].0;
        Contact {
            index,
            given: person.name.given().to_owned(),
            family: person.name.family().to_owned(),
            display_name: person.name.display(),
            name_pool: person.name.pool.name,
            language: language(&person, &mut random),
            country: person.country.code,
            city: person.city,
            postal_code,
            street,
            email,
            phone,
            birth_on,
            job_title: company.map(|_| random.pick(&TITLES)),
            company,
            source,
            created_on: self.calendar.date(life.created),
            owner: self.owner(company, &life, &mut random),
            permissions: self.permissions(&life, &mut random),
            tags: tags(&life, &mut random),
        }
    }

    /// Whether a contact lives with the one before.
    pub(crate) fn shares_household(&self, index: usize) -> bool {
        index % 2 == 1
            && self.employer(index).is_none()
            && self.employer(index - 1).is_none()
            && Random::of(!self.seed, Stream::Employment, index).chance(0.16)
    }

    pub(crate) fn person(&self, index: usize) -> Person {
        let mut random = Random::of(self.seed, Stream::Names, index);
        if self.shares_household(index) {
            let other = self.person(index - 1);
            return Person { name: other.name.kin(&mut random), ..other };
        }
        let name = names::draw(&mut random);
        let employer = self.employer(index);
        if let (Some(company), true) = (employer, random.chance(0.85)) {
            let (country, city) = self.company_place(company);
            return Person { name, country, city };
        }
        let at_home = random.chance(if name.pool.european { 0.5 } else { 0.15 });
        let country =
            if at_home { random.pick(&name.pool.homes) } else { places::draw_shop_country(&mut random) };
        let country = &COUNTRIES[country];
        Person { name, country, city: random.pick(&country.cities) }
    }

    /// An address that nobody else has: work addresses under the company's site, others under a house name of
    /// which there are 64 × 64; only then are numbers needed.
    fn email(&self, index: usize, name: &Name, company: Option<usize>) -> String {
        let local = name.slug();
        if let Some(company) = company {
            let first = self.main_contact(company);
            let taken = (first..index)
                .filter(|other| self.employer(*other).is_some() && self.person(*other).name.slug() == local)
                .count();
            let number = if taken > 0 { format!("{}", index - first) } else { String::new() };
            return format!("{local}{number}@{}", self.company_domain(company));
        }
        let n = HOUSE_FIRST.len() * HOUSE_LAST.len();
        // 2,531 is odd, hence prime to 4,096, and near its golden section: neighbours get different houses.
        let house = (index % n * 2_531 + (self.seed % n as u64) as usize) % n;
        let (first, last) = (HOUSE_FIRST[house % 64], HOUSE_LAST[house / 64]);
        match index / n {
            0 => format!("{local}@{first}-{last}.example"),
            round => format!("{local}{round}@{first}-{last}.example"),
        }
    }

    fn owner(&self, company: Option<usize>, life: &Life, random: &mut Random) -> Option<usize> {
        match company {
            Some(company) => Some(self.company_owner(company)),
            None if life.whale || random.chance(0.3) => Some(self.draw_user(Role::Sales, random)),
            None => None,
        }
    }

    fn permissions(&self, life: &Life, random: &mut Random) -> Permissions {
        use Permission::{Marketing, NotAsked, Refused, Service};
        let mut draw = |weights: [f64; 4]| [Marketing, Service, Refused, NotAsked][random.weighted(&weights)];
        let email = draw([0.56, 0.22, 0.1, 0.12]);
        let phone = draw([0.18, 0.42, 0.15, 0.25]);
        let sms = draw([0.1, 0.25, 0.25, 0.4]);
        let post = draw([0.35, 0.15, 0.1, 0.4]);
        let asked = [email, phone, sms, post].iter().any(|permission| *permission != NotAsked);
        let known = crate::calendar::N_DAYS - 1 - life.created;
        let given = life.created + random.below(known.min(200) + 1);
        Permissions { email, phone, sms, post, given_on: asked.then(|| self.calendar.date(given)) }
    }
}

fn language(person: &Person, random: &mut Random) -> &'static str {
    let own = person.name.pool.language;
    let here = person.country.language;
    if own == here || random.chance(0.62) { here } else { own }
}

fn birthday(today: Date, random: &mut Random) -> Option<Date> {
    let year = today.year() - 18 - (random.unit() + random.unit()).mul_add(30.0, 0.0) as i16;
    Date::new(year, random.between(1, 12) as i8, random.between(1, 28) as i8).ok()
}

fn tags(life: &Life, random: &mut Random) -> Vec<&'static str> {
    let mut tags: Vec<&'static str> = Vec::new();
    if life.whale {
        tags.push("friend of the shop");
    }
    for (tag, share) in TAGS {
        if random.chance(share) {
            tags.push(tag);
        }
    }
    tags
}
