//! The checkpoints in use, and those that are retired.

use crate::desk::api::{Api, Failed, is};
use crate::desk::known::Known;
use crate::desk::load::Loaded;
use crate::icons;
use crate::ui::{Button, ButtonKind, Disclosure, EmptyState, Table, ToastBox};
use crate::words::{checkpoints as c, desk as d, interface as w, problem, when};
use keng_shared::id::CheckpointId;
use keng_shared::problem::ProblemCode;
use keng_shared::sync::Checkpoint;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Ways {
    /// The server.
    pub api: Api,
    /// What the desk knows by name.
    pub known: Known,
    /// What is said of what was done.
    pub toasts: ToastBox,
    /// Those in use.
    pub points: Loaded<Vec<Checkpoint>>,
    /// Those that are retired.
    pub retired: Loaded<Vec<Checkpoint>>,
    /// The one that is being changed.
    pub changing: RwSignal<Option<Checkpoint>>,
    /// Whether the person may change them.
    pub may_manage: bool,
}

impl Ways {
    /// Asks for everything again.
    pub fn again(self) {
        self.points.again();
        self.retired.again();
        self.known.again();
    }

    fn retire(self, point: &Checkpoint) {
        let (id, revision) = (point.id, point.revision);
        spawn_local(async move {
            let answer = self
                .api
                .call(async |client| client.retire_checkpoint(id, revision).await);
            match answer.await {
                Ok(retired) => {
                    let words = c::retired(&retired.name);
                    let undo = Callback::new(move |()| self.reopen(&retired));
                    self.toasts.say_with_undo(words, undo);
                }
                Err(error) => drop(self.toasts.say(refusal(&error))),
            }
            self.again();
        });
    }

    fn reopen(self, point: &Checkpoint) {
        let (id, revision) = (point.id, point.revision);
        spawn_local(async move {
            let answer = self
                .api
                .call(async |client| client.reopen_checkpoint(id, revision).await);
            match answer.await {
                Ok(back) => drop(self.toasts.say(c::reopened(back.name))),
                Err(error) => drop(self.toasts.say(refusal(&error))),
            }
            self.again();
        });
    }
}

/// Id of the button that changes a checkpoint, for the focus.
pub fn row_id(id: CheckpointId) -> String {
    format!("checkpoint-{id}")
}

/// Those in use.
pub fn table(points: Vec<Checkpoint>, ways: Ways) -> AnyView {
    if points.is_empty() {
        return view! { <EmptyState icon=icons::MAP_PIN words=c::none()/> }.into_any();
    }
    let known = ways.known;
    let rows = points
        .into_iter()
        .map(|point| {
            let area = point.area_id;
            let actions = ways.may_manage.then(|| {
                let (id, name) = (row_id(point.id), c::change_name(&point.name));
                let retire_name = c::retire_name(&point.name);
                let (changed, retired) = (point.clone(), point.clone());
                let change = move |_| ways.changing.set(Some(changed.clone()));
                let retire = move |_| ways.retire(&retired);
                view! {
                    <td>
                        <div class="row">
                            <Button id label=w::change() name icon=icons::PENCIL on_press=change/>
                            <Button
                                label=c::retire()
                                name=retire_name
                                kind=ButtonKind::Quiet
                                on_press=retire
                            />
                        </div>
                    </td>
                }
            });
            view! {
                <tr>
                    <th scope="row">{point.name}</th>
                    <td>{move || known.area(area)}</td>
                    <td class="number">{point.radius_m}</td>
                    {actions}
                </tr>
            }
        })
        .collect_view();
    let mut columns = vec![
        c::name().to_owned(),
        d::area().to_owned(),
        format!("#{}", c::radius()),
    ];
    columns.extend(ways.may_manage.then(|| d::actions().to_owned()));
    view! { <Table caption=c::title() columns>{rows}</Table> }.into_any()
}

/// Those that are retired, each with the way back.
pub fn retired(ways: Ways) -> impl IntoView {
    let known = ways.known;
    move || {
        let points = ways.retired.get().filter(|points| !points.is_empty())?;
        let summary = c::retired_count(points.len());
        let rows = points
            .into_iter()
            .map(|point| {
                let (area, name) = (point.area_id, c::reopen_name(&point.name));
                let since = point.retired_at.and_then(|at| at.local_date()).map(when::date);
                let back = point.clone();
                view! {
                    <tr>
                        <th scope="row">{point.name}</th>
                        <td>{move || known.area(area)}</td>
                        <td>{since}</td>
                        <td><Button label=c::reopen() name on_press=move |_| ways.reopen(&back)/></td>
                    </tr>
                }
            })
            .collect_view();
        let columns = [c::name(), d::area(), c::retired_since(), d::actions()].map(str::to_owned);
        let table = view! { <Table caption=c::retired_title() columns=columns.to_vec()>{rows}</Table> };
        Some(view! { <Disclosure summary><p class="soft small">{c::retired_hint()}</p>{table}</Disclosure> })
    }
}

fn refusal(error: &Failed) -> String {
    match is(error, ProblemCode::RevisionMismatch) || is(error, ProblemCode::StateConflict) {
        true => c::conflict().to_owned(),
        false => problem::call(error),
    }
}
