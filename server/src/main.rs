//! Command line of Kẻng.
fn main() {}
