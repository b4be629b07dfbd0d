//! The dialog in which a plan is entered or changed. It fills the window, and nothing that was typed is lost unasked.

use super::edited::Edited;
use crate::shell::leave::ask_before_leaving;
use crate::ui::{Button, ButtonKind, Dialog};
use crate::words::plan_entry as e;
use leptos::prelude::*;

/// The way out of the dialog.
#[derive(Clone, Copy)]
pub(super) struct Leaving {
    open: RwSignal<bool>,
    asking: RwSignal<bool>,
    edited: StoredValue<Option<Edited>>,
}

impl Leaving {
    /// The way out of the dialog around this.
    pub fn here() -> Option<Self> {
        use_context()
    }

    /// Looks after this plan for as long as its form is there.
    pub fn watch(self, edited: Edited) {
        self.edited.set_value(Some(edited));
        let own = self.edited;
        on_cleanup(move || {
            own.try_set_value(None);
        });
        let listener = ask_before_leaving(move || self.would_lose());
        // The listener lives as long as the form.
        let _listener = StoredValue::new_local(listener);
    }

    fn would_lose(self) -> bool {
        let edited = self.edited.try_get_value().flatten();
        edited.is_some_and(Edited::is_changed)
    }

    /// Closes the dialog, or asks first when something would be lost.
    pub fn ask(self) {
        match self.would_lose() {
            true => self.asking.set(true),
            false => self.open.set(false),
        }
    }
}

/// A dialog for a plan.
#[component]
pub fn EditorDialog(open: RwSignal<bool>, title: &'static str, children: ChildrenFn) -> impl IntoView {
    let asking = RwSignal::new(false);
    let leaving = Leaving {
        open,
        asking,
        edited: StoredValue::new(None),
    };
    provide_context(leaving);
    let children = StoredValue::new(children);
    let leave = move |_| {
        asking.set(false);
        open.set(false);
    };
    view! {
        <Dialog open title class="dialog-full" leave=Callback::new(move |()| leaving.ask())>
            {children.with_value(|children| children())}
        </Dialog>
        <Dialog open=asking title=e::leave_title()>
            <p>{e::leave_text()}</p>
            <div class="dialog-actions">
                <Button label=e::leave_now() kind=ButtonKind::Danger on_press=leave/>
                <Button label=e::stay() kind=ButtonKind::Primary on_press=move |_| asking.set(false)/>
            </div>
        </Dialog>
    }
}

/// The buttons at the end of the form: away without saving, and what it is for.
#[component]
pub fn EditorActions(children: Children) -> impl IntoView {
    let leave = move |_| {
        if let Some(leaving) = Leaving::here() {
            leaving.ask();
        }
    };
    view! {
        <div class="dialog-actions plan-actions">
            <Button label=crate::words::interface::cancel() on_press=leave/>
            {children()}
        </div>
    }
}
