//! An officer judges a record and its photos. The author reads the verdict by the feed.

use super::{Actor, cases, require_revision, state_conflict};
use crate::db::photos;
use crate::db::records::{self, Event, StoredRecord};
use crate::db::{Conn, DbError, feed};
use keng_shared::api::{MAX_REASON, NewReview, PhotoVerdict};
use keng_shared::id::RecordId;
use keng_shared::inbox::News;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::record::{HistoryAction, RecordStatus, RecordView, Verdict};
use keng_shared::text;
use serde_json::json;

/// A checked review on its way in.
pub struct Review {
    pub actor: Actor,
    pub record: RecordId,
    /// The revision that was looked at.
    pub revision: u32,
    /// Made by [`parse`].
    pub review: NewReview,
}

/// Cleans a review and checks it: something must be judged, and what is returned needs words.
pub fn parse(mut review: NewReview) -> Result<NewReview, Vec<FieldError>> {
    let mut errors = Vec::new();
    review.reason = text::clean(&review.reason);
    if review.verdict.is_none() && review.photos.is_empty() {
        errors.push(FieldError::new("verdict", FieldCode::Required));
    }
    check_reason("reason", review.verdict, &review.reason, &mut errors);
    for index in 0..review.photos.len() {
        let (before, rest) = review.photos.split_at_mut(index);
        let Some(photo) = rest.first_mut() else { continue };
        photo.reason = text::clean(&photo.reason);
        let place = format!("photos.{index}");
        check_reason(
            &format!("{place}.reason"),
            Some(photo.verdict),
            &photo.reason,
            &mut errors,
        );
        if before.iter().any(|earlier| earlier.photo_id == photo.photo_id) {
            errors.push(FieldError::new(format!("{place}.photo_id"), FieldCode::Duplicate));
        }
    }
    if errors.is_empty() {
        Ok(review)
    } else {
        Err(errors)
    }
}

fn check_reason(field: &str, verdict: Option<Verdict>, reason: &str, errors: &mut Vec<FieldError>) {
    if verdict == Some(Verdict::Returned) && reason.is_empty() {
        errors.push(FieldError::new(field, FieldCode::Required));
    }
    if reason.chars().count() > MAX_REASON {
        errors.push(FieldError::new(field, FieldCode::TooLong).with("max", MAX_REASON));
    }
}

impl Review {
    /// The write job. Whether the actor may review there has been checked.
    pub fn run(&self, conn: &mut Conn) -> Result<RecordView, DbError> {
        let row = records::lock(conn, self.record)?.ok_or(ProblemCode::NotFound)?;
        if row.status()? == RecordStatus::Withdrawn {
            return Err(ProblemCode::Gone.into());
        }
        require_revision(conn, &row, self.revision)?;
        let row = self.judge_locked(conn, row)?;
        records::view_of(conn, row)
    }

    /// Judges a record that was read with [`records::lock`] at the revision that was looked at.
    pub fn judge_locked(&self, conn: &mut Conn, mut row: StoredRecord) -> Result<StoredRecord, DbError> {
        let status = row.status()?;
        if self.review.verdict.is_some() && status == RecordStatus::Open {
            return Err(state_conflict(status));
        }
        for (index, photo) in self.review.photos.iter().enumerate() {
            self.judge_photo(conn, &row, index, photo)?;
        }
        if let Some(verdict) = self.review.verdict {
            self.judge(&mut row, verdict);
            self.write_down(conn, &row, verdict, None, &self.review.reason)?;
            if verdict == Verdict::Returned {
                let news = News::RecordReturned {
                    record_id: self.record,
                };
                cases::tell_author(conn, &self.actor, row.author()?, &news)?;
            }
        }
        row.feed_rev = feed::bump(conn, row.commune())?;
        row.changed_at = self.actor.now.0;
        records::update(conn, &row)?;
        let photos: Vec<_> = self
            .review
            .photos
            .iter()
            .map(|photo| json!({ "photo": photo.photo_id, "verdict": photo.verdict }))
            .collect();
        let details = json!({
            "revision": row.revision,
            "verdict": self.review.verdict,
            "photos": photos,
        });
        self.actor
            .audit(conn, "record.review", "record", &row.id, details)?;
        Ok(row)
    }

    fn judge(&self, row: &mut StoredRecord, verdict: Verdict) {
        let status = match verdict {
            Verdict::Accepted => RecordStatus::Accepted,
            Verdict::Returned => RecordStatus::Returned,
        };
        // What is accepted once more has been so since the first time: a cut-off between the two changes nothing.
        if verdict == Verdict::Returned || row.status != status.as_str() {
            row.review_at = Some(self.actor.now.0);
        }
        row.status = status.as_str().to_owned();
        row.review_verdict = Some(verdict.as_str().to_owned());
        row.review_reason = Some(self.review.reason.clone());
        row.review_by = Some(self.actor.user.to_string());
    }

    fn judge_photo(
        &self,
        conn: &mut Conn,
        row: &StoredRecord,
        index: usize,
        judged: &PhotoVerdict,
    ) -> Result<(), DbError> {
        let stored = photos::find(conn, judged.photo_id)?
            .filter(|photo| photo.record_id == row.id && photo.position.is_some() && !photo.is_file());
        let Some(mut photo) = stored else {
            let error = FieldError::new(format!("photos.{index}.photo_id"), FieldCode::NoSuchObject);
            return Err(Problem::fields(vec![error]).into());
        };
        photo.review_verdict = Some(judged.verdict.as_str().to_owned());
        photo.review_reason = Some(judged.reason.clone());
        photo.review_by = Some(self.actor.user.to_string());
        photo.review_at = Some(self.actor.now.0);
        photos::update(conn, &photo)?;
        self.write_down(conn, row, judged.verdict, Some(judged), &judged.reason)
    }

    fn write_down(
        &self,
        conn: &mut Conn,
        row: &StoredRecord,
        verdict: Verdict,
        photo: Option<&PhotoVerdict>,
        words: &str,
    ) -> Result<(), DbError> {
        let event = Event {
            record_id: &row.id,
            at: self.actor.now,
            by: Some(self.actor.user),
            action: match verdict {
                Verdict::Accepted => HistoryAction::Accepted,
                Verdict::Returned => HistoryAction::Returned,
            },
            photo: photo.map(|photo| photo.photo_id),
            words,
            revision: row.revision,
        };
        records::add_event(conn, &event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::id::PhotoId;
    use uuid::Uuid;

    fn review(verdict: Option<Verdict>, reason: &str) -> NewReview {
        NewReview {
            verdict,
            reason: reason.into(),
            photos: vec![],
        }
    }

    #[test]
    fn a_return_needs_words_and_white_space_is_none() {
        let errors = parse(review(Some(Verdict::Returned), " \n")).unwrap_err();
        assert_eq!(errors, [FieldError::new("reason", FieldCode::Required)]);
        assert!(parse(review(Some(Verdict::Returned), "Ảnh mờ")).is_ok());
        assert!(parse(review(Some(Verdict::Accepted), "")).is_ok());
    }

    #[test]
    fn a_review_that_judges_nothing_or_a_photo_twice_is_refused() {
        assert!(parse(review(None, "")).is_err());
        let photo = PhotoVerdict {
            photo_id: PhotoId(Uuid::nil()),
            verdict: Verdict::Accepted,
            reason: String::new(),
        };
        let twice = NewReview {
            photos: vec![photo.clone(), photo],
            ..review(None, "")
        };
        let errors = parse(twice).unwrap_err();
        assert_eq!(
            errors,
            [FieldError::new("photos.1.photo_id", FieldCode::Duplicate)]
        );
    }
}
