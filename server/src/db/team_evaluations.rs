//! Evaluations of teams as they were decided, and what teams logged in a year.

use super::people;
use super::records::person;
use super::schema_evaluations::{team_evaluation, team_rating};
use super::schema_records::record;
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::api::{Decided, TeamRating};
use keng_shared::evaluation::Rating;
use keng_shared::id::{AreaId, TeamId, UserId};
use keng_shared::time::{LocalDate, Millis};

/// Which evaluation: a commune and a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Which {
    /// The commune.
    pub commune: AreaId,
    /// The year, which ends on 14 November.
    pub year: i32,
}

/// An evaluation that was decided.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Counts decisions.
    pub revision: u32,
    /// Who decided last, and when.
    pub decided: Decided,
    /// The levels.
    pub ratings: Vec<TeamRating>,
}

/// The evaluation, if it was decided.
pub fn find(conn: &mut Conn, which: Which) -> Result<Option<Stored>, DbError> {
    let row: Option<(i32, String, i64)> = team_evaluation::table
        .find((which.commune.0, which.year))
        .select((
            team_evaluation::revision,
            team_evaluation::by_id,
            team_evaluation::at,
        ))
        .first(conn)
        .optional()?;
    let Some((revision, by, at)) = row else {
        return Ok(None);
    };
    let names = people::names(conn, [by.clone()])?;
    let ratings = team_rating::table
        .filter(team_rating::commune_id.eq(which.commune.0))
        .filter(team_rating::year.eq(which.year))
        .order(team_rating::team_id)
        .select((team_rating::team_id, team_rating::rating, team_rating::words))
        .load::<(i64, Option<String>, String)>(conn)?
        .into_iter()
        .map(|(team, rating, words)| {
            let rating = rating
                .map(|text| DbError::unless(Rating::parse(&text), "team_rating.rating"))
                .transpose()?;
            Ok(TeamRating {
                team_id: TeamId(team),
                rating,
                words,
            })
        })
        .collect::<Result<_, DbError>>()?;
    Ok(Some(Stored {
        revision: DbError::unless(revision.try_into().ok(), "team_evaluation.revision")?,
        decided: Decided {
            by: person(&names, &by)?,
            at: Millis(at),
        },
        ratings,
    }))
}

/// Stores what was decided over the evaluation of `revision`, 0 for none; `false` when somebody else was faster.
pub fn decide(
    conn: &mut Conn,
    which: Which,
    revision: u32,
    ratings: &[TeamRating],
    by: UserId,
    at: Millis,
) -> Result<bool, DbError> {
    let old = i32::try_from(revision).unwrap_or(i32::MAX);
    let next = old.saturating_add(1);
    let evaluation = team_evaluation::table.find((which.commune.0, which.year));
    let changed = match revision {
        0 if evaluation.count().get_result::<i64>(conn)? > 0 => 0,
        0 => diesel::insert_into(team_evaluation::table)
            .values((
                team_evaluation::commune_id.eq(which.commune.0),
                team_evaluation::year.eq(which.year),
                team_evaluation::revision.eq(next),
                team_evaluation::by_id.eq(by.to_string()),
                team_evaluation::at.eq(at.0),
            ))
            .execute(conn)?,
        _ => diesel::update(evaluation)
            .filter(team_evaluation::revision.eq(old))
            .set((
                team_evaluation::revision.eq(next),
                team_evaluation::by_id.eq(by.to_string()),
                team_evaluation::at.eq(at.0),
            ))
            .execute(conn)?,
    };
    if changed == 0 {
        return Ok(false);
    }
    diesel::delete(
        team_rating::table
            .filter(team_rating::commune_id.eq(which.commune.0))
            .filter(team_rating::year.eq(which.year)),
    )
    .execute(conn)?;
    for rating in ratings {
        diesel::insert_into(team_rating::table)
            .values((
                team_rating::commune_id.eq(which.commune.0),
                team_rating::year.eq(which.year),
                team_rating::team_id.eq(rating.team_id.0),
                team_rating::rating.eq(rating.rating.map(Rating::as_str)),
                team_rating::words.eq(&rating.words),
            ))
            .execute(conn)?;
    }
    Ok(true)
}

/// How many accepted records of each kind the teams of a commune have in these days.
pub fn accepted(
    conn: &mut Conn,
    commune: AreaId,
    from: LocalDate,
    to: LocalDate,
) -> Result<Vec<(TeamId, String, u32)>, DbError> {
    let rows: Vec<(Option<i64>, String, i64)> = record::table
        .filter(record::commune_id.eq(commune.0))
        .filter(record::local_date.between(from.to_string(), to.to_string()))
        .filter(record::status.eq("accepted"))
        .filter(record::team_id.is_not_null())
        .group_by((record::team_id, record::kind))
        .select((record::team_id, record::kind, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(team, kind, count)| {
            Some((TeamId(team?), kind, u32::try_from(count).unwrap_or(u32::MAX)))
        })
        .collect())
}
