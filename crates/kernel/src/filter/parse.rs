//! From text to a condition.

use super::{Expr, Literal, Op, Trouble};

/// Deeper nesting and more conditions than people write are refused, so that no filter can exhaust the stack.
const MAX_DEPTH: usize = 24;
const MAX_TOKENS: usize = 600;
const MAX_TEXT: usize = 8_000;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Quoted(String),
    Sign(&'static str),
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
    end: usize,
}

/// Reads a filter; empty text is the condition that always holds.
/// *Errors*: the first thing that is wrong, and where.
pub fn parse(text: &str) -> Result<Expr, Trouble> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, at: 0, depth: 0, end: text.chars().count() + 1 };
    if parser.tokens.is_empty() {
        return Ok(Expr::And(Vec::new()));
    }
    let expr = parser.any()?;
    match parser.peek() {
        None => Ok(expr),
        Some(_) => Err(parser.trouble("expected \"and\" or \"or\" here")),
    }
}

fn tokens(text: &str) -> Result<Vec<(Token, usize)>, Trouble> {
    const SIGNS: [&str; 12] = ["!=", "<=", ">=", "^=", "=", "<", ">", "~", "(", ")", ",", "<>"];
    let chars: Vec<char> = text.chars().collect();
    if chars.len() > MAX_TEXT {
        return Err(Trouble {
            message: format!("the filter is longer than {MAX_TEXT} characters"),
            at: MAX_TEXT,
        });
    }
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at + 1;
        let c = chars[at];
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        if c == '"' || c == '\'' {
            let (word, next) = quoted(&chars, at)?;
            tokens.push((Token::Quoted(word), start));
            at = next;
            continue;
        }
        let sign = SIGNS
            .iter()
            .filter(|s| s.chars().enumerate().all(|(n, s)| chars.get(at + n) == Some(&s)))
            .max_by_key(|s| s.len());
        if let Some(sign) = sign {
            tokens.push((Token::Sign(if *sign == "<>" { "!=" } else { sign }), start));
            at += sign.len();
            continue;
        }
        let mut word = String::new();
        while at < chars.len() && !chars[at].is_whitespace() && !"=!<>~^(),\"'".contains(chars[at]) {
            if chars[at] == '\0' {
                return Err(Trouble { message: "text cannot hold the character NUL".into(), at: at + 1 });
            }
            word.push(chars[at]);
            at += 1;
        }
        if word.is_empty() {
            return Err(Trouble { message: format!("{c} has no meaning here"), at: start });
        }
        tokens.push((Token::Word(word), start));
        if tokens.len() > MAX_TOKENS {
            return Err(Trouble { message: "the filter has too many parts".into(), at: start });
        }
    }
    Ok(tokens)
}

