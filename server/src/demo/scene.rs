//! The demo's photos, drawn by code: a street at night, the village hall at dusk, a hall full of listeners.

use super::canvas::{Canvas, Colour, Dice, HEIGHT, WIDTH, mix};
use image::ImageError;
use serde::Deserialize;

/// What a photo shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Scene {
    /// A street under lamps, walked by a patrol.
    Street,
    /// The hall of a residential area, lit from the inside.
    Hall,
    /// People who listen to somebody at a board.
    Meeting,
}

const LAMP: Colour = [1.0, 0.72, 0.36];
const VEST: Colour = [0.75, 0.95, 0.15];
const SKIN: Colour = [0.45, 0.32, 0.24];

/// Draws a scene. The same seed draws the same picture, and another seed another one.
pub(super) fn draw(scene: Scene, seed: u64) -> Result<Vec<u8>, ImageError> {
    let mut dice = Dice::new(seed);
    let (canvas, grain) = match scene {
        Scene::Street => (street(&mut dice), 0.07),
        Scene::Hall => (hall(&mut dice), 0.05),
        Scene::Meeting => (meeting(&mut dice), 0.03),
    };
    canvas.into_jpeg(&mut dice, grain)
}

fn street(dice: &mut Dice) -> Canvas {
    let (w, h) = (WIDTH as f32, HEIGHT as f32);
    let far = dice.between(0.40, 0.60) * w;
    let horizon = dice.between(0.42, 0.52) * h;
    let mut canvas = Canvas::gradient([0.01, 0.02, 0.07], [0.09, 0.08, 0.12]);
    for _ in 0..90 {
        let star = dice.between(0.1, 0.4);
        canvas.ellipse(
            dice.between(0.0, w),
            dice.between(0.0, horizon),
            1.2,
            1.2,
            [star; 3],
        );
    }
    let hills = dice.between(0.03, 0.08) * h;
    canvas.ellipse(far - w * 0.3, horizon, w * 0.45, hills, [0.015, 0.025, 0.035]);
    canvas.ellipse(
        far + w * 0.3,
        horizon,
        w * 0.40,
        hills * 1.3,
        [0.015, 0.022, 0.03],
    );
    canvas.rect(0.0, horizon, w, h, [0.035, 0.045, 0.035]);
    let (left, right) = (dice.between(-0.25, 0.1) * w, dice.between(0.9, 1.25) * w);
    canvas.trapezoid(
        (horizon, far - 6.0, far + 6.0),
        (h, left, right),
        [0.07, 0.07, 0.08],
    );
    for step in 0..9 {
        // Paint on the road gets longer and wider as it comes nearer.
        let near = |t: f32| horizon + (h - horizon) * t * t;
        let (from, to) = (0.12 + step as f32 * 0.1, 0.16 + step as f32 * 0.1);
        let middle = |y: f32| far + ((left + right) / 2.0 - far) * (y - horizon) / (h - horizon);
        let (y0, y1) = (near(from), near(to));
        let half = |y: f32| 1.0 + 9.0 * (y - horizon) / (h - horizon);
        canvas.trapezoid(
            (y0, middle(y0) - half(y0), middle(y0) + half(y0)),
            (y1, middle(y1) - half(y1), middle(y1) + half(y1)),
            [0.30, 0.29, 0.25],
        );
    }
    for side in [-1.0_f32, 1.0] {
        houses(&mut canvas, dice, far, horizon, side);
    }
    lamps(&mut canvas, dice, far, horizon);
    let walkers = 1 + (dice.next() % 3) as usize;
    for walker in 0..walkers {
        let size = dice.between(150.0, 260.0);
        let x = far + dice.between(-0.16, 0.20) * w + walker as f32 * size * 0.4;
        let foot = horizon + size * dice.between(0.75, 1.1);
        walker_at(&mut canvas, dice, x, foot, size);
    }
    canvas
}

