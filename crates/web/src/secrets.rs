//! Random secrets: session and API tokens, set-up links, salts.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// `N` bytes from the system's source of randomness.
/// *Errors*: the system has none, which ends the request rather than giving a weak secret.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A secret of 256 bits as 43 characters that are safe in a URL, a header and a cookie.
/// *Errors*: the system has no randomness.
pub fn secret() -> Result<String, getrandom::Error> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}
