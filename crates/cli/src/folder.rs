//! The data folder: one place for the database, files and configuration, readable by its owner alone.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// A data folder that exists.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: PathBuf,
}

/// Keeps a second server away from the same folder for as long as it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Folder {
    /// Makes the folder when it is not there, for its owner alone.
    pub(crate) fn make(path: &Path) -> Result<Folder> {
        if !path.exists() {
            make_private(path).with_context(|| format!("cannot make the data folder {}", path.display()))?;
        }
        if !path.is_dir() {
            bail!("{} is a file, not a data folder", path.display());
        }
        Ok(Folder { path: path.to_path_buf() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The SQLite database.
    pub(crate) fn database(&self) -> PathBuf {
        self.path.join("kith.db")
    }

    /// The configuration, which need not be there.
    pub(crate) fn configuration(&self) -> PathBuf {
        self.path.join("kith.toml")
    }

    /// Where uploaded files lie.
    pub(crate) fn files(&self) -> PathBuf {
        self.path.join("files")
    }

    /// Claims the folder for this server. The system frees the claim when the process ends, however it ends.
    /// *Errors*: another server has it.
    pub(crate) fn lock(&self) -> Result<Lock> {
        let path = self.path.join("kith.lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.with_context(|| format!("cannot write {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(fs::TryLockError::WouldBlock) => {
                bail!("another kith already serves {}; stop it first", self.path.display())
            }
            Err(fs::TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }
}

#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> std::io::Result<()> {
    fs::create_dir_all(path)
}
