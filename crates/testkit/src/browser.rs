//! A real browser for tests: headless Chromium, driven through chromedriver by the WebDriver protocol.
//!
//! ```no_run
//! let b = testkit::browser::Browser::start();
//! b.go("http://127.0.0.1:7250/sign-in");
//! b.fill("#email", "ana@example.com");
//! b.press("button", "Sign in");
//! b.until("location.pathname === '/'");
//! ```
//!
//! Finding, pressing and filling wait until the page is ready for them, so that tests neither sleep nor race.
//! Whatever goes wrong panics: in a test that is the report.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

/// How long a page may take to become what a test waits for. Long, because the machine may be busy with others.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a page is looked at while waiting.
const PAUSE: Duration = Duration::from_millis(25);
/// The member that marks an element in what WebDriver sends and takes.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys that have no character, as WebDriver writes them.
pub mod keys {
    #![allow(missing_docs, reason = "the names say it")]
    pub const BACKSPACE: &str = "\u{e003}";
    pub const TAB: &str = "\u{e004}";
    pub const ENTER: &str = "\u{e007}";
    pub const SHIFT: &str = "\u{e008}";
    pub const CONTROL: &str = "\u{e009}";
    pub const ESCAPE: &str = "\u{e00c}";
    pub const LEFT: &str = "\u{e012}";
    pub const UP: &str = "\u{e013}";
    pub const RIGHT: &str = "\u{e014}";
    pub const DOWN: &str = "\u{e015}";
}

/// A program that ends with the test, however the test ends.
#[derive(Debug)]
pub struct Program {
    watchdog: Child,
    /// What it prints.
    pub output: BufReader<std::process::ChildStdout>,
}

impl Program {
    /// Starts it. A shell waits beside it for the end of a pipe from this process, which closes even when
    /// this process is killed, then ends the program and what it started, and removes `folder`. A program that does
    /// not end within 15 seconds is killed.
    pub fn start(program: &Path, args: &[&str], folder: &Path) -> Program {
        let script = r#"
            trap : TERM
            folder=$1; shift
            "$@" & program=$!
            read -r _
            kill $program 2>/dev/null
            n=0
            while kill -0 $program 2>/dev/null && [ $n -lt 150 ]; do sleep 0.1; n=$((n + 1)); done
            kill -KILL $program 2>/dev/null
            kill -TERM 0
            rm -rf "$folder" || { sleep 1; rm -rf "$folder"; }
        "#;
        let mut watchdog = Command::new("sh")
            .args(["-c", script, "watchdog"])
            .arg(folder)
            .arg(program)
            .args(args)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let output = BufReader::new(watchdog.stdout.take().unwrap());
        Program { watchdog, output }
    }

    /// The first line printed that contains `words`. *Errors*: the program ended before.
    pub fn line_with(&mut self, words: &str) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line).unwrap_or(0) == 0 {
                return None;
            }
            if line.contains(words) {
                return Some(line.trim().to_string());
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        let _ = self.watchdog.wait();
    }
}

/// An HTTP answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// 200 and so on.
    pub status: u16,
    /// Names in lower case, in the order sent.
    pub headers: Vec<(String, String)>,
    /// The text that came.
    pub body: String,
}

impl Answer {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// One HTTP/1.1 request to this machine and its answer; redirects are not followed.
pub fn request(port: u16, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    exchange(port, method, path, headers, body, Duration::from_secs(120))
        .unwrap_or_else(|error| panic!("{method} {path} on port {port}: {error}"))
}

/// Like [`request`], for whoever does not insist.
fn exchange(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
    patience: Duration,
) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(patience))?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    stream.write_all(head.as_bytes())?;
    read_answer(&mut BufReader::new(stream))
}

