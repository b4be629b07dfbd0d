//! A commune to try Kẻng with.
mod canvas;
mod places;
mod scene;
mod walk;
