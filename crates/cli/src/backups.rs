//! `kith backup` and `kith restore`: the whole data folder as one file.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use db::{Db, Options};

use crate::folder::Folder;
use crate::place::Place;

/// Arguments of `kith backup`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kith backup /backups/kith-$(date +%F).tar

The file is an ordinary tar archive: the database, copied consistently while others work, the uploaded files and
kith.toml. It is not encrypted. A PostgreSQL database is not in it: use pg_dump for that.")]
pub(crate) struct Backup {
    /// The file to write; it must not be there yet.
    file: PathBuf,
}

/// Arguments of `kith restore`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  kith restore /backups/kith-2026-11-22.tar --data ./kith-restored

The data folder must not hold a database yet, so nothing is ever overwritten.")]
pub(crate) struct Restore {
    /// A file that kith backup wrote.
    file: PathBuf,
}

/// Writes the backup beside its final name first, so that a file of that name is always whole.
pub(crate) fn backup(place: &Place, args: &Backup) -> Result<()> {
    let open = place.open_existing()?;
    if open.config.database.is_some() {
        bail!(
            "the data is in PostgreSQL: back it up with pg_dump, and copy {} for the files",
            open.folder.path().display()
        );
    }
    if args.file.exists() {
        bail!("{} is there already; choose another name", args.file.display());
    }
    let folder = args.file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let work = tempfile::Builder::new()
        .prefix(".kith-backup-")
        .tempdir_in(folder)
        .with_context(|| format!("cannot write in {}", folder.display()))?;
    let copy = work.path().join("kith.db");
    open.db.copy_to(&copy).context("cannot copy the database")?;
    let path = work.path().join("backup.tar");
    let mut archive = tar::Builder::new(private(&path)?);
    archive.append_path_with_name(&copy, "kith.db")?;
    if open.folder.configuration().exists() {
        archive.append_path_with_name(open.folder.configuration(), "kith.toml")?;
    }
    if open.folder.files().is_dir() {
        archive.append_dir_all("files", open.folder.files()).context("cannot copy the uploaded files")?;
    }
    archive.into_inner()?.sync_all()?;
    fs::rename(&path, &args.file).with_context(|| format!("cannot write {}", args.file.display()))?;
    let size_bytes = fs::metadata(&args.file)?.len();
    writeln!(std::io::stdout(), "Wrote {} ({} MB).", args.file.display(), size_bytes.div_ceil(1_000_000))?;
    Ok(())
}

/// A new file for its owner alone: it holds everything that Kith knows.
fn private(path: &Path) -> Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_context(|| format!("cannot write {}", path.display()))
}

/// Unpacks beside the data folder, looks the database through, and only then moves it in.
pub(crate) fn restore(place: &Place, args: &Restore) -> Result<()> {
    let file = File::open(&args.file).with_context(|| format!("cannot read {}", args.file.display()))?;
    let folder = Folder::make(place.path())?;
    if folder.database().exists() {
        bail!("{} holds a database already; name an empty folder with --data", folder.path().display());
    }
    let _lock = folder.lock()?;
    let work = tempfile::Builder::new().prefix(".kith-restore-").tempdir_in(folder.path())?;
    let mut archive = tar::Archive::new(file);
    archive
        .unpack(work.path())
        .with_context(|| format!("{} is not a backup of kith", args.file.display()))?;
    let database = work.path().join("kith.db");
    if !database.exists() {
        bail!("{} is not a backup of kith: it holds no database", args.file.display());
    }
    {
        let db = Db::sqlite(&database, Options::default())?;
        let problems = db.check().context("the database in the backup cannot be read")?;
        if let Some(problem) = problems.first() {
            bail!("the database in the backup is damaged: {problem}");
        }
        db.migrate(&crm::migrations()).context("cannot bring the restored database up to date")?;
    }
    for name in ["files", "kith.toml", "kith.db"] {
        let from = work.path().join(name);
        let to = folder.path().join(name);
        if from.exists() && !to.exists() {
            fs::rename(&from, &to).with_context(|| format!("cannot write {}", to.display()))?;
        }
    }
    writeln!(
        std::io::stdout(),
        "Restored into {}. Start it with: kith serve --data {0}",
        folder.path().display()
    )?;
    Ok(())
}
