//! One campaign: its days and who set them, which units did something and which did not, and the records.

use super::days_form::{DaysForm, Subject};
use super::figures;
use crate::desk::api::{is, use_api};
use crate::desk::known::use_known;
use crate::desk::load::{Loaded, load};
use crate::icons;
use crate::ui::{
    Button, ButtonKind, Chip, Dialog, EmptyState, LinkButton, StatusBadge, Table, Tone, use_toasts,
};
use crate::words::{campaigns as c, domain, problem, when};
use keng_shared::api::{CampaignCalendar, CampaignLine, CampaignRecord, CampaignSet, NewCampaignDays};
use keng_shared::campaign::{Attachment, OTHER};
use keng_shared::id::AreaId;
use keng_shared::problem::ProblemCode;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The panel; `back` is the page without it.
#[component]
pub fn Detail(
    line: CampaignLine,
    found: CampaignCalendar,
    back: String,
    calendar: Loaded<Option<CampaignCalendar>>,
) -> impl IntoView {
    let (api, known) = (use_api(), use_known());
    let (area, year, key) = (found.area_id, found.year, line.key.clone());
    let records = load(move || {
        let key = key.clone();
        api.call(async move |client| client.campaign_records(area, year, &key).await)
    });
    let name = c::name(&line.campaign, &line.own_name);
    let days = line.days.map_or_else(
        || c::no_days().to_owned(),
        |days| {
            let near = c::near(days, found.today).map(|words| format!(" · {words}"));
            format!("{}{}", c::days(days), near.unwrap_or_default())
        },
    );
    let who = line.set.as_ref().map(|set| (set.area_id, set.days.note.clone()));
    let set_by = move || match &who {
        Some((area, note)) if note.is_empty() => c::set_by(known.area(*area)),
        Some((area, note)) => format!("{} · {note}", c::set_by(known.area(*area))),
        None if line.days.is_some() => c::usual_days().to_owned(),
        None => String::new(),
    };
    let lead = (line.set.is_none() && line.day.is_some())
        .then(|| view! { <p class="soft small">{c::lead_days()}</p> });
    let sources = (!line.sources.is_empty())
        .then(|| view! { <p class="soft small">{c::sources(line.sources.join(", "))}</p> });
    let missing: Vec<AreaId> = found
        .units
        .iter()
        .copied()
        .filter(|unit| !line.units.iter().any(|done| done.area_id == *unit))
        .collect();
    let done = line.units.clone();
    let has_units = !found.units.is_empty();
    let figures = figures(&line, found.units.len());
    let change = (found.may_change && line.may_be_set)
        .then(|| view! { <Change line=line.clone() area year calendar/> });
    view! {
        <section class="card stack" aria-labelledby="campaign-open">
            <div class="row-apart">
                <h3 id="campaign-open">{name}</h3>
                <LinkButton href=back label=c::close() icon=icons::X/>
            </div>
            <div class="stack-tight">
                <p class="strong">{c::kind(line.kind)} " · " {days}</p>
                <p>{set_by}</p>
                {lead}
                {sources}
                <p>{figures}</p>
            </div>
            {change}
            {has_units.then(|| view! {
                <div class="campaign-units">
                    <div class="stack-tight">
                        <h4>{c::missing_units()}</h4>
                        {move || match missing.is_empty() {
                            true => view! { <p>{c::all_units_done()}</p> }.into_any(),
                            false => {
                                let names = missing.iter().map(|unit| known.area(*unit)).collect::<Vec<_>>();
                                view! { <p>{names.join(", ")}</p> }.into_any()
                            }
                        }}
                    </div>
                    <div class="stack-tight">
                        <h4>{c::units_with()}</h4>
                        {move || match done.is_empty() {
                            true => view! { <p class="soft">{c::none_yet()}</p> }.into_any(),
                            false => {
                                let names = done
                                    .iter()
                                    .map(|unit| format!("{} ({})", known.area(unit.area_id), unit.count));
                                view! { <p>{names.collect::<Vec<_>>().join(", ")}</p> }.into_any()
                            }
                        }}
                    </div>
                </div>
            })}
            <div class="stack-tight">
                <h4>{c::records()}</h4>
                {records.view(table)}
            </div>
        </section>
    }
}

