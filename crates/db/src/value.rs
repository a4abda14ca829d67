//! Values and rows as both engines give them.

use crate::{Error, Result};

/// One value of a column or a parameter. Truth is 0 or 1, time is microseconds UTC, a date is days since
/// 1970-01-01, money is minor units: all of them whole numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing known.
    #[default]
    Null,
    /// A whole number.
    Int(i64),
    /// A measured number.
    Real(f64),
    /// Text, or JSON as text.
    Text(String),
    /// Raw bytes.
    Bytes(Vec<u8>),
}

impl Value {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Int(_) => "a whole number",
            Value::Real(_) => "a number",
            Value::Text(_) => "text",
            Value::Bytes(_) => "bytes",
        }
    }
}

impl From<i64> for Value {
    fn from(v: i64) -> Value {
        Value::Int(v)
    }
}
impl From<f64> for Value {
    fn from(v: f64) -> Value {
        Value::Real(v)
    }
}
impl From<bool> for Value {
    fn from(v: bool) -> Value {
        Value::Int(i64::from(v))
    }
}
impl From<&str> for Value {
    fn from(v: &str) -> Value {
        Value::Text(v.to_string())
    }
}
impl From<String> for Value {
    fn from(v: String) -> Value {
        Value::Text(v)
    }
}
impl From<Vec<u8>> for Value {
    fn from(v: Vec<u8>) -> Value {
        Value::Bytes(v)
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Value {
        v.map_or(Value::Null, Into::into)
    }
}

/// One row of an answer, its columns in the order of the statement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The value at `column`; nothing when the row is shorter.
    pub fn get(&self, column: usize) -> &Value {
        self.0.get(column).unwrap_or(&Value::Null)
    }

    /// A whole number that must be there.
    pub fn int(&self, column: usize) -> Result<i64> {
        match self.get(column) {
            Value::Int(v) => Ok(*v),
            other => Err(Error::Type { column, wanted: "a whole number", found: other.kind() }),
        }
    }

    /// A whole number or nothing.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>> {
        match self.get(column) {
            Value::Null => Ok(None),
            _ => self.int(column).map(Some),
        }
    }

    /// A number that must be there.
    pub fn real(&self, column: usize) -> Result<f64> {
        match self.get(column) {
            Value::Real(v) => Ok(*v),
            Value::Int(v) => Ok(*v as f64),
            other => Err(Error::Type { column, wanted: "a number", found: other.kind() }),
        }
    }

    /// A number or nothing.
    pub fn opt_real(&self, column: usize) -> Result<Option<f64>> {
        match self.get(column) {
            Value::Null => Ok(None),
            _ => self.real(column).map(Some),
        }
    }

    /// Text that must be there.
    pub fn text(&self, column: usize) -> Result<&str> {
        match self.get(column) {
            Value::Text(v) => Ok(v),
            other => Err(Error::Type { column, wanted: "text", found: other.kind() }),
        }
    }

    /// Text or nothing.
    pub fn opt_text(&self, column: usize) -> Result<Option<&str>> {
        match self.get(column) {
            Value::Null => Ok(None),
            _ => self.text(column).map(Some),
        }
    }

    /// Bytes that must be there.
    pub fn bytes(&self, column: usize) -> Result<&[u8]> {
        match self.get(column) {
            Value::Bytes(v) => Ok(v),
            other => Err(Error::Type { column, wanted: "bytes", found: other.kind() }),
        }
    }

    /// A truth value that must be there.
    pub fn truth(&self, column: usize) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }
}
