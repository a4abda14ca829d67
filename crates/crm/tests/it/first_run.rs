use crm::settings::{self, Settings};
use crm::workspace::{self, Founder};
use kernel::Error;
use testkit::both;

use crate::problems;

#[test]
fn a_new_kith_has_roles_a_pipeline_and_its_founder() {
    both(|w| {
        assert!(!w.read(workspace::fresh));
        assert_eq!(
            w.list("roles", ""),
            ["Administrator", "Manager", "Marketing", "Reader", "Sales", "Service"]
        );
        assert_eq!(w.list("stages", ""), ["New", "Qualified", "Proposal", "Negotiation", "Won", "Lost"]);
        let founder = w.record("users", w.founder_id);
        assert_eq!((founder.text("name"), founder.names["role"].as_str()), ("Fay Founder", "Administrator"));
    });
}

#[test]
fn it_is_set_up_once() {
    both(|w| {
        let founder =
            Founder { name: "Eve".into(), email: "eve@example.com".into(), password_hash: "x".into() };
        let again = w.try_write(|tx| workspace::set_up(tx, w.now(), &Settings::default(), &founder));
        assert!(matches!(again, Err(Error::Forbidden(_))));
    });
}

#[test]
fn settings_are_checked_and_kept() {
    both(|w| {
        let good = Settings {
            name: "Tea & Co".into(),
            currency: "JPY".into(),
            time_zone: "Asia/Tokyo".into(),
            margin_rate: 0.4,
            discount_rate: 0.15,
            demo: true,
        };
        w.write(|tx| settings::write(tx, &good));
        assert_eq!(w.read(settings::read), good);
        assert_eq!((w.ctx().currency.as_str(), w.ctx().today), ("JPY", testkit::date("2026-06-15")));
        w.pass(6 * testkit::HOUR);
        assert_eq!(w.ctx().today, testkit::date("2026-06-16"), "it is after midnight in Tokyo");
        let wrong = [
            Settings { name: " ".into(), ..good.clone() },
            Settings { currency: "YEN".into(), ..good.clone() },
            Settings { time_zone: "Mars/Base".into(), ..good.clone() },
            Settings { margin_rate: 1.5, ..good.clone() },
            Settings { discount_rate: f64::NAN, ..good.clone() },
        ];
        for settings in wrong {
            problems(w.try_write(|tx| settings::write(tx, &settings)));
        }
        assert_eq!(w.read(settings::read), good);
    });
}
