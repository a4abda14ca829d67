//! Numbers, amounts, dates and times as a reader writes them.
