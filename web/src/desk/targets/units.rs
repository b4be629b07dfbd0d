//! One target, unit by unit: whom it is asked of, with what value and until when; and a target of the whole shared out
//! over its units, with what is left to share in sight while it is typed.

use super::plan_form::{Edited, parse_value, value_text};
use crate::desk::api::use_api;
use crate::desk::load::load;
use crate::desk::today;
use crate::icons;
use crate::ui::{Button, Notice, Table, Tone};
use crate::words::{targets as t, when};
use keng_shared::api::AreaView;
use keng_shared::id::AreaId;
use keng_shared::target::{Aggregation, Deadline, DeadlineRule, Level, OwnTerms, Target, Thousandths};
use leptos::prelude::*;

/// The units of a target; `close` leaves them.
#[component]
pub fn Units(edited: Edited, code: String, close: Callback<()>) -> impl IntoView {
    let api = use_api();
    let (area, day) = edited.terms.with_untracked(|terms| {
        let day = today().clamp(terms.period.from, terms.period.to.max(terms.period.from));
        (terms.area_id, day)
    });
    let units = load(move || async move {
        let mut found: Vec<AreaView> = Vec::new();
        let mut after = None;
        loop {
            let page = api
                .call(async |client| client.areas(Some(area), None, Some(day), after.clone()).await)
                .await?;
            found.extend(page.items);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(found),
            }
        }
    });
    let heading = code.clone();
    view! {
        <section class="card stack plan-units" aria-labelledby="plan-units">
            <div class="row-apart">
                <h3 id="plan-units">{t::units_of(&heading)}</h3>
                <Button label=t::close() icon=icons::X on_press=move |_| close.run(())/>
            </div>
            {units
                .view(move |units| {
                    let names: Vec<(AreaId, String)> = units.into_iter().map(|unit| (unit.area.id, unit.area.name)).collect();
                    table(edited, code.clone(), names)
                })}
        </section>
    }
}

fn table(edited: Edited, code: String, units: Vec<(AreaId, String)>) -> impl IntoView {
    let ids: Vec<AreaId> = units.iter().map(|(id, _)| *id).collect();
    let target = {
        let code = code.clone();
        Memo::new(move |_| edited.target(&code))
    };
    let left = Memo::new(move |_| target.get().map(|target| sums(&target, &ids)));
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
                    (false, false) => target.named.retain(|other| *other != unit),
                    (true, true) => {}
                    (true, false) => target.named.push(unit),
                }
            });
        }
    };
    let set_value = {
        let code = code.clone();
        move |event| {
            let value = parse_value(&event_target_value(&event));
            edited.change_target(&code, |target| change_own(target, unit, |own| own.value = value));
        }
    };
    let set_deadline = move |event| {
        let date = event_target_value(&event).parse().ok();
        let deadline = date.map(|date| Deadline {
            date,
            rule: DeadlineRule::By,
        });
        edited.change_target(&code, |target| {
            change_own(target, unit, |own| own.deadline = deadline)
        });
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

/// Changes the terms of a unit's own; terms that say nothing are left out.
fn change_own(target: &mut Target, unit: AreaId, change: impl FnOnce(&mut OwnTerms)) {
    let mut own = match target.own.iter().position(|own| own.area_id == unit) {
        Some(place) => target.own.remove(place),
        None => OwnTerms {
            area_id: unit,
            value: None,
            deadline: None,
        },
    };
    change(&mut own);
    if own.value.is_some() || own.deadline.is_some() {
        target.own.push(own);
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
