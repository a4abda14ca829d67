//! Examples of search results.

use super::shell::{shell, shell_hostile, shell_rtl};
use super::today::{item, person};
use super::{HOSTILE, LONG};
use crate::views::{Link, Sampled, SearchGroup, SearchPage};

impl Sampled for SearchPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let ordinary = Self {
            shell: shell("Search", "/search"),
            query: "mei".to_owned(),
            groups: vec![
                SearchGroup {
                    title: "Contacts".to_owned(),
                    count: "2".to_owned(),
                    items: vec![
                        person("Mei-Ling Tan", "Platinum · Harbourline Logistics", ""),
                        person("Meike Osterkamp", "Gold", ""),
                    ],
                    more: Some(Link::new("All contacts", "/contacts?q=mei")),
                },
                SearchGroup {
                    title: "Deals".to_owned(),
                    count: "1".to_owned(),
                    items: vec![item(
                        "square-kanban",
                        "Lease renewal, 11 bikes",
                        "Negotiation · Mei-Ling Tan",
                        "€38,400",
                    )],
                    more: None,
                },
            ],
            remark: Some("Also looked for “may”.".to_owned()),
        };
        let nothing = Self {
            groups: Vec::new(),
            remark: None,
            query: HOSTILE.to_owned(),
            shell: shell_rtl("Search", "/search"),
        };
        let blank = Self { query: String::new(), ..nothing.clone() };
        let mut hostile = Self { shell: shell_hostile("Search", "/search"), ..ordinary.clone() };
        hostile.groups[0].items.push(person(HOSTILE, LONG, HOSTILE));
        vec![("ordinary", ordinary), ("nothing", nothing), ("blank", blank), ("hostile", hostile)]
    }
}
