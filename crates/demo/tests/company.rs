//! What must hold for any generated company.

use std::collections::{BTreeSet, HashSet};

use demo::{
    Business, Channel, Counts, DealStatus, OrderStatus, Party, Size, TaskAbout, company, company_of, datetime,
};
use jiff::civil::{Date, Weekday, date};

const TODAY: Date = date(2026, 11, 22);

fn small() -> Business {
    company(Size::Small, 7, TODAY)
}

/// Everything there is, as text, for comparison.
fn all(business: &Business) -> String {
    let mut text = format!("{:?}{:?}{:?}", business.users(), business.products(), business.counts());
    for contact in business.contacts() {
        text.push_str(&format!("{contact:?}"));
    }
    for company in business.companies() {
        text.push_str(&format!("{company:?}"));
    }
    for order in business.orders() {
        text.push_str(&format!("{order:?}"));
    }
    for touchpoint in business.touchpoints() {
        text.push_str(&format!("{touchpoint:?}"));
    }
    let rest = (
        business.deals().collect::<Vec<_>>(),
        business.cases().collect::<Vec<_>>(),
        business.tasks().collect::<Vec<_>>(),
        business.notes().collect::<Vec<_>>(),
        business.relationships().collect::<Vec<_>>(),
    );
    text.push_str(&format!("{rest:?}"));
    text
}

#[test]
fn same_seed_same_company() {
    assert!(all(&small()) == all(&small()));
}

#[test]
fn another_seed_is_another_company() {
    assert!(all(&small()) != all(&company(Size::Small, 8, TODAY)));
}

#[test]
fn a_smaller_size_begins_the_larger_one() {
    let (small, medium) = (small(), company(Size::Medium, 7, TODAY));
    assert!(small.contacts().eq(medium.contacts().take(300)));
    assert!(small.companies().eq(medium.companies().take(30)));
    for contact in 0..300 {
        assert!(small.orders_of(contact).eq(medium.orders_of(contact)));
        assert!(small.touchpoints_of(contact).eq(medium.touchpoints_of(contact)));
    }
}

#[test]
fn a_record_alone_is_the_record_in_the_row() {
    let business = small();
    assert_eq!(Some(business.contact(123)), business.contacts().nth(123));
    assert_eq!(Some(business.company(21)), business.companies().nth(21));
    assert_eq!(Some(business.case(99)), business.cases().nth(99));
}

#[test]
fn references_lead_somewhere() {
    let business = small();
    let counts = business.counts();
    let user = |index: usize| assert!(index < business.users().len());
    let party = |party: Party| match party {
        Party::Contact(index) => assert!(index < counts.contacts),
        Party::Company(index) => assert!(index < counts.companies),
    };
    for contact in business.contacts() {
        contact.owner.into_iter().for_each(user);
        assert!(contact.company.is_none_or(|company| company < counts.companies));
    }
    for company in business.companies() {
        user(company.owner);
        assert!(business.contacts_of(company.index).count() > 0);
        for contact in business.contacts_of(company.index) {
            assert_eq!(business.contact(contact).company, Some(company.index));
        }
    }
    for order in business.orders() {
        party(order.party);
        assert!(!order.lines.is_empty());
        assert!(order.lines.iter().all(|line| line.product < business.products().len()));
        assert!(order.lines.iter().all(|line| line.quantity > 0 && line.returned_quantity <= line.quantity));
    }
    for touchpoint in business.touchpoints() {
        touchpoint.user.into_iter().for_each(user);
    }
    for deal in business.deals() {
        user(deal.owner);
        assert!(
            deal.contact < counts.contacts && deal.company.is_none_or(|company| company < counts.companies)
        );
        assert!(deal.stage < business.pipelines()[deal.pipeline].stages.len());
        assert!(deal.products.iter().all(|(product, n)| *product < business.products().len() && *n > 0));
    }
    for case in business.cases() {
        assert!(case.contact < counts.contacts);
        case.owner.into_iter().for_each(user);
    }
    for task in business.tasks() {
        user(task.assignee);
        match task.about {
            TaskAbout::Party(of) => party(of),
            TaskAbout::Deal(index) => assert!(index < counts.deals),
            TaskAbout::Case(index) => assert!(index < counts.cases),
        }
    }
    for note in business.notes() {
        party(note.party);
        user(note.author);
        assert_ne!(note.mentioned, Some(note.author));
    }
    for relationship in business.relationships() {
        party(relationship.from);
        party(relationship.to);
        assert_ne!(relationship.from, relationship.to);
    }
}

