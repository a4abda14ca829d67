//! `kith serve`: pages, API and background work in one process.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;
use tokio::net::TcpListener;
use web::{App, Config as WebConfig};

use crate::config::Config;
use crate::folder::Folder;
use crate::logs;
use crate::place::{Place, now, open_db};
use crate::workers::Crew;

/// How long requests that run may take to end after a signal to stop.
const DRAIN: Duration = Duration::from_secs(7);

/// Arguments of `kith serve`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kith serve
  kith serve --listen 0.0.0.0:80 --data /var/lib/kith
  kith serve --database postgres://kith:secret@db.example.com/kith

The first start prints a link by which the first administrator is made.")]
pub(crate) struct Serve {
    /// Address and port to listen on. [default: 127.0.0.1:7250]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
}

/// Serves until it is asked to stop.
pub(crate) fn run(place: &Place, args: &Serve) -> Result<()> {
    let (folder, mut config) = place.prepare()?;
    if let Some(listen) = &args.listen {
        config.listen.clone_from(listen);
    }
    logs::begin(&config.log)?;
    serve(&folder, &config, false, |_| Ok(()))
}

/// Opens the folder and serves it. `fill` runs before, with the lock held and the port taken.
pub(crate) fn serve(
    folder: &Folder,
    config: &Config,
    demo: bool,
    fill: impl FnOnce(&db::Db) -> Result<()>,
) -> Result<()> {
    // On PostgreSQL several servers share a database, so only the files of the folder would be shared.
    let _lock = if config.database.is_none() { Some(folder.lock()?) } else { None };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let listener = runtime.block_on(listen(&config.listen))?;
    let address = listener.local_addr()?;
    let db = open_db(folder, config)?;
    fill(&db)?;
    let web_config = WebConfig {
        data: folder.path().to_path_buf(),
        secure_cookies: config.secure_cookies,
        demo,
        clock: now,
    };
    let app = App::new(db.clone(), web_config).map_err(|e| anyhow::anyhow!("cannot start: {e}"))?;
    let url = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    announce(&db, &url, demo)?;
    let crew = Crew::start(&db, folder, config.n_workers);
    runtime.block_on(answer(listener, app))?;
    tracing::info!("stopping");
    crew.stop(Instant::now() + Duration::from_secs(2));
    // Reads that outlive the drain are cut off with the process; writes are whole or not at all.
    runtime.shutdown_timeout(Duration::from_millis(200));
    Ok(())
}

async fn listen(address: &str) -> Result<TcpListener> {
    let address: SocketAddr = address
        .parse()
        .with_context(|| format!("{address} is not an address to listen on, such as 127.0.0.1:7250"))?;
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; choose another address with --listen"))
}

/// Answers requests until a signal comes, then lets those that run end.
async fn answer(listener: TcpListener, app: App) -> Result<()> {
    let (stopping, mut stopped) = tokio::sync::watch::channel(false);
    let router = web::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        if let Err(error) = asked_to_stop().await {
            tracing::error!(%error, "cannot listen for signals");
        }
        let _ = stopping.send(true);
    });
    let overdue = async {
        // An error means that the sender is gone, so the server has ended.
        if stopped.wait_for(|stopping| *stopping).await.is_ok() {
            tokio::time::sleep(DRAIN).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        ended = serving => ended.context("the server failed"),
        () = overdue => {
            tracing::warn!("some requests did not end in time and were cut off");
            Ok(())
        }
    }
}

/// Ends when the process gets SIGTERM or SIGINT.
pub(crate) async fn asked_to_stop() -> Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}

/// Says where Kith is, and on a Kith that nobody was set up in, how to become its administrator.
fn announce(db: &db::Db, url: &str, demo: bool) -> Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let fresh = db.read::<_, kernel::Error>(crm::workspace::fresh)?;
    if demo {
        writeln!(out, "Kith shows a made-up company at {url}")?;
        writeln!(out, "Whoever opens it on this machine is signed in. Not for production.")?;
    } else if fresh {
        // The stored hash does not give the token back, so each start of a fresh Kith makes a new one.
        let token = web::secret()?;
        db.write::<_, kernel::Error>(|tx| {
            crm::settings::put(tx, "setup_token_hash", &crm::sessions::token_hash(&token))
        })?;
        writeln!(out, "Kith is at {url}")?;
        writeln!(out, "Set it up, once, at {url}/setup?token={token}")?;
    } else {
        writeln!(out, "Kith is at {url}")?;
    }
    out.flush()?;
    Ok(())
}
