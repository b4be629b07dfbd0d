//! Files as spreadsheets of every age write them: code pages, marks, separators, merged cells, too many rows.

use keng_shared::problem::{FieldCode, ProblemCode};
use keng_tests::{Asks, Refused, TestApp, both_databases};
use std::fmt::Write;

both_databases!(
    areas_and_people_are_read_from_old_code_pages_and_from_utf_16,
    a_merged_cell_that_leaves_a_blank_is_named_with_its_row,
    a_file_of_people_with_a_hundred_thousand_rows_is_refused_as_a_whole,
    a_file_of_areas_with_a_hundred_thousand_rows_is_read_to_its_end,
);

/// "Ngã ba chợ" in Windows-1258: tones are marks behind their letters.
const OLD: &[u8] = b"Nga\xde ba ch\xf5\xf2";

async fn areas_and_people_are_read_from_old_code_pages_and_from_utf_16(app: TestApp) {
    let (world, cast) = app.cast().await;
    let administrator = cast.administrator.api();
    let areas = [
        b"kind;code;name;parent_code\nresidential_area;;".as_slice(),
        OLD,
        b";15112\n",
    ]
    .concat();
    let report = administrator
        .import_areas("text/csv", areas, false)
        .await
        .unwrap();
    assert_eq!((report.created, report.refused), (1, vec![]));
    // The same place out of another program is the same place.
    let wide: Vec<u8> = "\u{feff}kind,code,name,parent_code\nresidential_area,,Ngã ba chợ,15112\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let again = administrator.import_areas("text/csv", wide, false).await.unwrap();
    assert_eq!((again.created, again.unchanged, again.refused), (0, 1, vec![]));

    let officer = cast.officer.api();
    let people = [
        b"username;name;role;area_id\nba.nv;".as_slice(),
        OLD,
        format!(";member;{}\n", world.village).as_bytes(),
    ]
    .concat();
    let report = officer.import_users(people, false).await.unwrap();
    assert_eq!((report.created, report.refused), (1, vec![]));
    let found = officer
        .users(None, Some("nga ba cho".to_owned()), None)
        .await
        .unwrap();
    let names: Vec<&str> = found.items.iter().map(|user| user.name.as_str()).collect();
    assert_eq!(names, ["Ngã ba chợ"]);
}

async fn a_merged_cell_that_leaves_a_blank_is_named_with_its_row(app: TestApp) {
    let (_, cast) = app.cast().await;
    let csv = "username,name,role,area_code\n\
               mot.nv,Nguyễn Văn Một,member,15112\n\
               hai.nv,Nguyễn Văn Hai,member,\n\
               ba.nv,,member,15112\n";
    let report = cast
        .officer
        .api()
        .import_users(csv.as_bytes().to_vec(), false)
        .await
        .unwrap();
    let refused: Vec<_> = report
        .refused
        .iter()
        .map(|row| (row.row, row.error.field.as_str(), row.error.code))
        .collect();
    assert_eq!(
        refused,
        [
            (3, "area_code", FieldCode::Required),
            (4, "name", FieldCode::Required)
        ]
    );
    assert_eq!(report.created, 1);
}

async fn a_file_of_people_with_a_hundred_thousand_rows_is_refused_as_a_whole(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let rows: String = (0..100_000)
        .map(|number| format!("n{number},N,member,{}\n", world.village))
        .collect();
    let csv = format!("username,name,role,area_id\n{rows}");
    let refused = officer.import_users(csv.into_bytes(), false).await;
    assert_eq!(refused.code(), ProblemCode::TooLarge);
    assert_eq!(
        officer
            .users(None, Some("n99".to_owned()), None)
            .await
            .unwrap()
            .items,
        []
    );
}

async fn a_file_of_areas_with_a_hundred_thousand_rows_is_read_to_its_end(app: TestApp) {
    let (_, cast) = app.cast().await;
    let mut csv = "kind,code,name,parent_code\n".to_owned();
    for number in 0..100_000 {
        writeln!(csv, "residential_area,T{number},Thôn {number},15112").unwrap();
    }
    // The last row is wrong: it is refused by itself, by its number, and the others are counted.
    writeln!(csv, "residential_area,T5,Thôn 5,15112").unwrap();
    let administrator = cast.administrator.api();
    let report = administrator
        .import_areas("text/csv", csv.into_bytes(), true)
        .await
        .unwrap();
    assert_eq!((report.read, report.created), (100_001, 100_000));
    let refused: Vec<_> = report
        .refused
        .iter()
        .map(|row| (row.row, row.error.code))
        .collect();
    assert_eq!(refused, [(100_002, FieldCode::Duplicate)]);
}
