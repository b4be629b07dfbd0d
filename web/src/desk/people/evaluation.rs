//! The yearly evaluation: what each team logged, what that proposes, and the levels, which are decided together.

use super::PeopleTabs;
use crate::desk::api::{Failed, FormErrors, use_api};
use crate::desk::known::{number, use_known};
use crate::desk::load::{Loaded, load};
use crate::desk::{now, today};
use crate::icons;
use crate::ui::{
    Answer, Button, ButtonKind, Chip, EmptyState, Notice, Select, Table, Tone, live, use_toasts,
};
use crate::words::{evaluation as e, when};
use chrono::Days;
use keng_shared::api::{DecideEvaluation, EvaluatedTeam, TeamEvaluation, TeamRating};
use keng_shared::area::AreaKind;
use keng_shared::client::CallError;
use keng_shared::evaluation::{Because, MAX_WORDS, Rating, TeamWork, YEARS, most_excellent, year_of};
use keng_shared::id::AreaId;
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

/// The page; the address holds the commune and the year.
#[component]
pub fn EvaluationPage() -> impl IntoView {
    let (api, known) = (use_api(), use_known());
    let query = use_query_map();
    let home = api.home();
    let area = Memo::new(move |_| {
        let asked = query.with(|query| query.get("area").and_then(|id| id.parse().ok()));
        let area = asked.map(AreaId).or(home)?;
        (known.kind(area)? == AreaKind::Commune).then_some(area)
    });
    let year = Memo::new(move |_| {
        let asked = query.with(|query| query.get("year").and_then(|year| year.parse().ok()));
        asked.unwrap_or_else(year_at_hand)
    });
    let go = StoredValue::new(use_navigate());
    let show = move |area: Option<AreaId>, year: i32| {
        let area = area.map(|area| format!("area={area}&")).unwrap_or_default();
        let address = format!("/desk/teams/evaluation?{area}year={year}");
        go.with_value(|go| go(&address, NavigateOptions::default()));
    };
    let years: Vec<Answer> = (*YEARS.start()..=year_of(today()))
        .rev()
        .map(|year| Answer::new(year.to_string(), year.to_string()))
        .collect();
    let evaluation = load(move || {
        let (area, year) = (area.get(), year.get());
        api.call(async move |client| match area {
            Some(area) => client.team_evaluation(area, Some(year)).await.map(Some),
            None => Ok(None),
        })
    });
    view! {
        <div class="page stack">
            <h1>{e::title()}</h1>
            <PeopleTabs/>
            <p class="soft small measure">{e::source()}</p>
            <div class="row">
                <Select
                    id="evaluation-commune"
                    label=e::commune()
                    answers=Signal::derive(move || known.communes())
                    value=Signal::derive(move || area.get().map(|area| area.to_string()).unwrap_or_default())
                    on_input=move |text: String| show(number(&text).map(AreaId), year.get_untracked())
                    empty=e::choose_commune()
                />
                <Select
                    id="evaluation-year"
                    label=e::year()
                    answers=years
                    value=Signal::derive(move || year.get().to_string())
                    on_input=move |text: String| {
                        if let Ok(year) = text.parse() {
                            show(area.get_untracked(), year);
                        }
                    }
                />
            </div>
            {evaluation.view(move |found| match found {
                None => view! { <EmptyState icon=icons::FLAG words=e::choose_commune()/> }.into_any(),
                Some(found) if found.teams.is_empty() => {
                    view! { <EmptyState icon=icons::USERS words=e::no_teams()/> }.into_any()
                }
                Some(found) => view! { <Sheet found evaluation/> }.into_any(),
            })}
        </div>
    }
}

/// A year is evaluated after it has ended: in its first sixty days the one before is at hand.
fn year_at_hand() -> i32 {
    let day = today();
    year_of(day.checked_sub_days(Days::new(60)).unwrap_or(day))
}

/// What stands in the form to begin with: what was decided, otherwise what is proposed.
fn beginning(team: &EvaluatedTeam) -> TeamRating {
    team.rated.clone().unwrap_or_else(|| proposed(team))
}

fn proposed(team: &EvaluatedTeam) -> TeamRating {
    TeamRating {
        team_id: team.id,
        rating: team.proposal.rating,
        words: String::new(),
    }
}

