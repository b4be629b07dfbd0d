//! Turns fixes and interruptions into segments.
//!
//! A segment is closed when it is full, when it is five minutes old, and when anything interrupts the fixes. The next
//! one says how it joins: it *continues*, or it starts *after a gap* with the reason. No line is drawn across a gap,
//! and none is needed: what was not seen is not claimed.

use keng_shared::id::{RecordId, SegmentId};
use keng_shared::json::{FromJson, ToJson};
use keng_shared::track::{GapReason, MAX_POINTS, MAX_SEGMENTS, SegmentStart, TrackPoint, TrackSegment};
use uuid::Uuid;

/// Fixes in a segment before it is closed and can be sent.
pub const SEGMENT_POINTS: usize = 60;
/// Milliseconds after which a segment is closed and can be sent.
pub const SEGMENT_MS: i64 = 5 * 60_000;
/// Silence between two fixes that counts as a gap: the phone found no position.
const SILENCE_MS: i64 = 90_000;
/// From this number on segments are filled to [`MAX_POINTS`], so that the longest night fits into [`MAX_SEGMENTS`].
const LONG_FROM: u32 = 300;

/// Records the track of one patrol.
#[derive(Debug, Clone, PartialEq, Eq, FromJson, ToJson)]
pub struct Recorder {
    record_id: RecordId,
    next_number: u32,
    open: Option<TrackSegment>,
    last: Option<TrackPoint>,
    gap: Option<GapReason>,
    paused: bool,
}

impl Recorder {
    /// A recorder without a fix.
    pub fn new(record_id: RecordId) -> Self {
        Self {
            record_id,
            next_number: 0,
            open: None,
            last: None,
            gap: None,
            paused: false,
        }
    }

    /// Takes a fix; returns the segment that it completed. `fresh` becomes the id of a segment that it opens.
    ///
    /// A fix without a place on the globe, one that is not later than the one before, and one during a pause are left out.
    pub fn fix(&mut self, point: TrackPoint, fresh: Uuid) -> Option<TrackSegment> {
        let is_late = self.last.is_none_or(|last| point.at > last.at);
        if self.paused || !is_late || !point.position.is_valid() {
            return None;
        }
        let silence = self.last.is_some_and(|last| point.at.since(last.at) > SILENCE_MS);
        if silence && self.gap.is_none() {
            self.gap = Some(GapReason::NoFix);
        }
        let interrupted = if self.gap.is_some() {
            self.open.take()
        } else {
            None
        };
        let start = self.start();
        self.last = Some(point);
        self.gap = None;
        match &mut self.open {
            Some(segment) => segment.points.push(point),
            None if self.next_number >= MAX_SEGMENTS => return interrupted,
            None => {
                self.open = Some(TrackSegment {
                    id: SegmentId(fresh),
                    record_id: self.record_id,
                    number: self.next_number,
                    start,
                    points: vec![point],
                });
                self.next_number += 1;
            }
        }
        if interrupted.is_some() {
            return interrupted;
        }
        self.open.take_if(|segment| is_full(segment))
    }

    /// Fixes stop for a reason; returns the segment that ends here.
    pub fn interrupt(&mut self, reason: GapReason) -> Option<TrackSegment> {
        self.gap = Some(match (self.gap, reason) {
            // Why the person stopped says more than what the phone did during the break.
            (Some(GapReason::Paused), _) => GapReason::Paused,
            // A page is hidden before it is killed; what counts is that the app was closed.
            (_, GapReason::AppClosed | GapReason::Paused) => reason,
            (Some(earlier), _) => earlier,
            (None, _) => reason,
        });
        self.open.take()
    }

    /// A break begins.
    pub fn pause(&mut self) -> Option<TrackSegment> {
        self.paused = true;
        self.interrupt(GapReason::Paused)
    }

    /// A break ends.
    pub fn resume(&mut self) {
        self.paused = false;
    }

    /// The patrol ends; returns the last segment.
    pub fn finish(&mut self) -> Option<TrackSegment> {
        self.open.take()
    }

    /// The segment that is being recorded.
    pub fn open(&self) -> Option<&TrackSegment> {
        self.open.as_ref()
    }

    /// The last fix.
    pub fn last(&self) -> Option<TrackPoint> {
        self.last
    }

    /// Why there are no fixes now, if they were interrupted.
    pub fn gap(&self) -> Option<GapReason> {
        self.gap
    }

    /// Whether the patrol takes a break.
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    fn start(&self) -> SegmentStart {
        match (self.last, self.gap) {
            (None, _) => SegmentStart::First,
            (Some(_), Some(reason)) => SegmentStart::AfterGap { reason },
            (Some(_), None) => SegmentStart::Continues,
        }
    }
}

