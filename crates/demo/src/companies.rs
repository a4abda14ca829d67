//! Organisations that buy fleets and service contracts, or supply us.

use jiff::civil::Date;

use crate::contacts::Phone;

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
