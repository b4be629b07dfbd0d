//! Photos of records. They need the access token, so they are fetched and shown from memory.

use super::api::use_api;
use crate::shell::camera::PictureUrl;
use keng_shared::id::PhotoId;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A copy of a photo in some size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendition {
    /// For strips.
    Thumbnail,
    /// For looking at.
    Preview,
    /// Untouched; every look is logged.
    Original,
}

impl Rendition {
    fn as_str(self) -> &'static str {
        match self {
            Self::Thumbnail => "thumbnail",
            Self::Preview => "preview",
            Self::Original => "original",
        }
    }
}

/// Address of a photo once it is here. The memory is freed when the owner of the call goes.
pub fn photo_address(id: PhotoId, rendition: Rendition) -> Signal<Option<String>> {
    let api = use_api();
    let address = RwSignal::new(None);
    let picture = StoredValue::new_local(None::<PictureUrl>);
    spawn_local(async move {
        let answer = api
            .call(async |client| client.photo_bytes(id, rendition.as_str()).await)
            .await;
        if let Ok(answer) = answer {
            let media = answer.header("content-type").unwrap_or("image/jpeg").to_owned();
            if let Ok(url) = PictureUrl::of(&answer.body, &media) {
                address.try_set(Some(url.as_str().to_owned()));
                picture.try_set_value(Some(url));
            }
        }
    });
    address.into()
}