/// A row of houses that shrinks towards the far end of the street.
fn houses(canvas: &mut Canvas, dice: &mut Dice, far: f32, horizon: f32, side: f32) {
    let mut at = 0.06;
    while at < 1.0 {
        let next = at * dice.between(1.5, 1.9);
        let place = |t: f32| far + side * t * WIDTH as f32 * 0.62;
        let (x0, x1) = (place(at).min(place(next)), place(at).max(place(next)));
        let height = dice.between(170.0, 330.0) * next;
        let top = horizon - height * 0.85;
        let wall = mix([0.05, 0.05, 0.06], [0.12, 0.10, 0.09], dice.between(0.0, 1.0));
        canvas.rect(x0, top, x1 - x0, height, wall);
        let ridge = (x0 + x1) / 2.0;
        canvas.trapezoid(
            (top - height * 0.25, ridge - 2.0, ridge + 2.0),
            (top, x0 - 6.0, x1 + 6.0),
            [0.06, 0.03, 0.03],
        );
        let (columns, pane) = (3, (x1 - x0) / 7.0);
        for column in 0..columns {
            let lit = dice.chance(0.35);
            let glass = if lit {
                [0.85, 0.62, 0.28]
            } else {
                [0.03, 0.04, 0.06]
            };
            let x = x0 + pane * (1.0 + column as f32 * 2.0);
            canvas.rect(x, top + height * 0.3, pane, height * 0.28, glass);
            if lit {
                canvas.glow(
                    x + pane / 2.0,
                    top + height * 0.45,
                    pane * 1.6,
                    1.0,
                    [0.16, 0.10, 0.04],
                );
            }
        }
        at = next * 1.08;
    }
}

fn lamps(canvas: &mut Canvas, dice: &mut Dice, far: f32, horizon: f32) {
    let side = if dice.chance(0.5) { 1.0 } else { -1.0 };
    for near in [0.08_f32, 0.16, 0.32, 0.62] {
        let x = far + side * near * WIDTH as f32 * 0.55;
        let (foot, head) = (horizon + near * 330.0, horizon - near * 560.0);
        canvas.rect(
            x - 3.0 * near - 1.0,
            head,
            6.0 * near + 2.0,
            foot - head,
            [0.10, 0.10, 0.11],
        );
        let lamp = x - side * near * 60.0;
        canvas.rect(
            lamp.min(x),
            head,
            (x - lamp).abs(),
            3.0 + 4.0 * near,
            [0.10, 0.10, 0.11],
        );
        let power = dice.between(0.7, 1.0);
        let light = |part: f32| LAMP.map(|channel| channel * part * power);
        canvas.ellipse(
            lamp,
            head + 4.0,
            4.0 + 14.0 * near,
            3.0 + 7.0 * near,
            [1.0, 0.93, 0.75],
        );
        canvas.glow(lamp, head + 6.0, 50.0 + 190.0 * near, 1.0, light(0.42));
        canvas.glow(lamp, foot, 60.0 + 300.0 * near, 3.2, light(0.34));
        // Wet asphalt gives the lamp back as a long streak.
        canvas.glow(lamp, foot + 90.0 * near, 24.0 + 40.0 * near, 0.35, light(0.12));
    }
}

