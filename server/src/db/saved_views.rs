//! Views of the table of records that people saved, each their own.

use super::schema_jobs::saved_view;
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::api::{NewSavedView, SavedView};
use keng_shared::id::{SavedViewId, UserId};
use keng_shared::text;

type Columns = (i64, String, String, String);
const COLUMNS: (
    saved_view::id,
    saved_view::name,
    saved_view::filter,
    saved_view::shown,
) = (
    saved_view::id,
    saved_view::name,
    saved_view::filter,
    saved_view::shown,
);

/// The person's views, in Vietnamese order.
pub fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<SavedView>, DbError> {
    saved_view::table
        .filter(saved_view::user_id.eq(user.to_string()))
        .order((saved_view::sort, saved_view::id))
        .select(COLUMNS)
        .load::<Columns>(conn)?
        .into_iter()
        .map(view)
        .collect()
}

/// Saves a view. One of the same name is replaced.
pub fn save(conn: &mut Conn, user: UserId, new: &NewSavedView) -> Result<SavedView, DbError> {
    let filter = DbError::unless(serde_json::to_string(&new.filter).ok(), "saved_view.filter")?;
    let columns = new.columns.join(",");
    let same = saved_view::table
        .filter(saved_view::user_id.eq(user.to_string()))
        .filter(saved_view::name.eq(&new.name));
    let replaced = diesel::update(same)
        .set((saved_view::filter.eq(&filter), saved_view::shown.eq(&columns)))
        .returning(COLUMNS)
        .get_result::<Columns>(conn)
        .optional()?;
    let row = match replaced {
        Some(row) => row,
        None => diesel::insert_into(saved_view::table)
            .values((
                saved_view::user_id.eq(user.to_string()),
                saved_view::name.eq(&new.name),
                saved_view::sort.eq(text::sort_key(&new.name)),
                saved_view::filter.eq(&filter),
                saved_view::shown.eq(&columns),
            ))
            .returning(COLUMNS)
            .get_result(conn)?,
    };
    view(row)
}

/// Deletes a view of the person's; `false` when there is none.
pub fn delete(conn: &mut Conn, user: UserId, id: SavedViewId) -> Result<bool, DbError> {
    let mine = saved_view::table
        .filter(saved_view::user_id.eq(user.to_string()))
        .filter(saved_view::id.eq(id.0));
    Ok(diesel::delete(mine).execute(conn)? == 1)
}

fn view((id, name, filter, columns): Columns) -> Result<SavedView, DbError> {
    Ok(SavedView {
        id: SavedViewId(id),
        name,
        filter: DbError::unless(serde_json::from_str(&filter).ok(), "saved_view.filter")?,
        columns: columns
            .split(',')
            .filter(|column| !column.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}
