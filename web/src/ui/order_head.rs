//! The head of a column that gives a table its order.

use crate::icons::{self, Picture};
use leptos::prelude::*;

/// Which way a column orders a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Ascending,
    Descending,
}

impl Order {
    /// The other way round.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Ascending => "ascending",
            Self::Descending => "descending",
        }
    }
}

/// A button in the head of a column; `order` is how the column orders the table now.
#[component]
pub fn OrderHead(
    /// The name of the column; one that begins with `#` is of numbers.
    #[prop(into)]
    words: String,
    /// How the table is ordered by it, if it is.
    order: Option<Order>,
    /// Orders the table by it, or turns the order round.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    let (class, words) = match words.strip_prefix('#') {
        Some(words) => (Some("number"), words.to_owned()),
        None => (None, words),
    };
    let arrow = order.map(|order| {
        let class = match order {
            Order::Ascending => "table-arrow table-arrow-up",
            Order::Descending => "table-arrow",
        };
        view! { <span class=class><Picture icon=icons::CHEVRON_DOWN/></span> }
    });
    view! {
        <th scope="col" class=class aria-sort=order.map(Order::as_str)>
            <button type="button" class="table-order" on:click=move |_| on_press.run(())>
                {words}
                {arrow}
            </button>
        </th>
    }
}
