//! Money: minor units and their currency, exact.

/// Currencies with a number of decimals other than two (ISO 4217).
const ODD: [(&str, u32); 24] = [
    ("BHD", 3),
    ("BIF", 0),
    ("CLF", 4),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("IQD", 3),
    ("ISK", 0),
    ("JOD", 3),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("PYG", 0),
    ("RWF", 0),
    ("TND", 3),
    ("UGX", 0),
    ("UYI", 0),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
];

/// The ISO 4217 codes in use.
pub const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// The largest amount that a field takes, in minor units: it survives a trip through a JavaScript number.
pub const LIMIT: i64 = 9_007_199_254_740_991;

/// Is it a currency code?
pub fn known(code: &str) -> bool {
    code.len() == 3 && CODES.split(' ').any(|c| c == code)
}

/// Decimals of a currency: 2 for EUR, 0 for JPY.
pub fn decimals(currency: &str) -> u32 {
    ODD.iter().find(|(code, _)| *code == currency).map_or(2, |(_, n)| *n)
}

/// `1250` EUR as `12.50`.
pub fn plain(minor: i64, currency: &str) -> String {
    let n = decimals(currency) as usize;
    if n == 0 {
        return minor.to_string();
    }
    let digits = format!("{:0width$}", minor.unsigned_abs(), width = n + 1);
    let (whole, part) = digits.split_at(digits.len() - n);
    format!("{}{whole}.{part}", if minor < 0 { "-" } else { "" })
}

/// `12.5`, `-3` or `12.50 EUR` as minor units. *Errors*: not an amount, too many decimals, another currency.
pub fn parse(text: &str, currency: &str) -> Result<i64, String> {
    let wrong = || format!("{text} is not an amount such as 12.50");
    let mut amount = text.trim();
    if let Some(code) = amount.get(amount.len().saturating_sub(3)..).filter(|c| known(c)) {
        if code != currency {
            return Err(format!("{text} is not in {currency}, the currency of this record"));
        }
        amount = amount.strip_suffix(code).unwrap_or(amount).trim_end();
    }
    let (negative, digits) = match amount.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, amount),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let n = decimals(currency) as usize;
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || !all_digits(whole)
        || !all_digits(part)
        || (digits.contains('.') && part.is_empty())
    {
        return Err(wrong());
    }
    if part.trim_end_matches('0').len() > n {
        return Err(format!("{text} has more decimals than {currency} has"));
    }
    let part: String = part.chars().chain(std::iter::repeat('0')).take(n).collect();
    let minor: i64 = format!("{whole}{part}").parse().map_err(|_| format!("{text} is too large"))?;
    if minor > LIMIT {
        return Err(format!("{text} is too large"));
    }
    Ok(if negative { -minor } else { minor })
}
