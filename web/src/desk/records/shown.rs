//! What the table shows, as it stands in the address of the page and in saved views.

use super::columns::Column;
use crate::desk::review::encoded;
use keng_shared::api::{RecordQuery, RecordSort, SavedView};
use keng_shared::id::{AreaId, TeamId};
use keng_shared::record::{Flag, RecordStatus};

/// Filter, order and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Filter and order; no paging.
    pub query: RecordQuery,
    /// Columns, in the order in which they stand.
    pub columns: Vec<Column>,
}

impl Default for Shown {
    fn default() -> Self {
        Self {
            query: RecordQuery::default(),
            columns: Column::USUAL.to_vec(),
        }
    }
}

const SORTS: [(&str, RecordSort); 7] = [
    ("date", RecordSort::Date),
    ("area", RecordSort::Area),
    ("author", RecordSort::Author),
    ("kind", RecordSort::Kind),
    ("team", RecordSort::Team),
    ("status", RecordSort::Status),
    ("signals", RecordSort::Signals),
];

impl Shown {
    /// Reads it from the parameters of an address; what is not understood is as if it were not there.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| get(name).filter(|text| !text.is_empty());
        let sort = text("sort").and_then(|sort| SORTS.into_iter().find(|(name, _)| *name == sort));
        let query = RecordQuery {
            area: text("area").and_then(|id| id.parse().ok()).map(AreaId),
            kind: text("kind"),
            status: text("status").and_then(|status| RecordStatus::parse(&status)),
            author: text("author").and_then(|id| id.parse().ok()),
            team: text("team").and_then(|id| id.parse().ok()).map(TeamId),
            from: text("from").and_then(|day| day.parse().ok()),
            to: text("to").and_then(|day| day.parse().ok()),
            flagged: text("flagged").filter(|flagged| flagged == "true").map(|_| true),
            flag: text("flag").and_then(|flag| Flag::parse(&flag)),
            search: text("search"),
            sort: sort.map(|(_, sort)| sort),
            reverse: text("reverse").filter(|reverse| reverse == "true").map(|_| true),
            after: None,
            limit: None,
        };
        let columns = text("columns").unwrap_or_default();
        Self {
            query,
            columns: known(columns.split(',')),
        }
    }

    /// Writes it as the query part of an address, with its `?`; empty for the plain table.
    pub fn write(&self) -> String {
        let query = &self.query;
        let sort = SORTS.into_iter().find(|(_, sort)| Some(*sort) == query.sort);
        let columns = (self.columns != Column::USUAL).then(|| self.ids().join(","));
        let parts = [
            ("area", query.area.map(|id| id.to_string())),
            ("kind", query.kind.clone()),
            ("status", query.status.map(|status| status.as_str().to_owned())),
            ("author", query.author.map(|id| id.to_string())),
            ("team", query.team.map(|id| id.to_string())),
            ("from", query.from.map(|day| day.to_string())),
            ("to", query.to.map(|day| day.to_string())),
            ("flagged", query.flagged.map(|_| "true".to_owned())),
            ("flag", query.flag.map(|flag| flag.as_str().to_owned())),
            ("search", query.search.clone()),
            ("sort", sort.map(|(name, _)| name.to_owned())),
            ("reverse", query.reverse.map(|_| "true".to_owned())),
            ("columns", columns),
        ];
        let set: Vec<String> = parts
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| format!("{name}={}", encoded(&value))))
            .collect();
        match set.is_empty() {
            true => String::new(),
            false => format!("?{}", set.join("&")),
        }
    }

    /// What a saved view shows.
    pub fn of(view: &SavedView) -> Self {
        Self {
            query: view.filter.clone(),
            columns: known(view.columns.iter().map(String::as_str)),
        }
    }

    /// Ids of the columns.
    pub fn ids(&self) -> Vec<String> {
        self.columns
            .iter()
            .map(|column| column.as_str().to_owned())
            .collect()
    }

    /// How many conditions are set beside the search.
    pub fn conditions(&self) -> usize {
        let query = &self.query;
        let set = [
            query.area.is_some(),
            query.kind.is_some(),
            query.status.is_some(),
            query.author.is_some(),
            query.team.is_some(),
            query.from.is_some(),
            query.to.is_some(),
            query.flagged.is_some() || query.flag.is_some(),
        ];
        set.into_iter().filter(|set| *set).count()
    }
}

/// The columns with these ids, in the order in which they stand; the usual ones when there is none.
fn known<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<Column> {
    let chosen: Vec<Column> = ids.filter_map(Column::parse).collect();
    let columns: Vec<Column> = Column::all().filter(|column| chosen.contains(column)).collect();
    if columns.is_empty() {
        Column::USUAL.to_vec()
    } else {
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str) -> Shown {
        let pairs: Vec<(&str, &str)> = address
            .trim_start_matches('?')
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .collect();
        Shown::read(|name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| value.replace("%2C", ","))
        })
    }

    #[test]
    fn the_plain_table_has_a_plain_address() {
        assert_eq!(Shown::default().write(), "");
        assert_eq!(read(""), Shown::default());
    }

    #[test]
    fn an_address_gives_the_table_that_wrote_it() {
        let address = "?area=12&kind=patrol&status=accepted&team=3&from=2026-11-01&flagged=true&sort=author&reverse=true\
                       &columns=date%2Carea%2Creceived";
        let shown = read(address);
        assert_eq!(shown.write(), address);
        assert_eq!(shown.columns, [Column::Date, Column::Area, Column::Received]);
        assert_eq!(shown.conditions(), 6);
    }

    #[test]
    fn a_signal_is_a_filter_and_a_column_of_its_own() {
        let address = "?flag=repeated_photo&sort=signals&columns=date%2Crepeated_photo";
        let shown = read(address);
        assert_eq!(shown.write(), address);
        assert_eq!(shown.query.flag, Some(Flag::RepeatedPhoto));
        assert_eq!(shown.columns, [Column::Date, Column::Flag(Flag::RepeatedPhoto)]);
        assert_eq!(shown.conditions(), 1);
    }

    #[test]
    fn an_address_written_by_hand_breaks_nothing() {
        assert_eq!(
            read("?area=x&status=nonsense&sort=risk&reverse=1&columns=none"),
            Shown::default()
        );
    }
}
