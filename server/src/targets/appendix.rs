//! A matrix as the appendix of its plan: an Excel file with the head of an official document, units as rows, and each target
//! with what was asked and what there is. It prints in letters that can be read: many targets go side by side over several
//! pages, each with the names of the units.

use keng_shared::api::{MatrixTarget, ProgressMatrix};
use keng_shared::target::{Assessment, Comparator, PlanTerms, Progress, Thousandths};
use keng_shared::time::LocalDate;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// Rows of the head of the table; the first one's number.
const HEAD: u32 = 7;
/// The first row of figures.
const BODY: u32 = HEAD + 3;
/// Columns before the targets: number and name.
const NAMES: u16 = 2;
/// A table with more targets is printed on A3.
const NARROW: usize = 8;
/// Targets side by side on one page of A3.
const ON_PAGE: u16 = 14;
/// The scale at which so many fit, in per cent: letters of 12 points are then 8 points high.
const SCALE: u16 = 70;
const A3: u8 = 8;
const A4: u8 = 9;

/// The file.
pub fn write(matrix: &ProgressMatrix, terms: &PlanTerms, area: &str) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let looks = Looks::new();
    let asked: Vec<&MatrixTarget> = matrix
        .targets
        .iter()
        .filter(|target| target.rollup.asked() > 0)
        .collect();
    if !asked.is_empty() && !matrix.units.is_empty() {
        let sheet = book.add_worksheet().set_name("Theo đơn vị")?;
        by_unit(sheet, &looks, matrix, terms, area, &asked)?;
    }
    let sheet = book.add_worksheet().set_name("Theo chỉ tiêu")?;
    by_target(sheet, &looks, matrix, terms, area)?;
    book.save_to_buffer()
}

struct Looks {
    plain: Format,
    strong: Format,
    small: Format,
    head: Format,
    name: Format,
    middle: Format,
    standing: [Format; 5],
}

impl Looks {
    fn new() -> Self {
        let font = || Format::new().set_font_name("Times New Roman").set_font_size(12);
        let centred = || {
            font()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
        };
        let cell = || {
            let cell = font().set_border(FormatBorder::Thin);
            cell.set_align(FormatAlign::VerticalCenter).set_text_wrap()
        };
        let figure = |colour: Option<u32>| {
            let cell = cell().set_align(FormatAlign::Center);
            match colour {
                Some(colour) => cell.set_background_color(Color::RGB(colour)),
                None => cell,
            }
        };
        Self {
            plain: centred(),
            strong: centred().set_bold().set_text_wrap(),
            small: centred().set_italic().set_text_wrap(),
            head: cell().set_bold().set_align(FormatAlign::Center).set_font_size(10),
            name: cell(),
            middle: figure(None),
            // Light enough to read on paper that was printed without colour.
            standing: [
                figure(Some(0x00DD_F0E0)),
                figure(None),
                figure(Some(0x00FC_EFCF)),
                figure(Some(0x00F8_D9D6)),
                figure(Some(0x00F0_F0F0)),
            ],
        }
    }

    fn of(&self, progress: Progress) -> &Format {
        let place = match progress {
            Progress::Met => 0,
            Progress::OnTrack => 1,
            Progress::Behind => 2,
            Progress::Overdue => 3,
            Progress::NotApplicable => 4,
        };
        self.standing.get(place).unwrap_or(&self.middle)
    }
}

