//! Style sheets, scripts, fonts and icons.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::assets::{IMMUTABLE, REVALIDATED};

/// `GET /assets/{name}`.
pub(crate) async fn asset(Path(name): Path<String>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(asset) = crate::assets::asset(&name) else { return StatusCode::NOT_FOUND.into_response() };
    if headers.get(IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == asset.etag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let by_hash = uri.query().is_some_and(|q| q.starts_with("v="));
    let kept = if by_hash { IMMUTABLE } else { REVALIDATED };
    ([(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, kept), (ETAG, asset.etag)], asset.bytes)
        .into_response()
}
