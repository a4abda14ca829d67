//! Text as search and sorting see it: without case, accents or punctuation.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, accents removed, letters that have a common plain spelling written so (`ß` → `ss`, `ø` → `o`).
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        for c in c.to_lowercase() {
            match c {
                'ß' => out.push_str("ss"),
                'æ' => out.push_str("ae"),
                'œ' => out.push_str("oe"),
                'ø' => out.push('o'),
                'đ' | 'ð' => out.push('d'),
                'ł' => out.push('l'),
                'ı' => out.push('i'),
                'þ' => out.push_str("th"),
                // Arabic forms that Persian and Arabic keyboards type differently.
                'ي' | 'ى' => out.push('ی'),
                'ك' => out.push('ک'),
                '\u{200c}' | '\u{200d}' | '\u{640}' => {}
                c if is_combining_mark(c) => {}
                c => out.push(c),
            }
        }
    }
    out
}

/// The key by which names are compared and sorted: the folded name, cut to what an index entry holds.
pub fn name_key(name: &str) -> String {
    fold(name).chars().take(NAME_KEY_LIMIT).collect()
}

/// Characters of a [`name_key`], each up to four bytes.
const NAME_KEY_LIMIT: usize = 250;

/// The words of a text, folded: runs of letters and digits.
pub fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(String::from).collect()
}

/// The digits of a telephone number by which it is matched whatever the format: the country's or the
/// exchange's leading zeros and a leading plus are dropped, and all but the last nine digits.
pub fn phone_key(text: &str) -> String {
    let digits: String = digits(text);
    let significant = digits.trim_start_matches('0');
    significant.get(significant.len().saturating_sub(9)..).unwrap_or(significant).to_string()
}

/// All digits of a text, whatever script they are written in.
pub fn digits(text: &str) -> String {
    text.chars()
        .filter_map(|c| c.to_digit(10).or_else(|| foreign_digit(c)))
        .map(|d| char::from(b'0' + d as u8))
        .collect()
}

fn foreign_digit(c: char) -> Option<u32> {
    let zeros = ['\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}'];
    zeros.iter().find_map(|zero| (c as u32).checked_sub(*zero as u32).filter(|d| *d < 10))
}

/// An e-mail address as it is matched: trimmed and in lower case.
pub fn email_key(text: &str) -> String {
    text.trim().to_lowercase()
}
