//! A small HTTP/1.1 client that keeps its connection, so that what is measured is the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// One connection.
pub(crate) struct Client {
    address: SocketAddr,
    reader: BufReader<TcpStream>,
    body: Vec<u8>,
}

/// A request, written out.
#[derive(Clone)]
pub(crate) struct Request {
    bytes: Vec<u8>,
}

impl Request {
    /// A request without a body. `headers` are whole lines without their ends.
    pub(crate) fn get(path: &str, headers: &[String]) -> Request {
        Request::of("GET", path, headers, "")
    }

    /// A request with a JSON body.
    pub(crate) fn patch(path: &str, headers: &[String], json: &str) -> Request {
        let mut headers = headers.to_vec();
        headers.push("Content-Type: application/json".into());
        Request::of("PATCH", path, &headers, json)
    }

    fn of(method: &str, path: &str, headers: &[String], body: &str) -> Request {
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        for header in headers {
            text.push_str(header);
            text.push_str("\r\n");
        }
        if !body.is_empty() {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        text.push_str("\r\n");
        text.push_str(body);
        Request { bytes: text.into_bytes() }
    }
}

/// Text as part of a query: everything but letters and digits is escaped.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Result<Client> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Client { address, reader: BufReader::with_capacity(64 * 1024, stream), body: Vec::new() })
    }

    /// Sends a request and reads the whole answer. *Shape*: status and body.
    pub(crate) fn send(&mut self, request: &Request) -> Result<(u16, &[u8])> {
        self.reader.get_mut().write_all(&request.bytes)?;
        let mut line = String::new();
        self.line(&mut line)?;
        let status: u16 = line.split(' ').nth(1).and_then(|s| s.parse().ok()).context("no status line")?;
        let (mut length, mut chunked, mut closes) = (0_usize, false, false);
        loop {
            self.line(&mut line)?;
            let Some((name, value)) = line.split_once(':') else { break };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "connection" => closes = value.eq_ignore_ascii_case("close"),
                _ => {}
            }
        }
        self.body.clear();
        if chunked {
            self.chunks()?;
        } else {
            self.body.resize(length, 0);
            self.reader.read_exact(&mut self.body)?;
        }
        if closes {
            let body = std::mem::take(&mut self.body);
            *self = Client::connect(self.address)?;
            self.body = body;
        }
        Ok((status, &self.body))
    }

    fn line(&mut self, line: &mut String) -> Result<()> {
        line.clear();
        if self.reader.read_line(line)? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }

    fn chunks(&mut self) -> Result<()> {
        let mut line = String::new();
        loop {
            self.line(&mut line)?;
            let length = usize::from_str_radix(line.trim(), 16).context("a chunk without a length")?;
            let start = self.body.len();
            self.body.resize(start + length, 0);
            self.reader.read_exact(&mut self.body[start..])?;
            self.line(&mut line)?;
            if length == 0 {
                return Ok(());
            }
        }
    }
}
