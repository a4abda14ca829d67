//! Writes every example of every page, and the assets, into a folder, to be looked at through any file server:
//! `cargo run -p kith-web --example gallery -- FOLDER`.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    let templates = web::templates::Templates::load()?;
    std::fs::create_dir_all(&folder)?;
    for page in web::views::samples::render_all(&templates)? {
        std::fs::write(folder.join(format!("{}.html", page.name)), page.html)?;
    }
    for name in web::assets::names() {
        let path = folder.join("assets").join(name);
        if let (Some(parent), Some(asset)) = (path.parent(), web::assets::asset(name)) {
            std::fs::create_dir_all(parent)?;
            std::fs::write(path, asset.bytes)?;
        }
    }
    Ok(())
}
