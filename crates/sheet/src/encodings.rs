//! Which character encoding a file is in.

use std::io::Read;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::Refusal;

/// What was found and why, in plain words.
pub(crate) struct Found {
    pub(crate) encoding: &'static Encoding,
    pub(crate) why: String,
}

/// Finds the encoding of a file from its beginning.
pub(crate) fn find(sample: &[u8]) -> Result<Found, Refusal> {
    if let Some((encoding, _)) = Encoding::for_bom(sample) {
        return Ok(Found {
            encoding,
            why: format!("read as {}, as the mark at its beginning says", encoding.name()),
        });
    }
    if let Some(encoding) = utf_16_without_mark(sample) {
        let why = format!("read as {}, because every other byte is empty", encoding.name());
        return Ok(Found { encoding, why });
    }
    if sample.contains(&0) {
        return Err(Refusal::Binary);
    }
    if sample.is_ascii() {
        let why = "read as UTF-8; its beginning has no special characters to tell by".to_owned();
        return Ok(Found { encoding: UTF_8, why });
    }
    let (n_good, n_bad) = utf_8_characters(sample);
    if n_bad == 0 {
        return Ok(Found {
            encoding: UTF_8,
            why: "read as UTF-8, because all special characters fit".to_owned(),
        });
    }
    if n_good >= 4 * n_bad {
        let why =
            format!("read as UTF-8, although {n_bad} of {} special characters do not fit", n_good + n_bad);
        return Ok(Found { encoding: UTF_8, why });
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    Ok(Found { encoding, why: format!("read as {}, which its special characters fit best", encoding.name()) })
}

/// Finds the encoding from a whole file, for one whose special characters come late. Reads it once, in bounded
/// memory.
///
/// *Errors*: what the source says.
pub fn encoding_of(mut source: impl Read) -> std::io::Result<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut buffer = vec![0; 64 * 1024];
    let mut beginning = true;
    loop {
        let n = source.read(&mut buffer)?;
        if beginning {
            beginning = false;
            let marked = Encoding::for_bom(&buffer[..n]).map(|(encoding, _)| encoding);
            if let Some(encoding) = marked.or_else(|| utf_16_without_mark(&buffer[..n])) {
                return Ok(encoding);
            }
        }
        detector.feed(&buffer[..n], n == 0);
        if n == 0 {
            return Ok(detector.guess(None, Utf8Detection::Allow));
        }
    }
}

/// UTF-16 shows itself in Latin text by a NUL in every other byte, always on the same side.
fn utf_16_without_mark(sample: &[u8]) -> Option<&'static Encoding> {
    let sample = &sample[..sample.len().min(4096) & !1];
    let n_pairs = sample.len() / 2;
    if n_pairs < 2 {
        return None;
    }
    let n_first = sample.iter().step_by(2).filter(|byte| **byte == 0).count();
    let n_second = sample.iter().skip(1).step_by(2).filter(|byte| **byte == 0).count();
    if n_second * 10 >= n_pairs * 7 && n_first * 20 <= n_pairs {
        Some(UTF_16LE)
    } else if n_first * 10 >= n_pairs * 7 && n_second * 20 <= n_pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Counts characters beyond ASCII that are good UTF-8, and places that are not. The last character may be cut off.
fn utf_8_characters(sample: &[u8]) -> (usize, usize) {
    let mut n_good = 0;
    let mut n_bad = 0;
    for chunk in sample.utf8_chunks() {
        n_good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        n_bad += usize::from(!chunk.invalid().is_empty());
    }
    let cut_off = std::str::from_utf8(sample).err().is_some_and(|error| error.error_len().is_none());
    (n_good, if cut_off { n_bad - 1 } else { n_bad })
}
