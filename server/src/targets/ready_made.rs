//! Plans that ship with the program, to start from. They name communes by name; which areas those are is found when
//! somebody starts from one.

use super::matrix::communes_of;
use super::taken_up::is_of_larger_whole;
use keng_shared::api::{DraftGap, GapCause, PlanDraft, ReadyMadePlan};
use keng_shared::area::{AreaKind, AreaTree};
use keng_shared::id::AreaId;
use keng_shared::target::{
    Aggregation, Comparator, Deadline, Level, PlanTerms, Source, Span, Target, Thousandths, UnitType,
};
use keng_shared::text;
use keng_shared::time::LocalDate;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::OnceLock;

const FILES: &[&str] = &[
    include_str!("../../plans/ngoc_lac_2024.toml"),
    include_str!("../../plans/thanh_hoa_district_2024.toml"),
    include_str!("../../plans/thap_muoi_2024.toml"),
    include_str!("../../plans/tuyen_quang_2022.toml"),
    include_str!("../../plans/hung_yen_2026.toml"),
];

/// A plan of a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadyMade {
    /// Names it.
    pub id: String,
    title: String,
    issuer: String,
    source: String,
    /// The tier that issued it, for people who choose.
    tier: String,
    year: i32,
    period: Span,
    #[serde(default)]
    due: Option<LocalDate>,
    /// Its targets.
    #[serde(rename = "target")]
    pub targets: Vec<ReadyTarget>,
}

/// A target of a file; a rate's value is in per cent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadyTarget {
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "names the target among all plans; the test that counts them reads it"
        )
    )]
    id: String,
    code: String,
    text: String,
    measure: String,
    comparator: Comparator,
    value: f64,
    applies_to: Vec<UnitType>,
    levels: Vec<Level>,
    aggregation: Aggregation,
    #[serde(default)]
    source: Option<Source>,
    #[serde(default)]
    period: Option<Span>,
    #[serde(default)]
    deadline: Option<Deadline>,
    #[serde(default)]
    named: Vec<String>,
    #[serde(default)]
    excluded: Vec<String>,
    #[serde(default)]
    note: String,
}

/// Every plan that ships with the program.
pub fn all() -> Result<&'static [ReadyMade], toml::de::Error> {
    static READ: OnceLock<Result<Vec<ReadyMade>, toml::de::Error>> = OnceLock::new();
    let read = READ.get_or_init(|| FILES.iter().map(|file| toml::from_str(file)).collect());
    read.as_deref().map_err(Clone::clone)
}

/// A target of a plan that ships, as it is for a year and an area.
pub struct Shipped {
    /// Its plan, by its place.
    pub plan: usize,
    /// Its words, folded.
    pub key: String,
    /// The target.
    pub target: Target,
    /// What of it is not as the plan has it.
    pub gap: Option<GapCause>,
}

/// Every target of the plans that ship.
pub fn shipped(tree: &AreaTree, area: Option<AreaId>, year: i32) -> Vec<Shipped> {
    let plans = all().unwrap_or_default().iter().enumerate();
    let of_plan = |(place, plan): (usize, &ReadyMade)| {
        let draft = match area {
            Some(area) => plan.draft_in(tree, area, year),
            None => plan.draft(AreaId(0), year, |_| None),
        };
        let gap = |code: &str| {
            let gap = draft.gaps.iter().find(|gap| gap.code == code);
            gap.map(|gap| gap.cause.clone())
        };
        let targets = draft.terms.targets.iter().map(|target| Shipped {
            plan: place,
            key: words_key(&target.text),
            gap: gap(&target.code),
            target: target.clone(),
        });
        targets.collect::<Vec<_>>()
    };
    plans.flat_map(of_plan).collect()
}

