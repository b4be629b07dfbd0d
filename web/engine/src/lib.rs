//! Offline engine.
