//! Kẻng in the browser: two programs over one shell.
//!
//! `field` runs on phones and `desk` on the computers of staff. Both see the browser only through [`shell`].

pub mod field;
pub mod shell;
