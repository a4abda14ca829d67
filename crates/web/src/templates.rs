//! Turns a page into HTML.