/// Words of a target without case, marks and years, to know them again in another year.
pub fn words_key(words: &str) -> String {
    let is_year = |word: &&str| {
        !(word.len() == 4 && word.starts_with("20") && word.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let key = text::search_key(words);
    key.split(' ').filter(is_year).collect::<Vec<_>>().join(" ")
}

impl ReadyMade {
    /// Whether the target of this number names no units.
    #[cfg(test)]
    pub fn names_nobody(&self, code: &str) -> bool {
        let target = self.targets.iter().find(|target| target.code == code);
        target.is_some_and(|target| target.named.is_empty() && target.excluded.is_empty())
    }

    /// The line in a list.
    pub fn line(&self) -> ReadyMadePlan {
        ReadyMadePlan {
            id: self.id.clone(),
            title: self.title.clone(),
            issuer: self.issuer.clone(),
            tier: self.tier.clone(),
            year: self.year,
            targets: u32::try_from(self.targets.len()).unwrap_or(u32::MAX),
        }
    }

    /// Its targets without the communes that they name.
    pub fn templates(&self) -> impl Iterator<Item = Target> {
        let entered = |target: &ReadyTarget| target.entered(Vec::new(), Vec::new());
        self.targets.iter().map(entered)
    }

    /// The plan as one of `area` for `year`, with the communes of that year by their names.
    pub fn draft_in(&self, tree: &AreaTree, area: AreaId, year: i32) -> PlanDraft {
        let communes = communes_of(tree, &self.draft(area, year, |_| None).terms);
        let find = |name: &str| communes.iter().copied().find(|id| is_named(tree, *id, name));
        let mut draft = self.draft(area, year, find);
        // No commune issued any of them.
        if tree.get(area).is_some_and(|area| area.kind == AreaKind::Commune) {
            let larger = draft
                .terms
                .targets
                .iter()
                .filter(|target| is_of_larger_whole(target));
            draft.gaps.extend(larger.map(|target| DraftGap {
                code: target.code.clone(),
                cause: GapCause::OfLargerWhole,
            }));
        }
        draft
    }

    /// The plan as one of `area` for `year`. `find` gives the commune of this name below the area; the answer says which
    /// names were not found, and which targets are therefore not to be asked.
    pub fn draft(&self, area_id: AreaId, year: i32, find: impl Fn(&str) -> Option<AreaId>) -> PlanDraft {
        let mut not_found: Vec<String> = Vec::new();
        let mut gaps: Vec<DraftGap> = Vec::new();
        let mut targets = Vec::with_capacity(self.targets.len());
        for target in &self.targets {
            let known = |names: &[String]| names.iter().filter_map(|name| find(name)).collect::<Vec<_>>();
            let (named, excluded) = (known(&target.named), known(&target.excluded));
            let unknown = target
                .named
                .iter()
                .chain(&target.excluded)
                .filter(|name| find(name).is_none());
            let names: Vec<String> = unknown.cloned().collect();
            if !names.is_empty() {
                not_found.extend(names.iter().cloned());
                let cause = match named.is_empty() && !target.named.is_empty() {
                    true => GapCause::NoneNamed { names },
                    false => GapCause::SomeMissing { names },
                };
                gaps.push(DraftGap {
                    code: target.code.clone(),
                    cause,
                });
            }
            targets.push(target.entered(named, excluded));
        }
        let mut seen = BTreeSet::new();
        not_found.retain(|name| seen.insert(name.clone()));
        let terms = PlanTerms {
            area_id,
            title: self.title.clone(),
            issuer: self.issuer.clone(),
            number: String::new(),
            issued_on: None,
            period: self.period,
            cut_off: None,
            due: self.due,
            source: self.source.clone(),
            targets,
        };
        PlanDraft {
            terms: terms.years_later(year - self.year),
            not_found,
            gaps,
        }
    }
}

/// Whether the commune is called so, with or without "xã", "phường", "thị trấn" before it.
fn is_named(tree: &AreaTree, commune: AreaId, name: &str) -> bool {
    let Some(area) = tree.get(commune) else {
        return false;
    };
    let (own, asked) = (text::search_key(&area.name), text::search_key(name));
    let bare = ["xa ", "phuong ", "thi tran "]
        .iter()
        .find_map(|prefix| own.strip_prefix(prefix));
    own == asked || bare == Some(asked.as_str())
}

impl ReadyTarget {
    fn entered(&self, named: Vec<AreaId>, excluded: Vec<AreaId>) -> Target {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "values of the files are small; a test reads them all"
        )]
        let value = Thousandths((self.value * 1_000.0).round() as i64);
        Target {
            code: self.code.clone(),
            text: self.text.clone(),
            measure: self.measure.clone(),
            comparator: self.comparator,
            value,
            applies_to: self.applies_to.clone(),
            levels: self.levels.clone(),
            aggregation: self.aggregation.clone(),
            source: self.source.clone(),
            period: self.period,
            deadline: self.deadline,
            excluded,
            named,
            own: Vec::new(),
            note: self.note.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::kind::{self, FieldSpec, FieldType, KindShape};
    use keng_shared::record::RecordStatus;
    use keng_shared::target::{
        Amount, Cell, Condition, Facts, Progress, Ruling, SplitBy, Unit, assess, judge, parse_plan,
    };
    use keng_shared::time::start_of_day;
    use serde_json::{Map, Value, json};

    const PLACE: AreaId = AreaId(7);

    fn drafts() -> Vec<(&'static ReadyMade, PlanTerms)> {
        let plans = all().unwrap();
        let found = |plan: &ReadyMade| plan.draft(AreaId(1), plan.year, |_| Some(PLACE)).terms;
        plans.iter().map(|plan| (plan, found(plan))).collect()
    }

    #[test]
    fn all_82_targets_of_the_five_plans_can_be_entered_and_each_names_its_source() {
        let ids: BTreeSet<&str> = drafts()
            .iter()
            .flat_map(|(plan, _)| plan.targets.iter().map(|target| target.id.as_str()))
            .collect();
        assert_eq!(ids.len(), 82);
        for (plan, terms) in drafts() {
            assert!(
                !terms.source.is_empty() && !terms.issuer.is_empty(),
                "{}",
                plan.id
            );
            assert_eq!(parse_plan(terms.clone()), Ok(terms), "{}", plan.id);
        }
    }

    #[test]
    fn the_targets_are_those_of_the_inventory_word_for_word() {
        let Ok(text) = std::fs::read_to_string("../../shared/domain/inventory.json") else {
            return; // The inventory is not part of the project.
        };
        let inventory: Value = serde_json::from_str(&text).unwrap();
        let ours: Vec<&ReadyTarget> = all().unwrap().iter().flat_map(|plan| &plan.targets).collect();
        for target in inventory["targets"].as_array().unwrap() {
            let entered = ours.iter().find(|ours| target["id"] == ours.id.as_str());
            assert_eq!(entered.unwrap().text, target["text_vi"].as_str().unwrap());
        }
    }

    #[test]
    fn a_record_that_says_what_a_target_asks_for_counts_and_moves_its_figure() {
        for (plan, terms) in drafts() {
            for (ready, target) in plan.targets.iter().zip(&terms.targets) {
                // The one place of this test is exempt from nothing.
                let target = &Target {
                    excluded: Vec::new(),
                    ..target.clone()
                };
                let rule = terms.rule(target);
                let unit = Unit {
                    communes: 1,
                    areas: 1,
                };
                let on = |cells: &[Cell<'_>]| {
                    let last = rule.last_day(PLACE, PLACE);
                    assess(target, unit, cells, target.value, rule.period, last, last)
                };
                let nothing = on(&[]);
                assert_ne!(nothing.progress, Progress::Met, "{}: nothing was done", ready.id);
                let Some(source) = &target.source else { continue };
                let last = rule.last_day(PLACE, PLACE);
                let body = body_for(source, last);
                let facts = Facts {
                    kind: &source.kind,
                    area: AreaId(8),
                    commune: PLACE,
                    local_date: day_for(source, &body).unwrap_or(last),
                    status: RecordStatus::Accepted,
                    accepted_at: Some(start_of_day(last)),
                    body: &body,
                };
                let shares = match judge(&rule, &facts) {
                    Some(Ruling::Counted(shares)) => shares,
                    other => panic!("{}: {other:?} for {body}", ready.id),
                };
                let cells: Vec<Cell<'_>> = shares
                    .iter()
                    .map(|share| Cell {
                        commune: PLACE,
                        area: share.area,
                        part: &share.part,
                        amount: share.amount,
                        total: share.total,
                        records: 1,
                    })
                    .collect();
                assert!(on(&cells).figure.is_some(), "{}", ready.id);
                assert_ne!(on(&cells), nothing, "{}: the figure moved", ready.id);
            }
        }
    }

    /// The last of the days that the target asks for as of what the body says; none where any day will do.
    fn day_for(source: &Source, body: &Value) -> Option<LocalDate> {
        source.conditions.iter().find_map(|condition| match condition {
            Condition::Within { field, windows } => windows
                .iter()
                .find(|window| body[field] == window.answer.as_str())
                .map(|window| window.days.to),
            _ => None,
        })
    }

    /// A body that the kind takes and that the target asks for.
    fn body_for(source: &Source, date: LocalDate) -> Value {
        let kind = kind::find(&source.kind).unwrap();
        if kind.shape == KindShape::Loudspeaker {
            return json!({"topic": "fire_safety", "minutes": 10, "areas": [{"area_id": 8}]});
        }
        let mut body: Map<String, Value> = kind
            .fields
            .iter()
            .map(|field| (field.id.to_owned(), any_answer(field, date)))
            .collect();
        for condition in &source.conditions {
            match condition {
                Condition::OneOf { field, answers } => {
                    let spec = kind.fields.iter().find(|spec| spec.id == field).unwrap();
                    let answer = match spec.field_type {
                        FieldType::YesNo => json!(answers[0] == "true"),
                        FieldType::Choices { .. } => json!([answers[0]]),
                        _ => json!(answers[0]),
                    };
                    body.insert(field.clone(), answer);
                }
                // It says nothing of the answer, only of the day.
                Condition::Within { .. } => {}
                Condition::Mentions { field, words } => {
                    body.insert(field.clone(), json!(format!("V/v {}", words[0])));
                }
            }
        }
        if let Some(SplitBy::Field { field, among }) = &source.split
            && !among.is_empty()
        {
            body.insert(field.clone(), json!(among[0]));
        }
        if let Amount::Share { field, one_of } = &source.amount {
            body.insert(field.clone(), json!(one_of[0]));
        }
        kind.parse_plain(&Value::Object(body)).unwrap()
    }

    fn any_answer(field: &FieldSpec, date: LocalDate) -> Value {
        match field.field_type {
            FieldType::Text { .. } | FieldType::LongText { .. } => json!("Chữ"),
            FieldType::Integer { min, .. } => json!(min.max(1)),
            FieldType::Money => json!(1),
            FieldType::YesNo => json!(true),
            FieldType::Url => json!("https://thanhhoa.gov.vn"),
            FieldType::DocumentNumber => json!("12/KH-UBND"),
            FieldType::Date => json!(date.to_string()),
            FieldType::Dates => json!({"from": date.to_string(), "to": date.to_string()}),
            FieldType::Choice { choices } => json!(choices[0].id),
            FieldType::Choices { choices } => json!([choices[0].id]),
        }
    }

    #[test]
    fn a_plan_of_2024_taken_up_for_2027_moves_every_date_and_tells_names_it_does_not_find() {
        let plan = all()
            .unwrap()
            .iter()
            .find(|plan| plan.id == "ngoc_lac_2024")
            .unwrap();
        let draft = plan.draft(AreaId(1), 2027, |name| (name == "Lam Sơn").then_some(PLACE));
        assert!(draft.terms.title.ends_with("năm 2027"), "{}", draft.terms.title);
        assert_eq!(draft.terms.period.to.to_string(), "2027-12-31");
        let resolution = draft
            .terms
            .targets
            .iter()
            .find(|target| target.code == "A1.1")
            .unwrap();
        assert_eq!(resolution.deadline.unwrap().last_day().to_string(), "2027-03-11");
        assert!(draft.not_found.contains(&"Quang Trung".to_owned()));
        let of = |code: &str| {
            draft
                .gaps
                .iter()
                .find(|gap| gap.code == code)
                .map(|gap| &gap.cause)
        };
        assert_eq!(of("A1.11a"), None, "Lam Sơn is here");
        let names = vec!["Quang Trung".to_owned()];
        assert_eq!(of("A1.10a"), Some(&GapCause::NoneNamed { names }));
        assert!(of("A2.c").is_some_and(|cause| !cause.sets_aside()));
        assert!(!draft.not_found.contains(&"Lam Sơn".to_owned()));
    }
}
