//! One target, unit by unit: whom it is asked of, with what value and until when; and a target of the whole shared out
//! over its units, with what is left to share in sight while it is typed.

use super::edited::{Edited, value_text};
use crate::desk::api::use_api;
use crate::desk::load::load;
use crate::desk::today;
use crate::icons;
use crate::shell::dom;
use crate::ui::{Button, Notice, Table, Tone};
use crate::words::{plan_entry as e, targets as t, when};
use keng_shared::api::AreaView;
use keng_shared::area::Area;
use keng_shared::id::AreaId;
use keng_shared::target::{Aggregation, Deadline, DeadlineRule, Level, Span, Target, Thousandths};
use leptos::prelude::*;

/// The units of a target; `close` leaves them.
#[component]
pub fn Units(edited: Edited, code: String, close: Callback<()>) -> impl IntoView {
    let api = use_api();
    let (area, period) = edited.terms.with_untracked(|terms| (terms.area_id, terms.period));
    // In the year of a merger both the old units and the new ones are asked.
    let mut days = vec![
        period.from,
        today().clamp(period.from, period.to.max(period.from)),
        period.to,
    ];
    days.dedup();
    let units = load(move || {
        let days = days.clone();
        async move {
            let mut found: Vec<AreaView> = Vec::new();
            for day in days {
                let mut after = None;
                loop {
                    let page = api
                        .call(async |client| client.areas(Some(area), None, Some(day), after.clone()).await)
                        .await?;
                    for one in page.items {
                        if found.iter().all(|known| known.area.id != one.area.id) {
                            found.push(one);
                        }
                    }
                    match page.next {
                        Some(next) => after = Some(next),
                        None => break,
                    }
                }
            }
            Ok(found)
        }
    });
    let heading = code.clone();
    // The part opens below a long table.
    Effect::new(move |_| {
        units.get();
        dom::focus("plan-units");
    });
    view! {
        <section class="card stack plan-units" aria-labelledby="plan-units">
            <div class="row-apart">
                <h3 id="plan-units" tabindex="-1">{t::units_of(&heading)}</h3>
                <Button label=t::close() icon=icons::X on_press=move |_| close.run(())/>
            </div>
            {units
                .view(move |units| {
                    let named = |unit: AreaView| (unit.area.id, name_of(&unit.area, period));
                    table(edited, code.clone(), units.into_iter().map(named).collect())
                })}
        </section>
    }
}

/// The name of a unit; one that ends within the period says when, for another may be called the same.
fn name_of(area: &Area, period: Span) -> String {
    match area.valid_to.filter(|last| *last < period.to) {
        Some(last) => e::until_end(&area.name, when::date(last)),
        None => area.name.clone(),
    }
}

fn table(edited: Edited, code: String, units: Vec<(AreaId, String)>) -> impl IntoView {
    let ids: Vec<AreaId> = units.iter().map(|(id, _)| *id).collect();
    let target = {
        let code = code.clone();
        Memo::new(move |_| edited.target(&code))
    };
    // Only counts add up over units: neither rates nor a sum of other targets, which has shares of its own there.
    let left = Memo::new(move |_| {
        let adds_up = |target: &Target| target.aggregation == Aggregation::Sum;
        target.get().filter(adds_up).map(|target| sums(&target, &ids))
    });
    let may_share = target.with_untracked(|target| {
        let sum = |target: &Target| target.aggregation == Aggregation::Sum;
        target.as_ref().is_some_and(sum)
    });
    let share = {
        let code = code.clone();
        move |event| {
            let is_shared = event_target_checked(&event);
            edited.change_target(&code, |target| {
                target.levels = match is_shared {
                    true => vec![Level::Whole],
                    false => vec![Level::Commune],
                };
            });
        }
    };
    let rows = units
        .into_iter()
        .map(|(id, name)| row(edited, &code, target, id, name))
        .collect_view();
    let columns: Vec<String> = vec![
        t::unit().to_owned(),
        t::kept().to_owned(),
        format!("#{}", t::asked_value()),
        t::last_day().to_owned(),
    ];
    view! {
        {may_share
            .then(|| {
                view! {
                    <label class="row targets-only">
                        <input
                            type="checkbox"
                            prop:checked=move || target.with(|target| target.as_ref().is_some_and(is_of_whole))
                            on:change=share
                        />
                        {t::share_out()}
                    </label>
                }
            })}
        <div aria-live="polite">
            {move || {
                left.get()
                    .map(|sums| {
                        let (tone, words) = sums.words();
                        view! { <Notice tone words/> }
                    })
            }}
        </div>
        <div class="plan-targets"><Table caption=t::units_of(&code) columns>{rows}</Table></div>
    }
}