#[test]
fn nothing_happens_before_the_customer_or_after_this_morning() {
    let business = company(Size::Medium, 3, TODAY);
    let morning = TODAY.at(8, 0, 0, 0);
    let created: Vec<Date> = business.contacts().map(|contact| contact.created_on).collect();
    for contact in business.contacts() {
        let created_on = contact.created_on;
        assert!(created_on >= business.starts_on() && created_on <= TODAY);
        let mut last = created_on;
        for order in business.orders_of(contact.index) {
            assert!(order.placed_on >= last, "orders come in order");
            last = order.placed_on;
            assert!(datetime(order.placed_on, order.placed_second) < morning);
            assert!(order.returned_on.is_none_or(|day| day > order.placed_on && day <= TODAY));
        }
        for touchpoint in business.touchpoints_of(contact.index) {
            assert!(touchpoint.happened_on >= created_on);
            assert!(datetime(touchpoint.happened_on, touchpoint.happened_second) < morning);
        }
    }
    for company in business.companies() {
        for order in business.orders_of_company(company.index) {
            assert!(
                order.placed_on >= company.created_on
                    && datetime(order.placed_on, order.placed_second) < morning
            );
        }
        for contact in business.contacts_of(company.index) {
            assert!(created[contact] >= company.created_on);
        }
    }
    for deal in business.deals() {
        assert!(deal.opened_on >= created[deal.contact] && deal.opened_on <= TODAY);
        assert!(deal.closed_on.is_none_or(|day| day >= deal.opened_on && day < TODAY));
        assert_eq!(deal.closed_on.is_none(), deal.status == DealStatus::Open);
        assert_eq!(deal.lost_reason.is_some(), deal.status == DealStatus::Lost);
        assert!(deal.expected_close_on > deal.opened_on);
        assert!(deal.touched_on >= deal.opened_on && deal.touched_on <= TODAY);
    }
    for case in business.cases() {
        let opened = datetime(case.opened_on, case.opened_second);
        assert!(case.opened_on >= created[case.contact] && opened < morning);
        assert!(case.closed.is_none_or(|(on, second)| datetime(on, second) > opened && on < TODAY));
    }
    for task in business.tasks() {
        assert!(task.created_on <= TODAY && task.due_on >= task.created_on);
        assert!(task.done_on.is_none_or(|day| day >= task.created_on && day < TODAY));
    }
    for note in business.notes() {
        assert!(datetime(note.written_on, note.written_second) < morning);
        if let Party::Contact(contact) = note.party {
            assert!(note.written_on >= created[contact]);
        }
    }
}