#[component]
fn Sheet(found: TeamEvaluation, evaluation: Loaded<Option<TeamEvaluation>>) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let may_decide = api.may(Verb::Review);
    let ratings = RwSignal::new(found.teams.iter().map(beginning).collect::<Vec<_>>());
    let errors = FormErrors::new();
    let busy = RwSignal::new(false);
    let (area_id, year, revision) = (found.area_id, found.year, found.revision);
    let teams = StoredValue::new(found.teams.clone());
    let save = move |_| {
        errors.clear();
        let ratings = ratings.get_untracked();
        let missing = teams.with_value(|teams| without_words(teams, &ratings));
        if !missing.is_empty() {
            return errors.show_fields(missing);
        }
        if Totals::of(&ratings).exceed() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let body = DecideEvaluation {
                area_id,
                year,
                ratings,
            };
            match api
                .call(async |client| client.decide_evaluation(revision, &body).await)
                .await
            {
                Ok(_) => {
                    toasts.say(e::saved());
                    evaluation.again();
                }
                Err(error) if is_overtaken(&error) => {
                    toasts.say(e::conflict());
                    evaluation.again();
                }
                Err(error) => errors.show(&error),
            }
            let _here = busy.try_set(false);
        });
    };
    let decided = match &found.decided {
        Some(decided) => {
            let words = e::decided(&decided.by.name, when::instant(decided.at, now()));
            view! { <Notice tone=Tone::Good words/> }
        }
        None => view! { <Notice tone=Tone::Info words=e::undecided()/> },
    };
    let columns = [
        e::team(),
        e::shifts(),
        e::accepted(),
        e::proposed(),
        e::level(),
        e::words(),
    ];
    let rows = found
        .teams
        .iter()
        .enumerate()
        .map(|(index, team)| row(index, team, ratings, errors, may_decide))
        .collect_view();
    view! {
        <h2>{e::year_of(year, when::date(found.from), when::date(found.to))}</h2>
        {decided}
        {errors.notice()}
        <Table caption=e::title() columns=columns.map(str::to_owned).to_vec()>{rows}</Table>
        {live(move || ratings.with(|ratings| totals(ratings)))}
        {may_decide.then(|| view! {
            <div class="row screen-only">
                <Button label=e::save() kind=ButtonKind::Primary icon=icons::CHECK blocked=busy on_press=save/>
                <Button
                    label=e::use_proposals()
                    icon=icons::UNDO_2
                    on_press=move |_| ratings.set(teams.with_value(|teams| teams.iter().map(proposed).collect()))
                />
            </div>
        })}
    }
}

/// Another level than the proposed one needs words.
fn without_words(teams: &[EvaluatedTeam], ratings: &[TeamRating]) -> Vec<FieldError> {
    teams
        .iter()
        .zip(ratings)
        .enumerate()
        .filter(|(_, (team, rated))| team.proposal.rating != rated.rating && rated.words.trim().is_empty())
        .map(|(index, _)| FieldError::new(format!("ratings.{index}.words"), FieldCode::Required))
        .collect()
}

fn is_overtaken(error: &Failed) -> bool {
    matches!(error, CallError::Problem(problem) if problem.code == ProblemCode::RevisionMismatch)
}

/// How many teams have the top level, and how many may.
struct Totals {
    top: usize,
    most: usize,
}

impl Totals {
    fn of(ratings: &[TeamRating]) -> Self {
        let (top, good) = (count(ratings, Rating::Excellent), count(ratings, Rating::Good));
        Self {
            top,
            most: most_excellent(top + good),
        }
    }

    fn exceed(&self) -> bool {
        self.top > self.most
    }
}

fn count(ratings: &[TeamRating], wanted: Rating) -> usize {
    ratings
        .iter()
        .filter(|rated| rated.rating == Some(wanted))
        .count()
}

