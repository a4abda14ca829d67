//! Organisations that buy fleets and service contracts, or supply us.

use jiff::civil::Date;

use crate::business::Business;
use crate::contacts::Phone;
use crate::names::slug;
use crate::places::{self, COUNTRIES, Country};
use crate::random::{Random, Stream};
use crate::users::Role;

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Position among the companies.
    pub index: usize,
    /// Shown name, unique.
    pub name: String,
    /// What it does.
    pub industry: &'static str,
    /// City.
    pub city: &'static str,
    /// Postal code in the country's form.
    pub postal_code: String,
    /// Street and number.
    pub street: String,
    /// Country, ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// Web site's host name under `.example`, unique.
    pub domain: String,
    /// People employed.
    pub n_employees: u32,
    /// Switchboard.
    pub phone: Phone,
    /// The user who looks after it.
    pub owner: usize,
    /// When it entered the record.
    pub created_on: Date,
    /// Free labels.
    pub tags: Vec<&'static str>,
}

/// How many contacts of a company's block may work for it.
const N_STAFF: usize = 16;

const FIRST: [&str; 48] = [
    "Harbourline",
    "Bramley",
    "Wharfside",
    "Northgate",
    "Sablepoint",
    "Tidewell",
    "Ostrava",
    "Kanaalzicht",
    "Rheinbogen",
    "Lindgren",
    "Quispe",
    "Demirel",
    "Okafor",
    "Ekwueme",
    "Nishimoto",
    "Vanderlaan",
    "Morgenrot",
    "Altona",
    "Zuiderpoort",
    "Scheldeoever",
    "Liffeyside",
    "Greenacre",
    "Silberberg",
    "Kestrelmoor",
    "Oosterdok",
    "Feldmark",
    "Brennan",
    "Castelhof",
    "Delftsche",
    "Elzenhof",
    "Fjordheim",
    "Goudsbloem",
    "Hagenbeuk",
    "Ijsselstroom",
    "Jenever",
    "Korenmarkt",
    "Lakeshore",
    "Marktplein",
    "Noorderlicht",
    "Orchard",
    "Pannonia",
    "Querfeld",
    "Rookwood",
    "Steenweg",
    "Tannenhof",
    "Uferpark",
    "Veldzicht",
    "Wintergarten",
];

const KINDS: [(&str, &str); 31] = [
    ("Logistics", "Logistics"),
    ("Couriers", "Logistics"),
    ("Courier Co-op", "Logistics"),
    ("Parcels", "Logistics"),
    ("Housing Trust", "Housing"),
    ("Council", "Public sector"),
    ("College", "Education"),
    ("School", "Education"),
    ("University Library", "Education"),
    ("Hotel", "Hospitality"),
    ("Bakery", "Food"),
    ("Fruit Market", "Food"),
    ("Coffee Roasters", "Food"),
    ("Brewery", "Food"),
    ("Flowers", "Retail"),
    ("Books", "Retail"),
    ("Storage", "Logistics"),
    ("Clinics", "Health care"),
    ("Home Care", "Health care"),
    ("Pharmacy", "Health care"),
    ("Architects", "Professional services"),
    ("& Partners", "Professional services"),
    ("Software", "Technology"),
    ("Robotics", "Technology"),
    ("Solar", "Energy"),
    ("Campsite", "Hospitality"),
    ("Tours", "Tourism"),
    ("Theatre", "Culture"),
    ("Museum", "Culture"),
    ("Gardens", "Landscaping"),
    ("Bike Parts", "Manufacturing"),
];

/// A name that no other company has, whatever the seed.
fn name_of(index: usize, seed: u64) -> (String, &'static str) {
    let n = FIRST.len() * KINDS.len();
    // 1,009 is prime to 48 × 31, so that this walks through all combinations before any comes again.
    let place = (index % n * 1_009 + (seed % n as u64) as usize) % n;
    let (first, (kind, industry)) = (FIRST[place / KINDS.len()], KINDS[place % KINDS.len()]);
    let name = match index / n {
        0 => format!("{first} {kind}"),
        round @ 1..=48 => format!("{first} {kind} {}", FIRST[round - 1]),
        round => format!("{first} {kind} No. {round}"),
    };
    (name, industry)
}

impl Business {
    /// The company with this index, below `counts().companies`.
    pub fn company(&self, index: usize) -> Company {
        let mut random = Random::of(self.seed, Stream::Companies, index);
        let (name, industry) = name_of(index, self.seed);
        let (country, city) = self.company_place(index);
        let size = (3.2 + 1.3 * random.normal()).exp();
        let mut tags = Vec::new();
        for (tag, share) in
            [("fleet", 0.4), ("lease", 0.2), ("framework agreement", 0.12), ("invoice by post", 0.08)]
        {
            if random.chance(share) {
                tags.push(tag);
            }
        }
        Company {
            index,
            name,
            industry,
            city,
            postal_code: places::fill(country.postal, &mut random),
            street: country.address(&mut random),
            country: country.code,
            domain: self.company_domain(index),
            n_employees: size.clamp(2.0, 4_000.0) as u32,
            phone: country.phone(&mut random),
            owner: self.company_owner(index),
            created_on: self.calendar.date(self.company_created(index)),
            tags,
        }
    }

    /// The host name of a company's site: its name without spaces.
    pub(crate) fn company_domain(&self, index: usize) -> String {
        let (name, _) = name_of(index, self.seed);
        let mut domain = slug(&name);
        domain.extend(name.chars().filter(char::is_ascii_digit));
        domain.push_str(".example");
        domain
    }

    /// Where a company is.
    pub(crate) fn company_place(&self, index: usize) -> (&'static Country, &'static str) {
        let mut random = Random::of(self.seed, Stream::CompanyPlaces, index);
        let country =
            if random.chance(0.85) { places::draw_shop_country(&mut random) } else { random.below(30) };
        let country = &COUNTRIES[country];
        (country, random.pick(&country.cities))
    }

    /// The salesperson of a company.
    pub(crate) fn company_owner(&self, index: usize) -> usize {
        let mut random = Random::of(self.seed, Stream::CompanyPlaces, index);
        random.bits();
        self.draw_user(Role::Sales, &mut random)
    }

    /// How many contacts lie between the first contacts of two companies. Companies own blocks of contacts, so
    /// that both directions of the employment are found without looking through the other side.
    pub(crate) fn block(&self) -> usize {
        self.counts.contacts.div_ceil(self.counts.companies.max(1)).max(1)
    }

    /// The first contact we had at a company; below the number of contacts whenever the company has one.
    pub(crate) fn main_contact(&self, company: usize) -> usize {
        company * self.block()
    }

    /// The company a contact works for.
    pub(crate) fn employer(&self, contact: usize) -> Option<usize> {
        let (company, place) = (contact / self.block(), contact % self.block());
        if self.counts.companies == 0 || place >= N_STAFF {
            return None;
        }
        let employed = place == 0 || Random::of(self.seed, Stream::Employment, contact).chance(0.2);
        employed.then_some(company)
    }

    /// The contacts who work at a company, in order of index.
    pub fn contacts_of(&self, company: usize) -> impl Iterator<Item = usize> + '_ {
        let first = self.main_contact(company);
        let end = (first + self.block().min(N_STAFF)).min(self.counts.contacts);
        (first..end).filter(|contact| self.employer(*contact).is_some())
    }
}
