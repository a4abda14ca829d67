//! Serves a throw-away Kith with a few records on loopback, for checks of the API: prints the address and a token.
//! Run: `cargo run -p kith-web --example serve -- [port]`.
#![allow(clippy::unwrap_used, reason = "a tool for developers: what fails ends it")]

use std::collections::BTreeMap;

use kernel::Value;
use web::{App, Config};

/// Records to begin with: object and texts by field.
const RECORDS: [(&str, &[(&str, &str)]); 8] = [
    ("companies", &[("name", "Ødegård Møbler AS"), ("industry", "Furniture"), ("external_id", "C-1")]),
    ("contacts", &[("name", "Ana Silva"), ("email", "ana@example.com"), ("external_id", "K-1")]),
    ("contacts", &[("name", "Ben Okafor"), ("phone", "+49 30 1234567"), ("birth_on", "1990-02-28")]),
    ("products", &[("name", "Oak table"), ("sku", "T-1"), ("price", "499.00"), ("cost", "210.00")]),
    ("deals", &[("name", "Twelve tables"), ("amount", "5400.00"), ("expected_close_on", "2026-12-01")]),
    ("cases", &[("name", "A leg wobbles"), ("kind", "complaint"), ("priority", "high")]),
    ("tasks", &[("name", "Call Ana"), ("due_on", "2026-06-20")]),
    ("teams", &[("name", "North")]),
];

fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

fn main() {
    let port: u16 = std::env::args().nth(1).map_or(0, |port| port.parse().unwrap());
    let folder = std::env::temp_dir().join(format!("kith-serve-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let db = db::Db::sqlite(&folder.join("kith.sqlite"), db::Options::default()).unwrap();
    db.migrate(&crm::migrations()).unwrap();
    let token = web::secret().unwrap();
    db.write::<_, kernel::Error>(|tx| fill(tx, &token)).unwrap();
    let config = Config { data: folder, secure_cookies: false, demo: false, clock: now };
    let app = App::new(db, config).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        println!("http://{} {token}", listener.local_addr().unwrap());
        axum::serve(listener, web::router(app)).await.unwrap();
    });
}

fn fill(tx: &mut db::Tx<'_>, token: &str) -> kernel::Result<()> {
    let founder = crm::workspace::Founder {
        name: "Fay Founder".into(),
        email: "founder@example.com".into(),
        password_hash: crm::users::hash_password("correct horse battery", &[7; 16])?,
    };
    let user_id = crm::workspace::set_up(tx, now(), &crm::settings::Settings::default(), &founder)?;
    let mut ctx = crm::workspace::system_ctx(tx, now())?;
    crm::workspace::act_as(tx, &mut ctx, user_id)?;
    crm::tokens::create(tx, &ctx, "check", "Administrator", token)?;
    crm::catalogue::add_object(tx, &ctx, "Boat", "Boats", "boats", "What we moor.")?;
    let field = crm::catalogue::NewField {
        object: "boats".into(),
        label: "Length".into(),
        kind: "number".into(),
        ..crm::catalogue::NewField::default()
    };
    ctx.catalogue = crm::catalogue::load(tx)?;
    crm::catalogue::add_field(tx, &ctx, &field)?;
    ctx.catalogue = crm::catalogue::load(tx)?;
    for (key, texts) in RECORDS {
        let object = ctx.catalogue.need(key)?.clone();
        let mut values: BTreeMap<String, Value> = BTreeMap::new();
        for (key, text) in texts {
            let field = object.field(key).unwrap();
            values.insert((*key).to_string(), kernel::value::parse(field, text, &ctx.currency).unwrap());
        }
        kernel::create(tx, &ctx, &object, values)?;
    }
    Ok(())
}
