//! What the words of a target most likely count. A guess is for a person to look over, so it is made only where words are
//! plain, and never of a rate from what only counts.

use super::indicators::MODEL;
use keng_shared::api::Indicator;
use keng_shared::target::{Aggregation, Amount, Level, Reach, SplitBy, Target};
use keng_shared::text;

/// Words of plans that mean an indicator, longest first where one holds another.
const MEANT: [(&str, &str); 9] = [
    ("tren he thong loa", "loudspeaker_weekly"),
    ("loa phat thanh", "loudspeaker_weekly"),
    ("loa", "loudspeaker_weekly"),
    ("tuyen truyen truc tiep", "direct_propaganda_session"),
    ("tap huan", "training_class"),
    ("ngay hoi toan dan", "festival_event"),
    ("lang nghe y kien", "listening_forum"),
    ("giao ban", "briefing"),
    ("kiem tra", "inspection"),
];

/// The id of the indicator and the target as the words put it.
pub fn of(catalogue: &[Indicator], words: &str) -> Option<(String, Target)> {
    // Whole words: "loa" is not in "phân loại".
    let key = format!(" {} ", text::search_key(words));
    let found = document(catalogue, &key)
        .or_else(|| activity(catalogue, &key))
        .or_else(|| model(catalogue, &key))?;
    let target = put(&key, words, found.target.clone())?;
    Some((found.id.clone(), target))
}

/// "Kế hoạch tổ chức Ngày hội" is a plan: what a target begins with is what is done.
fn document<'a>(catalogue: &'a [Indicator], key: &str) -> Option<&'a Indicator> {
    let begun = key.trim_start().trim_start_matches("ban hanh ");
    let begun = begun.trim_start_matches("xay dung ");
    catalogue
        .iter()
        .find(|one| one.id.starts_with("document:") && begun.starts_with(&format!("{} ", sort(one))))
}

/// An activity, of one audience where its words name one.
fn activity<'a>(catalogue: &'a [Indicator], key: &str) -> Option<&'a Indicator> {
    let (_, id) = MEANT
        .iter()
        .find(|(meant, _)| key.contains(&format!(" {meant} ")))?;
    let narrower = catalogue
        .iter()
        .filter(|one| one.id.strip_prefix(id).is_some_and(|rest| rest.starts_with(':')));
    let of_audience = narrower
        .into_iter()
        .find(|one| key.contains(&format!(" cho {} ", sort(one))));
    of_audience.or_else(|| catalogue.iter().find(|one| one.id == *id))
}

/// A model is told by the name of its sort.
fn model<'a>(catalogue: &'a [Indicator], key: &str) -> Option<&'a Indicator> {
    let models = catalogue.iter().filter(|one| one.id.starts_with(MODEL));
    models
        .filter(|one| key.contains(&format!(" {} ", sort(one))))
        .max_by_key(|one| one.vi.len())
}

/// The answer that the indicator is about, folded.
fn sort(one: &Indicator) -> String {
    text::search_key(one.vi.rsplit(": ").next().unwrap_or_default())
}

/// How it adds up, as the words say it; none where they ask for a rate of what only counts.
fn put(key: &str, words: &str, mut target: Target) -> Option<Target> {
    let has = |said: &[&str]| said.iter().any(|said| key.contains(&format!(" {said} ")));
    if target.aggregation != Aggregation::Sum {
        return Some(target);
    }
    let is_rate = words.contains('%') || has(&["ty le"]);
    let only_counts = target
        .source
        .as_ref()
        .is_some_and(|source| source.amount == Amount::Records);
    if is_rate && only_counts {
        let by_village = has(&["thon", "lang", "ban", "ap", "khu pho", "to dan pho", "khu dan cu"]);
        if !by_village {
            return None;
        }
        target.aggregation = Aggregation::Reach { of: Reach::Areas };
        target.measure = "%".to_owned();
        return Some(target);
    }
    if has(&["trung binh", "binh quan"]) {
        target.aggregation = Aggregation::Average;
        target.levels = vec![Level::Commune];
        return Some(target);
    }
    let split = match () {
        () if has(&["moi quy", "hang quy", "tung quy"]) => Some(SplitBy::Quarter),
        () if has(&["moi thang", "hang thang", "tung thang"]) => Some(SplitBy::Month),
        () => None,
    };
    if let (Some(split), Some(source)) = (split, &mut target.source) {
        source.split = Some(split);
    }
    Some(target)
}

#[cfg(test)]
mod tests {
    use super::super::indicators;

    #[test]
    fn plans_words_tell_the_indicator() {
        let guess = |words: &str| super::of(&indicators::all(), words).map(|(id, _)| id);
        let weekly = Some("loudspeaker_weekly".to_owned());
        assert_eq!(
            guess("Tuyên truyền trên hệ thống loa phát thanh: trung bình 3 buổi/tuần"),
            weekly
        );
        let traffic = Some("self_management_model:atgt".to_owned());
        assert_eq!(
            guess("Ra mắt 01 mô hình trong bảo đảm an toàn giao thông"),
            traffic
        );
        assert_eq!(guess("Phân loại phong trào đạt khá"), None);
    }
}
