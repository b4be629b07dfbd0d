//! `cargo xtask bench targets`: 82 targets over 500 communes, on both databases, and how that grows with the records.
//!
//! The province is that of `bench desk`; its records are of the kinds that the five shipped plans count, all accepted. One
//! plan holds the 82 targets. Measured are the count of everything, the matrix (unchanged, and right after a change), and
//! what a review costs with and without the plan. Every figure is a whole request of one client.
#![expect(
    clippy::expect_used,
    reason = "a driver that cannot set up its stage has nothing to measure"
)]

mod work;

use keng_shared::api::{NewReview, TargetPlanView};
use keng_shared::client::{Client, HttpRequest, Method};
use keng_shared::id::RecordId;
use keng_shared::record::Verdict;
use keng_shared::target::{Aggregation, PlanTerms};
use keng_tests::binary::{self, Keng};
use keng_tests::stage::{Stage, Worker};
use keng_tests::transport::{Address, Http};
use keng_tests::{Kind, bench, province};
use std::time::{Duration, Instant};

/// Numbers of records that are compared, unless `KENG_BENCH_RECORDS` names others.
const SIZES: [u64; 2] = [10_000, 1_000_000];
/// Requests of each sort that are timed.
const TIMES: usize = 60;
/// Requests that go before to warm up.
const WARM: usize = 5;

fn main() {
    let sizes = bench::sizes(&SIZES);
    let runtime = bench::runtime();
    for kind in bench::databases() {
        runtime.block_on(drive(kind, &sizes));
    }
}

async fn drive(kind: Kind, sizes: &[u64]) {
    println!("\n{kind:?}");
    let stage = Stage::set(kind, 1).await;
    province::communes(&stage).await;
    let mut known = 0;
    for &size in sizes {
        work::fill(&stage, known, size).await;
        known = known.max(size);
        let server = Keng::start(&binary::keng(), &stage);
        let address = Address::default();
        address.set(server.origin.clone());
        let bench = Bench {
            stage: &stage,
            client: Client::new(Http::new(address)),
        };
        bench.measure(size).await;
    }
    stage.strike();
}

struct Bench<'a> {
    stage: &'a Stage,
    client: Client<Http>,
}

impl Bench<'_> {
    async fn measure(&self, size: u64) {
        let alone = self.reviews(None).await;
        let began = Instant::now();
        let plan = self.plan().await;
        let targets = plan.terms.targets.len();
        self.counted(&plan).await;
        let recount = began.elapsed();
        let mut bytes = 0;
        let mut unchanged = Vec::new();
        for number in 0..WARM + TIMES {
            let (took, size) = self.matrix(&plan).await;
            bytes = size;
            if number >= WARM {
                unchanged.push(took);
            }
        }
        let mut changed = Vec::new();
        let beside = self.reviews(Some((&plan, &mut changed))).await;
        println!(
            "  {size} records, {targets} targets × {} communes",
            province::COMMUNES
        );
        println!("    count of everything        {:.1} s", recount.as_secs_f64());
        println!(
            "    matrix                     {} ({} KB)",
            spread(&mut unchanged),
            bytes / 1_000
        );
        println!("    matrix after a change      {}", spread(&mut changed));
        let (without, with) = (median(alone), median(beside));
        println!(
            "    review without, with plan  {:.2}, {:.2} ms: {:.2} ms more",
            ms(without),
            ms(with),
            ms(with) - ms(without)
        );
        self.client.set_token(Some(self.stage.token(&self.stage.viewer)));
        self.client
            .end_target_plan(plan.id, plan.revision)
            .await
            .expect("the end of the plan");
    }

    /// Every shipped target in one plan of the province; codes carry the name of their plan.
    async fn plan(&self) -> TargetPlanView {
        self.client.set_token(Some(self.stage.token(&self.stage.viewer)));
        let province = self.stage.world.province;
        let year = self
            .stage
            .now()
            .local_date()
            .expect("a date")
            .format("%Y")
            .to_string();
        let year: i32 = year.parse().expect("a year");
        let ready = self.client.ready_made_plans().await.expect("the shipped plans");
        let mut whole: Option<PlanTerms> = None;
        for (number, plan) in ready.iter().enumerate() {
            let draft = self.client.draft_ready_made(province, year, &plan.id).await;
            let mut terms = draft.expect("a draft").terms;
            for target in &mut terms.targets {
                target.code = format!("{number}-{}", target.code);
                if let Aggregation::Parts { codes } = &mut target.aggregation {
                    codes
                        .iter_mut()
                        .for_each(|code| *code = format!("{number}-{code}"));
                }
            }
            match &mut whole {
                None => whole = Some(terms),
                Some(whole) => whole.targets.append(&mut terms.targets),
            }
        }
        let terms = whole.expect("five plans");
        self.client.create_target_plan(&terms).await.expect("the plan")
    }

    /// Waits until nothing is being counted any more.
    async fn counted(&self, plan: &TargetPlanView) {
        loop {
            // The token lives ten minutes.
            self.client.set_token(Some(self.stage.token(&self.stage.viewer)));
            let matrix = self.client.target_progress(plan.id, None, None, None).await;
            if matrix.expect("the matrix").waiting == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// One request for the matrix, and how large the answer is.
    async fn matrix(&self, plan: &TargetPlanView) -> (Duration, usize) {
        self.client.set_token(Some(self.stage.token(&self.stage.viewer)));
        let path = format!("/target-plans/{}/progress", plan.id);
        let began = Instant::now();
        let answer = self.client.send(HttpRequest::new(Method::Get, &path)).await;
        let took = began.elapsed();
        (took, answer.expect("the matrix").body.len())
    }

    /// Reviews of records of one commune, one after the other; the matrix is asked for after each, if there is one.
    async fn reviews(&self, mut matrix: Option<(&TargetPlanView, &mut Vec<Duration>)>) -> Vec<Duration> {
        let mut took = Vec::new();
        let worker = self.stage.workers.first().expect("a member");
        for number in 0..WARM + TIMES {
            let id = self.logged(worker).await;
            self.client.set_token(Some(self.stage.token(&self.stage.officer)));
            let review = NewReview {
                verdict: Some(Verdict::Accepted),
                reason: String::new(),
                photos: Vec::new(),
            };
            let began = Instant::now();
            self.client.review(id, 1, &review).await.expect("a review");
            if number >= WARM {
                took.push(began.elapsed());
            }
            if let Some((plan, changed)) = &mut matrix {
                changed.push(self.matrix(plan).await.0);
            }
        }
        took
    }

    async fn logged(&self, worker: &Worker) -> RecordId {
        self.client.set_token(Some(self.stage.token(worker)));
        let draft = self.stage.session(worker);
        self.client.create_record(&draft).await.expect("a record");
        draft.id
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Median and 95th percentile.
fn spread(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    format!("{:.1} / {:.1} ms", ms(at(50)), ms(at(95)))
}
