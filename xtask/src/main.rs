//! Chores of the repository: `cargo run -p xtask -- tidy` says what breaks the house rules.

mod rules;
mod sources;

fn main() -> std::process::ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("tidy") => tidy(),
        _ => {
            eprintln!("usage: cargo run -p xtask -- tidy");
            std::process::ExitCode::from(2)
        }
    }
}

fn tidy() -> std::process::ExitCode {
    let broken: Vec<String> = rules::ALL.iter().flat_map(|(_, rule)| rule()).collect();
    for line in &broken {
        eprintln!("{line}");
    }
    if broken.is_empty() { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}
