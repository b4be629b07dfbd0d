//! How a figure grew: a line week by week, where it should be, where it leads on the last day, and the year before. The
//! same is said in a sentence, and the table is behind it.

use crate::desk::api::use_api;
use crate::desk::load::load;
use crate::ui::{Disclosure, Table};
use crate::words::{targets as t, when};
use keng_shared::api::{OnTree, PacePoint, PaceShape, TargetPace};
use keng_shared::client::CallError;
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::problem::ProblemCode;
use keng_shared::target::Thousandths;
use keng_shared::time::LocalDate;
use leptos::prelude::*;

/// A size of the drawing, in its own units; words have the same size in each, so that they can be read on a phone too.
#[derive(Debug, Clone, Copy)]
struct Frame {
    class: &'static str,
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    /// Most months that are named.
    months: usize,
}

const WIDE: Frame = Frame {
    class: "pace-drawing pace-wide",
    width: 720.0,
    height: 260.0,
    left: 56.0,
    right: 120.0,
    months: 13,
};
const NARROW: Frame = Frame {
    class: "pace-drawing pace-narrow",
    width: 320.0,
    height: 240.0,
    left: 40.0,
    right: 98.0,
    months: 4,
};
const TOP: f64 = 16.0;
const BOTTOM: f64 = 32.0;
/// Between words beside the drawing, or they would lie on each other.
const LINE: f64 = 17.0;

/// The chart of one figure.
#[component]
pub fn Pace(plan: TargetPlanId, target: String, area: AreaId, on: OnTree) -> impl IntoView {
    let api = use_api();
    let pace = load(move || {
        let target = target.clone();
        let answer =
            api.call(async move |client| client.target_pace(plan, &target, area, Some(on), None).await);
        async move {
            match answer.await {
                Ok(pace) => Ok(Some(pace)),
                // A place that the target is not asked of has records, but no pace.
                Err(CallError::Problem(problem)) if problem.code == ProblemCode::InvalidFields => Ok(None),
                Err(error) => Err(error),
            }
        }
    });
    pace.view(|pace| {
        pace.map(|pace| {
            let summary = summary(&pace);
            let rows = rows(&pace);
            view! {
                <figure class="pace stack-tight">
                    {drawing(&pace, &summary, WIDE)}
                    {drawing(&pace, &summary, NARROW)}
                    <figcaption>{summary.clone()}</figcaption>
                    <Disclosure summary=t::pace_table()>{rows}</Disclosure>
                </figure>
            }
        })
    })
}

/// Where days and figures lie in the drawing.
struct Scale {
    frame: Frame,
    from: LocalDate,
    days: f64,
    top: f64,
}

impl Scale {
    fn of(pace: &TargetPace, frame: Frame) -> Self {
        let points = pace.points.iter().chain(&pace.before);
        let figures = points
            .filter_map(|point| point.figure)
            .chain(pace.forecast)
            .chain([pace.value]);
        let highest = figures.map(|figure| figure.0).max().unwrap_or(0).max(1_000);
        Self {
            frame,
            from: pace.span.from,
            days: (pace.span.days() - 1).max(1) as f64,
            top: highest as f64 * 1.08,
        }
    }

    fn x(&self, day: LocalDate) -> f64 {
        let days = day.signed_duration_since(self.from).num_days() as f64;
        self.frame.left
            + (self.frame.width - self.frame.left - self.frame.right) * (days / self.days).clamp(0.0, 1.0)
    }

    fn y(&self, figure: Thousandths) -> f64 {
        let share = (figure.0 as f64 / self.top).clamp(0.0, 1.0);
        self.frame.height - BOTTOM - (self.frame.height - TOP - BOTTOM) * share
    }

    fn line(&self, points: &[PacePoint]) -> String {
        let at = |point: &PacePoint| {
            let figure = point.figure?;
            Some(format!("{:.1},{:.1}", self.x(point.day), self.y(figure)))
        };
        points.iter().filter_map(at).collect::<Vec<_>>().join(" ")
    }
}

