//! Names from many cultures, kept with their diacritics, particles, order and, for some people, their script.
//!
//! The pools are plain text in `names/`: one line with name, weight, language, order and home countries, then
//! given names, then family names; `Latin=native` where a name is also known in its own script, `his~hers` where
//! a family name has two forms, `-` for people with one name.

use std::sync::LazyLock;

use crate::places;
use crate::random::Random;

/// A name in Latin letters and, if known, in its own script.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    pub(crate) latin: &'static str,
    native: Option<&'static str>,
    /// The form that women use, for family names that have two.
    feminine: Option<(&'static str, Option<&'static str>)>,
}

/// The names of one culture.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) name: &'static str,
    pub(crate) language: &'static str,
    pub(crate) family_first: bool,
    pub(crate) european: bool,
    /// Indices of countries, with repetition for weight.
    pub(crate) homes: Vec<usize>,
    given: Vec<Word>,
    family: Vec<Word>,
}

/// One person's name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name {
    pub(crate) pool: &'static Pool,
    pub(crate) given: Word,
    pub(crate) family: Word,
    native: bool,
}

/// All pools, with the sum of weights up to and including each.
static POOLS: LazyLock<(Vec<Pool>, Vec<f64>)> = LazyLock::new(|| {
    let mut pools = Vec::new();
    let mut sums = Vec::new();
    let mut sum = 0.0;
    for (text, european) in
        [(include_str!("names/europe.txt"), true), (include_str!("names/world.txt"), false)]
    {
        for line in text.lines() {
            if let Some(head) = line.strip_prefix("= ") {
                let parts: Vec<&str> = head.split('|').map(str::trim).collect();
                let [name, weight, language, order, homes] = parts[..] else { continue };
                sum += weight.parse::<f64>().unwrap_or(1.0);
                sums.push(sum);
                let homes = homes.split(' ').filter_map(places::index_of).collect();
                let family_first = order == "family";
                let (given, family) = (Vec::new(), Vec::new());
                pools.push(Pool { name, language, family_first, european, homes, given, family });
            } else if let (Some(list), Some(pool)) = (line.strip_prefix("given: "), pools.last_mut()) {
                pool.given = words(list);
            } else if let (Some(list), Some(pool)) = (line.strip_prefix("family: "), pools.last_mut()) {
                pool.family = words(list);
            }
        }
    }
    (pools, sums)
});

fn words(list: &'static str) -> Vec<Word> {
    list.split(", ")
        .map(|entry| {
            let (first, feminine) = match entry.trim().split_once('~') {
                Some((first, feminine)) => (first, Some(scripts(feminine))),
                None => (entry.trim(), None),
            };
            let (latin, native) = if first == "-" { ("", None) } else { scripts(first) };
            Word { latin, native, feminine }
        })
        .collect()
}

fn scripts(entry: &'static str) -> (&'static str, Option<&'static str>) {
    match entry.split_once('=') {
        Some((latin, native)) => (latin, Some(native)),
        None => (entry, None),
    }
}

impl Word {
    /// The form that goes with a given name, in the languages whose family names have two: there, women's given
    /// names end in these letters.
    fn after(self, given: &str) -> Word {
        let woman = ["a", "ė", "e", "dís", "rún", "erim", "ynai", "liki", "leni", "Zoi", "yrto"]
            .iter()
            .any(|end| given.ends_with(end));
        match self.feminine {
            Some((latin, native)) if woman && !matches!(given, "Mykola" | "Jukka") => {
                Word { latin, native, ..self }
            }
            _ => self,
        }
    }
}

/// Draws a pool by weight and a name from it.
pub(crate) fn draw(random: &mut Random) -> Name {
    let (pools, sums) = &*POOLS;
    let target = random.unit() * sums[sums.len() - 1];
    let pool = &pools[sums.partition_point(|sum| *sum <= target).min(pools.len() - 1)];
    let given = random.pick(&pool.given);
    let written = random.pick(&pool.family);
    let family = written.after(given.latin);
    let native = random.chance(0.25) && given.native.is_some() && family.native.is_some();
    Name { pool, given, family, native }
}

impl Name {
    /// Another person of the household: same family name, another given name.
    pub(crate) fn kin(self, random: &mut Random) -> Name {
        let given = random.pick(&self.pool.given);
        let shared = self.pool.family.iter().find(|word| {
            word.latin == self.family.latin
                || word.feminine.is_some_and(|(latin, _)| latin == self.family.latin)
        });
        let family = shared.map_or(self.family, |word| word.after(given.latin));
        Name { given, family, native: self.native && given.native.is_some(), ..self }
    }