fn is_full(segment: &TrackSegment) -> bool {
    let age = match (segment.points.first(), segment.points.last()) {
        (Some(first), Some(last)) => last.at.since(first.at),
        _ => 0,
    };
    if segment.number >= LONG_FROM {
        return segment.points.len() >= MAX_POINTS;
    }
    segment.points.len() >= SEGMENT_POINTS || age >= SEGMENT_MS
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::geo::LatLon;
    use keng_shared::time::Millis;
    use keng_shared::track::summarise;

    struct Walk {
        recorder: Recorder,
        closed: Vec<TrackSegment>,
        ids: u128,
    }

    impl Walk {
        fn start() -> Self {
            Self {
                recorder: Recorder::new(RecordId(Uuid::nil())),
                closed: Vec::new(),
                ids: 0,
            }
        }

        /// One fix a second north of the one before, about a metre on.
        fn at(&mut self, second: i64) -> &mut Self {
            self.ids += 1;
            let point = TrackPoint {
                at: Millis(second * 1000),
                position: LatLon::from_degrees(20.0 + second as f64 * 1e-5, 105.0).unwrap(),
                accuracy_cm: 500,
            };
            self.closed
                .extend(self.recorder.fix(point, Uuid::from_u128(self.ids)));
            self
        }

        fn interrupt(&mut self, reason: GapReason) -> &mut Self {
            self.closed.extend(self.recorder.interrupt(reason));
            self
        }

        fn end(&mut self) -> Vec<(u32, SegmentStart, usize)> {
            self.closed.extend(self.recorder.finish());
            let described = self.closed.iter().map(|s| (s.number, s.start, s.points.len()));
            described.collect()
        }
    }

    const fn after(reason: GapReason) -> SegmentStart {
        SegmentStart::AfterGap { reason }
    }

    #[test]
    fn a_full_segment_is_closed_and_the_next_one_continues() {
        let mut walk = Walk::start();
        for second in 0..70 {
            walk.at(second);
        }
        assert_eq!(
            walk.end(),
            [(0, SegmentStart::First, 60), (1, SegmentStart::Continues, 10)]
        );
        assert_eq!(summarise(&walk.closed).moving_ms, 69_000);
    }

    #[test]
    fn a_segment_is_closed_after_five_minutes_so_that_little_is_lost_with_the_phone() {
        let mut walk = Walk::start();
        for i in 0..=12 {
            walk.at(i * 30);
        }
        assert_eq!(
            walk.end(),
            [(0, SegmentStart::First, 11), (1, SegmentStart::Continues, 2)]
        );
    }

    #[test]
    fn a_locked_screen_makes_a_gap_with_its_reason() {
        let mut walk = Walk::start();
        walk.at(0).at(1).interrupt(GapReason::ScreenOff).at(40).at(41);
        assert_eq!(
            walk.end(),
            [(0, SegmentStart::First, 2), (1, after(GapReason::ScreenOff), 2)]
        );
        assert_eq!(summarise(&walk.closed).moving_ms, 2_000);
    }

    #[test]
    fn silence_without_a_known_reason_is_a_gap_without_a_fix() {
        let mut walk = Walk::start();
        walk.at(0).at(1).at(200);
        assert_eq!(
            walk.end(),
            [(0, SegmentStart::First, 2), (1, after(GapReason::NoFix), 1)]
        );
    }

    #[test]
    fn a_hidden_page_that_is_then_killed_is_a_closed_app() {
        let mut walk = Walk::start();
        walk.at(0)
            .interrupt(GapReason::ScreenOff)
            .interrupt(GapReason::AppClosed)
            .at(9);
        assert_eq!(walk.end()[1].1, after(GapReason::AppClosed));
    }

    #[test]
    fn fixes_during_a_break_are_left_out_and_the_break_is_the_reason_even_if_the_app_was_closed_meanwhile() {
        let mut walk = Walk::start();
        walk.at(0);
        walk.closed.extend(walk.recorder.pause());
        walk.at(1).interrupt(GapReason::AppClosed).at(2);
        walk.recorder.resume();
        walk.at(3);
        assert_eq!(
            walk.end(),
            [(0, SegmentStart::First, 1), (1, after(GapReason::Paused), 1)]
        );
    }

    #[test]
    fn an_interruption_before_the_first_fix_makes_no_gap() {
        let mut walk = Walk::start();
        walk.interrupt(GapReason::Denied).at(5);
        assert_eq!(walk.end(), [(0, SegmentStart::First, 1)]);
    }

    #[test]
    fn a_fix_that_is_not_later_than_the_one_before_is_left_out() {
        let mut walk = Walk::start();
        walk.at(5).at(5).at(3).at(6);
        assert_eq!(walk.end(), [(0, SegmentStart::First, 2)]);
    }

    #[test]
    fn the_longest_night_fits_and_every_segment_passes_the_servers_check() {
        let mut walk = Walk::start();
        for s in 0..16 * 3600 {
            walk.at(s);
        }
        walk.end();
        assert!(walk.closed.len() <= MAX_SEGMENTS as usize);
        assert!(walk.closed.iter().all(|s| s.check().is_ok()));
        assert_eq!(
            walk.closed.iter().map(|s| s.points.len()).sum::<usize>(),
            16 * 3600
        );
    }
}