/// How many teams have each level, and whether too many have the top one.
fn totals(ratings: &[TeamRating]) -> impl IntoView + use<> {
    let totals = Totals::of(ratings);
    let too_many = totals
        .exceed()
        .then(|| view! { <Notice tone=Tone::Danger words=e::too_many(totals.most)/> });
    let tone = if totals.exceed() {
        Tone::Danger
    } else {
        Tone::Quiet
    };
    let others = [Rating::Good, Rating::Fulfilled, Rating::Unfulfilled].map(|rating| {
        let words = format!("{}: {}", e::rating(rating), count(ratings, rating));
        view! { <li><Chip tone=Tone::Quiet words/></li> }
    });
    view! {
        <ul class="chips" aria-live="polite">
            <li><Chip tone words=e::top(totals.top, totals.most)/></li>
            {others.into_iter().collect_view()}
        </ul>
        {too_many}
    }
}

fn row(
    index: usize,
    team: &EvaluatedTeam,
    ratings: RwSignal<Vec<TeamRating>>,
    errors: FormErrors,
    may_decide: bool,
) -> impl IntoView + use<> {
    let rated = move || ratings.with(|ratings| ratings.get(index).cloned());
    let change = move |change: &dyn Fn(&mut TeamRating)| {
        ratings.update(|ratings| {
            if let Some(rated) = ratings.get_mut(index) {
                change(rated);
            }
        });
    };
    let level = move || rated().and_then(|rated| rated.rating);
    let words = move || rated().map(|rated| rated.words).unwrap_or_default();
    let error = errors.of(format!("ratings.{index}.words"));
    let decide = match may_decide {
        false => view! {
            <td>{live(move || level().map_or(e::not_rated(), e::rating))}</td>
            <td>{live(words)}</td>
        }
        .into_any(),
        true => {
            let options = Rating::ALL
                .map(|rating| {
                    let chosen = move || level() == Some(rating);
                    view! { <option value=rating.as_str() selected=chosen>{e::rating(rating)}</option> }
                })
                .collect_view();
            let error_id = format!("evaluation-words-{index}-error");
            let described = error_id.clone();
            view! {
                <td>
                    <select
                        class="input evaluation-input"
                        aria-label=e::level_of(&team.name)
                        on:change=move |event| {
                            let rating = Rating::parse(&event_target_value(&event));
                            change(&|rated| rated.rating = rating);
                        }
                    >
                        <option value="" selected=move || level().is_none()>{e::not_rated()}</option>
                        {options}
                    </select>
                </td>
                <td>
                    <input
                        class="input evaluation-input"
                        type="text"
                        maxlength=MAX_WORDS
                        aria-label=e::words_of(&team.name)
                        aria-describedby=described
                        aria-invalid=move || (!error.get().is_empty()).then_some("true")
                        prop:value=words
                        on:input=move |event| {
                            let text = event_target_value(&event);
                            change(&|rated| rated.words.clone_from(&text));
                        }
                    />
                    <p class="field-error small" id=error_id>{move || error.get()}</p>
                </td>
            }
            .into_any()
        }
    };
    let (chip, reason) = (proposal_chip(team), e::because(team.proposal.because));
    view! {
        <tr>
            <th scope="row">{team.name.clone()}</th>
            <td>{shifts(&team.work)}</td>
            <td class="small">{e::work(&team.work)}</td>
            <td>{chip}<p class="soft small">{reason}</p></td>
            {decide}
        </tr>
    }
}

fn proposal_chip(team: &EvaluatedTeam) -> impl IntoView + use<> {
    let (tone, words) = match team.proposal.rating {
        None => (Tone::Quiet, e::no_proposal()),
        Some(rating) => {
            let tone = match rating {
                Rating::Excellent | Rating::Good => Tone::Good,
                Rating::Fulfilled => Tone::Info,
                Rating::Unfulfilled => Tone::Warn,
            };
            (tone, e::rating(rating))
        }
    };
    let tone = match team.proposal.because {
        Because::TopIsFull => Tone::Info,
        _ => tone,
    };
    view! { <Chip tone words/> }
}

fn shifts(work: &TeamWork) -> AnyView {
    if work.planned == 0 {
        return view! { <span class="soft">{e::shifts_none()}</span> }.into_any();
    }
    let percent = u64::from(work.done) * 100 / u64::from(work.planned);
    view! {
        <meter
            min="0"
            max=work.planned.to_string()
            value=work.done.to_string()
            aria-hidden="true"
        ></meter>
        <p>{e::shifts_done(work.done, work.planned, percent)}</p>
        <p class="soft small">{e::shifts_left(work.late, work.missed)}</p>
    }
    .into_any()
}
