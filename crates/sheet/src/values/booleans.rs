//! Yes and no in the words that files use.

const YES: &[&str] = &[
    "yes",
    "y",
    "true",
    "t",
    "1",
    "on",
    "x",
    "✓",
    "ja",
    "j",
    "wahr",
    "oui",
    "o",
    "vrai",
    "sí",
    "si",
    "s",
    "verdadero",
    "vero",
    "sim",
    "verdadeiro",
    "waar",
    "tak",
    "ano",
    "да",
    "はい",
    "是",
    "نعم",
];
const NO: &[&str] = &[
    "no",
    "n",
    "false",
    "f",
    "0",
    "off",
    "nein",
    "falsch",
    "non",
    "faux",
    "falso",
    "não",
    "nao",
    "nee",
    "onwaar",
    "nie",
    "ne",
    "нет",
    "いいえ",
    "否",
    "لا",
];

/// Yes or no; `None` for any other word, and for nothing.
pub fn boolean(text: &str) -> Option<bool> {
    let word = text.trim().to_lowercase();
    if YES.contains(&word.as_str()) {
        Some(true)
    } else if NO.contains(&word.as_str()) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_known_in_several_languages() {
        assert_eq!(["Yes", " OUI ", "ja", "1", "TRUE"].map(boolean), [Some(true); 5]);
        assert_eq!(["No", "nein", "0", "False", "não"].map(boolean), [Some(false); 5]);
        assert_eq!(["", "maybe", "2"].map(boolean), [None; 3]);
    }
}
