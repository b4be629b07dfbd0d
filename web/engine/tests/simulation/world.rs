//! The world of one schedule: time, network, server, phones, and the people who use them.

use super::support::phone::{capture, photo_bytes, point};
use super::support::server::{Server, State, problem};
use super::support::{EVENING, bad_session, owner, patrol, photo_id, record_id, session, user};
use keng_engine::store::{Batch, MemoryStore};
use keng_engine::view::{Connection, Stage};
use keng_engine::{
    Answer, Call, Effect, Engine, Event, Failure, Moment, Owner, PatrolEvent, RequestId, Ticket,
};
use keng_shared::evidence::SignedManifest;
use keng_shared::id::{AreaId, PhotoId, RecordId};
use keng_shared::patrol::PatrolEnd;
use keng_shared::problem::{Problem, ProblemCode};
use keng_shared::record::{RecordStatus, Verdict};
use keng_shared::sync::{OpOutcome, OpResult, PushRequest};
use keng_shared::time::Millis;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use uuid::Uuid;

#[path = "dice.rs"]
mod dice;
#[path = "network.rs"]
mod network;
#[path = "people.rs"]
mod people;
#[path = "phones.rs"]
mod phones;
#[path = "verdict.rs"]
mod verdict;

use dice::Dice;
pub use dice::Figures;

const DAY_MS: i64 = 86_400_000;
/// Events after which a schedule is said not to come to rest.
const MOST_EVENTS: usize = 6_000;

/// How bad the weather of a schedule is, in per cent.
#[derive(Debug, Clone, Copy)]
struct Weather {
    lost: u64,
    doubled: u64,
    killed: u64,
    portal: u64,
    busy: u64,
    later: u64,
    token_ms: i64,
}

#[derive(Debug)]
enum Happening {
    Written,
    Arrives {
        request: RequestId,
        call: Call,
        token_until: i64,
        echo: bool,
    },
    Answered {
        request: RequestId,
        result: Box<Result<Answer, Failure>>,
    },
    Wakes {
        number: u64,
    },
    Signed(Box<SignedManifest>),
    Opens,
    Acts,
    ServerActs,
}

/// What a person did that must not be forgotten once it is durable.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Deed {
    Version(RecordId, i64),
    Withdrawal(RecordId),
    Photo(RecordId, PhotoId),
    Fix(RecordId, Millis),
    End(RecordId),
}

struct SimPhone {
    owner: Owner,
    engine: Option<Engine>,
    store: MemoryStore,
    life: u64,
    clock_off_ms: i64,
    token_until: i64,
    batch: Option<(Ticket, Batch, Vec<Deed>)>,
    unflushed: Vec<Deed>,
    calls: usize,
    wake: u64,
    last_fix: Millis,
    walking: Option<RecordId>,
}

/// What the oracle knows of one record.
#[derive(Debug, Default)]
struct Form {
    phone: usize,
    area: i64,
    is_patrol: bool,
    next_version: i64,
    durable: i64,
    acknowledged: i64,
    withdrawn: bool,
    photos: BTreeSet<PhotoId>,
    fixes: BTreeSet<Millis>,
    evicted: bool,
}

pub struct World {
    dice: Dice,
    aloud: bool,
    now: i64,
    sequence: u64,
    queue: BinaryHeap<Reverse<(i64, u64, usize, u64)>>,
    happenings: BTreeMap<u64, Happening>,
    weather: Weather,
    calm: bool,
    server: Server,
    backup: Option<State>,
    restored: bool,
    phones: Vec<SimPhone>,
    forms: BTreeMap<RecordId, Form>,
    fresh: u128,
    next_id: u128,
    events: usize,
    figures: Figures,
    broken: Option<String>,
}

const COMMUNES: [AreaId; 2] = [AreaId(1), AreaId(2)];
const VILLAGE: AreaId = AreaId(11);

impl World {
    pub fn new(seed: u64, aloud: bool) -> Self {
        let mut dice = Dice(seed);
        let harsh = dice.below(4);
        let weather = Weather {
            lost: harsh * dice.below(12),
            doubled: dice.below(20),
            killed: dice.below(3) * dice.below(4),
            portal: dice.below(8),
            busy: dice.below(8),
            later: dice.below(10),
            token_ms: 20_000 + dice.below(600_000) as i64,
        };
        let mut server = Server::new();
        server.move_area(VILLAGE, COMMUNES[0]);
        let count = 1 + dice.below(3) as usize;
        let mut phones = Vec::new();
        for n in 0..count {
            // The third phone is a second device of the first person.
            let person = (n % 2) as u128;
            server.join(user(person), COMMUNES[n % 2]);
            let clock_off_ms = match dice.below(4) {
                0 => dice.below(4 * DAY_MS as u64) as i64 - 2 * DAY_MS,
                1 => dice.below(60_000) as i64 - 30_000,
                _ => 0,
            };
            let store = MemoryStore::new();
            let owner = owner(person, n as u128);
            phones.push(SimPhone {
                owner,
                engine: None,
                store,
                life: 0,
                clock_off_ms,
                token_until: 0,
                batch: None,
                unflushed: Vec::new(),
                calls: 0,
                wake: 0,
                last_fix: Millis(0),
                walking: None,
            });
        }
        Self {
            dice,
            aloud,
            now: EVENING.0,
            sequence: 0,
            queue: BinaryHeap::new(),
            happenings: BTreeMap::new(),
            weather,
            calm: false,
            server,
            backup: None,
            restored: false,
            phones,
            forms: BTreeMap::new(),
            fresh: u128::from(seed) << 64,
            next_id: 0,
            events: 0,
            figures: Figures::default(),
            broken: None,
        }
    }

