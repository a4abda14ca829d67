//! What stands beside each figure: the same work with nothing of Kith around it.

use std::io::Write;

use anyhow::Result;
use axum::Router;
use axum::routing::get;

/// Serves a fixed answer of two kilobytes: what HTTP alone costs.
pub(crate) fn http(address: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        println!("bare HTTP at http://{}", listener.local_addr()?);
        std::io::stdout().flush()?;
        static BODY: [u8; 2_048] = [b'k'; 2_048];
        let router = Router::new().route("/", get(|| async { &BODY[..] }));
        axum::serve(listener, router).await?;
        Ok(())
    })
}
