//! The API and the pages through the router in this process, on both engines.
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod api;
mod api_batches;
mod api_catalogue;
mod api_docs;
mod api_doors;
mod api_events;
mod api_lists;
mod api_once;
mod api_records;
mod api_rights;
mod pages;
