//! What clients ask for: ids and words drawn from the data, so that every request is about another record.

use anyhow::Result;
use db::Db;

use crate::client::{Request, escaped};

/// Ids, words and credentials for the load.
pub(crate) struct Scenes {
    pub(crate) contacts: Vec<i64>,
    /// Filters and orders of lists: object and query.
    lists: Vec<(&'static str, String)>,
    words: Vec<String>,
    token: String,
    session: String,
}

/// A generator for choosing records; the same choice in each run.
struct Lottery(u64);

impl Lottery {
    fn draw(&mut self, below: u64) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below.max(1)
    }
}

const N_CONTACTS: usize = 5_000;
const N_WORDS: usize = 600;

impl Scenes {
    pub(crate) fn of(db: &Db) -> Result<Scenes> {
        let mut lottery = Lottery(7);
        let (first, last) = db.read::<_, db::Error>(|tx| {
            let row = tx.one("SELECT MIN(id), MAX(id) FROM parties WHERE kind = 'contact'", &[])?;
            Ok((row.int(0)?, row.int(1)?))
        })?;
        let span = (last - first + 1) as u64;
        let mut contacts = Vec::new();
        let mut names = Vec::new();
        while contacts.len() < N_CONTACTS {
            let near = first + lottery.draw(span) as i64;
            let sql = "SELECT id, name FROM parties WHERE id >= $1 AND kind = 'contact' ORDER BY id LIMIT 1";
            let row = db.read::<_, db::Error>(|tx| tx.one(sql, &[near.into()]))?;
            contacts.push(row.int(0)?);
            names.push(row.text(1)?.to_string());
        }
        let mut words = Vec::new();
        for name in names {
            let letters: Vec<char> = name.split(' ').next().unwrap_or_default().chars().collect();
            let n = 2 + lottery.draw(5) as usize;
            if letters.len() >= 2 && words.len() < N_WORDS {
                words.push(letters.into_iter().take(n).collect());
            }
        }
        let (token, session) = credentials(db)?;
        Ok(Scenes { contacts, lists: lists(), words, token, session })
    }

    fn cookie(&self) -> Vec<String> {
        vec![format!("Cookie: kith-session={}", self.session), "Sec-Fetch-Site: same-origin".into()]
    }

    fn bearer(&self) -> Vec<String> {
        vec![format!("Authorization: Bearer {}", self.token)]
    }

    pub(crate) fn contact(&self, n: usize) -> i64 {
        self.contacts[n % self.contacts.len()]
    }

    pub(crate) fn record_page(&self, n: usize) -> Request {
        Request::get(&format!("/contacts/{}", self.contact(n)), &self.cookie())
    }

    pub(crate) fn list_page(&self, n: usize) -> Request {
        let (object, query) = &self.lists[n % self.lists.len()];
        Request::get(&format!("/{object}?{query}"), &self.cookie())
    }

    /// Each of the lists by itself.
    pub(crate) fn each_list(&self) -> impl Iterator<Item = (String, Request)> + '_ {
        self.lists.iter().map(|(object, query)| {
            (format!("{object}?{query}"), Request::get(&format!("/{object}?{query}"), &self.cookie()))
        })
    }

    pub(crate) fn list_api(&self, n: usize) -> Request {
        let (object, query) = &self.lists[n % self.lists.len()];
        Request::get(&format!("/api/v1/{object}?{query}&limit=50"), &self.bearer())
    }

    pub(crate) fn search(&self, n: usize) -> Request {
        Request::get(
            &format!("/search.json?q={}", escaped(&self.words[n % self.words.len()])),
            &self.cookie(),
        )
    }

    pub(crate) fn save(&self, n: usize) -> Request {
        let json = format!("{{\"job_title\":\"Title {n}\"}}");
        Request::patch(&format!("/api/v1/contacts/{}", self.contact(n)), &self.bearer(), &json)
    }

    pub(crate) fn record(&self, n: usize) -> Request {
        Request::get(&format!("/api/v1/contacts/{}", self.contact(n)), &self.bearer())
    }
}

/// Lists of 50, each filtered by two fields and sorted by a third.
fn lists() -> Vec<(&'static str, String)> {
    let wanted = [
        ("customers", "tier = gold and city = \"Utrecht\"", "-lifetime_value"),
        ("customers", "country = \"DE\" and relationship_stage = deteriorating", "-total_spent"),
        ("customers", "n_orders > 5 and p_alive < 0.5", "-lifetime_value"),
        ("contacts", "country = \"NL\" and source = \"Search engine\"", "name"),
        ("contacts", "city = \"Gent\" and language = \"nl\"", "-created_at"),
        ("companies", "industry = \"Education\" and country = \"IE\"", "name"),
        ("orders", "status = completed and channel = web", "-placed_on"),
        ("deals", "status = open and amount > 5000", "-expected_close_on"),
    ];
    let query = |(object, filter, sort): (&'static str, &str, &str)| {
        (object, format!("filter={}&sort={}", escaped(filter), escaped(sort)))
    };
    wanted.into_iter().map(query).collect()
}

/// A token and a session of the administrator, made in the database.
fn credentials(db: &Db) -> Result<(String, String)> {
    let now = jiff::Timestamp::now().as_microsecond();
    let (token, session) = (format!("bench-token-{now}"), format!("bench-session-{now}"));
    db.write::<_, kernel::Error>(|tx| {
        let ctx = crm::workspace::system_ctx(tx, now)?;
        crm::tokens::create(tx, &ctx, "bench", "administrator", &token)?;
        let user_id = tx.one("SELECT MIN(id) FROM users", &[])?.int(0)?;
        crm::sessions::begin(tx, &session, user_id, "bench", now)
    })?;
    Ok((token, session))
}
