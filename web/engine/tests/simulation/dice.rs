//! Chance from a seed, and the figures of a run.

/// SplitMix64 (Steele, Lea, Flood 2014).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    pub fn per_cent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        (!from.is_empty()).then(|| from[self.below(from.len() as u64) as usize])
    }
}

/// What happened in how many schedules, so that a simulation that tests nothing is noticed.
#[derive(Debug, Default)]
pub struct Figures {
    pub kills: u64,
    pub evictions: u64,
    pub restores: u64,
    pub lost: u64,
    pub doubled: u64,
    pub delivered: u64,
    pub photos: u64,
    pub fixes: u64,
    pub set_aside: u64,
    pub withdrawn: u64,
    pub expired_tokens: u64,
    pub scope_changes: u64,
}

impl Figures {
    pub fn add(&mut self, other: &Self) {
        self.kills += other.kills;
        self.evictions += other.evictions;
        self.restores += other.restores;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.delivered += other.delivered;
        self.photos += other.photos;
        self.fixes += other.fixes;
        self.set_aside += other.set_aside;
        self.withdrawn += other.withdrawn;
        self.expired_tokens += other.expired_tokens;
        self.scope_changes += other.scope_changes;
    }

    pub fn assert_that_everything_happened(&self) {
        let all = [
            self.kills,
            self.evictions,
            self.restores,
            self.lost,
            self.doubled,
            self.delivered,
            self.photos,
            self.fixes,
            self.set_aside,
            self.withdrawn,
            self.expired_tokens,
            self.scope_changes,
        ];
        assert!(
            all.iter().all(|figure| *figure > 0),
            "something never happened: {self:?}"
        );
    }
}
