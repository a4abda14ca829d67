//! The real program as a separate process.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::client::{Client, Request};
use crate::data::Options;

/// A server that runs; stopped when dropped.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: SocketAddr,
}

/// Builds the program like this bench was built and gives its path.
pub(crate) fn build() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().context("the bench is in no folder")?;
    let mut cargo = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    cargo.args(["build", "--quiet", "-p", "kith"]);
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    if !cargo.status().context("cannot run cargo")?.success() {
        bail!("the program does not build");
    }
    let program = folder.join("kith");
    if !program.exists() {
        bail!("{} is not there after the build", program.display());
    }
    Ok(program)
}

/// Memory of a process, bytes.
pub(crate) struct Memory {
    /// Its own.
    pub(crate) own: u64,
    /// Parts of files that the system keeps in memory anyway: the program itself, and the database.
    pub(crate) mapped: u64,
}

impl Program {
    /// Starts `kith serve` on the bench's data and waits for its address.
    pub(crate) fn start(path: &Path, options: &Options) -> Result<Program> {
        let mut command = Command::new(path);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&options.data);
        if let Some(url) = &options.postgres {
            command.args(["--database", url]);
        }
        command.env("KITH_LOG", "warn");
        Program::spawn(command)
    }

    /// Starts a bare HTTP server: this bench in another process.
    pub(crate) fn start_bare() -> Result<Program> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["bare-http", "127.0.0.1:0"]);
        Program::spawn(command)
    }

    fn spawn(mut command: Command) -> Result<Program> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start the program")?;
        let out = child.stdout.take().context("the program has no output")?;
        let mut lines = BufReader::new(out).lines();
        let address = loop {
            let Some(line) = lines.next() else {
                child.wait()?;
                bail!("the program ended before it said where it is");
            };
            let line = line?;
            if let Some((_, address)) = line.split_once("http://") {
                break address.trim().parse().with_context(|| format!("{line} holds no address"))?;
            }
        };
        // Whatever else it prints is read, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Program { child, address })
    }

    /// Memory in use. *Source*: `RssAnon` and `RssFile` of `/proc/PID/status`.
    pub(crate) fn memory_bytes(&self) -> Result<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let of = |name: &str| -> Result<u64> {
            let line = status.lines().find_map(|l| l.strip_prefix(name)).context("no memory in /proc")?;
            Ok(line.trim().trim_end_matches(" kB").trim().parse::<u64>()? * 1024)
        };
        Ok(Memory { own: of("RssAnon:")?, mapped: of("RssFile:")? })
    }

    /// Processor time used so far, milliseconds. *Source*: `/proc/PID/stat`, in ticks of 10 ms.
    pub(crate) fn processor_ms(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name in brackets may hold blanks; the numbers come after it, user and system time 12th and 13th.
        let (_, numbers) = stat.rsplit_once(')').context("no stat")?;
        let ticks: Vec<f64> =
            numbers.split_whitespace().skip(11).take(2).filter_map(|n| n.parse().ok()).collect();
        Ok(ticks.iter().sum::<f64>() * 10.0)
    }

    /// Asks the program to end, as a system does, and waits for it.
    pub(crate) fn stop(mut self) -> Result<Duration> {
        let start = Instant::now();
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        self.child.wait()?;
        Ok(start.elapsed())
    }

    /// How long from the start to the first answered request, which reads a record.
    pub(crate) fn time_start(path: &Path, options: &Options, request: &Request) -> Result<f64> {
        let start = Instant::now();
        let program = Program::start(path, options)?;
        let (status, _) = Client::connect(program.address)?.send(request)?;
        let elapsed = start.elapsed().as_secs_f64() * 1_000.0;
        if status != 200 {
            bail!("the first request was answered with {status}");
        }
        program.stop()?;
        Ok(elapsed)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
