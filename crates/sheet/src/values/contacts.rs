//! Recognises e-mail addresses, phone numbers and web addresses by their shape.
//!
//! The shape is all that is checked: whether an address exists is another question.

/// Whether the text has the shape of one e-mail address: RFC 5321 without quoted local parts, with a dotted domain.
pub fn email(text: &str) -> bool {
    let text = text.trim();
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c));
    local_fits && text.len() <= 254 && host(domain)
}

/// Whether the text has the shape of one phone number: 7 to 15 digits (E.164) with the usual signs between them, and
/// at most an extension behind.
pub fn phone(text: &str) -> bool {
    let text = text.trim().strip_prefix("tel:").unwrap_or(text.trim());
    let lower = text.to_ascii_lowercase();
    let number = [" ext", "ext.", " x", "x"]
        .iter()
        .find_map(|mark| {
            let (number, extension) = lower.split_once(mark)?;
            let digits = extension.trim_matches(|c: char| c == '.' || c == ' ' || c == ':');
            let fits = !digits.is_empty() && digits.len() <= 6 && digits.bytes().all(|b| b.is_ascii_digit());
            fits.then_some(number.trim())
        })
        .unwrap_or(lower.as_str());
    let n_digits = number.chars().filter(char::is_ascii_digit).count();
    let allowed = number.char_indices().all(|(at, c)| match c {
        '0'..='9' | ' ' | '(' | ')' | '-' | '.' | '/' | '\u{a0}' => true,
        '+' => at == 0 || number[..at].trim() == "(",
        _ => false,
    });
    let opened = number.matches('(').count() == number.matches(')').count();
    allowed && opened && (7..=15).contains(&n_digits) && number.ends_with(|c: char| c.is_ascii_digit())
}

/// Whether the text has the shape of one web address, with `http://`, `https://` or `www.` in front.
pub fn url(text: &str) -> bool {
    let text = text.trim();
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return false;
    }
    let lower = text.to_lowercase();
    let rest = if let Some(rest) = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")) {
        rest
    } else if lower.starts_with("www.") {
        lower.as_str()
    } else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let name = authority.rsplit('@').next().unwrap_or_default();
    let name = name.split_once(':').map_or(name, |(name, _port)| name);
    name == "localhost" || host(name)
}

/// Whether the text is a dotted host name; letters of any script, as browsers show them.
fn host(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    labels.len() >= 2
        && text.len() <= 253
        && labels.iter().all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
        && labels.last().is_some_and(|label| label.chars().count() >= 2 || text.bytes().all(|b| b != b'@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_text() {
        assert!(["a@b.de", "o'neil+x@mail.example.co.uk", "jörg@müller.de"].iter().all(|text| email(text)));
        assert!(
            !["a@b", "@b.de", "a b@c.de", "a@@b.de", "a@b.de, c@d.de", ""].iter().any(|text| email(text))
        );
        assert!(
            ["https://kith.example/a?b", "www.example.com", "http://localhost:80"]
                .iter()
                .all(|text| url(text))
        );
        assert!(!["example.com", "http://", "https://a b.de", "ftp"].iter().any(|text| url(text)));
    }

    #[test]
    fn phone_numbers_are_told_from_text() {
        let good = [
            "+49 30 1234567",
            "(0351) 123-456",
            "555-123-4567 x12",
            "0033.1.23.45.67.89",
            "+1 (555) 010-0100",
        ];
        assert!(good.iter().all(|text| phone(text)));
        assert!(
            !["12", "abc", "1234567890123456", "+", "30 June 2024", "1+2345678"]
                .iter()
                .any(|text| phone(text))
        );
    }
}
