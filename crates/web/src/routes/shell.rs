//! The frame of every signed-in page: rail, user, preferences.

use db::Tx;
use kernel::{Action, Ctx, Scope, Section};

use super::asked::Asked;
use crate::Refused;
use crate::views::{Avatar, Direction, NavGroup, NavItem, Shell, Viewer};

/// The frame for a page with this title.
pub(crate) fn shell(tx: &mut Tx<'_>, ctx: &Ctx, asked: &Asked, title: &str) -> Result<Shell, Refused> {
    let settings = asked.app.settings();
    let name = match ctx.user_id {
        Some(id) => {
            let row = tx.opt("SELECT name, email FROM users WHERE id = $1", &[id.into()])?;
            row.map(|row| Ok::<_, db::Error>((row.text(0)?.to_string(), row.text(1)?.to_string())))
                .transpose()?
        }
        None => None,
    };
    let (name, email) = name.unwrap_or(("Kith".into(), String::new()));
    let path = asked.here.split('?').next().unwrap_or("/");
    let nav = nav(ctx, path);
    let quick: Vec<NavItem> = ["/", "/customers", "/deals", "/tasks"]
        .iter()
        .filter_map(|href| nav.iter().flat_map(|g| &g.items).find(|i| i.href == *href).cloned())
        .collect();
    let sees_settings = NavItem {
        current: path.starts_with("/settings"),
        ..NavItem::new("Settings", "/settings", "settings")
    };
    Ok(Shell {
        title: title.to_string(),
        lang: "en".into(),
        dir: Direction::Ltr,
        workspace: settings.name.clone(),
        user: Viewer { avatar: Avatar::of(&name, false), name, email, href: "/settings".into() },
        quick,
        settings: Some(sees_settings),
        creatable: creatable(ctx),
        theme: asked.theme,
        density: asked.density,
        here: asked.here.clone(),
        flash: asked.flash.clone(),
        shortcuts: true,
        banner: settings.demo.then(|| {
            "Generated data of an invented company, for trying out Kith. Not for production.".into()
        }),
        version: env!("CARGO_PKG_VERSION").into(),
        nav,
    })
}

/// What the actor may make.
fn creatable(ctx: &Ctx) -> Vec<NavItem> {
    let objects = ctx.catalogue.objects().filter(|o| o.section.is_some() && o.writable && o.parts.is_empty());
    let allowed = objects.filter(|o| ctx.rights.scope(&o.key, Action::Create) > Scope::None);
    allowed.map(|o| NavItem::new(o.singular.clone(), format!("/{}/new", o.key), &o.icon)).collect()
}

/// The rail: what the actor may see, in the order of the cycle.
fn nav(ctx: &Ctx, path: &str) -> Vec<NavGroup> {
    let here = |href: &str| path == href || (href != "/" && path.starts_with(&format!("{href}/")));
    let place = |text: &str, href: &str, icon: &str, key: &str| {
        let item = NavItem { current: here(href), ..NavItem::new(text, href, icon) };
        if key.is_empty() { item } else { item.key(key) }
    };
    let objects = |section: Section| -> Vec<NavItem> {
        let shown = ctx.catalogue.objects().filter(|o| o.section == Some(section));
        let seen = shown.filter(|o| ctx.scope(o, Action::See) > Scope::None);
        seen.map(|o| {
            let key = match o.key.as_str() {
                "customers" => "c",
                "contacts" => "p",
                "companies" => "o",
                "deals" => "d",
                "cases" => "s",
                "tasks" => "k",
                _ => "",
            };
            place(&o.plural, &format!("/{}", o.key), &o.icon, key)
        })
        .collect()
    };
    let group = |title: &str, items: Vec<NavItem>| NavGroup { title: Some(title.into()), items };
    let mut groups = vec![
        NavGroup { title: None, items: vec![place("Today", "/", "sun", "t")] },
        group("People", objects(Section::People)),
        group("Work", objects(Section::Work)),
    ];
    if ctx.catalogue.object("customers").is_some_and(|o| ctx.scope(o, Action::See) > Scope::None) {
        groups.push(group(
            "Know",
            vec![place("Customer base", "/customer-base", "chart-no-axes-combined", "b")],
        ));
    }
    groups.retain(|g| !g.items.is_empty());
    groups
}
