//! How full the phone is. A new photo is refused before the disk is full, so that what is there can still be sent.

/// Below this much free space the person is told: 200 MB.
const LOW_FREE: u64 = 200_000_000;
/// Below this much free space no new photo is taken: 50 MB, room for the outbox of a long night.
const FULL_FREE: u64 = 50_000_000;

/// The browser's own measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gauge {
    /// Bytes in use.
    pub used: u64,
    /// Bytes allowed in all.
    pub quota: u64,
}

/// What the measurement means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StorageLevel {
    /// Room for the work of days.
    Fine,
    /// Send what is here; photos that the server holds are deleted at once.
    Low,
    /// No new photo.
    Full,
}

impl Gauge {
    /// Bytes that are free.
    pub fn free(&self) -> u64 {
        self.quota.saturating_sub(self.used)
    }

    /// What it means.
    pub fn level(&self) -> StorageLevel {
        match self.free() {
            free if free < FULL_FREE => StorageLevel::Full,
            free if free < LOW_FREE => StorageLevel::Low,
            _ => StorageLevel::Fine,
        }
    }

    /// Whether a photo of `size` bytes may still be taken.
    pub fn has_room_for(&self, size: u64) -> bool {
        self.free() >= FULL_FREE.saturating_add(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_refused_before_the_disk_is_full() {
        let gauge = Gauge {
            used: 950_100_000,
            quota: 1_000_000_000,
        };
        assert_eq!(gauge.level(), StorageLevel::Full);
        assert!(!gauge.has_room_for(1));
        let gauge = Gauge {
            used: 949_000_000,
            ..gauge
        };
        assert_eq!(gauge.level(), StorageLevel::Low);
        assert!(gauge.has_room_for(300_000) && !gauge.has_room_for(2_000_000));
    }

    #[test]
    fn a_browser_that_reports_more_use_than_quota_is_full() {
        let gauge = Gauge { used: 2, quota: 1 };
        assert_eq!((gauge.free(), gauge.level()), (0, StorageLevel::Full));
    }
}