    /// The night with its weather, then a calm morning until every phone rests.
    pub fn live(&mut self) {
        for phone in 0..self.phones.len() {
            self.open(phone);
            for _ in 0..3 + self.dice.below(6) {
                let at = self.dice.below(300_000) as i64;
                self.later(at, phone, Happening::Acts);
            }
        }
        for _ in 0..self.dice.below(4) {
            let at = self.dice.below(300_000) as i64;
            self.later(at, usize::MAX, Happening::ServerActs);
        }
        self.run_until(EVENING.0 + 330_000);
        self.calm = true;
        self.say(|| "calm".into());
        for round in 0..2 {
            for phone in 0..self.phones.len() {
                if self.phones[phone].engine.is_none() {
                    self.open(phone);
                }
                if let Some(record) = self.phones[phone].walking.take() {
                    self.end_patrol(phone, record);
                }
                self.tell(phone, Event::SendNow);
            }
            self.run_to_rest();
            if round == 0 {
                self.now += 120_000;
            }
        }
    }

    fn later(&mut self, after_ms: i64, phone: usize, happening: Happening) {
        self.sequence += 1;
        let life = self.phones.get(phone).map_or(0, |phone| phone.life);
        self.queue
            .push(Reverse((self.now + after_ms, self.sequence, phone, life)));
        self.happenings.insert(self.sequence, happening);
    }

    fn run_until(&mut self, end: i64) {
        while self.queue.peek().is_some_and(|Reverse((at, ..))| *at <= end) {
            self.next();
        }
        self.now = self.now.max(end);
    }

    fn run_to_rest(&mut self) {
        let end = self.now + 4 * 3_600_000;
        while !self.rests() {
            if self.now > end || self.events > MOST_EVENTS || self.queue.is_empty() {
                let states: Vec<_> = self
                    .phones
                    .iter()
                    .map(|p| (p.calls, p.engine.as_ref().map(Engine::status)))
                    .collect();
                self.broken = Some(format!("the phones do not come to rest: {states:?}"));
                return;
            }
            self.next();
        }
    }

    fn rests(&self) -> bool {
        self.phones.iter().all(|phone| {
            phone.calls == 0
                && phone.batch.is_none()
                // A phone whose last call failed tries again by itself.
                && phone.engine.as_ref().is_some_and(|engine| {
                    engine.waiting() == (0, 0) && engine.status().connection == Connection::Fine
                })
        })
    }

    fn next(&mut self) {
        let Some(Reverse((at, sequence, phone, life))) = self.queue.pop() else {
            return;
        };
        self.events += 1;
        self.now = self.now.max(at);
        let Some(happening) = self.happenings.remove(&sequence) else {
            return;
        };
        let alive = self.phones.get(phone).map(|phone| phone.life);
        match happening {
            Happening::Arrives {
                request,
                call,
                token_until,
                echo,
            } => self.arrives(phone, life, request, call, token_until, echo),
            Happening::ServerActs => self.server_acts(),
            Happening::Acts => self.acts(phone),
            Happening::Opens => self.open(phone),
            // Everything else belongs to the life of the page in which it began.
            _ if alive != Some(life) => {}
            _ if !self.calm && self.dice.per_cent(self.weather.killed) => self.kill(phone),
            Happening::Written => self.written(phone),
            Happening::Answered { request, result } => {
                self.phones[phone].calls -= 1;
                self.acknowledge(phone, &result);
                if let Ok(Answer::Refreshed { .. }) = *result {
                    let life = self.weather.token_ms;
                    self.phones[phone].token_until = self.now + if self.calm { DAY_MS } else { life };
                }
                self.tell(
                    phone,
                    Event::Answered {
                        request,
                        result: *result,
                    },
                );
            }
            Happening::Wakes { number } if number == self.phones[phone].wake => {
                self.tell(phone, Event::Woke);
            }
            Happening::Wakes { .. } => {}
            Happening::Signed(signed) => self.tell(phone, Event::Signed { signed: *signed }),
        }
    }

    fn say(&self, words: impl Fn() -> String) {
        if self.aloud {
            println!("{:>7} {}", self.now - EVENING.0, words());
        }
    }
}
