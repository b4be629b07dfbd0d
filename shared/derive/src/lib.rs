//! `#[derive(FromJson, ToJson)]`: JSON for the browser, in little code.
//!
//! serde compiles a visitor for every pair of type and source, which made up a sixth of the app. These derives
//! read the same `#[serde(…)]` attributes and mean the same wire form, but go through `serde_json::Value` and a few
//! functions that all types share. What they do not know is an error, so that no attribute is ignored in silence.

mod attributes;
mod read;
mod write;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Derives `keng_shared::json::FromJson`, and `FromFields` for what has named fields.
#[proc_macro_derive(FromJson, attributes(serde))]
pub fn from_json(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    read::derive(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Derives `keng_shared::json::ToJson`.
#[proc_macro_derive(ToJson, attributes(serde))]
pub fn to_json(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    write::derive(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
