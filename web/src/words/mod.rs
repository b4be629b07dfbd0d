//! Every word that a person reads, in Vietnamese and in English.
//!
//! A word is a function without a receiver: `sign_in()` gives "Đăng nhập" or "Sign in", `waiting(3, 5)` a whole sentence.
//! Both languages are given where the word is written, so a missing one does not compile; nor does a parameter that one
//! of the languages leaves out. Words for a closed list (problems, statuses, flags) are an exhaustive match.
//!
//! The language is one per page. Changing it builds the page anew, so that words need not be reactive.

pub mod campaigns;
pub mod checkpoints;
pub mod desk;
pub mod domain;
pub mod evaluation;
pub mod field;
pub mod files;
pub mod incidents;
pub mod interface;
pub mod loudspeaker;
pub mod maps;
pub mod models;
pub mod number;
pub mod plan_entry;
pub mod plan_versions;
pub mod problem;
pub mod push;
pub mod records;
pub mod roster;
pub mod routes;
pub mod share;
pub mod targets;
pub mod tasks;
pub mod when;
pub mod working_days;

use keng_shared::kind::Label;
use std::cell::Cell;

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// Both, each with its own name for itself.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Vi, "Tiếng Việt"), (Self::En, "English")];

    /// The BCP 47 tag, for the `lang` attribute and for what is stored.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The language with this tag; Vietnamese for any other.
    pub fn from_tag(tag: &str) -> Self {
        if tag.starts_with("en") { Self::En } else { Self::Vi }
    }
}

thread_local! {
    static LANG: Cell<Lang> = const { Cell::new(Lang::Vi) };
}

/// The language of the page.
pub fn lang() -> Lang {
    LANG.get()
}

/// Sets the language of the page; whoever calls it builds the page anew.
pub fn set_lang(lang: Lang) {
    LANG.set(lang);
}

/// The word of the two that fits the language of the page.
pub fn pick<T>(vi: T, en: T) -> T {
    match lang() {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

/// A label of the kind catalogue in the language of the page.
pub fn label(label: Label) -> &'static str {
    pick(label.vi, label.en)
}

/// Makes a function of each word: `name = "vi", "en";` or, with parameters, `name(n) = "còn {n}", "{n} left";`.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident $(($($p:ident),+))? = $vi:literal, $en:literal;)+) => {
        $(words!(@word $(#[$doc])* $name [$($($p),+)?] $vi $en);)+

        /// Every word of this file, for tests.
        #[cfg(test)]
        pub(in crate::words) const ALL: &[(&str, &str, &str)] = &[$((stringify!($name), $vi, $en)),+];
    };
    (@word $(#[$doc:meta])* $name:ident [] $vi:literal $en:literal) => {
        $(#[$doc])*
        #[doc = $vi]
        pub fn $name() -> &'static str {
            $crate::words::pick($vi, $en)
        }
    };
    (@word $(#[$doc:meta])* $name:ident [$($p:ident),+] $vi:literal $en:literal) => {
        $(#[$doc])*
        #[doc = $vi]
        pub fn $name($($p: impl std::fmt::Display),+) -> String {
            match $crate::words::lang() {
                $crate::words::Lang::Vi => format!($vi, $($p = $p),+),
                $crate::words::Lang::En => format!($en, $($p = $p),+),
            }
        }
    };
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::*;

    fn every_word() -> Vec<(&'static str, &'static str, &'static str)> {
        [
            campaigns::ALL,
            checkpoints::ALL,
            desk::ALL,
            evaluation::ALL,
            field::ALL,
            files::ALL,
            incidents::ALL,
            interface::ALL,
            loudspeaker::ALL,
            maps::ALL,
            models::ALL,
            plan_entry::ALL,
            plan_versions::ALL,
            push::ALL,
            records::ALL,
            roster::ALL,
            routes::ALL,
            share::ALL,
            targets::ALL,
            tasks::ALL,
            working_days::ALL,
        ]
        .concat()
    }

    #[test]
    fn no_word_is_empty_or_has_stray_spaces_and_the_two_languages_take_the_same_parameters() {
        for (name, vi, en) in every_word() {
            for word in [vi, en] {
                assert!(
                    !word.is_empty() && word.trim() == word && !word.contains("  "),
                    "{name}: {word:?}"
                );
            }
            assert_eq!(parameters(vi), parameters(en), "{name}");
        }
    }

    #[test]
    fn an_audience_is_never_called_by_the_word_for_people_under_watch() {
        for (name, vi, _) in every_word() {
            assert!(!vi.to_lowercase().contains("đối tượng"), "{name}: {vi}");
        }
    }

    #[test]
    fn a_word_follows_the_language_of_the_page() {
        set_lang(Lang::En);
        assert_eq!(interface::sign_in(), "Sign in");
        set_lang(Lang::Vi);
        assert_eq!(interface::sign_in(), "Đăng nhập");
    }

    fn parameters(word: &str) -> Vec<&str> {
        let mut found: Vec<&str> = word
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
            .collect();
        found.sort_unstable();
        found
    }
}