/// Somebody in a reflective vest, seen from behind.
fn walker_at(canvas: &mut Canvas, dice: &mut Dice, x: f32, foot: f32, size: f32) {
    let cloth = [0.05, 0.08, dice.between(0.06, 0.16)];
    let stride = dice.between(0.05, 0.10) * size;
    for leg in [-1.0, 1.0] {
        canvas.trapezoid(
            (foot - size * 0.5, x - size * 0.08, x + size * 0.08),
            (
                foot,
                x + leg * stride - size * 0.04,
                x + leg * stride + size * 0.04,
            ),
            cloth,
        );
    }
    canvas.trapezoid(
        (foot - size * 0.82, x - size * 0.13, x + size * 0.13),
        (foot - size * 0.46, x - size * 0.11, x + size * 0.11),
        VEST.map(|channel| channel * 0.45),
    );
    for band in [0.72, 0.58] {
        canvas.rect(
            x - size * 0.12,
            foot - size * band,
            size * 0.24,
            size * 0.035,
            [0.92, 0.95, 0.85],
        );
    }
    canvas.ellipse(
        x,
        foot - size * 0.9,
        size * 0.065,
        size * 0.08,
        SKIN.map(|channel| channel * 0.6),
    );
    canvas.ellipse(
        x,
        foot - size * 0.94,
        size * 0.085,
        size * 0.05,
        [0.06, 0.10, 0.07],
    );
    // The torch in the hand.
    let hand = x + size * 0.17;
    canvas.ellipse(
        hand,
        foot - size * 0.48,
        size * 0.02,
        size * 0.02,
        [1.0, 1.0, 0.92],
    );
    canvas.glow(
        hand + size * 0.3,
        foot - size * 0.02,
        size * 0.4,
        3.0,
        [0.35, 0.35, 0.30],
    );
}

fn hall(dice: &mut Dice) -> Canvas {
    let (w, h) = (WIDTH as f32, HEIGHT as f32);
    let dusk = dice.between(0.3, 1.0);
    let mut canvas = Canvas::gradient(
        mix([0.03, 0.04, 0.10], [0.10, 0.14, 0.28], dusk),
        mix([0.12, 0.09, 0.10], [0.42, 0.26, 0.18], dusk),
    );
    let ground = h * 0.76;
    for _ in 0..5 {
        let x = dice.between(0.0, w);
        let crown = dice.between(60.0, 150.0);
        canvas.rect(x - 7.0, ground - 190.0, 14.0, 190.0, [0.05, 0.04, 0.03]);
        canvas.ellipse(x, ground - 210.0, crown, crown * 0.7, [0.02, 0.05, 0.03]);
    }
    canvas.rect(0.0, ground, w, h, [0.13, 0.12, 0.10]);
    let (left, width) = (w * dice.between(0.14, 0.24), w * 0.6);
    let wall = mix([0.42, 0.36, 0.20], [0.30, 0.34, 0.36], dice.between(0.0, 1.0));
    canvas.rect(left, h * 0.36, width, ground - h * 0.36, wall);
    canvas.trapezoid(
        (h * 0.22, left + width * 0.18, left + width * 0.82),
        (h * 0.37, left - 36.0, left + width + 36.0),
        [0.30, 0.10, 0.07],
    );
    let sign = (left + width * 0.2, h * 0.40, width * 0.6, h * 0.055);
    canvas.rect(sign.0, sign.1, sign.2, sign.3, [0.62, 0.06, 0.05]);
    for letter in 0..22 {
        let tall = dice.between(0.35, 0.6) * sign.3;
        let x = sign.0 + 14.0 + letter as f32 * (sign.2 - 28.0) / 22.0;
        canvas.rect(x, sign.1 + (sign.3 - tall) / 2.0, 13.0, tall, [0.95, 0.82, 0.25]);
    }
    for bay in 0..5 {
        let x = left + width * (0.05 + 0.19 * bay as f32);
        let door = bay == 2;
        let (top, tall) = if door {
            (h * 0.50, ground - h * 0.50)
        } else {
            (h * 0.50, h * 0.15)
        };
        canvas.rect(x, top, width * 0.13, tall, [0.98, 0.86, 0.52]);
        canvas.rect(x + width * 0.062, top, 5.0, tall, [0.25, 0.18, 0.10]);
        canvas.glow(
            x + width * 0.065,
            top + tall / 2.0,
            120.0,
            1.0,
            [0.16, 0.12, 0.05],
        );
        canvas.glow(x + width * 0.065, ground + 40.0, 110.0, 2.5, [0.14, 0.10, 0.05]);
    }
    let pole = left - 70.0;
    canvas.rect(pole, h * 0.14, 5.0, ground - h * 0.14, [0.5, 0.5, 0.5]);
    canvas.rect(pole + 5.0, h * 0.15, 110.0, 72.0, [0.72, 0.05, 0.05]);
    canvas.ellipse(pole + 60.0, h * 0.15 + 36.0, 15.0, 15.0, [0.95, 0.83, 0.15]);
    for _ in 0..2 + dice.next() % 3 {
        let size = dice.between(150.0, 200.0);
        let x = dice.between(0.2, 0.8) * w;
        let foot = ground + dice.between(60.0, 150.0);
        walker_at(&mut canvas, dice, x, foot, size);
    }
    canvas
}

