//! Urgent news on a computer whose desk is not open.

use super::api::{Api, Failed, use_api};
use crate::push::{self, AsksServer};
use crate::shell::fetch::Fetch;
use crate::shell::push::on_open;
use crate::ui::{ToastBox, use_toasts};
use keng_shared::client::Client;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// Who asks the server for the switch.
#[derive(Clone, Copy)]
pub struct AtDesk {
    api: Api,
    toasts: ToastBox,
}

impl AtDesk {
    /// The desk around the caller's view.
    pub fn here() -> Self {
        Self {
            api: use_api(),
            toasts: use_toasts(),
        }
    }
}

impl AsksServer for AtDesk {
    async fn ask<T>(self, call: impl AsyncFn(&Client<Fetch>) -> Result<T, Failed>) -> Result<T, Failed> {
        self.api.call(call).await
    }

    fn say(self, words: &str) {
        self.toasts.say(words);
    }
}

/// Keeps the subscription true, and shows what a tapped message leads to, as long as the caller's view lives.
pub fn follow() {
    push::keep_true(AtDesk::here());
    let go = use_navigate();
    let _opened = StoredValue::new_local(on_open(move |path| go(&path, Default::default())));
}