#[test]
fn addresses_are_unique_and_lead_nowhere() {
    let counts = Counts { contacts: 30_000, companies: 3_000, users: 40, ..Size::Large.counts() };
    let business = company_of(counts, 5, TODAY);
    let mut seen = HashSet::new();
    let contacts = business.contacts().filter_map(|contact| contact.email);
    let users = business.users().iter().map(|user| user.email.clone());
    for email in contacts.chain(users) {
        let (local, host) = email.split_once('@').expect("an address has an at sign");
        assert!(host.ends_with(".example"), "{email}");
        assert!(!local.is_empty() && !local.starts_with('.'), "{email}");
        assert!(email.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-@".contains(&byte)), "{email}");
        assert!(seen.insert(email.clone()), "{email} comes twice");
    }
}

#[test]
fn names_of_things_are_unique() {
    let business = company_of(Counts { companies: 3_000, products: 900, ..Size::Large.counts() }, 5, TODAY);
    let mut seen = HashSet::new();
    for company in business.companies() {
        assert!(seen.insert(company.name.clone()), "{} comes twice", company.name);
        assert!(seen.insert(company.domain.clone()), "{} comes twice", company.domain);
    }
    for product in business.products() {
        assert!(
            seen.insert(product.name.clone()) && seen.insert(product.sku.clone()),
            "{product:?} comes twice"
        );
    }
    for order in business.orders() {
        assert!(seen.insert(order.number.clone()), "{} comes twice", order.number);
    }
    for user in business.users() {
        assert!(seen.insert(user.name.clone()) && seen.insert(user.handle.clone()), "{user:?} comes twice");
    }
}

#[test]
fn shops_are_closed_on_sundays() {
    let business = company(Size::Medium, 11, TODAY);
    let mut n_shop = 0;
    for order in business.orders().filter(|order| order.channel == Channel::Shop) {
        assert_ne!(order.placed_on.weekday(), Weekday::Sunday);
        n_shop += 1;
    }
    assert!(n_shop > 3_000);
}

#[test]
fn products_earn_a_margin_and_come_in_eight_categories() {
    let business = small();
    let net = |price: i64| price * 100 / 121;
    for product in business.products() {
        assert!(net(product.price_minor) > product.cost_minor && product.cost_minor > 0, "{product:?}");
    }
    let categories: BTreeSet<_> = business.products().iter().map(|product| product.category).collect();
    assert_eq!(categories.len(), 8);
    let margin: i64 = business
        .orders()
        .flat_map(|order| order.lines)
        .map(|line| {
            let paid = line.unit_price_minor * i64::from(line.quantity) - line.discount_minor;
            net(paid) - business.products()[line.product].cost_minor * i64::from(line.quantity)
        })
        .sum();
    assert!(margin > 0);
}

/// Revenue in cents and number of orders of each contact.
fn purchases(business: &Business) -> Vec<(i64, usize)> {
    let of = |contact| {
        let orders = business.orders_of(contact).filter(|order| order.status != OrderStatus::Cancelled);
        orders.fold((0, 0), |(sum, n), order| (sum + order.total_eur_minor(), n + 1))
    };
    (0..business.counts().contacts).map(of).collect()
}

fn share_of_best_fifth(mut revenue: Vec<i64>) -> f64 {
    revenue.retain(|sum| *sum > 0);
    revenue.sort_unstable_by_key(|sum| -sum);
    let best: i64 = revenue.iter().take(revenue.len() / 5).sum();
    best as f64 / revenue.iter().sum::<i64>() as f64
}

#[test]
fn customers_are_as_unequal_as_real_ones() {
    for seed in [1, 2, 3] {
        let business = company(Size::Medium, seed, TODAY);
        let people = purchases(&business);
        let buyers = people.iter().filter(|(_, n)| *n > 0).count();
        let once = people.iter().filter(|(_, n)| *n == 1).count() as f64 / buyers as f64;
        assert!((0.25..=0.60).contains(&once), "{once} bought once");
        let mut revenue: Vec<i64> = people.iter().map(|(sum, _)| *sum).collect();
        let own = share_of_best_fifth(revenue.clone());
        assert!((0.55..=0.85).contains(&own), "the best fifth of the people holds {own}");
        for company in 0..business.counts().companies {
            revenue.push(business.orders_of_company(company).map(|order| order.total_eur_minor()).sum());
        }
        let all = share_of_best_fifth(revenue);
        assert!((0.55..=0.85).contains(&all), "the best fifth of all customers holds {all}");
        println!(
            "seed {seed}: {buyers} buyers, {once:.3} once, best fifth {own:.3} of people, {all:.3} of all"
        );
    }
}

#[test]
fn counts_come_true() {
    let business = company(Size::Large, 1, TODAY);
    let counts = business.counts();
    let orders: usize = (0..counts.contacts).map(|contact| business.orders_of(contact).count()).sum();
    let touchpoints = business.touchpoints().count();
    println!("{orders} orders, {touchpoints} touchpoints");
    assert!((orders as f64 / counts.orders as f64 - 1.0).abs() < 0.06, "{orders} orders");
    assert!((touchpoints as f64 / counts.touchpoints as f64 - 1.0).abs() < 0.06, "{touchpoints} touchpoints");
    assert_eq!(business.deals().count(), counts.deals);
    assert_eq!(business.users().len(), counts.users);
}

#[test]
fn people_come_from_many_cultures() {
    let mut n_mononyms = 0;
    for seed in 0..5 {
        let business = company(Size::Small, seed, TODAY);
        let pools: BTreeSet<_> = business.contacts().map(|contact| contact.name_pool).collect();
        assert!(pools.len() >= 25, "{} pools", pools.len());
        let native = business.contacts().filter(|contact| {
            contact.given.chars().any(|c| c as u32 > 0x2FF && !('\u{1E00}'..='\u{1EFF}').contains(&c))
        });
        assert!(native.count() >= 12);
        n_mononyms += business.contacts().filter(|contact| contact.family.is_empty()).count();
    }
    assert!(n_mononyms >= 5, "{n_mononyms} people with one name");
}

#[test]
fn texts_are_filled_and_varied() {
    let business = small();
    let notes: BTreeSet<String> = business.notes().map(|note| note.body).collect();
    let cases: BTreeSet<String> = business.cases().map(|case| case.body).collect();
    let summaries: BTreeSet<String> = business.touchpoints().map(|touchpoint| touchpoint.summary).collect();
    for text in notes.iter().chain(&cases).chain(&summaries) {
        assert!(!text.contains(['{', '}']) && !text.trim().is_empty(), "{text}");
    }
    println!("{} notes, {} cases, {} summaries", notes.len(), cases.len(), summaries.len());
    assert!(notes.len() > 120 && cases.len() > 80 && summaries.len() > 1_000);
    let mentions = business.notes().filter(|note| note.mentioned.is_some());
    for note in mentions {
        let handle = &business.users()[note.mentioned.expect("only mentions are looked at")].handle;
        assert!(note.body.contains(&format!("@{handle}")));
    }
}

#[test]
fn odd_counts_do_no_harm() {
    let none = Counts {
        contacts: 0,
        companies: 0,
        products: 0,
        orders: 0,
        touchpoints: 0,
        deals: 5,
        cases: 5,
        tasks: 5,
        notes: 5,
        users: 0,
    };
    all(&company_of(none, 1, TODAY));
    all(&company_of(Counts { contacts: 3, ..none }, 1, TODAY));
    all(&company_of(Counts { contacts: 10, companies: 7, orders: 5, touchpoints: 1_000, ..none }, 1, TODAY));
    all(&company_of(Counts { contacts: 4, companies: 40, ..none }, 1, TODAY));
    all(&company(Size::Small, u64::MAX, date(2024, 2, 29)));
}
