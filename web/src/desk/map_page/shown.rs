//! What the map shows, as it stands in the address of the page.

use chrono::Days;
use keng_shared::id::AreaId;
use keng_shared::record::RecordStatus;
use keng_shared::time::LocalDate;

/// Lengths of the time span that can be chosen, in days.
pub const LENGTHS: [u16; 5] = [1, 7, 30, 90, 365];
/// The length until somebody chooses.
const USUAL: u16 = 30;

/// What can be switched on and off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    Records,
    Heat,
    Tracks,
    Incidents,
    Cameras,
    Parts,
}

impl Layer {
    /// All, in the order of the page.
    pub const ALL: [Self; 6] = [
        Self::Records,
        Self::Heat,
        Self::Tracks,
        Self::Incidents,
        Self::Cameras,
        Self::Parts,
    ];
    const USUAL: [Self; 3] = [Self::Records, Self::Incidents, Self::Parts];

    /// The form in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Heat => "heat",
            Self::Tracks => "tracks",
            Self::Incidents => "incidents",
            Self::Cameras => "cameras",
            Self::Parts => "parts",
        }
    }

    /// The layer with this form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.as_str() == text)
    }
}

/// Filter, time and layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Of this kind; empty for any.
    pub kind: String,
    /// In this state.
    pub status: Option<RecordStatus>,
    /// In this area or below.
    pub area: Option<AreaId>,
    /// The last day of the time span, so many days before today.
    pub back: u16,
    /// How many days the time span has.
    pub length: u16,
    /// What is drawn.
    pub layers: Vec<Layer>,
}

impl Shown {
    /// Reads it from the parameters of an address; what is not understood is as if it were not there.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let number = |name: &str| get(name).and_then(|text| text.parse::<u16>().ok());
        let chosen: Option<Vec<Layer>> =
            get("layers").map(|text| text.split(',').filter_map(Layer::parse).collect());
        Self {
            kind: get("kind").unwrap_or_default(),
            status: get("status").and_then(|status| RecordStatus::parse(&status)),
            area: get("area").and_then(|id| id.parse().ok()).map(AreaId),
            back: number("back").unwrap_or(0).min(365),
            length: number("days")
                .filter(|days| LENGTHS.contains(days))
                .unwrap_or(USUAL),
            layers: chosen.unwrap_or_else(|| Layer::USUAL.to_vec()),
        }
    }

    /// Writes it as the query part of an address, with its `?`; empty for the plain map.
    pub fn write(&self) -> String {
        let layers: Vec<&str> = self.layers.iter().map(|layer| layer.as_str()).collect();
        let parts = [
            ("kind", Some(self.kind.clone()).filter(|kind| !kind.is_empty())),
            ("status", self.status.map(|status| status.as_str().to_owned())),
            ("area", self.area.map(|id| id.to_string())),
            ("back", (self.back > 0).then(|| self.back.to_string())),
            ("days", (self.length != USUAL).then(|| self.length.to_string())),
            ("layers", (self.layers != Layer::USUAL).then(|| layers.join(","))),
        ];
        let set: Vec<String> = parts
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| format!("{name}={value}")))
            .collect();
        match set.is_empty() {
            true => String::new(),
            false => format!("?{}", set.join("&")),
        }
    }

    /// First and last day of the time span.
    pub fn span(&self, today: LocalDate) -> (LocalDate, LocalDate) {
        let before = |day: LocalDate, days: u16| day.checked_sub_days(Days::new(days.into())).unwrap_or(day);
        let to = before(today, self.back);
        (before(to, self.length.saturating_sub(1)), to)
    }

    /// Whether a layer is drawn.
    pub fn has(&self, layer: Layer) -> bool {
        self.layers.contains(&layer)
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
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_address_gives_the_map_that_wrote_it() {
        assert_eq!(read("").write(), "");
        let address = "?kind=patrol&status=accepted&area=3&back=12&days=7&layers=heat,tracks";
        assert_eq!(read(address).write(), address);
        assert_eq!(read("?days=8&back=x&layers=").layers, []);
    }

    #[test]
    fn a_span_ends_on_its_last_day() {
        let shown = read("?back=2&days=7");
        let today: LocalDate = "2026-11-22".parse().unwrap();
        let (from, to) = shown.span(today);
        assert_eq!(
            (from.to_string(), to.to_string()),
            ("2026-11-14".into(), "2026-11-20".into())
        );
    }
}
