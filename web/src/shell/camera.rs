//! The camera inside the page, the file picker as its fallback, and making pictures small enough to send.
//!
//! Opening the phone's own camera app kills the browser on phones with little memory, so the picture is taken here.

use super::listen::{self, first_event};
use super::{Fault, clock, js};
use js_sys::{Array, Uint8Array};
use keng_shared::evidence::Origin;
use keng_shared::time::Millis;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, File, HtmlCanvasElement, HtmlInputElement,
    HtmlVideoElement, ImageBitmap, MediaStream, MediaStreamTrack, Url,
};

/// Longest edge of a picture that is sent.
const LONG_EDGE: f64 = 1_800.0;
/// A picture is encoded again, coarser, until it is at most this large.
const TARGET_BYTES: f64 = 340_000.0;
/// Qualities that are tried in turn.
const QUALITIES: [f64; 4] = [0.82, 0.72, 0.6, 0.45];
/// A picked file up to this size is kept byte for byte, so that its EXIF stays a hint for the reviewer.
const KEEP_BYTES: f64 = 600_000.0;

/// A picture as it will be hashed, stored and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Their media type.
    pub mime: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// When the shutter opened, or when the file was written.
    pub captured_at: Millis,
    /// Camera or file.
    pub origin: Origin,
}

/// A running camera; dropping it turns it off.
pub struct Camera {
    stream: MediaStream,
    video: HtmlVideoElement,
}

/// The light of the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Torch {
    /// Shining.
    On,
    /// Dark.
    Off,
}

impl Camera {
    /// Starts the rear camera and shows it in the `video` element with this id.
    pub async fn open(video_id: &str) -> Result<Self, Fault> {
        let devices = js::navigator("mediaDevices")
            .ok_or_else(|| Fault::new("NotSupportedError", "no camera in this browser"))?;
        let video = js::object(&[
            (
                "facingMode",
                js::object(&[("ideal", "environment".into())]).into(),
            ),
            ("width", js::object(&[("ideal", LONG_EDGE.into())]).into()),
        ]);
        let wish = js::object(&[("video", video.into()), ("audio", false.into())]);
        let stream = js::call_async(&devices, "getUserMedia", &[wish.into()]).await?;
        let stream: MediaStream = stream.unchecked_into();
        let found = listen::document()?.get_element_by_id(video_id);
        let Some(video) = found.and_then(|element| element.dyn_into::<HtmlVideoElement>().ok()) else {
            stop(&stream);
            return Err(Fault::new("AbortError", "the viewfinder is gone"));
        };
        video.set_src_object(Some(&stream));
        js::call_async(video.as_ref(), "play", &[]).await?;
        if video.video_width() == 0 {
            first_event(video.as_ref(), &["loadedmetadata", "error"]).await?;
        }
        Ok(Self { stream, video })
    }

    /// Takes the picture that the viewfinder shows.
    pub async fn shoot(&self) -> Result<Picture, Fault> {
        let captured_at = clock::now();
        let size = (
            f64::from(self.video.video_width()),
            f64::from(self.video.video_height()),
        );
        let canvas = draw(self.video.as_ref(), size)?;
        let blob = encode(&canvas).await?;
        Ok(Picture {
            bytes: bytes(&blob).await?,
            mime: "image/jpeg".to_owned(),
            width: canvas.width(),
            height: canvas.height(),
            captured_at,
            origin: Origin::Camera,
        })
    }

    /// Turns the light on or off, where there is one.
    pub async fn set_torch(&self, torch: Torch) -> Result<(), Fault> {
        let track = self
            .track()
            .ok_or_else(|| Fault::new("NotSupportedError", "no track"))?;
        let light = js::object(&[("torch", (torch == Torch::On).into())]);
        let wish = js::object(&[("advanced", Array::of1(&light.into()).into())]);
        js::call_async(&track, "applyConstraints", &[wish.into()])
            .await
            .map(drop)
    }

    /// Whether the camera has a light.
    pub fn has_torch(&self) -> bool {
        self.track()
            .and_then(|track| js::call(&track, "getCapabilities", &[]).ok())
            .and_then(|can| js::get(&can, "torch"))
            .is_some_and(|torch| torch.is_truthy())
    }

    pub(super) fn video(&self) -> &HtmlVideoElement {
        &self.video
    }

    fn track(&self) -> Option<JsValue> {
        let tracks = js::call(self.stream.as_ref(), "getVideoTracks", &[]).ok()?;
        Some(Array::from(&tracks).get(0)).filter(|track| !track.is_undefined())
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.video.set_src_object(None);
        stop(&self.stream);
    }
}

