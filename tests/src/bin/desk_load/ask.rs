//! What the pages of the desk ask for, timed one request after the other.

use keng_shared::client::{Client, HttpRequest, Method};
use keng_tests::province;
use keng_tests::stage::{Stage, Worker};
use keng_tests::transport::{Address, Http};
use std::time::{Duration, Instant};

/// Requests of each sort that are timed, and that go before to warm up.
const TIMES: usize = 40;
const WARM: usize = 3;

/// How long one sort of request takes.
pub struct Asked {
    pub what: &'static str,
    pub median: Duration,
    slowest: Duration,
    /// Answers that were refused; a figure with any says nothing.
    refused: usize,
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        write!(f, "{:.1} / {:.1} ms", ms(self.median), ms(self.slowest))?;
        match self.refused {
            0 => Ok(()),
            refused => write!(f, " ({refused} refused)"),
        }
    }
}

/// Every sort of request, by staff of the province.
pub async fn everything(stage: &Stage, address: &Address) -> Vec<Asked> {
    let client = Client::new(Http::new(address.clone()));
    let commune = province::FIRST + 17;
    let today = stage.now().local_date().expect("a date");
    let ago = |days: u64| {
        today
            .checked_sub_days(chrono::Days::new(days))
            .expect("a date")
            .to_string()
    };
    let view = "south_e7=200000000&west_e7=1050000000&north_e7=205000000&east_e7=1058000000&square_e7=400000";
    let near = "south_e7=200000000&west_e7=1050000000&north_e7=200200000&east_e7=1050300000&square_e7=15000";
    let sorts = [
        ("list: newest 100", "/records?limit=100".to_owned()),
        (
            "list: newest 100 of a commune",
            format!("/records?limit=100&area={commune}"),
        ),
        ("list: accepted", "/records?limit=100&status=accepted".to_owned()),
        ("list: returned", "/records?limit=100&status=returned".to_owned()),
        (
            "list: patrols with flags",
            "/records?limit=100&kind=patrol&flagged=false".to_owned(),
        ),
        (
            "order: by area, one commune",
            format!("/records?limit=100&sort=area&area={commune}"),
        ),
        (
            "search: common words",
            "/records?limit=100&search=nha+van+hoa".to_owned(),
        ),
        (
            "search: rare words",
            "/records?limit=100&search=cay+da+lang".to_owned(),
        ),
        (
            "search: rare words in a commune",
            format!("/records?limit=100&search=cay+da+lang&area={commune}"),
        ),
        (
            "queue: riskiest 50",
            "/records?limit=50&sort=risk&status=submitted".to_owned(),
        ),
        ("counts", "/records/counts".to_owned()),
        (
            "calendar: week of a commune",
            format!("/broadcast/week?area={commune}"),
        ),
        (
            "calendar: coverage of a commune",
            format!("/broadcast/coverage?area={commune}&weeks=4"),
        ),
        (
            "map: province, 30 days",
            format!("/map/records?from={}&to={today}&{view}", ago(29)),
        ),
        (
            "map: province, a year",
            format!("/map/records?from={}&to={today}&{view}", ago(365)),
        ),
        (
            "map: commune, a year",
            format!("/map/records?from={}&to={today}&{view}&area={commune}", ago(365)),
        ),
        (
            "map: near, a year",
            format!("/map/records?from={}&to={today}&{near}", ago(365)),
        ),
    ];
    let mut all = Vec::new();
    for (what, path) in sorts {
        all.push(timed(stage, &client, &stage.viewer, what, &path).await);
    }
    all
}

async fn timed(stage: &Stage, client: &Client<Http>, who: &Worker, what: &'static str, path: &str) -> Asked {
    // The token lives ten minutes, a slow round may not.
    client.set_token(Some(stage.token(who)));
    let (mut took, mut refused) = (Vec::new(), 0);
    for number in 0..WARM + TIMES {
        let began = Instant::now();
        let answer = client.send(HttpRequest::new(Method::Get, path)).await;
        if answer.is_err() {
            refused += 1;
        }
        if number >= WARM {
            took.push(began.elapsed());
        }
    }
    took.sort_unstable();
    let at = |share: usize| took.get(took.len() * share / 100).copied().unwrap_or_default();
    Asked {
        what,
        median: at(50),
        slowest: at(95),
        refused,
    }
}
