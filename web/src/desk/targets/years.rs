//! One target, unit by unit, beside the year before: this year's figure, last year's on the same day and at its end, and
//! what has changed. Every column orders the table.

use super::Shown;
use crate::desk::api::use_api;
use crate::desk::load::load;
use crate::ui::{Order, OrderHead};
use crate::words::{targets as t, when};
use keng_shared::api::{YearsOfTarget, YearsOfUnit};
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::target::Thousandths;
use keng_shared::text;
use leptos::prelude::*;
use std::cmp::Ordering;

/// What the table can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Figure,
    OnThisDay,
    Change,
    AtTheEnd,
}

impl Column {
    fn begins(self) -> Order {
        match self {
            Self::Name => Order::Ascending,
            _ => Order::Descending,
        }
    }

    /// Units in this order; those without a figure come last either way.
    fn sort(self, order: Order, units: &mut [YearsOfUnit]) {
        let figure = |unit: &YearsOfUnit| match self {
            Self::Name => None,
            Self::Figure => unit.figure,
            Self::OnThisDay => unit.on_this_day,
            Self::Change => unit.change(),
            Self::AtTheEnd => unit.at_the_end,
        };
        let turned = |found: Ordering| match order {
            Order::Ascending => found,
            Order::Descending => found.reverse(),
        };
        units.sort_by(|a, b| {
            let by_name = text::sort_key(&a.name).cmp(&text::sort_key(&b.name));
            match (self, figure(a), figure(b)) {
                (Self::Name, _, _) => turned(by_name),
                (_, Some(one), Some(other)) => turned(one.cmp(&other)).then(by_name),
                (_, one, other) => other.is_some().cmp(&one.is_some()).then(by_name),
            }
        });
    }
}

/// The comparison of one figure's units; nothing where the year before had no such target.
#[component]
pub fn Years(plan: TargetPlanId, target: String, area: AreaId, shown: Shown) -> impl IntoView {
    let api = use_api();
    let years = load(move || {
        let target = target.clone();
        api.call(async move |client| client.target_years(plan, &target, area, None).await)
    });
    let shown = StoredValue::new(shown);
    years.view(move |years| {
        (years.before.is_some() && !years.units.is_empty()).then(|| {
            let order = RwSignal::new((Column::Name, Order::Ascending));
            let about = t::years_about(when::date(years.today), when::date(years.then));
            let years = StoredValue::new(years);
            view! {
                <section class="stack-tight target-years" aria-labelledby="target-years">
                    <h3 id="target-years">{t::years_title()}</h3>
                    <p class="soft small">{about}</p>
                    {move || years.with_value(|years| table(years, order, &shown.get_value()))}
                </section>
            }
        })
    })
}

fn table(years: &YearsOfTarget, order: RwSignal<(Column, Order)>, shown: &Shown) -> impl IntoView + use<> {
    let (by, way) = order.get();
    let mut units = years.units.clone();
    by.sort(way, &mut units);
    let is_rate = years.measure.contains('%');
    let heads = [
        (Column::Name, t::unit().to_owned()),
        (Column::Figure, format!("#{}", t::years_now())),
        (Column::OnThisDay, format!("#{}", t::years_then())),
        (Column::Change, format!("#{}", t::years_change())),
        (Column::AtTheEnd, format!("#{}", t::years_end())),
    ];
    let heads = heads
        .into_iter()
        .map(|(column, words)| {
            let holds = by == column;
            let press = move |()| {
                let next = if holds { way.reversed() } else { column.begins() };
                order.set((column, next));
            };
            view! { <OrderHead words order=holds.then_some(way) on_press=press/> }
        })
        .collect_view();
    let rows = units
        .iter()
        .map(|unit| {
            let href = shown.with_behind(&years.code, unit.area_id);
            let name = view! { <a href=href>{unit.name.clone()}</a> }.into_any();
            row(unit, name, is_rate)
        })
        .collect_view();
    let whole = row(&years.whole, t::whole().into_any(), is_rate);
    view! {
        <div class="table-frame" tabindex="0" role="group" aria-label=t::years_title()>
            <table class="table">
                <caption class="unseen">{t::years_title()}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
                <tfoot>{whole}</tfoot>
            </table>
        </div>
    }
}

fn row(unit: &YearsOfUnit, name: AnyView, is_rate: bool) -> impl IntoView + use<> {
    let figure =
        |figure: Option<Thousandths>| figure.map_or_else(|| t::none_mark().to_owned(), t::thousandths);
    let change = unit.change().map_or_else(
        || t::none_mark().to_owned(),
        |change| t::change(change, unit.on_this_day.filter(|_| !is_rate)),
    );
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="number"><strong>{figure(unit.figure)}</strong></td>
            <td class="number">{figure(unit.on_this_day)}</td>
            <td class="number nowrap">{change}</td>
            <td class="number">{figure(unit.at_the_end)}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(name: &str, figure: Option<i64>, then: Option<i64>) -> YearsOfUnit {
        YearsOfUnit {
            area_id: AreaId(1),
            name: name.to_owned(),
            figure: figure.map(Thousandths::whole),
            on_this_day: then.map(Thousandths::whole),
            at_the_end: None,
        }
    }

    #[test]
    fn units_are_ordered_by_what_has_changed_and_those_without_a_figure_come_last() {
        let mut units = [
            unit("Xã C", None, Some(1)),
            unit("Xã A", Some(3), Some(5)),
            unit("Xã B", Some(9), Some(2)),
        ];
        let names = |units: &[YearsOfUnit]| units.iter().map(|unit| unit.name.clone()).collect::<Vec<_>>();
        Column::Change.sort(Order::Descending, &mut units);
        assert_eq!(names(&units), ["Xã B", "Xã A", "Xã C"]);
        Column::Change.sort(Order::Ascending, &mut units);
        assert_eq!(names(&units), ["Xã A", "Xã B", "Xã C"]);
        Column::Name.sort(Order::Descending, &mut units);
        assert_eq!(names(&units), ["Xã C", "Xã B", "Xã A"]);
    }
}