fn drawing(pace: &TargetPace, summary: &str, frame: Frame) -> AnyView {
    let scale = Scale::of(pace, frame);
    let (first, last) = (pace.span.from, pace.span.to);
    let (left, right, floor) = (scale.x(first), scale.x(last), frame.height - BOTTOM);
    let goal = scale.y(pace.value);
    let begin = match pace.shape {
        PaceShape::Rising => scale.y(Thousandths(0)),
        PaceShape::Level => goal,
    };
    let expected = format!("{left:.1},{begin:.1} {right:.1},{goal:.1}");
    let newest = pace
        .points
        .last()
        .and_then(|point| Some((point.day, point.figure?)));
    let old = pace.before.iter().rev().find_map(|point| point.figure);
    // Words at the right end of lines, from the top down.
    let mut words = vec![(goal, "pace-word pace-goal", t::pace_asked(asked(pace)))];
    words.extend(newest.and(pace.forecast).map(|forecast| {
        let said = t::pace_leads_to(t::thousandths(forecast));
        (scale.y(forecast), "pace-word", said)
    }));
    words.extend(old.map(|figure| (scale.y(figure), "pace-word", t::pace_before().to_owned())));
    words.sort_by(|one, other| one.0.total_cmp(&other.0));
    let heights: Vec<f64> = words.iter().map(|(y, ..)| *y).collect();
    let words = apart(&heights, floor)
        .into_iter()
        .zip(words)
        .map(|(y, (_, class, said))| view! { <text class=class x={right + 8.0} y={y + 4.0}>{said}</text> })
        .collect_view();
    let ahead = newest.zip(pace.forecast).map(|((day, figure), forecast)| {
        let from = format!("{:.1},{:.1}", scale.x(day), scale.y(figure));
        let to = scale.y(forecast);
        view! {
            <polyline class="pace-ahead" points=format!("{from} {right:.1},{to:.1}")/>
            <circle class="pace-ahead-end" cx=right cy=to r="4"/>
        }
    });
    let now = newest.map(|(day, figure)| {
        let (x, y) = (scale.x(day), scale.y(figure));
        view! {
            <circle class="pace-now" cx=x cy=y r="5"/>
            <text class="pace-figure" x=x y={y - 10.0} text-anchor="middle">{t::thousandths(figure)}</text>
        }
    });
    let before = (!pace.before.is_empty()).then(|| {
        view! { <polyline class="pace-before" points=scale.line(&pace.before)/> }
    });
    let months = months(first, last, frame.months)
        .into_iter()
        .map(|day| {
            use chrono::Datelike;
            let x = scale.x(day);
            view! {
                <line class="pace-tick" x1=x x2=x y1=floor y2={floor + 4.0}/>
                <text class="pace-axis" x=x y={floor + 18.0} text-anchor="middle">{day.month()}</text>
            }
        })
        .collect_view();
    let figures = ticks(scale.top as i64)
        .into_iter()
        .map(|figure| {
            let y = scale.y(figure);
            view! {
                <line class="pace-grid" x1=left x2=right y1=y y2=y/>
                <text class="pace-axis" x={left - 8.0} y={y + 4.0} text-anchor="end">{t::thousandths(figure)}</text>
            }
        })
        .collect_view();
    view! {
        <svg class=frame.class viewBox=format!("0 0 {} {}", frame.width, frame.height) role="img" aria-label=summary.to_owned()>
            {figures}
            <line class="pace-floor" x1=left x2=right y1=floor y2=floor/>
            {months}
            {before}
            <polyline class="pace-expected" points=expected/>
            <polyline class="pace-line" points=scale.line(&pace.points)/>
            {ahead}
            {words}
            {now}
        </svg>
    }
    .into_any()
}

/// Heights from the top down, moved so that words there do not touch: down first, then up from the floor.
fn apart(heights: &[f64], floor: f64) -> Vec<f64> {
    let mut found: Vec<f64> = Vec::with_capacity(heights.len());
    for height in heights {
        let least = found.last().map_or(TOP, |last| last + LINE);
        found.push(height.max(least));
    }
    let mut most = floor;
    for height in found.iter_mut().rev() {
        *height = height.min(most);
        most = *height - LINE;
    }
    found
}

