//! Review: the list of what came in beside the record that is read. Everything by keyboard; the address holds the filter
//! and the record.

mod body;
mod compare;
mod detail;
mod drawing;
mod files;
mod filter;
mod filter_bar;
mod list;
mod photos;
mod queue;
mod shortcuts;
mod verdict;
mod viewer;

pub(super) use filter::encoded;
pub(super) use viewer::Viewer;

use crate::icons;
use crate::ui::EmptyState;
use crate::words::desk as d;
use detail::DetailPane;
use filter_bar::FilterBar;
use leptos::prelude::*;
use list::ListPane;
use queue::Queue;
use shortcuts::Shortcuts;
use verdict::ReturnDialog;

/// The page.
#[component]
pub fn ReviewPage() -> impl IntoView {
    let queue = Queue::provide();
    let chosen = queue.chosen();
    view! {
        <div class="review" class:review-reading=move || chosen.get().is_some()>
            <section class="review-side" aria-labelledby="review-title">
                <h1 id="review-title">{d::nav_review()}</h1>
                <FilterBar/>
                <ListPane/>
            </section>
            <section class="review-main" aria-label=d::report()>
                {move || match chosen.get() {
                    Some(id) => view! { <DetailPane id/> }.into_any(),
                    None => view! {
                        <EmptyState icon=icons::CLIPBOARD_CHECK words=d::choose_record()>
                            <p class="soft small">{d::choose_record_keys()}</p>
                        </EmptyState>
                    }
                    .into_any(),
                }}
            </section>
        </div>
        <ReturnDialog/>
        <Shortcuts/>
    }
}
