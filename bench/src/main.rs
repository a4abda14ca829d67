//! Benchmarks: each subcommand makes its own data, measures, and prints a bare figure of the same run beside its own.

mod bare;
mod client;
mod data;
mod imports;
mod load;
mod program;
mod report;
mod scenes;
mod serve;

const USAGE: &str = "usage: bench all|build|serve|imports [options]
  build    [--data DIR] [--postgres URL] [--scale PERCENT]   fill a database with 1,000,000 contacts and what they did
  serve    [--data DIR] [--postgres URL] [--seconds N] [--only WORD]  load the real program over it and print the table
  imports  [--contacts N] [--purchases N] [OBJECT FILE]      time imports
  all      all of them";

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("imports") => imports::run(arguments),
        Some("build") => data::build(&data::Options::read(arguments)?).map(drop),
        Some("serve") => serve::run(&data::Options::read(arguments)?),
        // What `serve` compares itself with, in a process of its own like the program.
        Some("bare-http") => bare::http(arguments.next().as_deref().unwrap_or("127.0.0.1:0")),
        Some("all") => {
            let options = data::Options::read(arguments)?;
            data::build(&options)?;
            serve::run(&options)?;
            imports::run(std::iter::empty())
        }
        _ => anyhow::bail!("{USAGE}"),
    }
}
