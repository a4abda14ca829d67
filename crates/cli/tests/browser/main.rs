//! Kith as people use it: the real program, a real browser, a data folder of its own for each test.
//!
//! These tests need `chromium` and `chromedriver`; on Debian and Ubuntu `apt-get install chromium chromium-driver`.
//! `KITH_TEST_PICTURES=DIR` makes the tests of pages leave pictures of what they saw in that folder.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests: what fails is the report")]

mod accessibility;
mod board;
mod conflicts;
mod doors;
mod hostile;
mod imports;
mod kith;
mod lists;
mod morphing;
mod records;
mod settings;
mod unscripted;