fn quoted(chars: &[char], start: usize) -> Result<(String, usize), Trouble> {
    let mut word = String::new();
    let mut at = start + 1;
    while let Some(c) = chars.get(at) {
        match c {
            '\\' if at + 1 < chars.len() => {
                word.push(chars[at + 1]);
                at += 2;
            }
            c if *c == chars[start] => return Ok((word, at + 1)),
            '\0' => return Err(Trouble { message: "text cannot hold the character NUL".into(), at: at + 1 }),
            c => {
                word.push(*c);
                at += 1;
            }
        }
    }
    Err(Trouble { message: "the quotation mark is not closed".into(), at: start + 1 })
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).map(|(token, _)| token.clone());
        self.at += 1;
        token
    }

    fn trouble(&self, message: impl Into<String>) -> Trouble {
        let at = self.tokens.get(self.at).map_or(self.end, |(_, at)| *at);
        Trouble { message: message.into(), at }
    }

    fn word(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted));
        if found {
            self.at += 1;
        }
        found
    }

    fn sign(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(sign)) if *sign == wanted);
        if found {
            self.at += 1;
        }
        found
    }

    fn any(&mut self) -> Result<Expr, Trouble> {
        let mut parts = vec![self.all()?];
        while self.word("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::Or(parts) })
    }

    fn all(&mut self) -> Result<Expr, Trouble> {
        let mut parts = vec![self.one()?];
        while self.word("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) })
    }

    fn one(&mut self) -> Result<Expr, Trouble> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.trouble("the filter is nested too deeply"));
        }
        let expr = self.leaf();
        self.depth -= 1;
        expr
    }

    fn leaf(&mut self) -> Result<Expr, Trouble> {
        if self.word("not") {
            return Ok(Expr::Not(Box::new(self.one()?)));
        }
        if self.sign("(") {
            let expr = self.any()?;
            return if self.sign(")") { Ok(expr) } else { Err(self.trouble("a closing bracket is missing")) };
        }
        if self.word("has") {
            return self.has();
        }
        match self.peek() {
            Some(Token::Word(_)) => self.comparison(),
            _ => Err(self.trouble("expected the name of a field")),
        }
    }

    fn has(&mut self) -> Result<Expr, Trouble> {
        let none = self.word("no");
        let Some(Token::Word(relation)) = self.next() else {
            self.at -= 1;
            return Err(self.trouble("expected what it should have, such as orders"));
        };
        let mut inner = None;
        if self.sign("(") && !self.sign(")") {
            inner = Some(Box::new(self.any()?));
            if !self.sign(")") {
                return Err(self.trouble("a closing bracket is missing"));
            }
        }
        let has = Expr::Has { relation, inner };
        Ok(if none { Expr::Not(Box::new(has)) } else { has })
    }

    fn comparison(&mut self) -> Result<Expr, Trouble> {
        let Some(Token::Word(name)) = self.next() else {
            return Err(self.trouble("expected the name of a field"));
        };
        let path: Vec<String> = name.split('.').map(String::from).collect();
        if self.word("is") {
            let not = self.word("not");
            if !self.word("empty") {
                return Err(self.trouble("expected \"empty\""));
            }
            let empty = Expr::Empty(path);
            return Ok(if not { Expr::Not(Box::new(empty)) } else { empty });
        }
        if self.word("not") {
            if !self.word("in") {
                return Err(self.trouble("expected \"in\""));
            }
            return Ok(Expr::Not(Box::new(Expr::Compare { path, op: Op::In, values: self.values()? })));
        }
        if self.word("in") {
            return Ok(Expr::Compare { path, op: Op::In, values: self.values()? });
        }
        if self.word("between") {
            let low = self.value()?;
            if !self.word("and") {
                return Err(self.trouble("expected \"and\" and the upper bound"));
            }
            return Ok(Expr::Compare { path, op: Op::Between, values: vec![low, self.value()?] });
        }
        let op = match self.peek() {
            Some(Token::Sign("=")) => Op::Eq,
            Some(Token::Sign("!=")) => Op::Ne,
            Some(Token::Sign("<")) => Op::Lt,
            Some(Token::Sign("<=")) => Op::Le,
            Some(Token::Sign(">")) => Op::Gt,
            Some(Token::Sign(">=")) => Op::Ge,
            Some(Token::Sign("~")) => Op::Contains,
            Some(Token::Sign("^=")) => Op::Starts,
            _ => return Err(self.trouble(format!("expected a comparison such as = after {name}"))),
        };
        self.at += 1;
        Ok(Expr::Compare { path, op, values: vec![self.value()?] })
    }

    fn values(&mut self) -> Result<Vec<Literal>, Trouble> {
        if !self.sign("(") {
            return Err(self.trouble("expected values in brackets"));
        }
        let mut values = vec![self.value()?];
        while self.sign(",") {
            values.push(self.value()?);
        }
        if self.sign(")") { Ok(values) } else { Err(self.trouble("a closing bracket is missing")) }
    }

    fn value(&mut self) -> Result<Literal, Trouble> {
        match self.next() {
            Some(Token::Quoted(text)) => Ok(Literal { text, quoted: true }),
            Some(Token::Word(text)) => Ok(Literal { text, quoted: false }),
            _ => {
                self.at -= 1;
                Err(self.trouble("expected a value"))
            }
        }
    }
}
