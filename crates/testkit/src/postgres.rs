//! PostgreSQL for tests: a server started from the installed binaries, as a user without privileges, on a free
//! port of loopback, without durability, and stopped when the tests are over.
//!
//! All test processes of one run share a server: they have the same parent (cargo or nextest), whose process id
//! names the server's folder. A watchdog stops the server when that parent ends, however it ends.
//! `KITH_TEST_POSTGRES=postgres://…` makes the tests use another server.

use std::fs::{self, File};
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{OpenOptionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The oldest version that Kith supports.
const OLDEST: u32 = 15;

/// The URL of the server that the tests of this run share. Starts it for the first that asks.
pub fn url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| match std::env::var("KITH_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => url,
        _ => shared(std::os::unix::process::parent_id()),
    })
}

/// Was the server given from outside, so that tests have to tidy up after themselves?
pub(crate) fn given() -> bool {
    std::env::var("KITH_TEST_POSTGRES").is_ok_and(|url| !url.is_empty())
}

/// A server of one's own, for tests that other transactions on the server would disturb. Stopped when dropped.
pub struct Server {
    /// Where it answers.
    pub url: String,
    folder: PathBuf,
    process: Child,
}

impl Server {
    /// Starts a server that nobody else uses.
    pub fn start() -> Server {
        let id = std::process::id();
        let nanos =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos());
        let folder = std::env::temp_dir().join(format!("kith-tests-{id}-{nanos:x}"));
        fs::create_dir(&folder).unwrap();
        let (url, process) = start(&folder, id);
        Server { url, folder, process }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let pid = self.process.id().to_string();
        let _ = Command::new("kill").args(["-QUIT", &pid]).status();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Finds the server of this run, or starts it.
fn shared(parent: u32) -> String {
    let folder = std::env::temp_dir().join(format!("kith-tests-{parent}"));
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    // The watchdog takes the time of this file as the last sign of life.
    fs::write(folder.join("used"), "").unwrap();
    let noted = folder.join("url");
    if let Ok(url) = fs::read_to_string(&noted)
        && answers(port_of(&url))
    {
        return url;
    }
    let (url, _process) = start(&folder, parent);
    let mut file = File::options().write(true).create(true).truncate(true).mode(0o600).open(&noted).unwrap();
    file.write_all(url.as_bytes()).unwrap();
    url
}

fn port_of(url: &str) -> u16 {
    let rest = url.split("127.0.0.1:").nth(1).unwrap_or_default();
    rest.split('/').next().and_then(|port| port.parse().ok()).unwrap_or(0)
}

fn answers(port: u16) -> bool {
    port != 0 && TcpStream::connect(("127.0.0.1", port)).is_ok()
}

/// Starts a server in `folder` and a watchdog that stops it when the process `watched` is gone.
fn start(folder: &Path, watched: u32) -> (String, Child) {
    let programs = programs();
    let account = account();
    let data = folder.join("pg");
    let _ = fs::remove_dir_all(&data);
    fs::create_dir(&data).unwrap();
    let password = secret();
    let password_file = folder.join("password");
    fs::write(&password_file, &password).unwrap();
    if let Some((uid, gid)) = account {
        chown(&data, Some(uid), Some(gid)).unwrap();
        chown(&password_file, Some(uid), Some(gid)).unwrap();
    }
    let run_as = |program: &str| {
        let mut command = Command::new(programs.join(program));
        if let Some((uid, gid)) = account {
            command.uid(uid).gid(gid);
        }
        // Away from the terminal's process group: an interrupted test must not take the server of others along.
        command
            .process_group(0)
            .current_dir("/")
            .stdin(Stdio::null())
            .env("LC_ALL", "C.UTF-8")
            .env_remove("PGDATA");
        command
    };
    // A server whose own order of text is a language's, as on most machines: Kith's must not depend on it.
    let made = run_as("initdb")
        .args(["--username=kith", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=password"])
        .args(["--locale-provider=icu", "--icu-locale=en-US", "--no-sync", "--no-instructions"])
        .arg(format!("--pwfile={}", password_file.display()))
        .arg(format!("--pgdata={}", data.display()))
        .output()
        .unwrap();
    fs::remove_file(&password_file).unwrap();
    assert!(made.status.success(), "initdb failed: {}", String::from_utf8_lossy(&made.stderr));
    for _ in 0..5 {
        let port = free_port();
        let log = File::create(folder.join("log")).unwrap();
        let mut process = run_as("postgres")
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c"])
            .arg(format!("unix_socket_directories={}", data.display()))
            .args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"])
            .args([
                "-c",
                "max_connections=200",
                "-c",
                "shared_buffers=64MB",
                "-c",
                "max_locks_per_transaction=256",
            ])
            .args(["-c", "timezone=UTC", "-c", "autovacuum=off"])
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let url = format!("postgres://kith:{password}@127.0.0.1:{port}/postgres");
        if ready(&url, &mut process) {
            watch(folder, watched, process.id());
            return (url, process);
        }
        let _ = process.kill();
        let _ = process.wait();
    }
    panic!("PostgreSQL does not start: {}", fs::read_to_string(folder.join("log")).unwrap_or_default());
}

/// Waits until the server takes connections. False when it ended, for instance because the port was taken.
fn ready(url: &str, process: &mut Child) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        if process.try_wait().is_ok_and(|ended| ended.is_some()) {
            return false;
        }
        let options = db::Options { n_readers: 1, ..db::Options::default() };
        if answers(port_of(url)) && db::Db::postgres(url, None, options).is_ok() {
            return true;
        }
        sleep(Duration::from_millis(20));
    }
    false
}

/// A process of its own that stops the server and removes its folder when `watched` is gone, or when no test
/// asked for the server for half an hour.
#[expect(clippy::zombie_processes, reason = "it outlives us: that is what it is for")]
fn watch(folder: &Path, watched: u32, server: u32) {
    let script = r#"
        # A signal to a process of another user fails though it is there; /proc says so to everyone.
        there() { if [ -d /proc/self ]; then [ -d "/proc/$1" ]; else kill -0 "$1" 2>/dev/null; fi; }
        while there "$2" && there "$3"; do
            [ ! -e "$1/used" ] || [ -n "$(find "$1/used" -mmin -30 2>/dev/null)" ] || break
            sleep 1
        done
        kill -QUIT "$3" 2>/dev/null
        n=0
        while there "$3" && [ $n -lt 50 ]; do sleep 0.1; n=$((n + 1)); done
        rm -rf "$1"
    "#;
    Command::new("sh")
        .args(["-c", script, "watchdog"])
        .arg(folder)
        .args([watched.to_string(), server.to_string()])
        .process_group(0)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn secret() -> String {
    let mut bytes = [0; 16];
    std::io::Read::read_exact(&mut File::open("/dev/urandom").unwrap(), &mut bytes).unwrap();
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// PostgreSQL refuses to run as root: user and group to run it as, when the tests do.
fn account() -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| -> Option<u32> {
        let said = Command::new("id").args(arguments).stderr(Stdio::null()).output().ok()?;
        String::from_utf8_lossy(&said.stdout).trim().parse().ok()
    };
    if id(&["-u"])? != 0 {
        return None;
    }
    let known = ["postgres", "nobody"].iter().find_map(|user| Some((id(&["-u", user])?, id(&["-g", user])?)));
    Some(known.unwrap_or((65534, 65534)))
}

/// The folder with `postgres` and `initdb`: the newest of Debian's, else the one on PATH.
fn programs() -> PathBuf {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = debian
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(version, bin)| {
            *version >= OLDEST && bin.join("initdb").exists() && bin.join("postgres").exists()
        })
        .collect();
    versions.sort();
    let on_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|bin| bin.join("initdb").exists() && bin.join("postgres").exists())
    };
    versions.pop().map(|(_, bin)| bin).or_else(on_path).unwrap_or_else(|| {
        panic!(
            "the tests need PostgreSQL {OLDEST} or later: install it with `apt-get install postgresql`, \
             or set KITH_TEST_POSTGRES to the URL of a server"
        )
    })
}