/// Units × targets.
fn by_unit(
    sheet: &mut Worksheet,
    looks: &Looks,
    matrix: &ProgressMatrix,
    terms: &PlanTerms,
    area: &str,
    targets: &[&MatrixTarget],
) -> Result<(), XlsxError> {
    let last = NAMES + 2 * u16::try_from(targets.len()).unwrap_or(0);
    // Head and foot belong on the first page.
    let first_page = last.min(NAMES + 2 * ON_PAGE - 1);
    document_head(sheet, looks, matrix, terms, area, first_page)?;
    sheet.merge_range(HEAD, 0, BODY - 1, 0, "TT", &looks.head)?;
    sheet.merge_range(HEAD, 1, BODY - 1, 1, "Đơn vị", &looks.head)?;
    sheet.merge_range(HEAD, last, BODY - 1, last, "Số chỉ tiêu đạt", &looks.head)?;
    for (column, target) in (NAMES..).step_by(2).zip(targets) {
        let head = format!("{}. {}", target.code, target.text);
        sheet.merge_range(HEAD, column, HEAD, column + 1, &head, &looks.head)?;
        let measure = format!("{} · đến {}", target.measure, date(target.last_day));
        sheet.merge_range(HEAD + 1, column, HEAD + 1, column + 1, &measure, &looks.head)?;
        sheet.write_string_with_format(HEAD + 2, column, "Giao", &looks.head)?;
        sheet.write_string_with_format(HEAD + 2, column + 1, "Đạt", &looks.head)?;
    }
    let mut row = BODY;
    for (place, unit) in matrix.units.iter().enumerate() {
        sheet.write_number_with_format(row, 0, f64::from(row - BODY + 1), &looks.middle)?;
        sheet.write_string_with_format(row, 1, &unit.name, &looks.name)?;
        for (column, target) in (NAMES..).step_by(2).zip(targets) {
            let Some(cell) = target.cells.get(place) else {
                continue;
            };
            let look = looks.of(cell.progress);
            if cell.progress == Progress::NotApplicable {
                sheet.write_string_with_format(row, column, "–", look)?;
                figure(sheet, (row, column + 1), cell.figure, look)?;
                continue;
            }
            let asked = asked(target.comparator, cell.value.unwrap_or(target.value));
            sheet.write_string_with_format(row, column, asked, &looks.middle)?;
            let parts = (cell.parts_met, cell.parts);
            result(sheet, (row, column + 1), cell.figure, parts, look)?;
        }
        let met = format!("{}/{}", unit.rollup.met, unit.rollup.asked());
        sheet.write_string_with_format(row, last, met, &looks.middle)?;
        row += 1;
    }
    sheet.merge_range(row, 0, row, 1, "Toàn địa bàn", &looks.head)?;
    for (column, target) in (NAMES..).step_by(2).zip(targets) {
        let value = asked(target.comparator, target.asked.unwrap_or(target.value));
        sheet.write_string_with_format(row, column, value, &looks.head)?;
        let whole = &target.whole;
        let look = looks.of(whole.progress);
        result(sheet, (row, column + 1), whole.figure, parts_of(whole), look)?;
    }
    sheet.write_string_with_format(row, last, "", &looks.head)?;
    document_foot(sheet, looks, row + 2, first_page)?;
    sheet.set_column_width(0, 5)?;
    sheet.set_column_width(1, 24)?;
    sheet.set_column_range_width(NAMES, last, 9)?;
    sheet.set_row_height(HEAD, 120)?;
    sheet.set_row_height(HEAD + 1, 48)?;
    sheet.set_freeze_panes(BODY, NAMES)?;
    sheet.set_repeat_rows(HEAD, BODY - 1)?;
    sheet.set_repeat_columns(0, 1)?;
    let paper = if targets.len() > NARROW { A3 } else { A4 };
    page(sheet, matrix, paper);
    let pages: Vec<u32> = (NAMES + 2 * ON_PAGE..last)
        .step_by(usize::from(2 * ON_PAGE))
        .map(u32::from)
        .collect();
    match pages.is_empty() {
        true => sheet.set_print_fit_to_pages(1, 0),
        false => sheet.set_print_scale(SCALE).set_vertical_page_breaks(&pages)?,
    };
    Ok(())
}

/// Targets as rows, with what came of each.
fn by_target(
    sheet: &mut Worksheet,
    looks: &Looks,
    matrix: &ProgressMatrix,
    terms: &PlanTerms,
    area: &str,
) -> Result<(), XlsxError> {
    let heads = [
        ("Số", 9),
        ("Nội dung chỉ tiêu", 58),
        ("Đơn vị tính", 16),
        ("Giao", 11),
        ("Thực hiện", 11),
        ("Hạn cuối", 12),
        ("Tiến độ", 14),
        ("Số đơn vị đạt", 12),
        ("Đến muộn", 9),
    ];
    let last = u16::try_from(heads.len()).unwrap_or(1) - 1;
    document_head(sheet, looks, matrix, terms, area, last)?;
    for (column, (head, width)) in (0_u16..).zip(heads) {
        sheet.write_string_with_format(HEAD, column, head, &looks.head)?;
        sheet.set_column_width(column, width)?;
    }
    let mut row = HEAD + 1;
    for target in &matrix.targets {
        let whole = &target.whole;
        let look = looks.of(whole.progress);
        sheet.write_string_with_format(row, 0, &target.code, &looks.middle)?;
        sheet.write_string_with_format(row, 1, &target.text, &looks.name)?;
        sheet.write_string_with_format(row, 2, &target.measure, &looks.middle)?;
        let value = asked(target.comparator, target.asked.unwrap_or(target.value));
        sheet.write_string_with_format(row, 3, value, &looks.middle)?;
        result(sheet, (row, 4), whole.figure, parts_of(whole), look)?;
        sheet.write_string_with_format(row, 5, date(target.last_day), &looks.middle)?;
        sheet.write_string_with_format(row, 6, standing(whole.progress), look)?;
        let units = match target.rollup.asked() {
            0 => "–".to_owned(),
            asked => format!("{}/{asked}", target.rollup.met),
        };
        sheet.write_string_with_format(row, 7, units, &looks.middle)?;
        sheet.write_number_with_format(row, 8, f64::from(target.late), &looks.middle)?;
        row += 1;
    }
    document_foot(sheet, looks, row + 1, last)?;
    sheet.set_freeze_panes(HEAD + 1, NAMES)?;
    sheet.set_repeat_rows(HEAD, HEAD)?;
    page(sheet, matrix, A4);
    sheet.set_print_fit_to_pages(1, 0);
    Ok(())
}