/// The pictures that the person picked in the file input with this id; the input is emptied for the next time.
pub async fn picked(input_id: &str) -> Result<Vec<Picture>, Fault> {
    let input = listen::document()?
        .get_element_by_id(input_id)
        .and_then(|element| element.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return Ok(Vec::new()) };
    let files: Vec<File> = input
        .files()
        .map(|files| (0..files.length()).filter_map(|i| files.get(i)).collect())
        .unwrap_or_default();
    // One at a time: decoding a 12-megapixel picture takes some 50 MB.
    let mut pictures = Vec::with_capacity(files.len());
    for file in files {
        pictures.push(from_file(&file).await?);
    }
    input.set_value("");
    Ok(pictures)
}

/// An address under which the page can show stored bytes; dropping it frees them.
#[derive(Debug)]
pub struct PictureUrl(String);

impl PictureUrl {
    /// Makes the address.
    pub fn of(bytes: &[u8], mime: &str) -> Result<Self, Fault> {
        let options = BlobPropertyBag::new();
        options.set_type(mime);
        let parts = Array::of1(&Uint8Array::from(bytes).into());
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
        Ok(Self(Url::create_object_url_with_blob(&blob)?))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for PictureUrl {
    fn drop(&mut self) {
        let _revoked = Url::revoke_object_url(&self.0);
    }
}

async fn from_file(file: &File) -> Result<Picture, Fault> {
    let bitmap = js::call_async(
        &JsValue::from(listen::window()?),
        "createImageBitmap",
        &[file.into()],
    )
    .await?;
    let bitmap: ImageBitmap = bitmap.unchecked_into();
    let (width, height) = (bitmap.width(), bitmap.height());
    let kind = file.type_();
    let sendable = matches!(kind.as_str(), "image/jpeg" | "image/png" | "image/webp");
    let captured_at = Millis(file.last_modified() as i64).min(clock::now());
    if sendable && file.size() <= KEEP_BYTES {
        bitmap.close();
        return Ok(Picture {
            bytes: bytes(file).await?,
            mime: kind,
            width,
            height,
            captured_at,
            origin: Origin::File,
        });
    }
    let canvas = draw(bitmap.as_ref(), (f64::from(width), f64::from(height)))?;
    bitmap.close();
    let blob = encode(&canvas).await?;
    Ok(Picture {
        bytes: bytes(&blob).await?,
        mime: "image/jpeg".to_owned(),
        width: canvas.width(),
        height: canvas.height(),
        captured_at,
        origin: Origin::File,
    })
}

/// A canvas with the picture, its long edge at most [`LONG_EDGE`].
fn draw(source: &JsValue, (width, height): (f64, f64)) -> Result<HtmlCanvasElement, Fault> {
    let scale = (LONG_EDGE / width.max(height).max(1.0)).min(1.0);
    let (across, down) = ((width * scale).round(), (height * scale).round());
    let canvas: HtmlCanvasElement = listen::document()?.create_element("canvas")?.unchecked_into();
    canvas.set_width(across as u32);
    canvas.set_height(down as u32);
    let context: CanvasRenderingContext2d = canvas
        .get_context("2d")?
        .ok_or_else(|| Fault::new("NotSupportedError", "no canvas"))?
        .unchecked_into();
    js::call(
        context.as_ref(),
        "drawImage",
        &[source.clone(), 0.into(), 0.into(), across.into(), down.into()],
    )?;
    Ok(canvas)
}

async fn encode(canvas: &HtmlCanvasElement) -> Result<Blob, Fault> {
    let mut last = None;
    for quality in QUALITIES {
        let blob = to_jpeg(canvas, quality).await?;
        if blob.size() <= TARGET_BYTES {
            return Ok(blob);
        }
        last = Some(blob);
    }
    last.ok_or_else(|| Fault::new("EncodingError", "no quality was tried"))
}

async fn to_jpeg(canvas: &HtmlCanvasElement, quality: f64) -> Result<Blob, Fault> {
    let promise = js_sys::Promise::new(&mut |resolve, reject| {
        let arguments = [resolve.into(), "image/jpeg".into(), quality.into()];
        if js::call(canvas.as_ref(), "toBlob", &arguments).is_err() {
            let _rejected = reject.call0(&JsValue::UNDEFINED);
        }
    });
    let blob = js::settle(promise.into()).await?;
    blob.dyn_into()
        .map_err(|_| Fault::new("EncodingError", "the picture could not be encoded"))
}

async fn bytes(blob: &Blob) -> Result<Vec<u8>, Fault> {
    let buffer = js::settle(blob.array_buffer().into()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn stop(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}
