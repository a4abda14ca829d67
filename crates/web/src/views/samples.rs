//! Examples of every page: what tests render and the gallery shows.
//!
//! The company is made up: Alder & Wren, bicycles. Besides the ordinary case, each page has the empty and the
//! hostile one, whose texts are long, carry HTML and try to leave their attribute.

mod board;
mod customer_base;
mod door;
mod form;
mod imports;
mod list;
mod record;
mod search;
mod settings;
mod shell;
mod today;

pub use shell::{shell, shell_rtl};

use super::{Page, Sampled};
use crate::templates::{RenderError, Templates};

/// Text that breaks pages which escape carelessly.
pub const HOSTILE: &str =
    "\"><script>alert('x')</script><img src=x onerror=alert(1)>&amp;' style=\"--x:url(//e)";

/// A word without a place to break.
pub const LONG: &str = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft-Nachfolge \
    & Söhne, formerly trading as The Very Long Name That Nobody Would Ever Put On A Business Card, Limited";

/// One rendered example.
#[derive(Debug)]
pub struct Rendered {
    /// `list-ordinary`: the page's template and the example's name.
    pub name: String,
    /// Its HTML.
    pub html: String,
}

/// Every example of every page.
///
/// *Errors*: a template asks for something its page does not have.
pub fn render_all(templates: &Templates) -> Result<Vec<Rendered>, RenderError> {
    let mut all = Vec::new();
    add::<super::SetupPage>(templates, &mut all)?;
    add::<super::SignInPage>(templates, &mut all)?;
    add::<super::ErrorPage>(templates, &mut all)?;
    add::<super::ConflictPage>(templates, &mut all)?;
    add::<super::TodayPage>(templates, &mut all)?;
    add::<super::ListPage>(templates, &mut all)?;
    add::<super::BoardPage>(templates, &mut all)?;
    add::<super::RecordPage>(templates, &mut all)?;
    add::<super::FormPage>(templates, &mut all)?;
    add::<super::ImportUploadPage>(templates, &mut all)?;
    add::<super::ImportMatchPage>(templates, &mut all)?;
    add::<super::ImportCheckPage>(templates, &mut all)?;
    add::<super::ImportRunPage>(templates, &mut all)?;
    add::<super::ImportResultPage>(templates, &mut all)?;
    add::<super::ImportsPage>(templates, &mut all)?;
    add::<super::CustomerBasePage>(templates, &mut all)?;
    add::<super::SearchPage>(templates, &mut all)?;
    add::<super::SettingsPage>(templates, &mut all)?;
    Ok(all)
}

fn add<P: Page + Sampled>(templates: &Templates, all: &mut Vec<Rendered>) -> Result<(), RenderError> {
    let page = P::TEMPLATE.trim_end_matches(".html").replace('/', "-");
    for (name, sample) in P::samples() {
        all.push(Rendered { name: format!("{page}-{name}"), html: templates.render(&sample)? });
    }
    Ok(())
}
