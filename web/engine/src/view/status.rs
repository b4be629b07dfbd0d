//! The sync state that is always in sight, as numbers for words: "Đã gửi hết lúc 21:14" · "Còn 3 mục, 5 ảnh chờ mạng" ·
//! "1 mục cần bạn sửa".

use crate::effect::Unsent;
use crate::engine::{Engine, Link, Session};
use crate::item::{Item, ItemKey, ItemState};
use crate::storage::{Gauge, StorageLevel};
use keng_shared::problem::ProblemCode;
use keng_shared::sync::PROTOCOL;
use keng_shared::time::Millis;

/// The sync state in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct SyncStatus {
    /// Records, withdrawals and track segments that wait for the network.
    pub items_waiting: usize,
    /// Photos that wait for the network.
    pub photos_waiting: usize,
    /// Items that wait for the person: set aside here, or returned by an officer.
    pub to_mend: usize,
    /// Forms that were not sent.
    pub drafts: usize,
    /// Whether a call is under way that sends something.
    pub is_sending: bool,
    /// When the server last acknowledged anything, by the phone's clock.
    pub last_sent_at: Option<Millis>,
    /// The way to the server.
    pub connection: Connection,
    /// Whether the phone's clock is more than 10 minutes off, and by how much (server minus phone).
    pub clock_off_ms: Option<i64>,
    /// Whether the server speaks a newer protocol: time to update; what waits is still sent.
    pub update_wanted: bool,
    /// How full the phone is, as far as it was measured.
    pub storage: Option<(StorageLevel, Gauge)>,
    /// Whether the phone's store does not take what should be stored.
    pub storage_fails: bool,
    /// Rows of the store that this app cannot read; they are kept.
    pub unreadable: usize,
}

/// The way to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// Nothing was tried since the start.
    Unknown,
    /// The server answered last time.
    Fine,
    /// No network.
    Offline,
    /// Another party answers in the server's place: sign in to the Wi-Fi first.
    Portal,
    /// The server cannot do it now.
    Trouble(ProblemCode),
    /// The person has to sign in again; what waits is kept.
    SignInAgain,
}

impl SyncStatus {
    /// Whether everything that was sent off is with the server and nothing needs mending.
    pub fn is_all_sent(&self) -> bool {
        self.items_waiting == 0 && self.photos_waiting == 0 && self.to_mend == 0
    }
}

impl Engine {
    /// The sync state.
    pub fn status(&self) -> SyncStatus {
        let (items_waiting, photos_waiting) = self.waiting();
        let Unsent { drafts, .. } = self.unsent();
        SyncStatus {
            items_waiting,
            photos_waiting,
            to_mend: self.to_mend(),
            drafts,
            is_sending: self.is_sending(),
            last_sent_at: self.last_sent_at,
            connection: self.connection(),
            clock_off_ms: self.clock.offset_ms.filter(|_| self.clock.is_skewed()),
            update_wanted: matches!(self.link, Link::Fine { protocol } if protocol > PROTOCOL),
            storage: self.gauge.map(|gauge| (gauge.level(), gauge)),
            storage_fails: self.rows.is_failing(),
            unreadable: self.unreadable,
        }
    }

    /// Items and photos that wait for the network, or whose acknowledgement is not durable yet. What waits for the
    /// mending of its record is not among them.
    pub fn waiting(&self) -> (usize, usize) {
        let (mut items, mut photos) = (0, 0);
        for item in self.items.values().filter(|item| self.looks_unsent(item)) {
            match item.key {
                _ if self.waits_for_mending(item) => {}
                ItemKey::Upload(_) => photos += 1,
                ItemKey::Announce(_) => {}
                ItemKey::Record(_) | ItemKey::Segment(_) | ItemKey::Task(_) | ItemKey::Footage(_) => {
                    items += 1
                }
            }
        }
        (items, photos)
    }

    /// Whether what the item builds on was set aside.
    fn waits_for_mending(&self, item: &Item) -> bool {
        let is_set_aside = |key: ItemKey| {
            self.items
                .get(&key)
                .is_some_and(|item| matches!(item.state, ItemState::SetAside { .. }))
        };
        let record = item.record_id;
        match item.key {
            ItemKey::Record(_) | ItemKey::Task(_) | ItemKey::Footage(_) => false,
            ItemKey::Segment(_) => is_set_aside(ItemKey::Record(record)) && !self.is_acknowledged(record),
            ItemKey::Announce(photo) | ItemKey::Upload(photo) => {
                is_set_aside(ItemKey::Announce(photo))
                    || (is_set_aside(ItemKey::Record(record)) && !self.is_listed(record, photo))
            }
        }
    }

    /// Whether a photo of `size` bytes may still be taken. Without a measurement it may.
    pub fn has_room_for(&self, size: u64) -> bool {
        self.gauge.is_none_or(|gauge| gauge.has_room_for(size))
    }

    /// Waiting, or acknowledged only in memory so far.
    fn looks_unsent(&self, item: &Item) -> bool {
        item.is_waiting() || (!item.is_unsent() && !self.is_saved(item.key))
    }

    fn to_mend(&self) -> usize {
        self.entries()
            .iter()
            .filter(|entry| entry.wants_mending())
            .count()
    }

    fn connection(&self) -> Connection {
        if self.session() == Session::Ended {
            return Connection::SignInAgain;
        }
        match self.link {
            Link::Unknown => Connection::Unknown,
            Link::Fine { .. } => Connection::Fine,
            Link::NoNetwork => Connection::Offline,
            Link::NotOurs => Connection::Portal,
            Link::Trouble(code) => Connection::Trouble(code),
        }
    }
}
