//! Kẻng in the browser: two programs over one shell.
//!
//! `field` runs on phones and `desk` on the computers of staff. Both see the browser only through [`shell`], speak with
//! [`words`] and are built of [`ui`] and [`icons`].

pub mod derived;
pub mod desk;
pub mod field;
pub mod icons;
pub mod later;
pub mod push;
pub mod share;
pub mod shell;
pub mod ui;
pub mod words;
