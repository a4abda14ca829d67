//! The files of the repository, read once for each rule.

use std::fs;
use std::path::{Path, PathBuf};

/// A file and its place, written from the root of the repository: `crates/db/src/lib.rs`.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// Is it of tests, examples or samples, where some rules are looser?
    pub(crate) fn of_tests(&self) -> bool {
        let in_tests = ["/tests/", "/examples/", "/samples/", "crates/testkit/", "xtask/"]
            .iter()
            .any(|part| self.path.contains(part));
        in_tests || self.path.ends_with("tests.rs")
    }

    /// The lines before the tests that stand at the end of a file, numbered from 1.
    pub(crate) fn lines_of_code(&self) -> impl Iterator<Item = (usize, &str)> {
        let before_tests = self.text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
        before_tests.lines().enumerate().map(|(n, line)| (n + 1, line))
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("xtask lies in the repository").to_path_buf()
}

/// A file by its place; empty when it is not there.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

/// All files below `folders` whose name ends in `ending`.
pub(crate) fn files(folders: &[&str], ending: &str) -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            if path.is_dir() && !path.ends_with("target") {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let place = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().into_owned();
                found.push(Source { path: place, text: fs::read_to_string(&path).unwrap_or_default() });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// All Rust files.
pub(crate) fn rust() -> Vec<Source> {
    files(&["crates", "xtask", "bench"], ".rs")
}
