//! A reader for the HTML that templates write: strict where browsers forgive, so that a slip shows.

use std::collections::BTreeMap;

/// An element in document order.
#[derive(Debug)]
pub(crate) struct Element {
    /// Lower-case name.
    pub(crate) name: String,
    /// Attributes, with character references resolved.
    pub(crate) attributes: BTreeMap<String, String>,
    /// Text within, all levels.
    pub(crate) text: String,
    /// Names of the elements around it, outermost first, by position in the document.
    pub(crate) around: Vec<usize>,
}

impl Element {
    /// The value of an attribute.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Reads a page; fails on anything unbalanced or oddly written.
pub(crate) fn read(html: &str) -> Result<Vec<Element>, String> {
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut rest = html.trim_start().strip_prefix("<!doctype html>").ok_or("no doctype")?;
    while let Some(at) = rest.find('<') {
        add_text(&mut elements, &open, &rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("</") {
            let end = after.find('>').ok_or("tag without end")?;
            let name = &after[..end];
            let top = open.pop().ok_or_else(|| format!("</{name}> closes nothing"))?;
            if elements[top].name != name {
                return Err(format!("</{name}> closes <{}>", elements[top].name));
            }
            rest = &after[end + 1..];
        } else {
            let (name, attributes, closed, after) = tag(&rest[1..])?;
            let void = VOID.contains(&name.as_str());
            elements.push(Element { name, attributes, text: String::new(), around: open.clone() });
            if !void && !closed {
                open.push(elements.len() - 1);
            }
            rest = after;
        }
    }
    match open.last() {
        Some(&top) => Err(format!("<{}> is never closed", elements[top].name)),
        None => Ok(elements),
    }
}

fn add_text(elements: &mut [Element], open: &[usize], text: &str) {
    for &around in open {
        elements[around].text.push_str(&resolve(text));
    }
}

type Tag<'a> = (String, BTreeMap<String, String>, bool, &'a str);

fn tag(mut rest: &str) -> Result<Tag<'_>, String> {
    let end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/').ok_or("tag without end")?;
    let name = rest[..end].to_owned();
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        return Err(format!("odd tag <{name}"));
    }
    rest = &rest[end..];
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return Ok((name, attributes, true, after));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Ok((name, attributes, false, after));
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/' | '"' | '<'))
            .ok_or("attribute without end")?;
        if end == 0 {
            return Err(format!("odd attribute in <{name}>: {}", rest.chars().take(40).collect::<String>()));
        }
        let key = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix("=\"") {
            let end = after.find('"').ok_or("value without end")?;
            value = resolve(&after[..end]);
            rest = &after[end + 1..];
            if !rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/') {
                return Err(format!("no space after {key} in <{name}>"));
            }
        }
        if attributes.insert(key.clone(), value).is_some() {
            return Err(format!("<{name}> has {key} twice"));
        }
    }
}

fn resolve(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&#x2f;", "/")
        .replace("&amp;", "&")
}
