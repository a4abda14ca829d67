//! Logs on standard error.

use anyhow::{Result, anyhow};
use tracing_subscriber::EnvFilter;

/// Begins to log what `filter` lets through: `info`, `debug`, `warn,web=debug`.
pub(crate) fn begin(filter: &str) -> Result<()> {
    let wrong = |error| anyhow!("the log filter {filter} is not understood: {error}");
    let filter = EnvFilter::try_new(filter).map_err(wrong)?;
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call, as from tests, changes nothing.
    let _ = subscriber.with_ansi(colours).with_target(false).try_init();
    Ok(())
}