fn read_answer(stream: &mut BufReader<TcpStream>) -> std::io::Result<Answer> {
    let mut line = || -> std::io::Result<String> {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        Ok(line.trim_end().to_string())
    };
    let status = line()?.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    let mut headers = Vec::new();
    loop {
        let header = line()?;
        let Some((name, value)) = header.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_string()));
    }
    let mut answer = Answer { status, headers, body: String::new() };
    let mut body = Vec::new();
    if answer.header("transfer-encoding").is_some_and(|v| v.contains("chunked")) {
        loop {
            let mut size = String::new();
            stream.read_line(&mut size)?;
            let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
            let mut chunk = vec![0; size + 2];
            stream.read_exact(&mut chunk)?;
            body.extend_from_slice(&chunk[..size]);
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = answer.header("content-length").and_then(|v| v.parse().ok()) {
        body = vec![0; length];
        stream.read_exact(&mut body)?;
    } else {
        stream.read_to_end(&mut body)?;
    }
    answer.body = String::from_utf8_lossy(&body).into_owned();
    Ok(answer)
}

/// The path of one of these programs. The variable names another in its place.
fn program(variable: &str, names: &[&str]) -> PathBuf {
    if let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()) {
        return path.into();
    }
    let folders: Vec<PathBuf> =
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    let found = names.iter().flat_map(|name| folders.iter().map(move |f| f.join(name))).find(|p| p.is_file());
    found.unwrap_or_else(|| {
        panic!("the browser tests need {}: install chromium and chromium-driver", names[0])
    })
}

/// A browser with a new, empty profile and one window. Stopped when dropped.
#[derive(Debug)]
pub struct Browser {
    /// Stops chromedriver, and Chromium with it; the profile is removed.
    _driver: Program,
    port: u16,
    session: String,
}

impl Browser {
    /// Starts one in which pages may run scripts.
    pub fn start() -> Browser {
        Browser::start_with(true)
    }

    /// Starts one that runs no scripts of pages, as some firms set theirs up.
    pub fn without_scripts() -> Browser {
        Browser::start_with(false)
    }

