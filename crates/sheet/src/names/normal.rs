//! Brings names of columns to one form, so that `customerID`, `Customer Id` and `customer_id` are the same.

/// The words of a name in lower case and without accents.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = None;
    let chars: Vec<char> = name.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        let next_is_lower = chars.get(at + 1).is_some_and(|c| c.is_lowercase());
        let new_word = match before {
            Some(b) if c.is_uppercase() => char::is_lowercase(b) || (char::is_uppercase(b) && next_is_lower),
            Some(b) => c.is_numeric() != char::is_numeric(b) && c.is_alphanumeric(),
            None => false,
        };
        if (new_word || !c.is_alphanumeric()) && !word.is_empty() && !is_mark(c) {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            c.to_lowercase().for_each(|c| push_plain(&mut word, c));
        } else if c == '#' || c == '№' {
            words.push("number".to_owned());
        }
        before = Some(c);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The words without anything between them: `customerid`.
pub(crate) fn squeezed(words: &[String]) -> String {
    words.concat()
}

/// Combining accents and apostrophes split no word.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\'' | '’')
}

fn push_plain(word: &mut String, c: char) {
    let plain = match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ą' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ı' | 'ī' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ő' | 'ō' => "o",
        'ö' | 'ø' | 'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' => "s",
        'ß' => "ss",
        'ť' => "t",
        'ù' | 'ú' | 'û' | 'ű' | 'ů' | 'ū' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ğ' => "g",
        _ => {
            // The dot that lower-casing İ leaves behind, and other combining marks.
            if !is_mark(c) {
                word.push(c);
            }
            return;
        }
    };
    word.push_str(plain);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_to_one_form() {
        let texts =
            ["customerID", "Customer Id", "customer_id", "CUSTOMER-ID", "CustomerId", "Customer  ID:"];
        assert!(texts.iter().all(|text| words(text) == ["customer", "id"]));
        assert_eq!(words("E-mail 1 - Value"), ["e", "mail", "1", "value"]);
        assert_eq!(words("Straße/Hausnr."), ["strasse", "hausnr"]);
        assert_eq!(words("N° de téléphone"), ["n", "de", "telephone"]);
        assert_eq!(words("Order #"), ["order", "number"]);
        assert_eq!(words("الاسم"), ["الاسم"]);
        assert!(words(" - ").is_empty());
    }
}
