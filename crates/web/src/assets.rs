//! Style sheets, scripts, fonts and icons, built into the program.
//!
//! Served under `/assets/{name}`. [`url`] adds the content's hash, so that a browser may keep a file for ever.

use std::sync::LazyLock;

/// A file ready to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its content.
    pub bytes: &'static [u8],
    /// Its media type.
    pub content_type: &'static str,
    /// Quoted entity tag: the hash of its content.
    pub etag: &'static str,
}

/// What a browser may do with a file asked for by its hash (`?v=`).
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// What a browser may do with a file asked for by name alone, such as a font named in the style sheet.
pub const REVALIDATED: &str = "public, max-age=86400";

/// The file of this name below `/assets/`.
pub fn asset(name: &str) -> Option<Asset> {
    FILES.iter().find(|file| file.name == name).map(|file| file.asset)
}

/// The URL of a file, with its hash.
///
/// Fonts carry none, since the style sheet names them too and a browser would load them twice.
pub fn url(name: &str) -> String {
    match FILES.iter().find(|file| file.name == name) {
        Some(file) if !file.name.starts_with("fonts/") => {
            format!("/assets/{name}?v={}", file.asset.etag.trim_matches('"'))
        }
        _ => format!("/assets/{name}"),
    }
}

/// Whether the sprite has an icon of this name.
pub fn has_icon(name: &str) -> bool {
    !name.is_empty() && ICONS.contains(&format!("id=\"i-{name}\""))
}

/// Names of all files, for the build's own checks.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|file| file.name)
}

struct File {
    name: &'static str,
    asset: Asset,
}

const ICONS: &str = include_str!("../assets/icons.svg");

const STYLE: &str = concat!(
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/layout.css"),
    include_str!("../assets/css/rail.css"),
    include_str!("../assets/css/buttons.css"),
    include_str!("../assets/css/fields.css"),
    include_str!("../assets/css/marks.css"),
    include_str!("../assets/css/tables.css"),
    include_str!("../assets/css/toolbars.css"),
    include_str!("../assets/css/parts.css"),
    include_str!("../assets/css/timeline.css"),
    include_str!("../assets/css/record.css"),
    include_str!("../assets/css/board.css"),
    include_str!("../assets/css/overlays.css"),
    include_str!("../assets/css/states.css"),
    include_str!("../assets/css/charts.css"),
    include_str!("../assets/css/utilities.css"),
    include_str!("../assets/css/narrow.css"),
    include_str!("../assets/css/print.css"),
);

const SCRIPT: &str = concat!(
    include_str!("../assets/js/pages.js"),
    include_str!("../assets/js/keys.js"),
    include_str!("../assets/js/palette.js"),
    include_str!("../assets/js/board.js"),
    include_str!("../assets/js/elements.js"),
);

const JS: &str = "text/javascript; charset=utf-8";
const FONT: &str = "font/woff2";
const TEXT: &str = "text/plain; charset=utf-8";

static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
    vec![
        file("kith.css", "text/css; charset=utf-8", STYLE.as_bytes()),
        file("kith.js", JS, SCRIPT.as_bytes()),
        file("charts.js", JS, include_bytes!("../assets/charts.js")),
        file("turbo.js", JS, include_bytes!("../assets/vendor/turbo.min.js")),
        file("plot.js", JS, include_bytes!("../assets/vendor/plot.min.js")),
        file("icon.svg", "image/svg+xml", include_bytes!("../assets/icon.svg")),
        file("icons.svg", "image/svg+xml", ICONS.as_bytes()),
        file(
            "fonts/inter-latin-wght-normal.woff2",
            FONT,
            include_bytes!("../assets/fonts/inter-latin-wght-normal.woff2"),
        ),
        file(
            "fonts/inter-latin-ext-wght-normal.woff2",
            FONT,
            include_bytes!("../assets/fonts/inter-latin-ext-wght-normal.woff2"),
        ),
        file(
            "fonts/vazirmatn-arabic-wght-normal.woff2",
            FONT,
            include_bytes!("../assets/fonts/vazirmatn-arabic-wght-normal.woff2"),
        ),
        file("licences.txt", TEXT, LICENCES.as_bytes()),
    ]
});

/// Licences of what others made, served beside it.
const LICENCES: &str = concat!(
    "Turbo (MIT)\n\n",
    include_str!("../assets/vendor/LICENSE-turbo.txt"),
    "\n\nObservable Plot (ISC)\n\n",
    include_str!("../assets/vendor/LICENSE-plot.txt"),
    "\n\nD3 (ISC)\n\n",
    include_str!("../assets/vendor/LICENSE-d3.txt"),
    "\n\nLucide icons (ISC)\n\n",
    include_str!("../assets/vendor/LICENSE-lucide.txt"),
    "\n\nInter (OFL)\n\n",
    include_str!("../assets/fonts/LICENSE-inter.txt"),
    "\n\nVazirmatn (OFL)\n\n",
    include_str!("../assets/fonts/LICENSE-vazirmatn.txt"),
);

fn file(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> File {
    // Leaked once per file at start: the table lives as long as the program.
    let etag: &'static str = Box::leak(format!("\"{:016x}\"", fnv1a(bytes)).into_boxed_str());
    File { name, asset: Asset { bytes, content_type, etag } }
}

/// FNV-1a, 64 bits: names a version, protects nothing.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::{asset, has_icon, url};

    #[test]
    fn a_url_names_the_version() {
        let url = url("kith.css");
        assert!(url.starts_with("/assets/kith.css?v="), "{url}");
        assert!(url.contains(asset("kith.css").unwrap().etag.trim_matches('"')));
    }

    #[test]
    fn fonts_have_one_url() {
        let font = "fonts/inter-latin-wght-normal.woff2";
        assert_eq!(url(font), format!("/assets/{font}"));
        assert!(asset(font).is_some());
    }

    #[test]
    fn unknown_files_are_not_served() {
        assert!(asset("../Cargo.toml").is_none());
    }

    #[test]
    fn the_sprite_knows_its_icons() {
        assert!(has_icon("plus"));
        assert!(!has_icon("no-such-icon"));
        assert!(!has_icon(""));
    }
}
