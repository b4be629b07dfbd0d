//! Targets (chỉ tiêu): what a plan asks of its units, and which accepted records move it.
//!
//! A plan has a period, a cut-off and a due date of its own, none of which follows the calendar. A target counts records
//! of one kind by one pure rule ([`judge`]), which says of a record either what it adds and where, or one reason why
//! not. A figure is the sum of what counted; [`assess`] compares it with what was asked.
//!
//! Invariants: the figure of a target is always the sum of the shares that count; numbers are compared exactly and rounded
//! only to be shown; nothing that was accepted after the cut-off moves a figure.

mod assess;
mod check;
mod figure;
mod later;
mod plan;
mod rule;
mod settle;

pub use assess::{assess, assess_over, days_of_parts};
pub use check::{MAX_TARGETS, parse_plan};
pub use figure::{Asked, Assessment, Cell, Extent, Missing, PartState, Progress, Rollup, Unit};
pub use plan::{
    Aggregation, Amount, Comparator, Condition, Deadline, DeadlineRule, Keep, Level, Limit, LimitKey,
    OwnTerms, PlanTerms, Reach, Source, Span, Split, SplitBy, Target, Thousandths, UnitType, Window,
};
pub use rule::{Facts, NotCounted, Rule, Ruling, Share, judge};
pub use settle::{Entry, Standing, settle};

/// Counts up whenever the same records may add up to something else. A server that meets figures of another version
/// counts anew.
pub const RULES_VERSION: u32 = 2;
