//! The pages through the router in this process: who may open and send what, forms, conflicts, undo.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use testkit::{World, both};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;
use web::{App, Config};

/// A browser that is signed in, or nobody's.
struct Visitor {
    router: Router,
    runtime: Runtime,
    session: Option<String>,
}

/// What it was answered.
struct Page {
    status: u16,
    to: String,
    body: String,
}

impl Visitor {
    fn new(w: &World, user: Option<i64>) -> Visitor {
        let config =
            Config { data: std::env::temp_dir(), secure_cookies: false, demo: false, clock: || testkit::NOW };
        let app = App::new(w.db.clone(), config).unwrap();
        let session = user.map(|id| format!("session-of-{id}"));
        if let (Some(token), Some(id)) = (&session, user) {
            w.write(|tx| crm::sessions::begin(tx, token, id, "test", testkit::NOW));
        }
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        Visitor { router: web::router(app), runtime, session }
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Page {
        let mut request = Request::builder().method(method).uri(path).header("host", "kith.test");
        if let Some(session) = &self.session {
            request = request.header("cookie", format!("kith-session={session}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap();
            let to = parts.headers.get("location").map_or("", |v| v.to_str().unwrap()).to_string();
            Page { status: parts.status.as_u16(), to, body: String::from_utf8_lossy(&bytes).into_owned() }
        })
    }

    fn get(&self, path: &str) -> Page {
        self.send("GET", path, &[], "")
    }

    fn post(&self, path: &str, body: &str) -> Page {
        let form = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        self.send("POST", path, &form, body)
    }
}

/// Every page and every form, and what four people are answered: nobody, someone who may see nothing, a reader and an
/// administrator. 303 to the sign-in page is written `in`.
const MATRIX: &str = "
GET /                                    in 200 200 200
GET /customers                           in 403 200 200
GET /customers?filter=tier+%3D+gold      in 403 200 200
GET /contacts                            in 403 200 200
GET /contacts/new                        in 403 403 200
GET /contacts/ANA                        in 404 200 200
GET /contacts/ANA/edit                   in 404 403 200
GET /contacts/export.csv                 in 403 403 200
GET /contacts/nonsense                   404 404 404 404
GET /nonsense                            in 404 404 404
GET /deals/board                         in 403 200 200
GET /customer-base                       in 403 200 200
GET /search?q=ana                        in 200 200 200
GET /imports                             in 200 200 200
GET /imports/new                         in 403 403 200
GET /settings                            in 200 200 200
GET /settings/users                      in 403 403 200
GET /settings/roles                      in 403 403 200
GET /settings/fields                     in 403 403 200
GET /settings/tokens                     in 403 403 200
GET /settings/password                   in 200 200 200
POST /contacts                           in 403 403 303
POST /contacts/ANA                       in 404 403 303
POST /contacts/ANA/notes                 in 404 403 303
POST /contacts/ANA/tasks                 in 404 403 303
POST /contacts/ANA/touchpoints           in 404 403 303
POST /contacts/views                     in 403 303 303
POST /customer-base/scores               in 403 403 303
POST /settings                           in 403 403 303
POST /settings/teams                     in 403 403 303
POST /contacts/ANA/archive               in 404 403 303
";

const BODY: &str = "name=Ben&body=Called&title=Call&query=sort%3Dname&workspace=Linden&currency=EUR&time_zone=UTC&margin_rate=40&discount_rate=10";

#[test]
fn who_may_open_and_send_what() {
    let w = World::sqlite();
    let ana = w.contact("Ana").to_string();
    w.role("Outsider", r#"{"default":{"see":"none"}}"#);
    let people = [
        Visitor::new(&w, None),
        Visitor::new(&w, Some(w.user("Outsider"))),
        Visitor::new(&w, Some(w.user("Reader"))),
        Visitor::new(&w, Some(w.user("Administrator"))),
    ];
    let mut found = String::from("\n");
    for line in MATRIX.lines().filter(|line| !line.is_empty()) {
        let mut words = line.split_whitespace();
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let answers: Vec<String> = people
            .iter()
            .map(|visitor| {
                let path = path.replace("ANA", &ana);
                let page = if method == "GET" { visitor.get(&path) } else { visitor.post(&path, BODY) };
                if page.status == 303 && page.to.starts_with("/sign-in") {
                    "in".into()
                } else {
                    page.status.to_string()
                }
            })
            .collect();
        found.push_str(&format!("{:<40} {}\n", format!("{method} {path}"), answers.join(" ")));
    }
    assert_eq!(found, MATRIX);
}

#[test]
fn a_change_that_another_site_asks_for_is_refused() {
    let w = World::sqlite();
    let visitor = Visitor::new(&w, Some(w.user("Administrator")));
    let form = ("content-type", "application/x-www-form-urlencoded");
    for foreign in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
    ] {
        assert_eq!(
            visitor.send("POST", "/contacts", &[form, foreign], "name=Eve").status,
            403,
            "{foreign:?}"
        );
    }
    assert_eq!(
        visitor.send("POST", "/contacts", &[form, ("origin", "http://kith.test")], "name=Ana").status,
        303
    );
    assert_eq!(w.list("contacts", ""), ["Ana"]);
}

#[test]
fn a_form_is_saved_refused_and_undone() {
    both(|w| {
        let visitor = Visitor::new(w, Some(w.user("Administrator")));
        let refused = visitor.post("/contacts", "given_name=Ana&email=nonsense");
        assert_eq!(refused.status, 422);
        assert!(
            refused.body.contains("Nonsense is not an e-mail address")
                && refused.body.contains("value=\"Ana\"")
        );
        let made = visitor.post("/contacts", "given_name=Ana&family_name=Silva&email=ana%40example.com");
        assert_eq!(made.status, 303);
        assert!(visitor.get(&made.to).body.contains("Ana Silva"));
        let again = visitor.post("/contacts", "given_name=A&email=ANA%40example.com");
        assert!(again.status == 422 && again.body.contains("Same e-mail address"));
        let id: i64 = made.to.rsplit('/').next().unwrap().parse().unwrap();
        let event = w.read(|tx| {
            kernel::events::of_record(tx, &w.ctx(), &w.ctx().catalogue.need("contacts")?.clone(), id, None, 1)
        })[0]
            .id;
        assert_eq!(visitor.post(&format!("/events/{event}/undo"), "").status, 303);
        assert!(w.list("contacts", "").is_empty());
    });
}

#[test]
fn whoever_saves_second_is_shown_the_difference_and_chooses() {
    both(|w| {
        let ana = w.contact("Ana");
        let visitor = Visitor::new(w, Some(w.user("Administrator")));
        let version = w.record("contacts", ana).version;
        w.change("contacts", ana, &[("city", "Porto"), ("job_title", "Baker")]);
        let form = format!(
            "version={version}&city=Lisboa&was-city=&job_title=&was-job_title=&language=pt&was-language="
        );
        let conflict = visitor.post(&format!("/contacts/{ana}"), &form);
        assert_eq!(conflict.status, 409);
        assert!(conflict.body.contains("Porto") && conflict.body.contains("Lisboa"));
        assert_eq!(w.record("contacts", ana).text("city"), "Porto");
        let decided = format!(
            "version={}&choose-city=mine&mine-city=Lisboa&theirs-city=Porto&language=pt",
            version + 1
        );
        assert_eq!(visitor.post(&format!("/contacts/{ana}"), &decided).status, 303);
        let now = w.record("contacts", ana);
        assert_eq!(
            (now.text("city"), now.text("job_title"), now.text("language")),
            ("Lisboa", "Baker", "pt")
        );
    });
}

#[test]
fn redirects_stay_on_this_site() {
    let w = World::sqlite();
    let visitor = Visitor::new(&w, Some(w.user("Administrator")));
    for away in [
        "//evil.example",
        "https://evil.example",
        "/%5Cevil.example",
        "%5C%5Cevil.example",
        "/a%0d%0aSet-Cookie:x=1",
    ] {
        let page = visitor.post("/preferences", &format!("theme=dark&return_to={away}"));
        assert_eq!((page.status, page.to.as_str()), (303, "/"), "{away}");
    }
}
