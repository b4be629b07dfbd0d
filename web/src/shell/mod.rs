//! The browser, as plain Rust. No other module names web-sys or js-sys, and no type of theirs leaves this one.
//!
//! Each file is one ability of the device: its clock, its camera, its storage. An ability that a browser lacks is a
//! value (`Denied`, `Unsupported`), not a panic.

pub mod camera;
pub mod clock;
mod crypto;
pub mod device;
pub mod dom;
pub mod driver;
pub mod events;
mod fault;
pub mod fetch;
pub mod file;
pub mod history;
mod idb;
pub mod install;
mod js;
pub mod keys;
pub mod leave;
mod listen;
pub mod locks;
pub mod map;
pub mod output;
pub mod position;
pub mod push;
pub mod qr;
pub mod share;
pub mod storage;
pub mod store;
pub mod timer;
pub mod update;
pub mod upload;
pub mod visibility;
pub mod wake_lock;

pub use fault::Fault;
pub use listen::Listener;
