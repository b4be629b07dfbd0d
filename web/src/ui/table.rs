//! A table with a sticky head and first column; numbers stand right.

use leptos::prelude::*;

/// The frame of a table. Rows are `tr` with a `th scope="row"` first; cells with numbers have the class `number`.
#[component]
pub fn Table(
    /// What the table shows.
    #[prop(into)]
    caption: String,
    /// Names of columns; a name that begins with `#` is of a column of numbers.
    #[prop(into)]
    columns: Vec<String>,
    /// Heads where names alone will not do; they take the place of `columns`.
    #[prop(optional)]
    heads: Option<AnyView>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let head = columns
        .into_iter()
        .map(|name| match name.strip_prefix('#') {
            Some(name) => view! { <th scope="col" class="number">{name.to_owned()}</th> }.into_any(),
            // A column of buttons heads nothing.
            None if name.is_empty() => view! { <td></td> }.into_any(),
            None => view! { <th scope="col">{name}</th> }.into_any(),
        })
        .collect_view();
    let head = heads.unwrap_or_else(|| head.into_any());
    let label = caption.clone();
    view! {
        <div class="table-frame" tabindex="0" role="group" aria-label=label>
            <table class="table">
                <caption class="unseen">{caption}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
