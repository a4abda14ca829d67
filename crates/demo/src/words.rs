//! Sentences: templates in several languages and what fills them.

use std::sync::LazyLock;

use crate::business::Business;
use crate::cases::CaseKind;
use crate::places::SHOPS;
use crate::random::Random;
use crate::touchpoints::{Direction, TouchpointKind};

/// A note with its language.
pub(crate) static NOTES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    lines(include_str!("words/notes.txt")).filter_map(|line| line.split_once('|')).collect()
});

/// Task titles.
pub(crate) static TASKS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| lines(include_str!("words/tasks.txt")).collect());

/// Titles of deals with their pipeline.
pub(crate) static DEALS: LazyLock<Vec<(usize, &'static str)>> = LazyLock::new(|| {
    let titles = lines(include_str!("words/deals.txt")).filter_map(|line| line.split_once('|'));
    titles.map(|(pipeline, title)| (usize::from(pipeline == "1"), title)).collect()
});

/// A case as a customer would write it.
#[derive(Debug)]
pub(crate) struct CaseWords {
    pub(crate) kind: CaseKind,
    pub(crate) language: &'static str,
    pub(crate) subject: &'static str,
    pub(crate) body: &'static str,
}

/// All cases.
pub(crate) static CASES: LazyLock<Vec<CaseWords>> = LazyLock::new(|| {
    let mut cases = Vec::new();
    for line in lines(include_str!("words/cases.txt")) {
        let parts: Vec<&'static str> = line.split('|').collect();
        let [kind, language, subject, body] = parts[..] else { continue };
        let kind = match kind {
            "Complaint" => CaseKind::Complaint,
            "Question" => CaseKind::Question,
            _ => CaseKind::Request,
        };
        cases.push(CaseWords { kind, language, subject, body });
    }
    cases
});

/// A touchpoint's kind, direction and sentence.
pub(crate) static TOUCHPOINTS: LazyLock<Vec<(TouchpointKind, Direction, &'static str)>> =
    LazyLock::new(|| {
        let mut touchpoints = Vec::new();
        for line in lines(include_str!("words/touchpoints.txt")) {
            let parts: Vec<&'static str> = line.split('|').collect();
            let [kind, direction, sentence] = parts[..] else { continue };
            let direction = if direction == "Out" { Direction::Out } else { Direction::In };
            touchpoints.push((touchpoint_kind(kind), direction, sentence));
        }
        touchpoints
    });

fn touchpoint_kind(name: &str) -> TouchpointKind {
    match name {
        "Form" => TouchpointKind::Form,
        "Email" => TouchpointKind::Email,
        "Chat" => TouchpointKind::Chat,
        "Sms" => TouchpointKind::Sms,
        "Call" => TouchpointKind::Call,
        "StoreVisit" => TouchpointKind::StoreVisit,
        "Delivery" => TouchpointKind::Delivery,
        "Survey" => TouchpointKind::Survey,
        "CampaignResponse" => TouchpointKind::CampaignResponse,
        "Event" => TouchpointKind::Event,
        _ => TouchpointKind::WebVisit,
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

const WEEKDAYS: [&str; 6] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// What fills the gaps of a template, drawn once so that a subject and its body agree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filling<'a> {
    pub(crate) bike: &'a str,
    pub(crate) extra: &'a str,
    pub(crate) other_bike: &'a str,
    pub(crate) child: &'a str,
    pub(crate) wear: &'a str,
    pub(crate) name: &'a str,
    pub(crate) city: &'a str,
    pub(crate) mention: &'a str,
    pub(crate) shop: &'static str,
    pub(crate) month: &'static str,
    pub(crate) weekday: usize,
    pub(crate) n: usize,
}

impl<'a> Filling<'a> {
    /// Draws products, days and numbers; the caller sets name, city and mention.
    pub(crate) fn draw(business: &'a Business, random: &mut Random) -> Filling<'a> {
        let bike = business.draw_bike(random);
        let extra = business.draw_extra(random);
        let name = |product: usize| business.products[product].name.as_str();
        Filling {
            bike: name(bike),
            extra: name(extra),
            other_bike: name(business.draw_bike_but(bike, random)),
            child: name(21 + random.below(4)),
            wear: name(46 + random.below(9)),
            name: "",
            city: "",
            mention: "",
            shop: random.pick(&SHOPS),
            month: random.pick(&MONTHS),
            weekday: random.below(6),
            n: 2 + random.below(13),
        }
    }

    /// The template with its gaps filled.
    pub(crate) fn fill(&self, template: &str) -> String {
        use std::fmt::Write;
        let mut text = String::with_capacity(template.len() + 40);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((gap, after)) = after.split_once('}') else { break };
            match gap {
                "p" => text.push_str(self.bike),
                "r" => text.push_str(self.other_bike),
                "child" => text.push_str(self.child),
                "wear" => text.push_str(self.wear),
                "q" => text.push_str(self.extra),
                "n" => write!(text, "{}", self.n).expect("writing to a string cannot fail"),
                "name" => text.push_str(self.name),
                "city" => text.push_str(if self.city.is_empty() { self.shop } else { self.city }),
                "shop" => text.push_str(self.shop),
                "month" => text.push_str(self.month),
                "weekday" => text.push_str(WEEKDAYS[self.weekday]),
                "weekday2" => text.push_str(WEEKDAYS[(self.weekday + 3) % 6]),
                "@" => {
                    text.push('@');
                    text.push_str(self.mention);
                }
                _ => {}
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{CASES, NOTES, TASKS, TOUCHPOINTS};

    #[test]
    fn there_are_enough_templates_and_their_gaps_are_known() {
        assert!(NOTES.len() >= 40 && TASKS.len() >= 40 && CASES.len() >= 40 && TOUCHPOINTS.len() >= 40);
        let gaps = [
            "p", "q", "r", "child", "wear", "n", "name", "city", "shop", "month", "weekday", "weekday2", "@",
        ];
        let texts = NOTES.iter().map(|note| note.1).chain(TASKS.iter().copied());
        let texts = texts.chain(CASES.iter().flat_map(|case| [case.subject, case.body]));
        for text in texts.chain(TOUCHPOINTS.iter().map(|touchpoint| touchpoint.2)) {
            for part in text.split('{').skip(1) {
                let gap = part.split('}').next().unwrap_or("");
                assert!(gaps.contains(&gap), "unknown gap {gap} in {text}");
            }
        }
    }
}
