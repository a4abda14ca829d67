//! Countries, cities, streets, postal codes and phone numbers.

use std::sync::LazyLock;

use crate::contacts::Phone;
use crate::random::Random;

/// What addresses and phone numbers look like in one country.
#[derive(Debug)]
pub(crate) struct Country {
    pub(crate) code: &'static str,
    pub(crate) language: &'static str,
    pub(crate) postal: &'static str,
    /// Ranges that the regulator keeps for fiction.
    reserved: Vec<&'static str>,
    other: Vec<&'static str>,
    pub(crate) cities: Vec<&'static str>,
    pub(crate) streets: Vec<&'static str>,
}

/// All countries; the first four have our shops.
pub(crate) static COUNTRIES: LazyLock<Vec<Country>> = LazyLock::new(|| {
    let mut countries = Vec::new();
    for line in include_str!("places.txt").lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&'static str> = line.split('|').collect();
        let [code, language, postal, reserved, other, cities, streets] = parts[..] else { continue };
        countries.push(Country {
            code,
            language,
            postal,
            reserved: reserved.split(';').filter(|range| !range.is_empty()).collect(),
            other: other.split(';').filter(|range| !range.is_empty()).collect(),
            cities: cities.split(',').collect(),
            streets: streets.split(',').collect(),
        });
    }
    countries
});

/// The cities of our shops, in the order of their countries.
pub(crate) const SHOPS: [&str; 4] = ["Utrecht", "Gent", "Köln", "Dublin"];

/// The country with this code.
pub(crate) fn index_of(code: &str) -> Option<usize> {
    COUNTRIES.iter().position(|country| country.code == code)
}

/// A country with a shop.
pub(crate) fn draw_shop_country(random: &mut Random) -> usize {
    random.weighted(&[0.34, 0.26, 0.28, 0.12])
}

/// Fills a pattern: `#` a digit, `@` a letter that is hard to mistake for a digit.
pub(crate) fn fill(pattern: &str, random: &mut Random) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut first = true;
    for symbol in pattern.chars() {
        match symbol {
            '#' if first => text.push(char::from(b'1' + random.below(9) as u8)),
            '#' => text.push(char::from(b'0' + random.below(10) as u8)),
            '@' => text.push(char::from(random.pick(b"ABCDEFGHJKLMNPRSTVWXY"))),
            _ => text.push(symbol),
        }
        first = false;
    }
    text
}

impl Country {
    /// A phone number that reaches nobody.
    pub(crate) fn phone(&self, random: &mut Random) -> Phone {
        let reserved = !self.reserved.is_empty();
        let ranges = if reserved { &self.reserved } else { &self.other };
        let number = fill(random.pick(ranges), random);
        Phone { number, reserved }
    }

    /// Street and house number, in the country's order.
    pub(crate) fn address(&self, random: &mut Random) -> String {
        let street = random.pick(&self.streets);
        let house = 1 + random.below(148);
        match self.language {
            "en" | "fr" => format!("{house} {street}"),
            _ => format!("{street} {house}"),
        }
    }
}
