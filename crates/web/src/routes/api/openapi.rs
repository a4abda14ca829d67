//! OpenAPI.

use super::answers::{Answer, Refusal};

pub(super) async fn document() -> Result<Answer, Refusal> {
    Ok(Answer::nothing())
}