fn table(rows: Vec<CampaignRecord>) -> impl IntoView {
    if rows.is_empty() {
        return view! { <EmptyState icon=icons::CALENDAR words=c::no_records()/> }.into_any();
    }
    let known = use_known();
    let columns = [
        c::day_column(),
        c::place(),
        c::kind_column(),
        c::state(),
        c::stands(),
        "",
    ];
    let rows = rows
        .into_iter()
        .map(|row| {
            let day = when::date(row.local_date);
            let area = row.area_id;
            let (tone, words) = match row.attachment {
                Attachment::Within => (Tone::Good, c::within_days()),
                Attachment::Outside => (Tone::Warn, c::outside_days()),
            };
            let shown = day.clone();
            view! {
                <tr>
                    <th scope="row">{shown}</th>
                    <td>{move || known.area(area)}</td>
                    <td>{domain::kind(&row.kind)}</td>
                    <td><StatusBadge status=row.status/></td>
                    <td><Chip tone words/></td>
                    <td>
                        <a
                            href=format!("/desk/review/{}", row.record_id)
                            aria-label=move || c::open_record(&day, known.area(area))
                        >
                            {c::open()}
                        </a>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! { <Table caption=c::records() columns=columns.map(str::to_owned).to_vec()>{rows}</Table> }
        .into_any()
}

/// Setting days here, changing them, taking them away.
#[component]
fn Change(
    line: CampaignLine,
    area: AreaId,
    year: i32,
    calendar: Loaded<Option<CampaignCalendar>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let own = line.set.clone().filter(|set| set.area_id == area);
    let name = c::name(&line.campaign, &line.own_name);
    // An own campaign of the area above is changed there.
    if own.is_none() && line.campaign == OTHER {
        return ().into_any();
    }
    let label = match (&own, line.days) {
        (Some(_), _) => c::change_days(),
        (None, Some(_)) => c::own_days(),
        (None, None) => c::set_days(),
    };
    let subject = match &own {
        Some(set) => Subject::Change {
            set: set.clone(),
            year,
        },
        None => Subject::Catalogue {
            area,
            year,
            campaign: line.campaign.clone(),
            days: line.days,
        },
    };
    let unset = own.map(|set| view! { <Unset line set year calendar/> });
    view! {
        <div class="row screen-only">
            <Button label icon=icons::CALENDAR_PLUS on_press=move |_| open.set(true)/>
            {unset}
        </div>
        <Dialog open title=c::set_days_of(name)>
            <DaysForm subject=subject.clone() open calendar/>
        </Dialog>
    }
    .into_any()
}

/// Takes days away; they can be set again.
#[component]
fn Unset(
    line: CampaignLine,
    set: CampaignSet,
    year: i32,
    calendar: Loaded<Option<CampaignCalendar>>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let label = if line.campaign == OTHER {
        c::unset_own()
    } else {
        c::unset_days()
    };
    let again = NewCampaignDays {
        area_id: set.area_id,
        year,
        campaign: line.campaign,
        name: line.own_name,
        days: set.days.clone(),
    };
    let put_back = move |again: NewCampaignDays| {
        spawn_local(async move {
            let answer = api.call(async |client| client.set_campaign(&again).await).await;
            toasts.say(match answer {
                Ok(_) => c::was_put_back().to_owned(),
                Err(error) => problem::call(&error),
            });
            calendar.again();
        });
    };
    let press = move |_| {
        let again = again.clone();
        let (id, revision) = (set.id, set.revision);
        spawn_local(async move {
            match api
                .call(async |client| client.unset_campaign(id, revision).await)
                .await
            {
                Ok(()) => {
                    let undo = Callback::new(move |()| put_back(again.clone()));
                    toasts.say_with_undo(c::was_unset(), undo);
                }
                Err(error) if is(&error, ProblemCode::RevisionMismatch) => drop(toasts.say(c::conflict())),
                Err(error) => drop(toasts.say(problem::call(&error))),
            }
            calendar.again();
        });
    };
    view! { <Button label kind=ButtonKind::Quiet icon=icons::TRASH_2 on_press=press/> }
}
