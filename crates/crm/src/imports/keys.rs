//! What tells rows and records apart: hashes of their values, and ids for new ones.

use std::collections::HashMap;

use db::Tx;
use kernel::{Result, Value};
use sha2::{Digest as _, Sha256};

/// Ids that are taken from the database at a time.
const N_IDS: usize = 200;

/// A hash by which a value is known in memory; as good as the value itself.
pub(super) type Key = u128;

/// The key of a value; `tag` keeps values of different meaning apart.
pub(super) fn key(tag: &str, value: &str) -> Key {
    let mut print = Print::new(tag);
    print.text(value);
    let bytes: [u8; 16] = print.finish()[..16].try_into().unwrap_or_default();
    Key::from_le_bytes(bytes)
}

/// A running hash over the values of a row.
pub(super) struct Print(Sha256);

impl Print {
    pub(super) fn new(tag: &str) -> Print {
        let mut print = Print(Sha256::new());
        print.text(tag);
        print
    }

    pub(super) fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    pub(super) fn int(&mut self, n: i64) {
        self.0.update(n.to_le_bytes());
    }

    pub(super) fn value(&mut self, value: &Value) {
        match value {
            Value::Empty => self.text(""),
            Value::Text(text) => self.text(text),
            Value::Number(v) => self.int(v.to_bits() as i64),
            Value::Many(keys) => keys.iter().for_each(|key| self.text(key)),
            other => self.int(other.int().unwrap_or(0)),
        }
    }

    pub(super) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// Counts rows that say the same, so that the second of two equal purchases is told from the first.
#[derive(Default)]
pub(super) struct Occurrences(HashMap<u64, u32>);

impl Occurrences {
    /// How often it has come, this time included.
    pub(super) fn of(&mut self, print: &[u8; 32]) -> u32 {
        let short: [u8; 8] = print[..8].try_into().unwrap_or_default();
        let n = self.0.entry(u64::from_le_bytes(short)).or_insert(0);
        *n += 1;
        *n
    }
}

/// What tells a row from all others of its file: the hash of what it says, and how often it has come.
pub(super) type RowPrint = [u8; 16];

/// The fingerprint of a row.
pub(super) fn row_print(print: &[u8; 32], occurrence: u32) -> RowPrint {
    let mut short = [0; 16];
    short[..12].copy_from_slice(&print[..12]);
    short[12..].copy_from_slice(&occurrence.to_be_bytes());
    short
}

/// Ids for new records. A dry run takes numbers below nought, which no record has.
pub(super) struct Ids {
    free: Vec<i64>,
    dry: Option<i64>,
}

impl Ids {
    pub(super) fn new(dry: bool) -> Ids {
        Ids { free: Vec::new(), dry: dry.then_some(0) }
    }

    pub(super) fn take(&mut self, tx: &mut Tx<'_>) -> Result<i64> {
        if let Some(last) = &mut self.dry {
            *last -= 1;
            return Ok(*last);
        }
        if self.free.is_empty() {
            self.free = tx.ids(N_IDS)?;
            self.free.reverse();
        }
        Ok(self.free.pop().unwrap_or_default())
    }
}
