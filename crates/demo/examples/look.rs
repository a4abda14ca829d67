//! Prints a sample of a small company, to judge with one's own eyes.
//!
//! `cargo run -p kith-demo --example look [seed]`

fn main() {
    let seed = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1);
    let business = demo::company(demo::Size::Small, seed, jiff::civil::date(2026, 11, 22));
    for user in business.users() {
        println!("{} @{} {:?} of {}", user.name, user.handle, user.role, business.teams()[user.team].name);
    }
    for company in business.companies().take(12) {
        println!(
            "{}, {}, {} {}, {}",
            company.name, company.industry, company.city, company.country, company.domain
        );
    }
    for contact in business.contacts().take(40) {
        let orders: Vec<_> = business.orders_of(contact.index).collect();
        let cents: i64 = orders.iter().map(|order| order.total_eur_minor()).sum();
        let email = contact.email.as_deref().unwrap_or("no e-mail");
        let phone = contact.phone.as_ref().map_or("no phone", |phone| &phone.number);
        println!("{} <{email}> {phone} {} {}", contact.display_name, contact.language, contact.source);
        println!("  {}, {} {}, {}", contact.street, contact.postal_code, contact.city, contact.country);
        println!(
            "  {:?} {:?} {} orders, {} euro",
            contact.job_title,
            contact.tags,
            orders.len(),
            cents / 100
        );
        for order in orders.iter().rev().take(2) {
            for line in &order.lines {
                println!(
                    "    {} {} × {}",
                    order.placed_on,
                    line.quantity,
                    business.products()[line.product].name
                );
            }
        }
        for touchpoint in business.touchpoints_of(contact.index).take(3) {
            println!("    {} {:?} {}", touchpoint.happened_on, touchpoint.kind, touchpoint.summary);
        }
    }
    for deal in business.deals().take(15) {
        let stage = business.pipelines()[deal.pipeline].stages[deal.stage].name;
        let (opened, closes, euro) = (deal.opened_on, deal.expected_close_on, deal.amount_minor / 100);
        println!(
            "{} {euro} euro {:?} {stage} {opened} closes {closes}, touched {}",
            deal.title, deal.status, deal.touched_on
        );
    }
    for case in business.cases().take(15) {
        println!("{:?} {:?} {} | {} | {}", case.kind, case.status, case.opened_on, case.subject, case.body);
    }
    for task in business.tasks().filter(|task| task.done_on.is_none()).take(15) {
        println!("{} due {} {:?}", task.title, task.due_on, task.about);
    }
    for note in business.notes().take(15) {
        println!("{} {:?} {}", note.written_on, note.party, note.body);
    }
}
