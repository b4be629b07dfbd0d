//! How a figure grew: a line week by week, where it should be, where it leads on the last day, and the year before. The
//! same is said in a sentence, and the table is behind it.

use crate::desk::api::use_api;
use crate::desk::load::load;
use crate::ui::{Disclosure, Table};
use crate::words::{targets as t, when};
use keng_shared::api::{PacePoint, PaceShape, TargetPace};
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::target::Thousandths;
use keng_shared::time::LocalDate;
use leptos::prelude::*;

/// The drawing, in its own units.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 120.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 32.0;

/// The chart of one figure.
#[component]
pub fn Pace(plan: TargetPlanId, target: String, area: AreaId) -> impl IntoView {
    let api = use_api();
    let pace = load(move || {
        let target = target.clone();
        api.call(async move |client| client.target_pace(plan, &target, area, None).await)
    });
    pace.view(|pace| {
        let summary = summary(&pace);
        let rows = rows(&pace);
        view! {
            <figure class="pace stack-tight">
                {drawing(&pace, &summary)}
                <figcaption>{summary.clone()}</figcaption>
                <Disclosure summary=t::pace_table()>{rows}</Disclosure>
            </figure>
        }
    })
}

/// Where days and figures lie in the drawing.
struct Scale {
    from: LocalDate,
    days: f64,
    top: f64,
}

impl Scale {
    fn of(pace: &TargetPace) -> Self {
        let points = pace.points.iter().chain(&pace.before);
        let figures = points
            .filter_map(|point| point.figure)
            .chain(pace.forecast)
            .chain([pace.value]);
        let highest = figures.map(|figure| figure.0).max().unwrap_or(0).max(1_000);
        Self {
            from: pace.span.from,
            days: (pace.span.days() - 1).max(1) as f64,
            top: highest as f64 * 1.08,
        }
    }

    fn x(&self, day: LocalDate) -> f64 {
        let days = day.signed_duration_since(self.from).num_days() as f64;
        LEFT + (WIDTH - LEFT - RIGHT) * (days / self.days).clamp(0.0, 1.0)
    }

    fn y(&self, figure: Thousandths) -> f64 {
        let share = (figure.0 as f64 / self.top).clamp(0.0, 1.0);
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share
    }

    fn line(&self, points: &[PacePoint]) -> String {
        let at = |point: &PacePoint| {
            let figure = point.figure?;
            Some(format!("{:.1},{:.1}", self.x(point.day), self.y(figure)))
        };
        points.iter().filter_map(at).collect::<Vec<_>>().join(" ")
    }
}

fn drawing(pace: &TargetPace, summary: &str) -> AnyView {
    let scale = Scale::of(pace);
    let (first, last) = (pace.span.from, pace.span.to);
    let (left, right, floor) = (scale.x(first), scale.x(last), HEIGHT - BOTTOM);
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
    let ahead = newest.zip(pace.forecast).map(|((day, figure), forecast)| {
        let from = format!("{:.1},{:.1}", scale.x(day), scale.y(figure));
        let to = scale.y(forecast);
        // Two words at the same height would lie on each other.
        let word = if (to - goal).abs() < 16.0 {
            goal + 18.0
        } else {
            to + 4.0
        };
        let words = t::pace_leads_to(t::thousandths(forecast));
        view! {
            <polyline class="pace-ahead" points=format!("{from} {right:.1},{to:.1}")/>
            <circle class="pace-ahead-end" cx=right cy=to r="4"/>
            <text class="pace-word" x={right + 8.0} y=word>{words}</text>
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
        let end = pace
            .before
            .iter()
            .rev()
            .find_map(|point| Some((point.day, point.figure?)));
        let word = end.map(|(day, figure)| {
            let (x, y) = (scale.x(day), scale.y(figure));
            view! { <text class="pace-word" x=x y={y - 6.0} text-anchor="end">{t::pace_before()}</text> }
        });
        view! {
            <polyline class="pace-before" points=scale.line(&pace.before)/>
            {word}
        }
    });
    let months = months(first, last)
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
    let figures = [0.0, 0.5, 1.0]
        .into_iter()
        .map(|share| {
            let figure = Thousandths((scale.top / 1.08 * share) as i64);
            let y = scale.y(figure);
            view! {
                <line class="pace-grid" x1=left x2=right y1=y y2=y/>
                <text class="pace-axis" x={left - 8.0} y={y + 4.0} text-anchor="end">{t::thousandths(figure)}</text>
            }
        })
        .collect_view();
    view! {
        <svg class="pace-drawing" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=summary.to_owned()>
            {figures}
            <line class="pace-floor" x1=left x2=right y1=floor y2=floor/>
            {months}
            {before}
            <polyline class="pace-expected" points=expected/>
            <text class="pace-word pace-goal" x={right + 8.0} y={goal + 4.0}>
                {t::pace_asked(t::asked(pace.comparator, pace.value))}
            </text>
            <polyline class="pace-line" points=scale.line(&pace.points)/>
            {ahead}
            {now}
        </svg>
    }
    .into_any()
}

/// First days of months, every second one of a long span.
fn months(from: LocalDate, to: LocalDate) -> Vec<LocalDate> {
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
    let step = if found.len() > 13 { 2 } else { 1 };
    found.into_iter().step_by(step).collect()
}

/// The chart in words.
fn summary(pace: &TargetPace) -> String {
    let figure = pace.points.last().and_then(|point| point.figure);
    let figure = figure.map_or_else(|| t::none_mark().to_owned(), t::thousandths);
    let day = pace.points.last().map_or(pace.today, |point| point.day);
    let asked = t::asked(pace.comparator, pace.value);
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
        assert_eq!(months(day("2026-01-01"), day("2026-12-31")).len(), 12);
        assert_eq!(months(day("2026-01-15"), day("2026-02-15")), [day("2026-02-01")]);
    }
}
