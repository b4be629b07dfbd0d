//! Going around: the bottom bar of the phone and tabs inside a page.

use super::live::live;
use crate::icons::{Icon, Picture};
use crate::words::interface as w;
use leptos::prelude::*;

/// A place to go to.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Where.
    pub href: String,
    /// Its name.
    pub words: String,
    /// Its icon.
    pub icon: Icon,
    /// How many things wait there; nothing is shown for zero.
    pub count: Signal<u64>,
    /// Which pages belong to it.
    pub holds: Holds,
    /// Places whose pages belong to it as well: tabs beside its own page.
    pub also: &'static [&'static str],
}

/// Which pages belong to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Only its own page: the front page.
    Itself,
    /// Its own page and every page below.
    Below,
}

impl NavItem {
    /// A place where nothing waits.
    pub fn new(href: impl Into<String>, words: impl Into<String>, icon: Icon) -> Self {
        Self {
            href: href.into(),
            words: words.into(),
            icon,
            count: Signal::stored(0),
            holds: Holds::Below,
            also: &[],
        }
    }

    /// The same place, holding only its own page.
    #[must_use]
    pub fn alone(self) -> Self {
        Self {
            holds: Holds::Itself,
            ..self
        }
    }

    /// The same place, holding these places as well.
    #[must_use]
    pub fn with(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    /// Whether the page of this path belongs to it.
    pub fn has(&self, here: &str) -> bool {
        let also = || self.also.iter().any(|place| belongs(here, place, Holds::Below));
        belongs(here, &self.href, self.holds) || also()
    }

    /// The same place with a number of things that wait.
    #[must_use]
    pub fn counting(self, count: impl Into<Signal<u64>>) -> Self {
        Self {
            count: count.into(),
            ..self
        }
    }
}

/// The bar at the bottom of a phone.
#[component]
pub fn BottomBar(
    /// Places, at most five.
    items: Vec<NavItem>,
    /// Path of the page that is shown.
    #[prop(into)]
    here: Signal<String>,
) -> impl IntoView {
    view! {
        <nav class="bottom-bar" aria-label=w::main_navigation()>{links(items, here)}</nav>
    }
}

/// Tabs inside a page. They are links, so that back works and a page has an address.
#[component]
pub fn Tabs(
    /// What the tabs are for.
    #[prop(into)]
    label: String,
    /// Places.
    items: Vec<NavItem>,
    /// Path of the page that is shown.
    #[prop(into)]
    here: Signal<String>,
) -> impl IntoView {
    let items = links(items, here)
        .into_iter()
        .map(|link| view! { <li>{link}</li> })
        .collect_view();
    view! {
        <nav aria-label=label><ul class="tabs">{items}</ul></nav>
    }
}

/// Links of places; the one that holds the page is marked.
fn links(items: Vec<NavItem>, here: Signal<String>) -> Vec<impl IntoView> {
    items
        .into_iter()
        .map(|item| {
            let (href, icon, words, count) = (item.href.clone(), item.icon, item.words.clone(), item.count);
            let current = move || item.has(&here.get()).then_some("page");
            view! {
                <a href=href aria-current=current>
                    <Picture icon/>
                    <span>{words}</span>
                    {live(move || (count.get() > 0).then(|| view! { <span class="nav-count">{count.get()}</span> }))}
                </a>
            }
        })
        .collect()
}

/// Whether a page belongs to a place.
fn belongs(here: &str, place: &str, holds: Holds) -> bool {
    let (here, place) = (here.trim_end_matches('/'), place.trim_end_matches('/'));
    let below = here.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'));
    here == place || (holds == Holds::Below && below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_holds_the_pages_below_it_but_the_front_page_only_itself() {
        assert!(belongs("/desk/review/1", "/desk/review", Holds::Below));
        assert!(belongs("/desk/", "/desk", Holds::Itself));
        assert!(!belongs("/desk/review", "/desk", Holds::Itself));
        assert!(!belongs("/desk/reviews", "/desk/review", Holds::Below));
    }

    #[test]
    fn a_place_holds_the_tabs_beside_its_own_page() {
        let targets =
            NavItem::new("/desk/targets", "Chỉ tiêu", crate::icons::FLAG).with(&["/desk/campaigns"]);
        assert!(targets.has("/desk/targets"));
        assert!(targets.has("/desk/campaigns"));
        assert!(!targets.has("/desk/models"));
    }
}
