//! The names of the months in the languages of the West and a few others.

/// Beginnings of month names, each at least long enough to tell; the longer match wins.
/// English, German, French, Spanish, Italian, Portuguese, Dutch; Swedish, Danish, Polish, Czech, Turkish in part.
const NAMES: [&[&str]; 12] = [
    &[
        "jan", "jän", "gen", "ene", "janv", "januar", "january", "januari", "jänner", "janvier", "enero",
        "gennaio", "janeiro", "sty", "stycznia", "led", "ledna", "oca", "ocak",
    ],
    &[
        "feb",
        "fév",
        "fev",
        "févr",
        "fevr",
        "februar",
        "february",
        "februari",
        "feber",
        "février",
        "fevrier",
        "febrero",
        "febbraio",
        "fevereiro",
        "lut",
        "lutego",
        "úno",
        "února",
        "şub",
        "şubat",
    ],
    &[
        "mar", "mär", "mrz", "maa", "mrt", "mars", "märz", "maerz", "march", "maart", "marzo", "março",
        "marco", "marts", "marca", "bře", "března", "mart",
    ],
    &[
        "apr", "avr", "abr", "april", "avril", "abril", "aprile", "kwi", "kwietnia", "dub", "dubna", "nis",
        "nisan",
    ],
    &["may", "mai", "mei", "mag", "maj", "maio", "mayo", "maggio", "maja", "kvě", "května", "mayıs"],
    &[
        "jun", "giu", "juin", "juni", "june", "junio", "giugno", "junho", "cze", "czerwca", "června", "haz",
        "haziran",
    ],
    &[
        "jul",
        "lug",
        "juil",
        "juli",
        "july",
        "juillet",
        "julio",
        "luglio",
        "julho",
        "lip",
        "lipca",
        "července",
        "tem",
        "temmuz",
    ],
    &[
        "aug", "aoû", "aou", "ago", "août", "aout", "august", "augustus", "augusti", "agosto", "sie",
        "sierpnia", "srp", "srpna", "ağu", "ağustos",
    ],
    &[
        "sep",
        "set",
        "sept",
        "september",
        "septembre",
        "septiembre",
        "settembre",
        "setembro",
        "setiembre",
        "wrz",
        "września",
        "zář",
        "září",
        "eyl",
        "eylül",
    ],
    &[
        "oct",
        "okt",
        "ott",
        "out",
        "october",
        "oktober",
        "octobre",
        "octubre",
        "ottobre",
        "outubro",
        "paź",
        "października",
        "říj",
        "října",
        "eki",
        "ekim",
    ],
    &[
        "nov",
        "november",
        "novembre",
        "noviembre",
        "novembro",
        "lis",
        "listopada",
        "listopadu",
        "kas",
        "kasım",
    ],
    &[
        "dec",
        "dez",
        "déc",
        "dic",
        "december",
        "dezember",
        "décembre",
        "decembre",
        "diciembre",
        "dicembre",
        "dezembro",
        "gru",
        "grudnia",
        "pro",
        "prosince",
        "ara",
        "aralık",
    ],
];

/// The number of a month, from 1; the word in lower case, without a point behind it.
pub(crate) fn month(word: &str) -> Option<i8> {
    let at = NAMES.iter().position(|names| names.contains(&word))?;
    i8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_months() {
        let mut all: Vec<&str> = NAMES.iter().flat_map(|names| names.iter().copied()).collect();
        all.sort_unstable();
        let n = all.len();
        all.dedup();
        assert_eq!(all.len(), n);
    }
}