/// Round figures from nothing up to the top, about four of them.
fn ticks(top: i64) -> Vec<Thousandths> {
    let rough = (top / 4).max(1_000);
    let mut ten = 1_000;
    while ten * 10 <= rough {
        ten *= 10;
    }
    let step = [ten, ten * 2, ten * 5, ten * 10]
        .into_iter()
        .find(|step| *step >= rough);
    let step = step.unwrap_or(rough);
    (0..=top / step).map(|count| Thousandths(count * step)).collect()
}

/// First days of months, at most so many of them.
fn months(from: LocalDate, to: LocalDate, most: usize) -> Vec<LocalDate> {
    use chrono::Datelike;
    let mut found = Vec::new();
    let mut day = from;
    while day <= to {
        if day.day() == 1 {
            found.push(day);
        }
        match day.succ_opt() {
            Some(next) => day = next,
            None => break,
        }
    }
    let step = found.len().div_ceil(most.max(1)).max(1);
    found.into_iter().step_by(step).collect()
}

/// What is asked, or that all parts are.
fn asked(pace: &TargetPace) -> String {
    match pace.parts {
        0 => t::asked(pace.comparator, pace.value),
        parts => t::all_parts(parts),
    }
}

/// The chart in words.
fn summary(pace: &TargetPace) -> String {
    let figure = pace.points.last().and_then(|point| point.figure);
    let figure = figure.map_or_else(|| t::none_mark().to_owned(), t::thousandths);
    let day = pace.points.last().map_or(pace.today, |point| point.day);
    let asked = asked(pace);
    let mut words = t::pace_summary(
        pace.area_name.clone(),
        figure,
        when::date(day),
        asked,
        when::date(pace.span.to),
    );
    let also = [
        pace.forecast
            .map(|figure| t::pace_forecast(t::thousandths(figure))),
        pace.reached_on
            .filter(|day| *day > pace.span.to)
            .map(|day| t::pace_reached(when::date(day))),
    ];
    for sentence in also.into_iter().flatten() {
        words.push(' ');
        words.push_str(&sentence);
    }
    words
}

fn rows(pace: &TargetPace) -> AnyView {
    let figure =
        |figure: Option<Thousandths>| figure.map_or_else(|| t::none_mark().to_owned(), t::thousandths);
    let has_before = !pace.before.is_empty();
    let mut columns = vec![t::record_day().to_owned(), format!("#{}", t::result())];
    if has_before {
        columns.push(format!("#{}", t::pace_before()));
    }
    let rows = pace
        .points
        .iter()
        .map(|point| {
            let then = pace.before.iter().rev().find(|before| before.day <= point.day);
            let then = has_before.then(|| {
                view! { <td class="number">{figure(then.and_then(|before| before.figure))}</td> }
            });
            view! {
                <tr>
                    <th scope="row">{when::date(point.day)}</th>
                    <td class="number">{figure(point.figure)}</td>
                    {then}
                </tr>
            }
        })
        .collect_view();
    view! { <Table caption=t::pace_table() columns>{rows}</Table> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_names_each_month_of_a_year() {
        let day = |text: &str| text.parse::<LocalDate>().unwrap();
        let (first, last) = (day("2026-01-01"), day("2026-12-31"));
        assert_eq!(months(first, last, WIDE.months).len(), 12);
        assert_eq!(months(first, last, NARROW.months).len(), 4);
        assert_eq!(
            months(day("2026-01-15"), day("2026-02-15"), 13),
            [day("2026-02-01")]
        );
    }

    #[test]
    fn figures_of_the_axis_are_round() {
        let of = |top: i64| ticks(top).iter().map(|tick| tick.0 / 1_000).collect::<Vec<_>>();
        assert_eq!(of(13_100), [0, 5, 10]);
        assert_eq!(of(1_080), [0, 1]);
        assert_eq!(of(3_240), [0, 1, 2, 3]);
        assert_eq!(of(108_000), [0, 50, 100]);
        assert_eq!(of(2_160_000), [0, 1_000, 2_000]);
    }

    #[test]
    fn words_beside_the_drawing_do_not_touch() {
        let found = apart(&[100.0, 101.0, 225.0, 226.0], 228.0);
        assert!(
            found.windows(2).all(|pair| pair[1] - pair[0] >= LINE),
            "{found:?}"
        );
        assert!(found.iter().all(|height| (TOP..=228.0).contains(height)));
    }
}
