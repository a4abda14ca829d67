//! The frame around the examples.

use super::HOSTILE;
use crate::views::{
    Avatar, Density, Direction, Flash, Hidden, NavGroup, NavItem, Shell, Theme, Undo, Viewer,
};

/// The frame of a page of this title, with the place of this path marked as current.
pub fn shell(title: &str, current: &str) -> Shell {
    let mark = |item: NavItem| NavItem { current: item.href == current, ..item };
    let place = |text: &str, href: &str, icon: &str, key: &str| mark(NavItem::new(text, href, icon).key(key));
    let count = |item: NavItem, count: &str| NavItem { count: Some(count.to_owned()), ..item };
    Shell {
        title: title.to_owned(),
        lang: "en".to_owned(),
        dir: Direction::Ltr,
        workspace: "Alder & Wren".to_owned(),
        user: Viewer {
            name: "Nadia Rahimi".to_owned(),
            email: "nadia@alderwren.example".to_owned(),
            avatar: Avatar::of("Nadia Rahimi", false),
            href: "/settings/profile".to_owned(),
        },
        nav: vec![
            NavGroup { title: None, items: vec![count(place("Today", "/", "sun", "t"), "9")] },
            NavGroup {
                title: Some("People".to_owned()),
                items: vec![
                    place("Customers", "/customers", "users", "c"),
                    place("Contacts", "/contacts", "user", "p"),
                    place("Companies", "/companies", "building-2", "f"),
                    count(place("Leads", "/leads", "user-plus", "l"), "23"),
                ],
            },
            NavGroup {
                title: Some("Work".to_owned()),
                items: vec![
                    place("Deals", "/deals", "square-kanban", "d"),
                    place("Orders", "/orders", "shopping-bag", "o"),
                    place("Cases", "/cases", "life-buoy", "s"),
                    place("Tasks", "/tasks", "square-check", "k"),
                ],
            },
            NavGroup {
                title: Some("Know".to_owned()),
                items: vec![place("Customer base", "/customer-base", "chart-no-axes-combined", "b")],
            },
        ],
        quick: vec![
            mark(NavItem::new("Today", "/", "sun")),
            mark(NavItem::new("Customers", "/customers", "users")),
            mark(NavItem::new("Deals", "/deals", "square-kanban")),
            mark(NavItem::new("Tasks", "/tasks", "square-check")),
        ],
        settings: Some(mark(NavItem::new("Settings", "/settings", "settings"))),
        creatable: vec![
            NavItem::new("contact", "/contacts/new", "user-plus"),
            NavItem::new("deal", "/deals/new", "square-kanban"),
            NavItem::new("task", "/tasks/new", "square-check"),
        ],
        theme: Theme::System,
        density: Density::Comfortable,
        here: current.to_owned(),
        flash: None,
        shortcuts: true,
        banner: None,
        version: "0.1.0".to_owned(),
    }
}

/// The frame in Persian, right to left, with everything that can be in it.
pub fn shell_rtl(title: &str, current: &str) -> Shell {
    Shell {
        lang: "fa".to_owned(),
        dir: Direction::Rtl,
        workspace: "توسکا و چکاوک".to_owned(),
        theme: Theme::Dark,
        density: Density::Compact,
        flash: Some(Flash {
            text: "ذخیره شد".to_owned(),
            failed: false,
            undo: Some(Undo {
                action: "/events/812/undoing".to_owned(),
                hidden: vec![Hidden::new("version", "3")],
            }),
        }),
        ..shell(title, current)
    }
}

/// The frame with hostile names, a failure and a banner.
pub(super) fn shell_hostile(title: &str, current: &str) -> Shell {
    let plain = shell(title, current);
    Shell {
        title: HOSTILE.to_owned(),
        workspace: HOSTILE.to_owned(),
        user: Viewer { name: HOSTILE.to_owned(), email: HOSTILE.to_owned(), ..plain.user.clone() },
        flash: Some(Flash { text: HOSTILE.to_owned(), failed: true, undo: None }),
        banner: Some(
            "Demonstration data: nothing here is real, and it is gone when the program stops.".to_owned(),
        ),
        shortcuts: false,
        settings: None,
        creatable: Vec::new(),
        ..plain
    }
}
