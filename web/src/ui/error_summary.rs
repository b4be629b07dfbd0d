//! What is wrong with a form, on top of it, each error a link to its field.

use super::live::live;
use crate::words::interface as w;
use leptos::prelude::*;

/// A list of errors that links to fields; nothing while there is none. Whoever shows it moves the focus to
/// [`ErrorSummary::ID`](ERROR_SUMMARY_ID).
#[component]
pub fn ErrorSummary(
    /// `(id of the field, name of the field and what is wrong)`.
    #[prop(into)]
    errors: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    live(move || {
        let errors = errors.get();
        (!errors.is_empty()).then(|| {
            let items = errors
                .into_iter()
                .map(|(id, words)| view! { <li><a href=format!("#{id}")>{words}</a></li> })
                .collect_view();
            view! {
                <div class="error-summary" id=ERROR_SUMMARY_ID role="alert" tabindex="-1">
                    <h2>{w::error_summary()}</h2>
                    <ul>{items}</ul>
                </div>
            }
        })
    })
}

/// Id of the summary, for moving the focus there.
pub const ERROR_SUMMARY_ID: &str = "error-summary";