fn meeting(dice: &mut Dice) -> Canvas {
    let (w, h) = (WIDTH as f32, HEIGHT as f32);
    let wall = mix([0.55, 0.56, 0.46], [0.44, 0.52, 0.55], dice.between(0.0, 1.0));
    let mut canvas = Canvas::gradient(wall, wall.map(|channel| channel * 0.75));
    canvas.rect(0.0, h * 0.62, w, h, [0.33, 0.24, 0.17]);
    let board = w * dice.between(0.26, 0.34);
    canvas.rect(
        board - 8.0,
        h * 0.14,
        w * 0.4 + 16.0,
        h * 0.32,
        [0.25, 0.18, 0.12],
    );
    canvas.rect(board, h * 0.15, w * 0.4, h * 0.30, [0.92, 0.94, 0.95]);
    for line in 0..6 {
        let long = dice.between(0.18, 0.34) * w;
        let y = h * (0.18 + 0.042 * line as f32);
        let ink = if line == 0 {
            [0.70, 0.08, 0.06]
        } else {
            [0.20, 0.24, 0.34]
        };
        canvas.rect(board + 24.0, y, long, if line == 0 { 16.0 } else { 8.0 }, ink);
    }
    canvas.glow(board + w * 0.2, h * 0.3, 330.0, 1.0, [0.14, 0.14, 0.12]);
    let speaker = board + w * 0.46;
    canvas.trapezoid(
        (h * 0.36, speaker - 42.0, speaker + 42.0),
        (h * 0.66, speaker - 56.0, speaker + 56.0),
        [0.13, 0.22, 0.14],
    );
    canvas.ellipse(speaker, h * 0.315, 27.0, 33.0, [0.62, 0.46, 0.36]);
    canvas.ellipse(speaker, h * 0.295, 29.0, 20.0, [0.06, 0.05, 0.05]);
    for row in 0..4 {
        let size = 34.0 + 15.0 * row as f32;
        let y = h * (0.60 + 0.105 * row as f32);
        let count = 11 - row * 2;
        for seat in 0..count {
            if dice.chance(0.12) {
                continue;
            }
            let x = w * (seat as f32 + 0.5) / count as f32 + dice.between(-14.0, 14.0);
            let shirt = [
                dice.between(0.1, 0.6),
                dice.between(0.1, 0.5),
                dice.between(0.15, 0.6),
            ];
            canvas.ellipse(x, y + size * 1.9, size * 1.25, size * 1.4, shirt.map(|c| c * 0.8));
            canvas.ellipse(x, y, size * 0.62, size * 0.78, [0.07, 0.06, 0.06]);
            canvas.ellipse(x, y + size * 0.62, size * 0.3, size * 0.3, [0.40, 0.29, 0.22]);
        }
    }
    canvas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_differ_by_seed_and_are_the_same_for_the_same_seed() {
        let first = draw(Scene::Street, 1).unwrap();
        assert_eq!(first, draw(Scene::Street, 1).unwrap());
        assert_ne!(first, draw(Scene::Street, 2).unwrap());
        let size = image::load_from_memory(&first).unwrap();
        assert_eq!((size.width() as usize, size.height() as usize), (WIDTH, HEIGHT));
    }

    #[test]
    fn a_picture_weighs_what_a_phone_sends() {
        for scene in [Scene::Street, Scene::Hall, Scene::Meeting] {
            let bytes = draw(scene, 7).unwrap().len();
            assert!((40_000..400_000).contains(&bytes), "{scene:?} {bytes}");
        }
    }
}
