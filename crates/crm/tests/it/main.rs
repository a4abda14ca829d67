//! The domain on both engines.

mod scores;
