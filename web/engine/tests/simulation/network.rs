//! Calls on their way, and the server's own life.

use super::*;

impl World {
    pub(super) fn send(&mut self, at: usize, request: RequestId, call: Call) {
        self.phones[at].calls += 1;
        let token_until = self.phones[at].token_until;
        let is_lost = !self.calm && self.dice.per_cent(self.weather.lost);
        let is_doubled = !self.calm && self.dice.per_cent(self.weather.doubled);
        if is_doubled {
            self.figures.doubled += 1;
            let delay = self.dice.below(90_000) as i64;
            let call = call.clone();
            let echo = Happening::Arrives {
                request,
                call,
                token_until,
                echo: true,
            };
            self.later(delay, at, echo);
        }
        if is_lost {
            self.figures.lost += 1;
            let result = Box::new(Err(Failure::NoAnswer));
            self.later(20_000, at, Happening::Answered { request, result });
            return;
        }
        let delay = self.dice.below(if self.calm { 200 } else { 5_000 }) as i64;
        let arrival = Happening::Arrives {
            request,
            call,
            token_until,
            echo: false,
        };
        self.later(delay, at, arrival);
    }

    pub(super) fn arrives(
        &mut self,
        at: usize,
        life: u64,
        request: RequestId,
        call: Call,
        token_until: i64,
        echo: bool,
    ) {
        let storm = !self.calm;
        let result = if storm && self.dice.per_cent(self.weather.portal) {
            Err(Failure::NotOurs { status: 200 })
        } else if storm && self.dice.per_cent(self.weather.busy) {
            Err(problem(ProblemCode::Busy))
        } else if !matches!(call, Call::Refresh) && token_until < self.now {
            self.figures.expired_tokens += 1;
            Err(problem(ProblemCode::TokenExpired))
        } else {
            self.serve(at, &call)
        };
        if echo || self.phones[at].life != life {
            return;
        }
        let is_lost = storm && self.dice.per_cent(self.weather.lost);
        let (delay, result) = if is_lost {
            self.figures.lost += 1;
            (20_000, Err(Failure::NoAnswer))
        } else {
            (self.dice.below(if storm { 3_000 } else { 100 }) as i64, result)
        };
        let result = Box::new(result);
        self.later(delay, at, Happening::Answered { request, result });
    }

    pub(super) fn serve(&mut self, at: usize, call: &Call) -> Result<Answer, Failure> {
        let user = self.phones[at].owner.user_id;
        let Call::Push(request) = call else {
            return self.server.answer(user, call, Millis(self.now));
        };
        let chance = if self.calm { 0 } else { self.weather.later };
        let (mut now, mut put_off) = (Vec::new(), Vec::new());
        for op in &request.ops {
            if self.dice.per_cent(chance) {
                put_off.push(op.id);
            } else {
                now.push(op.clone());
            }
        }
        if now.is_empty() {
            return Err(problem(ProblemCode::Busy));
        }
        let request = PushRequest {
            ops: now,
            ..request.clone()
        };
        let mut answer = self.server.answer(user, &Call::Push(request), Millis(self.now));
        if let Ok(Answer::Pushed(answer)) = &mut answer {
            answer.results.extend(put_off.into_iter().map(|id| OpResult {
                id,
                outcome: OpOutcome::Later {
                    problem: Box::new(Problem::new(ProblemCode::Busy)),
                },
            }));
        }
        answer
    }

    /// What the server acknowledges in an answer that reaches the phone.
    pub(super) fn acknowledge(&mut self, at: usize, result: &Result<Answer, Failure>) {
        let Ok(Answer::Pushed(_)) = result else { return };
        for (id, form) in self.forms.iter_mut().filter(|(_, form)| form.phone == at) {
            let Some(stored) = self.server.state.records.get(id) else {
                continue;
            };
            // A put is acknowledged at the latest when an answer to a later push arrives.
            if stored.status != RecordStatus::Withdrawn && !form.is_patrol && form.acknowledged == 0 {
                form.acknowledged = 1;
            }
        }
    }

    pub(super) fn server_acts(&mut self) {
        let act = self.dice.below(8);
        self.say(|| format!("server act {act}"));
        match act {
            0 | 1 => self.backup = Some(self.server.state.clone()),
            2 => {
                if let Some(backup) = self.backup.take() {
                    self.figures.restores += 1;
                    self.restored = true;
                    self.server.restore(backup);
                }
            }
            3 => {
                self.figures.scope_changes += 1;
                self.server.leave(user(0), COMMUNES[0]);
            }
            4 => {
                self.figures.scope_changes += 1;
                self.server.join(user(0), COMMUNES[0]);
            }
            5 => {
                self.figures.scope_changes += 1;
                let commune = COMMUNES[self.dice.below(2) as usize];
                self.server.move_area(VILLAGE, commune);
            }
            _ => {
                let ids: Vec<_> = self.server.state.records.keys().copied().collect();
                if let Some(id) = self.dice.pick(&ids) {
                    let verdict = if self.dice.per_cent(50) {
                        Verdict::Accepted
                    } else {
                        Verdict::Returned
                    };
                    self.server.review(id, verdict, "Ảnh mờ", Millis(self.now));
                }
            }
        }
    }
}
