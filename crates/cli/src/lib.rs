//! Configuration and wiring: the commands of `kith`, each in a file of its own.
//!
//! Exit codes: 0 done, 1 refused or failed with one line on standard error, 2 wrong usage.

mod backups;
mod bar;
mod config;
mod demo_command;
mod doctor;
mod exports;
pub mod fill;
mod folder;
mod imports;
mod jobs;
mod logs;
mod moves;
mod place;
mod scores;
mod server;
mod tokens;
mod users;
mod workers;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::place::Place;

/// Takes the place of the system's allocator, also under SQLite: imports take a quarter less of the processor.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Kith is a customer relationship system that you run yourself: one program, one data folder.
#[derive(Debug, Parser)]
#[command(name = "kith", version, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "Examples:
  kith demo                          look around in a made-up company
  kith serve                         start on ./kith-data, made when it is not there
  kith import orders purchases.csv   take in a file of purchases, and
  kith score                         see what each customer is worth";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the web pages and the API, and do the background work.
    Serve(server::Serve),
    /// Do the background work alone, beside a server elsewhere.
    Work(workers::Work),
    /// Serve a made-up company to look around in; not for production.
    Demo(demo_command::Demo),
    /// Import a file: purchases, contacts or any other kind of records.
    Import(imports::Command),
    /// Write records to a file.
    Export(exports::Command),
    /// Score every customer: value, chance to stay, tier.
    Score(scores::Command),
    /// Make, list and revoke tokens for programs that use the API.
    #[command(subcommand)]
    Token(tokens::Token),
    /// Make and list users, set passwords.
    #[command(subcommand)]
    User(users::User),
    /// Write the database and the files to one archive.
    Backup(backups::Backup),
    /// Bring a backup back into an empty data folder.
    Restore(backups::Restore),
    /// Move all data to another database.
    Move(moves::Move),
    /// Look whether everything is in order.
    Doctor(doctor::Doctor),
    /// Print the configuration in effect and where each value comes from.
    Config(config::Show),
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match &cli.command {
        Command::Serve(args) => server::run(&cli.place, args),
        Command::Work(args) => workers::run(&cli.place, args),
        Command::Demo(args) => demo_command::run(&cli.place, args),
        Command::Import(args) => imports::run(&cli.place, args),
        Command::Export(args) => exports::run(&cli.place, args),
        Command::Score(args) => scores::run(&cli.place, args),
        Command::User(args) => users::run(&cli.place, args),
        Command::Backup(args) => backups::backup(&cli.place, args),
        Command::Restore(args) => backups::restore(&cli.place, args),
        Command::Move(args) => moves::run(&cli.place, args),
        Command::Doctor(args) => doctor::run(&cli.place, args),
        Command::Token(args) => tokens::run(&cli.place, args),
        Command::Config(args) => config::run(&cli.place, args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads us has seen enough: `kith export contacts | head`.
        Err(error) if error.chain().any(broken_pipe) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kith: {}", one_line(&format!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

fn broken_pipe(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
