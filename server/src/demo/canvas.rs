//! A small painter for the demo's photos: light adds up, shapes cover, and a grain of noise lies over everything.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageError};

/// Light of red, green and blue, 0 to 1.
pub(super) type Colour = [f32; 3];

pub(super) const WIDTH: usize = 1_200;
pub(super) const HEIGHT: usize = 900;

/// Numbers that look random and are the same in every run (SplitMix64), so that loading twice makes the same photos.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bf0_3635)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `low` up to `high`.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        let unit = (self.next() >> 40) as f32 / (1_u64 << 24) as f32;
        low + (high - low) * unit
    }

    pub(super) fn chance(&mut self, of_one: f32) -> bool {
        self.between(0.0, 1.0) < of_one
    }
}

/// A picture being painted. Coordinates are pixels from the upper left.
pub(super) struct Canvas {
    pixels: Vec<Colour>,
}

impl Canvas {
    /// A canvas that runs from `top` to `bottom`.
    pub(super) fn gradient(top: Colour, bottom: Colour) -> Self {
        let row = |y: usize| {
            let t = y as f32 / HEIGHT as f32;
            std::iter::repeat_n(mix(top, bottom, t), WIDTH)
        };
        Self {
            pixels: (0..HEIGHT).flat_map(row).collect(),
        }
    }

    /// Covers a rectangle.
    pub(super) fn rect(&mut self, x: f32, y: f32, w: f32, h: f32, colour: Colour) {
        self.shape((x, y, x + w, y + h), |_, _| Some(colour));
    }

    /// Covers an ellipse around `(x, y)`.
    pub(super) fn ellipse(&mut self, x: f32, y: f32, rx: f32, ry: f32, colour: Colour) {
        self.shape((x - rx, y - ry, x + rx, y + ry), |px, py| {
            let (dx, dy) = ((px - x) / rx, (py - y) / ry);
            (dx * dx + dy * dy <= 1.0).then_some(colour)
        });
    }

    /// Covers what lies between two horizontal edges, each given as `(y, x from, x to)`.
    pub(super) fn trapezoid(&mut self, upper: (f32, f32, f32), lower: (f32, f32, f32), colour: Colour) {
        let bounds = (upper.1.min(lower.1), upper.0, upper.2.max(lower.2), lower.0);
        self.shape(bounds, |x, y| {
            let t = (y - upper.0) / (lower.0 - upper.0);
            let (left, right) = (
                upper.1 + (lower.1 - upper.1) * t,
                upper.2 + (lower.2 - upper.2) * t,
            );
            (x >= left && x <= right).then_some(colour)
        });
    }

    /// Adds light that fades with distance; `flat` presses it down, as light does on a road.
    pub(super) fn glow(&mut self, x: f32, y: f32, radius: f32, flat: f32, colour: Colour) {
        let reach = radius * 2.4;
        self.each(
            (x - reach, y - reach / flat, x + reach, y + reach / flat),
            |px, py, pixel| {
                let (dx, dy) = ((px - x) / radius, (py - y) * flat / radius);
                let light = (-(dx * dx + dy * dy)).exp();
                for (channel, add) in pixel.iter_mut().zip(colour) {
                    *channel += add * light;
                }
            },
        );
    }

    /// The picture as a JPEG with sensor noise and darker corners.
    pub(super) fn into_jpeg(self, dice: &mut Dice, grain: f32) -> Result<Vec<u8>, ImageError> {
        let mut bytes = Vec::with_capacity(WIDTH * HEIGHT * 3);
        for (index, pixel) in self.pixels.into_iter().enumerate() {
            let (x, y) = ((index % WIDTH) as f32, (index / WIDTH) as f32);
            let (dx, dy) = (x / WIDTH as f32 - 0.5, y / HEIGHT as f32 - 0.5);
            let shade = 1.0 - 0.7 * (dx * dx + dy * dy);
            let noise = (dice.next() >> 48) as f32 / 65_536.0 - 0.5;
            for channel in pixel {
                let light = (channel * shade + noise * grain).clamp(0.0, 1.0);
                bytes.push((light.powf(0.8) * 255.0) as u8);
            }
        }
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, 72).encode(
            &bytes,
            WIDTH as u32,
            HEIGHT as u32,
            ExtendedColorType::Rgb8,
        )?;
        Ok(jpeg)
    }

    fn shape(&mut self, bounds: (f32, f32, f32, f32), paint: impl Fn(f32, f32) -> Option<Colour>) {
        self.each(bounds, |x, y, pixel| {
            if let Some(colour) = paint(x, y) {
                *pixel = colour;
            }
        });
    }

    fn each(&mut self, bounds: (f32, f32, f32, f32), mut change: impl FnMut(f32, f32, &mut Colour)) {
        let clip = |value: f32, most: usize| value.max(0.0).min(most as f32) as usize;
        let (left, right) = (clip(bounds.0, WIDTH), clip(bounds.2, WIDTH));
        let (top, bottom) = (clip(bounds.1, HEIGHT), clip(bounds.3, HEIGHT));
        for (y, row) in self.pixels.chunks_mut(WIDTH).enumerate().take(bottom).skip(top) {
            for (x, pixel) in row.iter_mut().enumerate().take(right).skip(left) {
                change(x as f32, y as f32, pixel);
            }
        }
    }
}

/// The colour `t` of the way from `a` to `b`.
pub(super) fn mix(a: Colour, b: Colour, t: f32) -> Colour {
    let [r, g, b] = [0, 1, 2].map(|i: usize| {
        let (from, to) = (a.get(i).copied().unwrap_or(0.0), b.get(i).copied().unwrap_or(0.0));
        from + (to - from) * t
    });
    [r, g, b]
}
