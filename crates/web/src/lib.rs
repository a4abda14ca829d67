//! Pages, REST, sessions and assets: the only crate that knows axum, HTML and JSON shapes.

mod app;
pub mod assets;
mod error;
pub mod exports;
pub mod format;
mod metrics;
mod routes;
mod secrets;
pub mod templates;
mod throttle;
pub mod views;
mod who;
mod wire;

pub use app::{App, Config};
pub use error::Refused;
pub use routes::router;
pub use secrets::secret;
pub use who::Who;