    /// The given name as its bearer writes it.
    pub(crate) fn given(&self) -> &'static str {
        if self.native { self.given.native.unwrap_or(self.given.latin) } else { self.given.latin }
    }

    /// The family name as its bearer writes it; may be empty.
    pub(crate) fn family(&self) -> &'static str {
        if self.native { self.family.native.unwrap_or(self.family.latin) } else { self.family.latin }
    }

    /// The whole name in the order its bearer uses.
    pub(crate) fn display(&self) -> String {
        let (given, family) = (self.given(), self.family());
        let joined = self.native && matches!(self.pool.language, "zh" | "ko");
        match (family.is_empty(), self.pool.family_first) {
            (true, _) => given.to_owned(),
            (false, true) if joined => format!("{family}{given}"),
            (false, true) => format!("{family} {given}"),
            (false, false) => format!("{given} {family}"),
        }
    }

    /// The name as the local part of an address: `sjoerd.vandervelde`.
    pub(crate) fn slug(&self) -> String {
        let mut slug = slug(self.given.latin);
        if !self.family.latin.is_empty() {
            slug.push('.');
            slug.push_str(&self::slug(self.family.latin));
        }
        slug
    }
}

/// Letters without their marks, by the ASCII letters that stand for them.
const FOLDED: &[(&str, &str)] = &[
    ("a", "àáâãåāăąǎạảấầẩẫậắằẳẵặ"),
    ("ae", "äæ"),
    ("c", "çćčĉ"),
    ("d", "ďđð"),
    ("e", "èéêëēĕėęěẹẻẽếềểễệ"),
    ("g", "ğģ"),
    ("i", "ìíîïīįıỉĩị"),
    ("k", "ķ"),
    ("l", "ĺļľł"),
    ("n", "ñńņňṅ"),
    ("o", "òóôõōŏőơọỏốồổỗộớờởỡợ"),
    ("oe", "öøœ"),
    ("r", "ŕř"),
    ("s", "śŝşšșṣ"),
    ("ss", "ß"),
    ("t", "ţťț"),
    ("th", "þ"),
    ("u", "ùúûũūŭůűųưụủứừửữự"),
    ("ue", "ü"),
    ("y", "ýÿỳỵỷỹ"),
    ("z", "źżž"),
];

/// Lower-case ASCII letters only.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphabetic() {
            slug.push(letter);
        } else if let Some((plain, _)) = FOLDED.iter().find(|(_, marked)| marked.contains(letter)) {
            slug.push_str(plain);
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::{POOLS, slug};
    use crate::random::{Random, Stream};

    #[test]
    fn every_pool_is_complete_and_every_name_has_an_address() {
        for pool in &POOLS.0 {
            assert!(pool.given.len() >= 28 && pool.family.len() >= 28, "{} is short", pool.name);
            assert!(!pool.homes.is_empty(), "{} has no home", pool.name);
            for word in &pool.given {
                let n_letters = word.latin.chars().filter(|letter| letter.is_alphabetic()).count();
                assert!(
                    slug(word.latin).len() + 1 >= n_letters,
                    "{} became {}",
                    word.latin,
                    slug(word.latin)
                );
            }
        }
    }

    #[test]
    fn family_names_with_two_forms_follow_the_given_name() {
        let draws = (0..20_000).map(|index| super::draw(&mut Random::of(1, Stream::Names, index)));
        let mut n_forms = [0, 0];
        for name in draws.filter(|name| name.pool.name == "Polish" && name.family.latin.ends_with(['i', 'a']))
        {
            let woman = name.given.latin.ends_with('a');
            assert_eq!(name.family.latin.ends_with('a'), woman, "{}", name.display());
            n_forms[usize::from(woman)] += 1;
        }
        assert!(n_forms[0] > 50 && n_forms[1] > 50, "{n_forms:?}");
    }

    #[test]
    fn marks_fold_to_letters() {
        assert_eq!(slug("Straßer van ’t Hof"), "strasservanthof");
        assert_eq!(slug("Olúwaṣeun"), "oluwaseun");
        assert_eq!(slug("İbrahim Þórdís Đặng"), "ibrahimthordisdang");
    }
}
