//! The real program, driven as a person or a script drives it.
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tempfile::TempDir;

const KITH: &str = env!("CARGO_BIN_EXE_kith");

/// A data folder and what is run on it.
struct World {
    folder: TempDir,
}

impl World {
    fn new() -> World {
        World { folder: tempfile::tempdir().unwrap() }
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(KITH);
        command.arg("--data").arg(self.data()).args(args).stdin(Stdio::null());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KITH_")) {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs what must succeed and gives its standard output.
    fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "kith {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs what must fail with code 1 and gives its one line on standard error.
    fn refused(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(1), "kith {args:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        let last = text.lines().last().unwrap_or_default().to_string();
        assert!(last.starts_with("kith: "), "{text}");
        last
    }

    fn json(&self, args: &[&str]) -> Json {
        serde_json::from_str(&self.done(args)).unwrap()
    }

    fn file(&self, name: &str, content: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    fn serve(&self, args: &[&str]) -> Server {
        let all = [args, &["--listen", "127.0.0.1:0"]].concat();
        let mut child = self.command(&all).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.split("http://").nth(1).unwrap().split(['/', ' ']).next().unwrap().to_string();
        let second = lines.next().map(Result::unwrap).unwrap_or_default();
        Server { child, address, second }
    }
}

struct Server {
    child: Child,
    address: String,
    /// The second line that it printed, if it did: the set-up link.
    second: String,
}

impl Server {
    /// The status line of a `GET`.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.lines().next().unwrap_or_default().to_string()
    }

    /// Asks it to end and gives how long it took.
    fn terminate(mut self) -> Duration {
        let start = Instant::now();
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
        assert!(self.child.wait().unwrap().success());
        start.elapsed()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Two of the rows are alike: two purchases of one day.
const PURCHASES: &str = "customer_id,date,quantity,amount
7,2026-01-05,1,11.77
7,2026-01-05,1,11.77
8,2026-02-11,2,24.00
9,2026-03-02,1,8.50
";

/// Purchases of many customers who come again, on days that differ.
fn many_purchases(n_rows: usize) -> String {
    let mut text = String::from("customer_id,date,amount\n");
    for n in 0..n_rows {
        let (customer, nth) = (n % (n_rows / 5).max(1), n / (n_rows / 5).max(1));
        let day = (customer * 7 + nth * (11 + customer % 40)) % 330;
        let amount = 500 + (customer * 37 + nth * 101) % 4_000;
        let (month, day) = (1 + day / 28, 1 + day % 28);
        text.push_str(&format!(
            "C{customer},2025-{month:02}-{day:02},{}.{:02}\n",
            amount / 100,
            amount % 100
        ));
    }
    text
}

#[test]
fn a_file_is_imported_once_and_taken_back() {
    let world = World::new();
    let file = world.file("purchases.csv", PURCHASES);
    let first = world.json(&["import", "orders", &file, "--json"]);
    assert_eq!((&first["n_rows"], &first["n_created"]), (&Json::from(4), &Json::from(4)), "{first}");
    assert_eq!(first["n_customers"], 3);

    let again = world.json(&["import", "orders", &file, "--json"]);
    assert_eq!((&again["n_created"], &again["n_unchanged"]), (&Json::from(0), &Json::from(4)), "{again}");

    let exported =
        world.done(&["export", "customers", "--fields", "external_id,n_orders", "--sort", "external_id"]);
    let rows: Vec<&str> = exported.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(rows, ["external_id,n_orders", "7,2", "8,1", "9,1"]);

    let id = first["import_id"].to_string();
    let undone = world.json(&["import", "--undo", &id, "--json"]);
    assert!(undone["n_removed"].as_i64().unwrap() > 0, "{undone}");
    assert_eq!(world.done(&["export", "orders", "--format", "jsonl"]), "");
}

#[test]
fn a_dry_run_writes_nothing() {
    let world = World::new();
    let file = world.file("purchases.csv", PURCHASES);
    let account = world.json(&["import", "orders", &file, "--dry-run", "--json"]);
    assert_eq!((&account["state"], &account["n_created"]), (&Json::from("dry_run"), &Json::from(4)));
    assert_eq!(world.done(&["export", "orders", "--format", "jsonl"]), "");
}

#[test]
fn a_map_says_what_columns_mean() {
    let world = World::new();
    let file = world.file("odd.csv", "wer,wann,was\nA,2026-01-05,3.50\nB,2026-01-06,4.50\n");
    let map =
        world.file("map.json", r#"{"columns":{"wer":"customer_id","wann":"placed_on","was":"amount"}}"#);
    let account = world.json(&["import", "orders", &file, "--map", &map, "--json"]);
    assert_eq!(account["n_created"], 2);
}

#[test]
fn scores_come_as_model_cards() {
    let world = World::new();
    let file = world.file("purchases.csv", &many_purchases(1_500));
    world.done(&["import", "orders", &file]);
    let cards = world.json(&["score", "--as-of", "2025-12-31", "--unit", "week", "--json"]);
    assert_eq!((&cards["as_of"], &cards["unit"]), (&Json::from("2025-12-31"), &Json::from("week")));
    let models: Vec<&str> =
        cards["models"].as_array().unwrap().iter().filter_map(|m| m["model"].as_str()).collect();
    assert_eq!(models, ["rfm", "bg_nbd", "mbg_nbd", "pareto_nbd", "gamma_gamma"]);
    let bg_nbd = &cards["models"][1];
    for name in ["r", "alpha", "a", "b"] {
        assert!(bg_nbd["params"][name].is_number(), "{name}: {bg_nbd}");
    }
    assert!(bg_nbd["log_likelihood"].is_number() && bg_nbd["n_customers"] == 300, "{bg_nbd}");
}

#[test]
fn a_token_is_printed_alone() {
    let world = World::new();
    let printed = world.done(&["token", "create", "--name", "reports", "--role", "reader"]);
    assert!(
        printed.ends_with('\n')
            && printed.trim().len() == 43
            && !printed.trim().contains(char::is_whitespace)
    );
    let listed = world.json(&["token", "list", "--json"]);
    assert_eq!((&listed[0]["name"], &listed[0]["role"]), (&Json::from("reports"), &Json::from("Reader")));
    world.done(&["token", "revoke", &listed[0]["id"].to_string()]);
    assert_eq!(world.json(&["token", "list", "--json"]), Json::Array(Vec::new()));
}

#[test]
fn refusals_are_one_line_and_code_1_wrong_usage_is_code_2() {
    let world = World::new();
    assert!(
        world
            .refused(&["token", "create", "--name", "x", "--role", "king"])
            .contains("there is no role king")
    );
    assert!(world.refused(&["import", "orders", "/nowhere.csv"]).contains("/nowhere.csv"));
    assert!(world.refused(&["import", "dragons", &world.file("a.csv", PURCHASES)]).contains("dragons"));
    assert!(world.refused(&["export", "orders", "--filter", "totl > 3"]).contains("totl"));
    assert_eq!(world.run(&["import", "orders"]).status.code(), Some(2));
    assert_eq!(world.run(&["frobnicate"]).status.code(), Some(2));
    assert_eq!(world.run(&["score", "--unit", "decade"]).status.code(), Some(2));
}

#[test]
fn a_file_that_is_no_table_is_refused_whole() {
    let world = World::new();
    let path = world.folder.path().join("picture.csv");
    std::fs::write(&path, [0x89, b'P', b'N', b'G', 0, 0, 1, 2, 0, 0, 0xff, 0xfe, 0, 0, 0]).unwrap();
    world.refused(&["import", "orders", &path.display().to_string()]);
    assert_eq!(world.done(&["export", "orders", "--format", "jsonl"]), "");
}

#[test]
fn an_unknown_key_of_the_configuration_is_named() {
    let world = World::new();
    world.done(&["token", "create", "--name", "x", "--role", "reader"]);
    std::fs::write(world.data().join("kith.toml"), "log = \"warn\"\nlisten_on = \"x\"\n").unwrap();
    let line = world.refused(&["config"]);
    assert!(line.contains("line 2: unknown field `listen_on`"), "{line}");
}

#[test]
fn a_server_prints_a_set_up_link_keeps_others_away_and_stops_when_asked() {
    let world = World::new();
    let server = world.serve(&["serve"]);
    let link = server.second.split(&server.address).nth(1).unwrap().to_string();
    assert!(link.starts_with("/setup?token="), "{}", server.second);
    assert!(server.get(&link).contains("200"));
    assert!(!server.get("/setup?token=guessed").contains("200"));
    assert!(server.get("/readyz").contains("200"));
    assert!(world.refused(&["serve", "--listen", "127.0.0.1:0"]).contains("another kith already serves"));
    // Other commands work meanwhile.
    let file = world.file("purchases.csv", PURCHASES);
    assert_eq!(world.json(&["import", "orders", &file, "--json"])["n_created"], 4);
    assert!(server.terminate() < Duration::from_secs(10));
}

#[test]
fn the_data_folder_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    world.done(&["token", "create", "--name", "x", "--role", "reader"]);
    let mode = std::fs::metadata(world.data()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

/// How many rows the only import says are done, or 0 while there is none.
fn rows_done(data: &Path) -> i64 {
    let path = data.join("kith.db");
    if !path.exists() {
        return 0;
    }
    let Ok(db) = db::Db::sqlite(&path, db::Options::default()) else { return 0 };
    let row = db.read::<_, db::Error>(|tx| tx.opt("SELECT n_done FROM imports", &[]));
    row.ok().flatten().map_or(0, |row| row.int(0).unwrap())
}

#[test]
fn an_import_that_was_killed_goes_on_and_doubles_nothing() {
    let world = World::new();
    let n_rows = 40_000;
    let file = world.file("purchases.csv", &many_purchases(n_rows));
    let mut child = world
        .command(&["import", "orders", &file])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while rows_done(&world.data()) == 0 && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let before = rows_done(&world.data());
    assert!(before > 0 && before < n_rows as i64, "killed after {before} rows");
    // What was reported as done is there, and nothing else.
    let n_orders =
        || world.done(&["export", "orders", "--fields", "number", "--format", "jsonl"]).lines().count();
    assert_eq!(n_orders() as i64, before);

    let account = world.json(&["import", "orders", &file, "--json"]);
    assert_eq!(
        (&account["n_rows"], &account["n_created"]),
        (&Json::from(n_rows), &Json::from(n_rows)),
        "{account}"
    );
    assert_eq!(n_orders(), n_rows);
}

#[test]
fn a_backup_comes_back_as_it_was_and_never_over_other_data() {
    let world = World::new();
    world.done(&["import", "orders", &world.file("purchases.csv", PURCHASES)]);
    let archive = world.folder.path().join("kith.tar").display().to_string();
    world.done(&["backup", &archive]);
    assert!(world.refused(&["backup", &archive]).contains("is there already"));
    assert!(world.refused(&["restore", &archive]).contains("holds a database already"));

    let other = World::new();
    other.done(&["restore", &archive]);
    let export = ["export", "orders", "--format", "jsonl"];
    assert_eq!(other.done(&export), world.done(&export));
    other.done(&["doctor"]);
    assert!(
        other.refused(&["restore", &other.file("x.tar", "nonsense")]).contains("holds a database already")
    );
    let empty = World::new();
    assert!(empty.refused(&["restore", &empty.file("x.tar", "nonsense")]).contains("not a backup"));
}

#[test]
fn the_same_seed_gives_the_same_company() {
    let export = ["export", "customers", "--fields", "name,email,n_orders,lifetime_value", "--sort", "name"];
    let company = |seed: &str| {
        let world = World::new();
        world.done(&["demo", "--only-fill", "--today", "2026-11-20", "--seed", seed]);
        world.done(&export)
    };
    let first = company("1");
    assert!(first.lines().count() > 200);
    assert_eq!(first, company("1"));
    assert_ne!(first, company("2"));
}

#[test]
fn a_demonstration_never_fills_a_folder_with_other_data() {
    let world = World::new();
    world.done(&["import", "orders", &world.file("purchases.csv", PURCHASES)]);
    assert!(world.refused(&["demo", "--only-fill"]).contains("no demonstration"));
    assert!(world.refused(&["demo", "--listen", "0.0.0.0:0"]).contains("this machine only"));
}

#[test]
fn a_move_to_the_other_engine_and_back_loses_nothing() {
    let world = World::new();
    world.done(&["demo", "--only-fill", "--today", "2026-11-20"]);
    let server = testkit::postgres::Server::start();
    let url = server.url.clone();
    world.done(&["move", "--to", &url]);
    let on_postgres = ["--database", url.as_str()];
    let export = |world: &World, object: &str, rest: &[&str]| {
        world.done(&[&["export", object, "--format", "jsonl"], rest].concat())
    };
    for object in ["contacts", "orders", "deals"] {
        assert_eq!(export(&world, object, &[]), export(&world, object, &on_postgres), "{object}");
    }
    let other = World::new();
    std::fs::create_dir(other.data()).unwrap();
    let target = format!("sqlite:{}", other.data().join("kith.db").display());
    world.done(&["--database", &url, "move", "--to", &target]);
    assert_eq!(export(&world, "contacts", &[]), export(&other, "contacts", &[]));
    // New records get numbers that nothing else has.
    let token = ["token", "create", "--name", "after", "--role", "reader"];
    other.done(&token);
    world.done(&[&token[..], &on_postgres].concat());
    assert!(world.refused(&["move", "--to", &url]).contains("holds data already"));
}
