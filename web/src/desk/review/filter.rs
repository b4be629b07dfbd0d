//! What the review list shows, as it stands in the address of the page.

use keng_shared::api::{RecordQuery, RecordSort};
use keng_shared::id::AreaId;
use keng_shared::record::{Flag, RecordStatus};
use keng_shared::time::LocalDate;

/// Which states are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// What waits for a verdict: the queue.
    #[default]
    Waiting,
    /// What goes on now.
    Open,
    /// What was returned and waits to be mended.
    Returned,
    /// What was accepted.
    Accepted,
    /// Everything.
    All,
}

impl Stage {
    /// All, in the order of the page.
    pub const ALL: [Self; 5] = [
        Self::Waiting,
        Self::Open,
        Self::Returned,
        Self::Accepted,
        Self::All,
    ];

    /// The form in an address; empty for the queue.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "",
            Self::Open => "open",
            Self::Returned => "returned",
            Self::Accepted => "accepted",
            Self::All => "all",
        }
    }

    fn parse(text: &str) -> Self {
        let found = Self::ALL.into_iter().find(|stage| stage.as_str() == text);
        found.unwrap_or_default()
    }

    fn status(self) -> Option<RecordStatus> {
        match self {
            Self::Waiting => Some(RecordStatus::Submitted),
            Self::Open => Some(RecordStatus::Open),
            Self::Returned => Some(RecordStatus::Returned),
            Self::Accepted => Some(RecordStatus::Accepted),
            Self::All => None,
        }
    }
}

/// In which order the queue stands. Other stages are newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// What wants a look most.
    #[default]
    Risk,
    /// What came last.
    Newest,
}

impl Order {
    /// Both, in the order of the page.
    pub const ALL: [Self; 2] = [Self::Risk, Self::Newest];

    /// The form in an address; empty for what is usual.
    fn as_str(self) -> &'static str {
        match self {
            Self::Risk => "",
            Self::Newest => "newest",
        }
    }

    fn parse(text: &str) -> Self {
        let found = Self::ALL.into_iter().find(|order| order.as_str() == text);
        found.unwrap_or_default()
    }
}

/// What the list shows. Everything given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// In this state.
    pub stage: Stage,
    /// Order of the queue.
    pub order: Order,
    /// Of this kind; empty for any.
    pub kind: String,
    /// In this area or below.
    pub area: Option<AreaId>,
    /// Local date from.
    pub from: Option<LocalDate>,
    /// Local date to.
    pub to: Option<LocalDate>,
    /// Only what has something to look at.
    pub flagged: bool,
    /// Only what shows this signal.
    pub flag: Option<Flag>,
    /// Words to find.
    pub search: String,
}

impl Filter {
    /// Reads it from the parameters of an address; what is not understood is as if it were not there.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| get(name).unwrap_or_default();
        Self {
            stage: Stage::parse(&text("status")),
            order: Order::parse(&text("sort")),
            kind: text("kind"),
            area: text("area").parse().ok().map(AreaId),
            from: text("from").parse().ok(),
            to: text("to").parse().ok(),
            flagged: text("flagged") == "true",
            flag: Flag::parse(&text("flag")),
            search: text("search"),
        }
    }

    /// Writes it as the query part of an address, with its `?`; empty for the plain queue.
    pub fn write(&self) -> String {
        let flagged = self.flagged.then(|| "true".to_owned());
        let parts = [
            ("status", Some(self.stage.as_str().to_owned())),
            ("sort", Some(self.order.as_str().to_owned())),
            ("kind", Some(self.kind.clone())),
            ("area", self.area.map(|area| area.to_string())),
            ("from", self.from.map(|day| day.to_string())),
            ("to", self.to.map(|day| day.to_string())),
            ("flagged", flagged),
            ("flag", self.flag.map(|flag| flag.as_str().to_owned())),
            ("search", Some(self.search.clone())),
        ];
        let mut query = String::new();
        for (name, value) in parts {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                query.push(if query.is_empty() { '?' } else { '&' });
                query.push_str(name);
                query.push('=');
                query.push_str(&encoded(&value));
            }
        }
        query
    }

    /// The question to the server.
    pub fn query(&self, after: Option<String>) -> RecordQuery {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        RecordQuery {
            area: self.area,
            kind: some(&self.kind),
            status: self.stage.status(),
            sort: (self.stage == Stage::Waiting && self.order == Order::Risk).then_some(RecordSort::Risk),
            from: self.from,
            to: self.to,
            flagged: self.flagged.then_some(true),
            flag: self.flag,
            search: some(&self.search),
            after,
            ..RecordQuery::default()
        }
    }

    /// Whether more is asked than a stage.
    pub fn is_narrowed(&self) -> bool {
        let only_stage = Self {
            stage: self.stage,
            order: self.order,
            ..Self::default()
        };
        *self != only_stage
    }
}

/// Percent-encodes everything but RFC 3986 unreserved characters.
pub fn encoded(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _written = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Filter {
        Filter::read(|name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_plain_queue_has_a_plain_address() {
        assert_eq!(Filter::default().write(), "");
        assert_eq!(read(&[]), Filter::default());
        let plain = Filter::default().query(None);
        assert_eq!(
            (plain.status, plain.sort),
            (Some(RecordStatus::Submitted), Some(RecordSort::Risk))
        );
    }

    #[test]
    fn only_the_queue_is_ordered_by_risk() {
        let newest = read(&[("sort", "newest")]);
        assert_eq!(
            (newest.write().as_str(), newest.query(None).sort),
            ("?sort=newest", None)
        );
        assert!(!newest.is_narrowed());
        assert_eq!(read(&[("status", "accepted")]).query(None).sort, None);
    }

    #[test]
    fn a_filter_is_what_its_address_says() {
        let filter = read(&[
            ("status", "all"),
            ("kind", "patrol"),
            ("area", "12"),
            ("from", "2026-11-01"),
            ("flag", "picked_file"),
            ("search", "cầu & chợ"),
        ]);
        assert_eq!(
            filter.write(),
            "?status=all&kind=patrol&area=12&from=2026-11-01&flag=picked_file&search=c%E1%BA%A7u%20%26%20ch%E1%BB%A3"
        );
        assert!(filter.is_narrowed());
        assert_eq!(filter.query(None).status, None);
    }

    #[test]
    fn an_address_written_by_hand_breaks_nothing() {
        let filter = read(&[
            ("status", "nonsense"),
            ("area", "x"),
            ("from", "yesterday"),
            ("flagged", "1"),
        ]);
        assert_eq!(filter, Filter::default());
    }
}
