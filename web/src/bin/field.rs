//! Field app.
fn main() {}
