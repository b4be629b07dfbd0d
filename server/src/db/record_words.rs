//! The words of records, for searches over many communes.
//!
//! Whoever writes a record only notes that it is due (a trigger of the database, so that no way to write can forget it);
//! [`take_in`] brings what is due into the index in batches. The index knows single words and pairs of neighbours, which
//! tells most phrases apart: Vietnamese has few syllables and many words of two. It names candidates; whether a
//! record holds the words is decided by its own text.
//!
//! Invariant: [`candidates`] holds of every record that fits a search, at every moment: the index is asked, and whatever
//! is due counts as a candidate.

use super::schema_records::{record, record_due, record_number};
use super::{CHUNK, Conn, DbError};
use crate::both;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use keng_shared::time::Millis;
use std::collections::BTreeSet;

/// Numbers of one millisecond.
const OF_A_MILLISECOND: i64 = 1 << 20;
/// What of a longer word is in the index, in characters; no word of a language is longer.
const WORD: usize = 60;

/// A SQL condition on `record` that holds of every record that has these folded words and was received in the span,
/// both ends inclusive; also of some others.
pub(super) fn candidates(conn: &Conn, key: &str, (from, to): (Option<Millis>, Option<Millis>)) -> String {
    // A key is letters, digits and spaces, so nothing in it ends a text or means something to the index.
    let terms = asked(key);
    let last = terms.len().saturating_sub(1);
    let join = |quote: &str, prefix: &str, and: &str| {
        let terms = terms.iter().enumerate().map(|(index, term)| {
            let end = if index == last { prefix } else { "" };
            format!("{quote}{term}{quote}{end}")
        });
        terms.collect::<Vec<_>>().join(and)
    };
    let found = match conn {
        Conn::Sqlite(_) => format!("record_words MATCH '{}'", join("\"", "*", " AND ")),
        Conn::Postgres(_) => format!("words @@ '{}'::tsquery", join("''", ":*", " & ")),
    };
    let from = from.map(|at| format!(" AND rowid >= {}", first_number(at.0)));
    let to = to.map(|at| format!(" AND rowid < {}", first_number(at.0.saturating_add(1))));
    format!(
        "record.id IN (SELECT record_id FROM record_number WHERE number IN \
         (SELECT rowid FROM record_words WHERE {found}{}{}) UNION ALL SELECT record_id FROM record_due)",
        from.unwrap_or_default(),
        to.unwrap_or_default(),
    )
}

/// How many records are due, counted up to `most`.
pub fn due(conn: &mut Conn, most: usize) -> Result<usize, DbError> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let found: Vec<String> = record_due::table
        .select(record_due::record_id)
        .limit(limit)
        .load(conn)?;
    Ok(found.len())
}

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = Text)]
    record_id: String,
}

/// Takes up to `limit` records that are due into the index; gives how many there were.
pub fn take_in(conn: &mut Conn, limit: usize) -> Result<usize, DbError> {
    // Taken first and read afterwards: a change that is not committed yet is waited for, or becomes due again.
    let lock = match conn {
        Conn::Sqlite(_) => "",
        Conn::Postgres(_) => " FOR UPDATE SKIP LOCKED",
    };
    let sql = format!(
        "DELETE FROM record_due WHERE record_id IN (SELECT record_id FROM record_due LIMIT {limit}{lock}) \
         RETURNING record_id"
    );
    let taken: Vec<Due> = both!(conn, |conn| diesel::sql_query(&sql).load(conn))?;
    let ids: Vec<String> = taken.into_iter().map(|due| due.record_id).collect();
    for chunk in ids.chunks(CHUNK) {
        let texts: Vec<(String, i64, String)> = record::table
            .filter(record::id.eq_any(chunk))
            .select((record::id, record::received_at, record::search))
            .load(conn)?;
        forget(conn, chunk)?;
        for (id, received_at, search) in texts {
            let number = number(conn, &id, received_at)?;
            enter(conn, number, &kept(&search))?;
        }
    }
    Ok(ids.len())
}

