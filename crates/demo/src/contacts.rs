//! People: customers, leads and the people we know at companies.

use jiff::civil::Date;

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
