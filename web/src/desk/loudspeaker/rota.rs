//! The order in which the topics of a schedule take turns: as they were ticked, and each can be put further to the front.

use crate::ui::{Button, ButtonKind};
use crate::words::loudspeaker as l;
use leptos::prelude::*;

/// The topics after others were ticked: those that stay keep their turns, new ones come last.
pub fn ticked(before: &[String], chosen: &[String]) -> Vec<String> {
    let stay = before.iter().filter(|topic| chosen.contains(topic));
    let new = chosen.iter().filter(|topic| !before.contains(topic));
    stay.chain(new).cloned().collect()
}

/// The turns, once there are two.
#[component]
pub fn Rota(topics: RwSignal<Vec<String>>) -> impl IntoView {
    let forward = move |place: usize| {
        topics.update(|topics| {
            if place > 0 && place < topics.len() {
                topics.swap(place - 1, place);
            }
        });
    };
    let lines = move || {
        let topics = topics.get();
        let lines = topics.iter().enumerate().map(|(place, topic)| {
            let name = l::topic_of(topic);
            let button = (place > 0).then(|| {
                let words = l::earlier_turn(&name);
                view! { <Button label=words kind=ButtonKind::Quiet on_press=move |_| forward(place)/> }
            });
            view! { <li><div class="row-apart"><span>{name.clone()}</span>{button}</div></li> }
        });
        view! { <ol class="rota">{lines.collect_view()}</ol> }
    };
    view! {
        <Show when=move || topics.with(|topics| topics.len() > 1)>
            <section class="stack-tight" aria-label=l::turns()>
                <p class="strong">{l::turns()}</p>
                {lines}
            </section>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_keep_their_turns_and_new_ones_come_last() {
        let list = |topics: &[&str]| topics.iter().map(ToString::to_string).collect::<Vec<_>>();
        let before = list(&["c", "a"]);
        assert_eq!(ticked(&before, &list(&["a", "b", "c"])), list(&["c", "a", "b"]));
        assert_eq!(ticked(&before, &list(&["a"])), list(&["a"]));
        assert_eq!(ticked(&[], &list(&["b"])), list(&["b"]));
    }
}