/// Issuer and motto, the title, and what the figures are of.
fn document_head(
    sheet: &mut Worksheet,
    looks: &Looks,
    matrix: &ProgressMatrix,
    terms: &PlanTerms,
    area: &str,
    last: u16,
) -> Result<(), XlsxError> {
    // Issuer on the left third, motto on the rest; a table is at least four columns wide.
    let left = (last / 3).max(1);
    sheet.merge_range(0, 0, 0, left, &terms.issuer.to_uppercase(), &looks.strong)?;
    sheet.merge_range(
        0,
        left + 1,
        0,
        last,
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        &looks.strong,
    )?;
    let number = match terms.number.as_str() {
        "" => String::new(),
        number => format!("Kèm theo Kế hoạch số {number}"),
    };
    sheet.merge_range(1, 0, 1, left, &number, &looks.plain)?;
    sheet.merge_range(1, left + 1, 1, last, "Độc lập – Tự do – Hạnh phúc", &looks.strong)?;
    sheet.merge_range(
        3,
        0,
        3,
        last,
        "PHỤ LỤC: TIẾN ĐỘ THỰC HIỆN CHỈ TIÊU",
        &looks.strong,
    )?;
    sheet.merge_range(4, 0, 4, last, &terms.title, &looks.strong)?;
    let about = format!(
        "{area} · kỳ từ {} đến {} · số liệu đến hết ngày {}",
        date(matrix.plan.from),
        date(matrix.plan.to),
        date(matrix.today)
    );
    sheet.merge_range(5, 0, 5, last, &about, &looks.small)?;
    sheet.set_row_height(4, 36)?;
    Ok(())
}

/// Where people sign, and what the colours mean.
fn document_foot(sheet: &mut Worksheet, looks: &Looks, row: u32, last: u16) -> Result<(), XlsxError> {
    let words = "Nền xanh: đạt · nền trắng: đúng tiến độ · nền vàng: chậm · nền đỏ: quá hạn · nền xám, “–”: không giao";
    sheet.merge_range(row, 0, row, last, words, &looks.small)?;
    let left = (last / 3).max(1);
    for (first, end, title) in [(0, left, "NGƯỜI LẬP BIỂU"), (left + 1, last, "THỦ TRƯỞNG ĐƠN VỊ")]
    {
        sheet.merge_range(row + 2, first, row + 2, end, title, &looks.strong)?;
        sheet.merge_range(row + 3, first, row + 3, end, "(Ký, ghi rõ họ tên)", &looks.small)?;
    }
    Ok(())
}

fn page(sheet: &mut Worksheet, matrix: &ProgressMatrix, paper: u8) {
    sheet.set_landscape();
    sheet.set_paper_size(paper);
    sheet.set_print_center_horizontally(true);
    sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    sheet.set_footer(format!(
        "&LSố liệu đến hết ngày {}&RTrang &P/&N",
        date(matrix.today)
    ));
}

/// Parts of a figure that are met, and all of them.
fn parts_of(whole: &Assessment) -> (u32, u32) {
    let count = |parts: usize| u32::try_from(parts).unwrap_or(u32::MAX);
    (count(whole.parts_met()), count(whole.parts.len()))
}

/// A figure, or of a split one how many of its parts are met: what was asked is asked of each.
fn result(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    whole: Option<Thousandths>,
    (met, parts): (u32, u32),
    look: &Format,
) -> Result<(), XlsxError> {
    if parts == 0 {
        return figure(sheet, (row, column), whole, look);
    }
    sheet.write_string_with_format(row, column, format!("{met}/{parts}"), look)?;
    Ok(())
}

/// A figure as a number, with one decimal where it has any; with three where one would make it look like a whole number.
fn figure(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    figure: Option<Thousandths>,
    look: &Format,
) -> Result<(), XlsxError> {
    match figure {
        None => sheet.write_string_with_format(row, column, "–", look)?,
        Some(Thousandths(number)) => {
            let shown = number as f64 / 1_000.0;
            let format = match (number % 1_000, (number.abs() + 50) / 100 % 10) {
                (0, _) => "#,##0",
                (_, 0) => "#,##0.0##",
                _ => "#,##0.0",
            };
            sheet.write_number_with_format(row, column, shown, &look.clone().set_num_format(format))?
        }
    };
    Ok(())
}

fn asked(comparator: Comparator, value: Thousandths) -> String {
    let sign = match comparator {
        Comparator::AtLeast => "≥",
        Comparator::MoreThan => ">",
        Comparator::Exactly => "=",
        Comparator::AtMost => "≤",
        Comparator::LessThan => "<",
    };
    let (whole, rest) = (value.0 / 1_000, value.0 % 1_000);
    match rest {
        0 => format!("{sign} {whole}"),
        rest => format!("{sign} {whole},{rest:03}")
            .trim_end_matches('0')
            .to_owned(),
    }
}

fn standing(progress: Progress) -> &'static str {
    match progress {
        Progress::Met => "Đạt",
        Progress::OnTrack => "Đúng tiến độ",
        Progress::Behind => "Chậm",
        Progress::Overdue => "Quá hạn",
        Progress::NotApplicable => "Không giao",
    }
}

fn date(day: LocalDate) -> String {
    day.format("%d/%m/%Y").to_string()
}
