//! Times the making of a million contacts with their orders and touchpoints.
//!
//! `cargo run --release -p kith-demo --example million [contacts]`

use std::time::Instant;

fn main() {
    let contacts = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let counts = demo::Counts {
        contacts,
        companies: contacts / 20,
        products: 1_000,
        orders: 2 * contacts,
        touchpoints: 5 * contacts,
        deals: contacts / 20,
        cases: contacts / 10,
        tasks: contacts / 10,
        notes: contacts / 10,
        users: 50,
    };
    let start = Instant::now();
    let business = demo::company_of(counts, 1, jiff::civil::date(2026, 11, 22));
    let (mut people, mut orders, mut lines, mut touchpoints, mut bytes) = (0_u64, 0_u64, 0_u64, 0_u64, 0_u64);
    for contact in business.contacts() {
        people += 1;
        bytes += contact.display_name.len() as u64;
        for order in business.orders_of(contact.index) {
            orders += 1;
            lines += order.lines.len() as u64;
        }
        for touchpoint in business.touchpoints_of(contact.index) {
            touchpoints += 1;
            bytes += touchpoint.summary.len() as u64;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{people} contacts, {orders} orders with {lines} lines, {touchpoints} touchpoints in {seconds:.1} s ({bytes} bytes of text)"
    );
    let start = Instant::now();
    let others = business.companies().count()
        + business.deals().count()
        + business.cases().count()
        + business.tasks().count()
        + business.notes().count();
    println!("{others} companies, deals, cases, tasks and notes in {:.1} s", start.elapsed().as_secs_f64());
}
