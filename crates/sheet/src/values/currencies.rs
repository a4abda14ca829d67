//! Currencies by their ISO 4217 code, sign or everyday name.

/// Active codes of ISO 4217 that are used as money.
const CODES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD",
    "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY",
    "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP",
    "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR",
    "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT",
    "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
    "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK",
    "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD",
    "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY",
    "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XOF",
    "XPF", "YER", "ZAR", "ZMW", "ZWG",
];

/// Signs and names, in lower case.
const SIGNS: &[(&str, &str)] = &[
    ("€", "EUR"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("$", "USD"),
    ("us$", "USD"),
    ("usd$", "USD"),
    ("dollar", "USD"),
    ("dollars", "USD"),
    ("£", "GBP"),
    ("pound", "GBP"),
    ("pounds", "GBP"),
    ("sterling", "GBP"),
    ("¥", "JPY"),
    ("￥", "JPY"),
    ("円", "JPY"),
    ("yen", "JPY"),
    ("cn¥", "CNY"),
    ("元", "CNY"),
    ("rmb", "CNY"),
    ("yuan", "CNY"),
    ("a$", "AUD"),
    ("au$", "AUD"),
    ("c$", "CAD"),
    ("ca$", "CAD"),
    ("nz$", "NZD"),
    ("hk$", "HKD"),
    ("s$", "SGD"),
    ("nt$", "TWD"),
    ("r$", "BRL"),
    ("reais", "BRL"),
    ("mx$", "MXN"),
    ("fr.", "CHF"),
    ("sfr.", "CHF"),
    ("sfr", "CHF"),
    ("franken", "CHF"),
    ("kr", "SEK"),
    ("kr.", "DKK"),
    ("kronor", "SEK"),
    ("zł", "PLN"),
    ("zl", "PLN"),
    ("kč", "CZK"),
    ("ft", "HUF"),
    ("forint", "HUF"),
    ("lei", "RON"),
    ("лв", "BGN"),
    ("лв.", "BGN"),
    ("₽", "RUB"),
    ("руб", "RUB"),
    ("руб.", "RUB"),
    ("₴", "UAH"),
    ("₺", "TRY"),
    ("tl", "TRY"),
    ("₹", "INR"),
    ("rs", "INR"),
    ("rs.", "INR"),
    ("rupees", "INR"),
    ("₩", "KRW"),
    ("₪", "ILS"),
    ("₫", "VND"),
    ("đ", "VND"),
    ("฿", "THB"),
    ("₱", "PHP"),
    ("₦", "NGN"),
    ("₵", "GHS"),
    ("₡", "CRC"),
    ("₲", "PYG"),
    ("₸", "KZT"),
    ("₾", "GEL"),
    ("r", "ZAR"),
    ("rp", "IDR"),
    ("rm", "MYR"),
    ("﷼", "IRR"),
    ("ریال", "IRR"),
    ("د.إ", "AED"),
    ("ر.س", "SAR"),
    ("ج.م", "EGP"),
    ("دج", "DZD"),
    ("د.م.", "MAD"),
];

/// Codes that are also recognised in small letters; others are words too often (`all`, `top`, `try`).
const MAJOR: &[&str] = &[
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HUF", "INR", "JPY", "MXN", "NOK", "NZD",
    "PLN", "SEK", "SGD", "USD", "ZAR",
];

/// Signs that several countries use.
const SHARED: &[&str] =
    &["$", "¥", "￥", "kr", "£", "dollar", "dollars", "pound", "pounds", "kr.", "rs", "rs."];

/// The currency of a cell or of a column's name: a code, sign or name alone (`EUR`, `US$`, `dollars`), with a number
/// (`€ 12`, `12 EUR`), or as one word of several (`Amount (EUR)`, `price_usd`).
///
/// A sign that several countries use means the largest of them; see [`currency_unsure`].
pub fn currency_of(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if let Some(code) = of_sign(text) {
        return Some(code);
    }
    let sign = text.trim_matches(|c: char| c.is_numeric() || c.is_whitespace() || "+-−.,'’()".contains(c));
    if let Some(code) = of_sign(sign) {
        return Some(code);
    }
    words(text).find_map(|word| of_sign(word).filter(|_| word.chars().count() > 2 || !word.is_ascii()))
}

/// Whether the sign in the text is used by several countries, so that the user should be asked.
pub fn currency_unsure(text: &str) -> bool {
    let sign = text.trim_matches(|c: char| c.is_numeric() || c.is_whitespace() || "+-−.,'’()".contains(c));
    let lower = sign.to_lowercase();
    SHARED.contains(&lower.as_str())
}

/// The currency of exactly this code, sign or name.
pub(super) fn of_sign(sign: &str) -> Option<&'static str> {
    if sign.is_empty() || sign.len() > 12 {
        return None;
    }
    if sign.len() == 3 && sign.is_ascii() {
        let upper = sign.to_ascii_uppercase();
        let codes = if sign == upper { CODES } else { MAJOR };
        if let Some(code) = codes.iter().find(|code| **code == upper) {
            return Some(code);
        }
    }
    let lower = sign.to_lowercase();
    SIGNS.iter().find(|(sign, _)| *sign == lower).map(|(_, code)| *code)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c.is_ascii_digit() || "_-()[]/:,;.'".contains(c))
        .filter(|w| !w.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_are_found_in_cells_and_names() {
        let texts =
            ["EUR", "€ 12,50", "12.50 usd", "Amount (EUR)", "price_gbp", "dollars", "CHF 1'200.50", "R$ 10"];
        let codes = texts.map(|text| currency_of(text).unwrap_or("none"));
        assert_eq!(codes, ["EUR", "EUR", "USD", "EUR", "GBP", "USD", "CHF", "BRL"]);
        assert_eq!(["", "12", "amount", "r_value", "total"].map(currency_of), [None; 5]);
        assert!(currency_unsure("$12") && !currency_unsure("12 €"));
    }

    #[test]
    fn codes_are_sorted_and_unique() {
        assert!(CODES.is_sorted_by(|a, b| a < b));
    }
}