/// Takes records that are there already out of the index; what was edited is entered anew.
fn forget(conn: &mut Conn, ids: &[String]) -> Result<(), DbError> {
    let numbers: Vec<i64> = record_number::table
        .filter(record_number::record_id.eq_any(ids))
        .select(record_number::number)
        .load(conn)?;
    if numbers.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = numbers.iter().map(i64::to_string).collect();
    let sql = format!("DELETE FROM record_words WHERE rowid IN ({})", list.join(","));
    both!(conn, |conn| diesel::sql_query(&sql).execute(conn))?;
    diesel::delete(record_number::table.filter(record_number::number.eq_any(numbers))).execute(conn)?;
    Ok(())
}

/// Gives a record its number, the next of the millisecond in which it arrived.
fn number(conn: &mut Conn, id: &str, received_at: i64) -> Result<i64, DbError> {
    let first = first_number(received_at);
    let last: Option<i64> = record_number::table
        .filter(record_number::number.ge(first))
        .filter(record_number::number.lt(first.saturating_add(OF_A_MILLISECOND)))
        .select(diesel::dsl::max(record_number::number))
        .first(conn)?;
    let number = last.map_or(first, |last| last + 1);
    diesel::insert_into(record_number::table)
        .values((record_number::number.eq(number), record_number::record_id.eq(id)))
        .execute(conn)?;
    Ok(number)
}

fn enter(conn: &mut Conn, number: i64, words: &str) -> Result<(), DbError> {
    match conn {
        Conn::Sqlite(conn) => diesel::sql_query("INSERT INTO record_words (rowid, words) VALUES (?, ?)")
            .bind::<BigInt, _>(number)
            .bind::<Text, _>(words)
            .execute(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(
            "INSERT INTO record_words (rowid, words) \
             VALUES ($1, array_to_tsvector(string_to_array($2, ' ')))",
        )
        .bind::<BigInt, _>(number)
        .bind::<Text, _>(words)
        .execute(conn)?,
    };
    Ok(())
}

fn first_number(received_at: i64) -> i64 {
    received_at.saturating_mul(OF_A_MILLISECOND)
}

/// What the index keeps of a folded text: its words and its pairs of neighbours, each once.
fn kept(search: &str) -> String {
    let words: Vec<String> = search
        .split(' ')
        .map(cut)
        .filter(|word| !word.is_empty())
        .collect();
    let mut all: BTreeSet<String> = pairs(&words).collect();
    all.extend(words);
    all.into_iter().collect::<Vec<_>>().join(" ")
}

/// What the index is asked for a folded key. Of a pair the second word may go on, and so may a word alone.
fn asked(key: &str) -> Vec<String> {
    let words: Vec<String> = key.split(' ').map(cut).collect();
    if words.len() > 1 {
        pairs(&words).collect()
    } else {
        words
    }
}

fn pairs(words: &[String]) -> impl Iterator<Item = String> + '_ {
    words
        .iter()
        .zip(words.iter().skip(1))
        .map(|(one, next)| format!("{one}_{next}"))
}

fn cut(word: &str) -> String {
    word.chars().take(WORD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_pairs_are_kept_once_and_a_phrase_is_asked_by_its_pairs() {
        assert_eq!(kept("cay da cay da lang"), "cay cay_da da da_cay da_lang lang");
        assert_eq!(kept(""), "");
        assert_eq!(asked("cay da la"), ["cay_da", "da_la"]);
        assert_eq!(asked("cay"), ["cay"]);
    }

    #[test]
    fn an_endless_word_is_found_by_its_beginning() {
        let endless = "a".repeat(500);
        assert_eq!(kept(&endless), "a".repeat(WORD));
        assert_eq!(asked(&endless), ["a".repeat(WORD)]);
    }
}
