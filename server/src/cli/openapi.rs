//! `keng openapi`.

use super::CommandError;
use crate::openapi;
use clap::Args;
use std::io::{Write, stdout};

/// Print the API as an OpenAPI 3.1 document (JSON).
#[derive(Args)]
pub struct OpenApi {}

impl OpenApi {
    pub(super) fn run(self) -> Result<(), CommandError> {
        let document = serde_json::to_string_pretty(&openapi::document())?;
        Ok(writeln!(stdout(), "{document}")?)
    }
}
