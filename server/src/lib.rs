//! Server of Kẻng.