fn row(
    edited: Edited,
    code: &str,
    target: Memo<Option<Target>>,
    unit: AreaId,
    name: String,
) -> impl IntoView + use<> {
    let of = |name: &str| t::of_unit(code, name);
    let (label, label_value, label_deadline) = (
        t::asked_of_unit(code, &name),
        format!("{} – {}", t::asked_value(), of(&name)),
        format!("{} – {}", t::last_day(), of(&name)),
    );
    let own = target.with_untracked(|target| {
        let own = target.as_ref()?.own.iter().find(|own| own.area_id == unit);
        own.cloned()
    });
    let value = own.as_ref().and_then(|own| own.value).map(value_text);
    let value = untrack(|| edited.unclear_typed(code, Some(unit))).or(value);
    let deadline = own.as_ref().and_then(|own| own.deadline);
    let deadline = deadline.map(|deadline| when::input_date(deadline.last_day()));
    let code = code.to_owned();
    let keep = {
        let code = code.clone();
        move |event| {
            let is_kept = event_target_checked(&event);
            edited.change_target(&code, |target| {
                target.excluded.retain(|other| *other != unit);
                match (is_kept, target.named.is_empty()) {
                    (false, true) => target.excluded.push(unit),
                    // Without any name it would be asked of all: the last one is exempt instead.
                    (false, false) if target.named == [unit] => target.excluded.push(unit),
                    (false, false) => target.named.retain(|other| *other != unit),
                    (true, true) => {}
                    (true, false) if target.named.contains(&unit) => {}
                    (true, false) => target.named.push(unit),
                }
            });
        }
    };
    let set_value = {
        let (code, name) = (code.clone(), name.clone());
        move |event| edited.set_unit_value(&code, (unit, &name), &event_target_value(&event))
    };
    let is_unclear = {
        let code = code.clone();
        move || edited.unclear_typed(&code, Some(unit)).map(|_| "true")
    };
    let set_deadline = move |event| {
        let date = event_target_value(&event).parse().ok();
        let deadline = date.map(|date| Deadline {
            date,
            rule: DeadlineRule::By,
        });
        edited.change_own(&code, unit, |own| own.deadline = deadline);
    };
    let common = move || {
        target.with(|target| match target {
            Some(target) if is_of_whole(target) => String::new(),
            Some(target) => value_text(target.value),
            None => String::new(),
        })
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>
                <input
                    type="checkbox"
                    aria-label=label
                    prop:checked=move || target.with(|target| target.as_ref().is_some_and(|target| target.applies(unit, unit)))
                    on:change=keep
                />
            </td>
            <td class="number plan-value">
                <input
                    class="input"
                    inputmode="decimal"
                    aria-label=label_value
                    aria-invalid=is_unclear
                    placeholder=common
                    prop:value=value.unwrap_or_default()
                    on:input=set_value
                />
            </td>
            <td>
                <input
                    class="input"
                    type="date"
                    aria-label=label_deadline
                    prop:value=deadline.unwrap_or_default()
                    on:change=set_deadline
                />
            </td>
        </tr>
    }
}

fn is_of_whole(target: &Target) -> bool {
    target.levels == [Level::Whole]
}

/// What units are asked together, and what was to be shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sums {
    assigned: Thousandths,
    whole: Option<Thousandths>,
}

fn sums(target: &Target, units: &[AreaId]) -> Sums {
    let asked = units.iter().filter(|unit| target.applies(**unit, **unit));
    let of = |unit: &AreaId| match is_of_whole(target) {
        false => target.value_of(*unit).0,
        true => {
            let own = target.own.iter().find(|own| own.area_id == *unit);
            own.and_then(|own| own.value).map_or(0, |value| value.0)
        }
    };
    Sums {
        assigned: Thousandths(asked.map(of).fold(0, i64::saturating_add)),
        whole: is_of_whole(target).then_some(target.value),
    }
}

impl Sums {
    fn words(self) -> (Tone, String) {
        let assigned = t::thousandths(self.assigned);
        let Some(whole) = self.whole else {
            return (Tone::Info, t::units_sum(assigned));
        };
        let all = t::thousandths(whole);
        match whole.0 - self.assigned.0 {
            0 => (Tone::Good, t::shared_all(all)),
            left if left > 0 => (
                Tone::Warn,
                t::shared_part(assigned, all, t::thousandths(Thousandths(left))),
            ),
            over => (
                Tone::Warn,
                t::shared_over(assigned, all, t::thousandths(Thousandths(-over))),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn target(levels: &str, own: &[(i64, i64)]) -> Target {
        let own: Vec<_> = own
            .iter()
            .map(|(area, value)| json!({"area_id": area, "value": value * 1000}))
            .collect();
        serde_json::from_value(json!({
            "code": "1", "text": "Mô hình", "measure": "mô hình", "comparator": "at_least", "value": 57_000,
            "levels": [levels], "aggregation": {"by": "sum"}, "own": own,
            "source": {"kind": "document", "amount": {"of": "records"}},
        }))
        .unwrap()
    }

    #[test]
    fn what_is_left_to_share_out_is_the_whole_without_the_shares() {
        let units = [AreaId(1), AreaId(2), AreaId(3)];
        let some = sums(&target("whole", &[(1, 21), (2, 21)]), &units);
        assert_eq!(some.words().1, "Đã chia 42 trong 57; còn 15 chưa giao.");
        let all = sums(&target("whole", &[(1, 21), (2, 21), (3, 15)]), &units);
        assert_eq!(all.words().0, Tone::Good);
        let of_each = sums(&target("commune", &[(1, 60)]), &units);
        assert_eq!(of_each.assigned, Thousandths::whole(60 + 57 + 57));
    }
}
