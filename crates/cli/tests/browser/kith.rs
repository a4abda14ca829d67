//! A running Kith with a data folder of its own, and its API and doors for arranging what a test needs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value as Json, json};
use testkit::browser::{Answer, Browser, Program, request};

const KITH: &str = env!("CARGO_BIN_EXE_kith");
/// The administrator that set-up makes.
pub(crate) const EMAIL: &str = "noor@example.com";
pub(crate) const PASSWORD: &str = "three plain words";

/// The program, serving.
pub(crate) struct Kith {
    program: Program,
    pub(crate) url: String,
    port: u16,
    folder: PathBuf,
    token: String,
}

fn folder() -> PathBuf {
    tempfile::Builder::new().prefix("kith-browser-data-").tempdir().unwrap().keep()
}

fn run(folder: &Path, args: &[&str]) -> String {
    let done = Command::new(KITH).arg("--data").arg(folder).args(args).stdin(Stdio::null()).output().unwrap();
    assert!(done.status.success(), "kith {args:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_string()
}

fn serve(folder: PathBuf, args: &[&str]) -> Kith {
    let data = folder.display().to_string();
    let args: Vec<&str> = [args, &["--data", &data, "--listen", "127.0.0.1:0"]].concat();
    let mut program = Program::start(Path::new(KITH), &args, &folder);
    let line = program.line_with("http://").expect("kith does not start");
    let url = line.split(' ').find(|word| word.starts_with("http://")).unwrap().to_string();
    let port = url.rsplit(':').next().unwrap().parse().unwrap();
    Kith { program, url, port, folder, token: String::new() }
}

impl Kith {
    /// A new one that nobody has set up, and the link that it printed for doing so.
    pub(crate) fn fresh() -> (Kith, String) {
        let mut kith = serve(folder(), &["serve"]);
        let line = kith.program.line_with("/setup?token=").unwrap();
        let link = line.split(' ').find(|word| word.starts_with("http://")).unwrap().to_string();
        (kith, link)
    }

    /// One that Noor has set up, without records.
    pub(crate) fn set_up() -> Kith {
        let (mut kith, link) = Kith::fresh();
        let token = link.split("token=").nth(1).unwrap().to_string();
        let form = [
            ("token", token.as_str()),
            ("workspace", "Fern & Sons"),
            ("currency", "EUR"),
            ("time_zone", "Europe/Amsterdam"),
            ("name", "Noor Haddad"),
            ("email", EMAIL),
            ("password", PASSWORD),
        ];
        assert_eq!(kith.post("/setup", "", &form).status, 303);
        kith.token = run(&kith.folder, &["token", "create", "--name", "tests", "--role", "administrator"]);
        kith
    }

    /// The made-up company of `kith demo`, small.
    pub(crate) fn demo() -> Kith {
        let folder = folder();
        run(&folder, &["demo", "--only-fill", "--today", "2026-11-20"]);
        let token = run(&folder, &["token", "create", "--name", "tests", "--role", "administrator"]);
        Kith { token, ..serve(folder, &["demo"]) }
    }

    /// A request as a page without scripts sends it, with the session of whoever sends it.
    pub(crate) fn post(&self, path: &str, session: &str, form: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = form.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect();
        let cookie = format!("kith-session={session}");
        let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", cookie.as_str())];
        request(self.port, "POST", path, &headers, &body.join("&"))
    }

    /// A page as this session sees it.
    pub(crate) fn page(&self, path: &str, session: &str) -> Answer {
        request(self.port, "GET", path, &[("Cookie", &format!("kith-session={session}"))], "")
    }

    /// Signs in without a browser and gives the session.
    pub(crate) fn session(&self, email: &str, password: &str) -> String {
        let answer =
            self.post("/sign-in", "", &[("email", email), ("password", password), ("return_to", "/")]);
        assert_eq!(answer.status, 303, "signing in: {}", answer.body);
        session_of(&answer)
    }

    /// Opens the browser as Noor, or as the demonstration's user, on the given page.
    pub(crate) fn enter(&self, b: &Browser, path: &str) {
        let session = match self.post("/sign-in", "", &[("email", EMAIL), ("password", PASSWORD)]) {
            answer if answer.status == 303 => session_of(&answer),
            _ => session_of(&request(self.port, "GET", "/sign-in", &[], "")),
        };
        b.go(&format!("{}/healthz", self.url));
        b.set_cookie("kith-session", &session);
        self.open(b, path);
    }

    /// Opens a page of this Kith.
    pub(crate) fn open(&self, b: &Browser, path: &str) {
        b.go(&format!("{}{path}", self.url));
    }

    /// Another user, with a session.
    pub(crate) fn colleague(&self, name: &str, email: &str) -> String {
        let noor = self.session(EMAIL, PASSWORD);
        let role = self.api("GET", "/roles?limit=20", &Json::Null)["data"].as_array().and_then(|roles| {
            roles.iter().find(|r| r["name"] == "Administrator").and_then(|r| r["id"].as_i64())
        });
        let role = role.map_or("1".into(), |id| id.to_string());
        let form = [("name", name), ("email", email), ("role", role.as_str()), ("team", "")];
        let page = self.post("/settings/users", &noor, &form).body;
        let secret = page.split("id=\"secret\"").nth(1).expect("the first password is shown");
        let password = secret.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        self.session(email, password)
    }

    /// A call of the API with all rights; what it answers.
    pub(crate) fn api(&self, method: &str, path: &str, body: &Json) -> Json {
        let bearer = format!("Bearer {}", self.token);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let answer = request(self.port, method, &format!("/api/v1{path}"), &headers, &body);
        assert!(answer.status < 300, "{method} {path} {body}: {} {}", answer.status, answer.body);
        serde_json::from_str(&answer.body).unwrap_or_default()
    }

    /// Makes a record through the API and gives its id.
    pub(crate) fn make(&self, object: &str, record: &Json) -> i64 {
        self.api("POST", &format!("/{object}"), record)["id"].as_i64().unwrap()
    }

    /// Makes many records at once and gives their ids.
    pub(crate) fn make_all(&self, object: &str, records: &[Json]) -> Vec<i64> {
        let told = self.api("POST", &format!("/{object}/batch"), &json!({ "records": records }));
        let ids = told["results"].as_array().into_iter().flatten();
        let ids: Vec<i64> = ids.filter_map(|r| r["id"].as_i64().or(r["record"]["id"].as_i64())).collect();
        assert_eq!(ids.len(), records.len(), "{told}");
        ids
    }

    /// Changes a record through the API.
    pub(crate) fn change(&self, object: &str, id: i64, fields: &Json) {
        self.api("PATCH", &format!("/{object}/{id}"), fields);
    }
}

fn session_of(answer: &Answer) -> String {
    let cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
    let session = cookies.filter_map(|(_, v)| v.strip_prefix("kith-session=")).next();
    session.and_then(|v| v.split(';').next()).unwrap_or_else(|| panic!("no session: {answer:?}")).to_string()
}

/// Percent-encoding of everything but letters and digits.
pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// A file for an upload, removed with the test.
pub(crate) fn file(name: &str, text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let path = path.display().to_string();
    (folder, path)
}