    fn start_with(scripts: bool) -> Browser {
        let driver = program("KITH_TEST_CHROMEDRIVER", &["chromedriver"]);
        let chromium = program(
            "KITH_TEST_CHROMIUM",
            &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        );
        let profile = tempfile::Builder::new().prefix("kith-browser-").tempdir().unwrap().keep();
        let mut driver = Program::start(&driver, &["--port=0"], &profile);
        let started = driver.line_with("started successfully on port").expect("chromedriver does not start");
        let port = started.rsplit(' ').next().and_then(|p| p.trim_end_matches('.').parse().ok()).unwrap();
        let mut args: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--window-size=1440,900",
            "--lang=en-GB",
        ]
        .map(String::from)
        .into();
        args.push(format!("--user-data-dir={}", profile.display()));
        let mut options = json!({ "args": args, "binary": chromium });
        if !scripts {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
        }
        let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": options, "timeouts": { "pageLoad": 60_000, "script": 120_000 } });
        let asked = json!({ "capabilities": { "alwaysMatch": wanted } });
        let answer =
            request(port, "POST", "/session", &[("Content-Type", "application/json")], &asked.to_string());
        let made: Json = serde_json::from_str(&answer.body).unwrap_or_default();
        let session = made["value"]["sessionId"].as_str();
        let session =
            session.unwrap_or_else(|| panic!("Chromium does not start: {}", answer.body)).to_string();
        Browser { _driver: driver, port, session }
    }

    /// One command of the protocol. *Errors*: the driver's word for what is wrong, and its message.
    fn command(&self, method: &str, path: &str, body: &Json) -> Result<Json, (String, String)> {
        let path = format!("/session/{}{path}", self.session);
        let body = if method == "POST" { body.to_string() } else { String::new() };
        let answer = request(self.port, method, &path, &[("Content-Type", "application/json")], &body);
        let mut told: Json = serde_json::from_str(&answer.body).unwrap_or_default();
        let value = told["value"].take();
        if answer.status == 200 {
            return Ok(value);
        }
        let of = |name: &str| value[name].as_str().unwrap_or_default().to_string();
        Err((of("error"), of("message")))
    }

    fn must(&self, method: &str, path: &str, body: &Json) -> Json {
        self.command(method, path, body)
            .unwrap_or_else(|(error, message)| panic!("{path} {body}: {error}: {message}"))
    }

    /// Opens an address and waits until it has loaded.
    pub fn go(&self, url: &str) {
        self.must("POST", "/url", &json!({ "url": url }));
    }

    /// The address shown.
    pub fn url(&self) -> String {
        self.must("GET", "/url", &Json::Null).as_str().unwrap_or_default().to_string()
    }

    /// Goes back by one page.
    pub fn back(&self) {
        self.must("POST", "/back", &json!({}));
    }

    /// Sets a cookie for the site that is open.
    pub fn set_cookie(&self, name: &str, value: &str) {
        let cookie =
            json!({ "name": name, "value": value, "path": "/", "httpOnly": true, "sameSite": "Lax" });
        self.must("POST", "/cookie", &json!({ "cookie": cookie }));
    }

    /// What a script gives: the body of a function, with `args` in `arguments`.
    pub fn script(&self, script: &str, args: &[Json]) -> Json {
        self.must("POST", "/execute/sync", &json!({ "script": script, "args": args }))
    }

    /// What an expression comes to.
    pub fn eval(&self, expression: &str) -> Json {
        self.script(&format!("return ({expression});"), &[])
    }

    /// Like [`Browser::script`], for a script that calls its last argument with its result.
    pub fn later(&self, script: &str, args: &[Json]) -> Json {
        self.must("POST", "/execute/async", &json!({ "script": script, "args": args }))
    }

    /// A command of the developer tools, such as `Emulation.setCPUThrottlingRate`.
    pub fn tools(&self, command: &str, params: &Json) -> Json {
        self.must("POST", "/goog/cdp/execute", &json!({ "cmd": command, "params": params }))
    }

    /// The size of the screen in CSS pixels; a narrow one is a phone with a touch screen.
    pub fn screen(&self, width: u32, height: u32) {
        let phone = width < 600;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone });
        self.tools("Emulation.setDeviceMetricsOverride", &metrics);
        self.tools("Emulation.setTouchEmulationEnabled", &json!({ "enabled": phone }));
    }

    /// Whether the system prefers `light` or `dark`. Nothing moves from then on, so that colours are there at once.
    pub fn colours(&self, theme: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": theme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.tools("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// Makes the processor this many times slower, as far as pages are concerned.
    pub fn slower(&self, times: u32) {
        self.tools("Emulation.setCPUThrottlingRate", &json!({ "rate": times }));
    }

    /// A picture of the screen as PNG.
    pub fn picture(&self) -> Vec<u8> {
        use base64::Engine as _;
        let text = self.must("GET", "/screenshot", &Json::Null);
        base64::engine::general_purpose::STANDARD.decode(text.as_str().unwrap_or_default()).unwrap()
    }

    /// The words of the dialog that a script opened, if one is open.
    pub fn dialog(&self) -> Option<String> {
        self.command("GET", "/alert/text", &Json::Null).ok().and_then(|text| text.as_str().map(String::from))
    }

    /// Answers the dialog that is open.
    pub fn answer_dialog(&self, yes: bool) {
        self.must("POST", if yes { "/alert/accept" } else { "/alert/dismiss" }, &json!({}));
    }

    /// Waits until an expression is true.
    pub fn until(&self, expression: &str) {
        self.wait_for(expression, || {
            let script = json!({ "script": format!("return Boolean({expression});"), "args": [] });
            matches!(self.command("POST", "/execute/sync", &script), Ok(Json::Bool(true)))
        });
    }

    /// Waits until the page shows these words.
    pub fn until_shown(&self, words: &str) {
        self.wait_for(&format!("the words “{words}”"), || self.shows(words));
    }

    /// Loads the page again until it shows these words. For pages that renew themselves without a script:
    /// chromedriver now and then hangs on what it is asked at the moment when they do.
    pub fn until_shown_anew(&self, words: &str) {
        self.wait_for(&format!("the words “{words}”"), || {
            self.go(&self.url());
            self.shows(words)
        });
    }

    /// Does the page show these words, wherever?
    pub fn shows(&self, words: &str) -> bool {
        let script = json!({ "script": "return document.body.innerText;", "args": [] });
        let text = self.command("POST", "/execute/sync", &script).unwrap_or_default();
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        plain(text.as_str().unwrap_or_default()).contains(&plain(words))
    }

    /// Waits until the first element that fits has another text than this.
    pub fn wait_until_other(&self, selector: &str, text: &str) {
        self.wait_for(&format!("another text than {text}"), || {
            self.texts(selector).first().is_some_and(|t| t != text)
        });
    }

    /// Waits until something holds; `what` says what, for the report.
    pub fn wait_for(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let start = Instant::now();
        while !holds() {
            if start.elapsed() > PATIENCE {
                let (url, text) = (self.url(), self.eval("document.body.innerText"));
                let text: String = text.as_str().unwrap_or_default().chars().take(3000).collect();
                panic!("waited in vain for {what}\nat {url}:\n{text}");
            }
            sleep(PAUSE);
        }
    }

    /// The visible element that fits the selector and contains the words; the first when there are several.
    /// One whose text or name is exactly the words comes before those that only contain them.
    fn seek(&self, selector: &str, words: &str) -> Option<String> {
        let script = "const plain = t => (t || '').replace(/\\s+/g, ' ').trim();
            const all = [...document.querySelectorAll(arguments[0])]
                .filter(e => e.getClientRects().length && e.checkVisibility({ visibilityProperty: true }));
            const name = e => plain(e.getAttribute('aria-label') || e.innerText || e.textContent);
            return all.find(e => !arguments[1] || name(e) === arguments[1])
                || all.find(e => name(e).includes(arguments[1])) || null;";
        let body = json!({ "script": script, "args": [selector, words] });
        let found = self.command("POST", "/execute/sync", &body).ok()?;
        found[ELEMENT].as_str().map(String::from)
    }

    /// Does `act` on the element as soon as it is there and lets it.
    fn on(&self, selector: &str, words: &str, act: impl Fn(&str) -> Result<Json, (String, String)>) -> Json {
        let mut result = Err(("no such element".to_string(), String::new()));
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(id) = self.seek(selector, words) {
                result = act(&id);
                let again =
                    ["stale element reference", "element click intercepted", "element not interactable"];
                if !result.as_ref().is_err_and(|(error, _)| again.contains(&error.as_str())) {
                    break;
                }
            }
            sleep(PAUSE);
        }
        result.unwrap_or_else(|(error, message)| {
            let text = self.eval("document.body.innerText");
            panic!(
                "{selector} “{words}” at {}: {error}: {message}\n{}",
                self.url(),
                text.as_str().unwrap_or_default()
            )
        })
    }

    /// Presses the element that fits the selector and contains the words.
    pub fn press(&self, selector: &str, words: &str) {
        self.on(selector, words, |id| self.command("POST", &format!("/element/{id}/click"), &json!({})));
    }

    /// Presses the element that fits the selector.
    pub fn click(&self, selector: &str) {
        self.press(selector, "");
    }

    /// Types into an element, after what it holds already.
    pub fn type_into(&self, selector: &str, text: &str) {
        self.on(selector, "", |id| {
            self.command("POST", &format!("/element/{id}/value"), &json!({ "text": text }))
        });
    }

    /// Empties an input and types.
    pub fn fill(&self, selector: &str, text: &str) {
        self.on(selector, "", |id| self.command("POST", &format!("/element/{id}/clear"), &json!({})));
        self.type_into(selector, text);
    }

    /// Chooses the option with these words in a list of choices.
    pub fn choose(&self, selector: &str, words: &str) {
        let script =
            "const list = [...document.querySelectorAll(arguments[0])].find(e => e.getClientRects().length);
            const option = list && [...list.options].find(o => o.textContent.trim() === arguments[1]);
            if (!option) return false;
            list.value = option.value;
            for (const kind of ['input', 'change']) list.dispatchEvent(new Event(kind, { bubbles: true }));
            return true;";
        self.wait_for(&format!("the choice {words} in {selector}"), || {
            let body = json!({ "script": script, "args": [selector, words] });
            matches!(self.command("POST", "/execute/sync", &body), Ok(Json::Bool(true)))
        });
    }

    /// The text of the first visible element that fits.
    pub fn text(&self, selector: &str) -> String {
        let text =
            self.on(selector, "", |id| self.command("GET", &format!("/element/{id}/text"), &Json::Null));
        text.as_str().unwrap_or_default().to_string()
    }

    /// What an input holds.
    pub fn value(&self, selector: &str) -> String {
        let held = self.on(selector, "", |id| {
            self.command("GET", &format!("/element/{id}/property/value"), &Json::Null)
        });
        held.as_str().unwrap_or_default().to_string()
    }

    /// The texts of all elements that fit, also hidden ones.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent.replace(/\\s+/g, ' ').trim());";
        let all = self.script(script, &[json!(selector)]);
        all.as_array().into_iter().flatten().filter_map(|t| t.as_str().map(String::from)).collect()
    }

    /// How many elements fit.
    pub fn count(&self, selector: &str) -> usize {
        self.script("return document.querySelectorAll(arguments[0]).length;", &[json!(selector)])
            .as_u64()
            .unwrap_or(0) as usize
    }

    /// Presses keys wherever the focus is, each in turn; those in `held` are held down meanwhile.
    pub fn keys(&self, held: &[&str], pressed: &[&str]) {
        let key = |kind: &str, value: &str| json!({ "type": kind, "value": value });
        let mut actions: Vec<Json> = held.iter().map(|k| key("keyDown", k)).collect();
        for k in pressed {
            actions.push(key("keyDown", k));
            actions.push(key("keyUp", k));
        }
        actions.extend(held.iter().rev().map(|k| key("keyUp", k)));
        self.must(
            "POST",
            "/actions",
            &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }),
        );
    }

    /// Types text wherever the focus is.
    pub fn type_text(&self, text: &str) {
        let keys: Vec<String> = text.chars().map(String::from).collect();
        self.keys(&[], &keys.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// Drags from the middle of one element to the middle of another, as a hand with a mouse does.
    pub fn drag(&self, from: &str, to: &str) {
        let element = |selector: &str| {
            let id = self.seek(selector, "").unwrap_or_else(|| panic!("there is no {selector} to drag"));
            json!({ ELEMENT: id })
        };
        let to_point = |origin: Json, x: i32, y: i32, ms: u32| json!({ "type": "pointerMove", "duration": ms, "origin": origin, "x": x, "y": y });
        let moves = json!([
            to_point(element(from), 0, 0, 0),
            { "type": "pointerDown", "button": 0 },
            { "type": "pause", "duration": 80 },
            to_point(json!("pointer"), 8, 4, 80),
            to_point(element(to), -6, -3, 250),
            to_point(element(to), 0, 0, 120),
            { "type": "pause", "duration": 120 },
            { "type": "pointerUp", "button": 0 },
        ]);
        let mouse = json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": moves });
        self.must("POST", "/actions", &json!({ "actions": [mouse] }));
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A Chromium that no longer answers ends with its driver all the same, so nobody waits for it long.
        let path = format!("/session/{}", self.session);
        let _ = exchange(self.port, "DELETE", &path, &[], "", Duration::from_secs(5));
    }
}
