//! The time of day behind a date, and how far its clock is from UTC.

use jiff::civil::Time;
use jiff::tz::Offset;

/// Reads `10:15`, `3:05:07.25 PM`, `101500`, each with `Z`, `UTC`, `GMT+1`, `+05:30` or `-0400` behind it.
/// Nothing at all is no time; `None` means that there is something that is no time.
pub(super) fn parse(text: &str) -> Option<(Option<Time>, Option<Offset>)> {
    let text = text.trim();
    if text.is_empty() {
        return Some((None, None));
    }
    let end =
        text.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | ','))).unwrap_or(text.len());
    let (clock, rest) = text.split_at(end);
    let (mut hour, minute, second, nanosecond) = clock_parts(clock)?;
    let mut rest = rest.trim_start();
    let lower = rest.to_ascii_lowercase();
    for (word, afternoon) in [("am", false), ("a.m.", false), ("pm", true), ("p.m.", true)] {
        if lower.starts_with(word) {
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + if afternoon { 12 } else { 0 };
            rest = rest[word.len()..].trim_start();
            break;
        }
    }
    let time = Time::new(hour, minute, second, nanosecond).ok()?;
    Some((Some(time), offset(rest)?))
}

fn clock_parts(clock: &str) -> Option<(i8, i8, i8, i32)> {
    let (whole, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
    let mut numbers = [0_i8; 3];
    if whole.contains(':') {
        for (at, part) in whole.split(':').enumerate() {
            if part.is_empty() || part.len() > 2 {
                return None;
            }
            *numbers.get_mut(at)? = part.parse().ok()?;
        }
    } else if matches!(whole.len(), 4 | 6) {
        for (at, number) in numbers.iter_mut().enumerate().take(whole.len() / 2) {
            *number = whole.get(2 * at..2 * at + 2)?.parse().ok()?;
        }
    } else {
        return None;
    }
    let digits: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    // A leap second is the second before, as clocks that cannot count it say.
    let second = if numbers[2] == 60 { 59 } else { numbers[2] };
    Some((numbers[0], numbers[1], second, digits.parse().ok()?))
}

/// Reads what stands behind the time; nothing is no offset, `None` is a zone that is not known.
fn offset(text: &str) -> Option<Option<Offset>> {
    // A name in brackets, as browsers add it, repeats the offset.
    let text = text.split_once('(').map_or(text, |(before, _)| before).trim();
    let upper = text.to_ascii_uppercase();
    let rest = ["UTC", "GMT", "Z"].iter().find_map(|name| upper.strip_prefix(name));
    let rest = match (rest, upper.is_empty()) {
        (_, true) => return Some(None),
        (Some(""), _) => return Some(Some(Offset::UTC)),
        (Some(rest), _) => rest,
        (None, _) => upper.as_str(),
    };
    let (sign, digits) = match rest.chars().next()? {
        '+' => (1, &rest[1..]),
        '-' => (-1, &rest[1..]),
        '−' => (-1, &rest['−'.len_utf8()..]),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i32>().ok()?, 0),
        4 => (digits[..2].parse::<i32>().ok()?, digits[2..].parse::<i32>().ok()?),
        _ => return None,
    };
    if hours > 15 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok().map(Some)
}
