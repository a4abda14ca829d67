//! Turns a page into HTML.
//!
//! Templates are built into the program. A debug build reads them from the folder in the environment variable
//! `KITH_TEMPLATES` instead, anew for each page, so that a change shows on reload.
//!
//! # Content security policy
//!
//! Scripts, style sheets, fonts and pictures come from this server alone, and no page carries an inline script
//! or style sheet ([`CONTENT_SECURITY_POLICY`]). Style *attributes* are allowed, because meters, whiskers and
//! heat cells carry their number in a custom property (`style="--v:71"`): it works before and without
//! JavaScript, survives morphing, and mirrors itself in right-to-left pages. The rejected alternatives: setting
//! them by script from data attributes (nothing is drawn without JavaScript, and it flickers), or a class per
//! number (a thousand rules). What this gives away is small: a style attribute can only come from a template,
//! since all text is escaped, and a test holds every one of them to custom properties with plain numbers. The one
//! hash under `style-src` is that of the sheet for the progress bar inside Turbo 8.0.23, which would otherwise
//! complain; the bar that is seen is ours, in `base.css`.

use std::path::PathBuf;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use crate::assets;
use crate::views::Page;

/// The `Content-Security-Policy` that every page is sent with.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; \
    style-src 'self' 'sha256-WAyOw4V+FqDc35lQPyRADLBWbuNK8ahvYEaQIYF1+Ps='; \
    style-src-attr 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// A page could not be turned into HTML: a template and its page struct disagree.
#[derive(Debug, thiserror::Error)]
#[error("cannot render {template}")]
pub struct RenderError {
    /// The template.
    pub template: &'static str,
    /// What is wrong with it.
    #[source]
    pub source: minijinja::Error,
}

/// All templates, ready to render.
pub struct Templates {
    built_in: Environment<'static>,
    folder: Option<PathBuf>,
}

impl Templates {
    /// Loads the templates.
    ///
    /// *Errors*: a built-in template does not parse, which a test rules out.
    pub fn load() -> Result<Self, RenderError> {
        let mut built_in = environment();
        for (name, source) in SOURCES {
            built_in.add_template(name, source).map_err(|source| RenderError { template: name, source })?;
        }
        Ok(Self { built_in, folder: template_folder() })
    }

    /// The HTML of a page.
    ///
    /// *Errors*: the template asks for something that the page does not have.
    pub fn render<P: Page>(&self, page: &P) -> Result<String, RenderError> {
        let context = Value::from(Serde(page));
        let failed = |source| RenderError { template: P::TEMPLATE, source };
        match &self.folder {
            None => {
                let template = self.built_in.get_template(P::TEMPLATE).map_err(failed)?;
                template.render(context).map_err(failed)
            }
            Some(folder) => {
                let mut fresh = environment();
                fresh.set_loader(minijinja::path_loader(folder));
                let template = fresh.get_template(P::TEMPLATE).map_err(failed)?;
                template.render(context).map_err(failed)
            }
        }
    }
}

/// The folder to read from while developing.
fn template_folder() -> Option<PathBuf> {
    if cfg!(debug_assertions) { std::env::var_os("KITH_TEMPLATES").map(PathBuf::from) } else { None }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .expect("default delimiters are valid"),
    );
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_function("asset", |name: String| assets::url(&name));
    environment.add_function("icon", icon);
    environment
}

/// An icon of the sprite; an unknown name draws a plain circle rather than nothing.
fn icon(name: &str, class: Option<&str>) -> Value {
    let name = if assets::has_icon(name) { name } else { "circle" };
    let class = class.map(|class| format!(" {class}")).unwrap_or_default();
    let sprite = assets::url("icons.svg");
    Value::from_safe_string(format!(
        "<svg class=\"ico{class}\" aria-hidden=\"true\"><use href=\"{sprite}#i-{name}\"/></svg>"
    ))
}

/// Names a list of files below `templates/` together with their text.
macro_rules! sources {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../templates/", $name)))),*]
    };
}

const SOURCES: &[(&str, &str)] = sources![
    "app.html",
    "base.html",
    "board.html",
    "chart.html",
    "customer_base.html",
    "door.html",
    "door/preview.html",
    "door/setup.html",
    "door/sign_in.html",
    "errors/conflict.html",
    "errors/error.html",
    "errors/words.html",
    "fields.html",
    "form.html",
    "imports/check.html",
    "imports/counts.html",
    "imports/head.html",
    "imports/list.html",
    "imports/match.html",
    "imports/past.html",
    "imports/result.html",
    "imports/run.html",
    "imports/upload.html",
    "list.html",
    "list/toolbar.html",
    "list/views.html",
    "mark.html",
    "model.html",
    "nav.html",
    "palette.html",
    "parts.html",
    "record.html",
    "record/composer.html",
    "record/header.html",
    "record/insight.html",
    "record/lines.html",
    "record/timeline.html",
    "search.html",
    "settings.html",
    "settings/fields.html",
    "settings/roles.html",
    "settings/secret.html",
    "settings/sessions.html",
    "settings/tokens.html",
    "settings/users.html",
    "shortcuts.html",
    "today.html",
    "today/first_run.html",
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{SOURCES, Templates};

    #[test]
    fn every_template_parses() {
        Templates::load().unwrap();
    }

    #[test]
    fn every_file_is_built_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut folders = vec![folder.clone()];
        let mut missing = Vec::new();
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
                    if !SOURCES.iter().any(|(known, _)| *known == name) {
                        missing.push(name);
                    }
                }
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }
}
