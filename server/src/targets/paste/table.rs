//! Lines of cells as a clipboard gives them: tabs between cells, and quotes around a cell that holds tabs, quotes or line
//! breaks of its own.

/// A line of a pasted table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the text on which it begins, from 1.
    pub line: u32,
    /// As it was pasted.
    pub raw: String,
    /// Its cells, without quotes; a line break within one is a space.
    pub cells: Vec<String>,
}

/// The lines of a text that hold anything.
pub fn rows(text: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut rest, mut line) = (text, 1_u32);
    while !rest.is_empty() {
        let (cells, length) = row(rest);
        let (raw, after) = rest.split_at(length);
        let breaks = raw.matches('\n').count();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(Row {
                line,
                raw: raw.trim_end_matches(['\r', '\n']).to_owned(),
                cells,
            });
        }
        line = line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        rest = after;
    }
    rows
}

/// The cells of the first line, and its length with the line break in bytes.
fn row(text: &str) -> (Vec<String>, usize) {
    let mut cells = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let (cell, length) = quoted(rest).unwrap_or_else(|| plain(rest));
        cells.push(cell.split_whitespace().collect::<Vec<_>>().join(" "));
        at += length;
        match text.get(at..).and_then(|rest| rest.chars().next()) {
            Some('\t') => at += 1,
            Some(_) => {
                let rest = text.get(at..).unwrap_or_default();
                return (cells, at + rest.find('\n').map_or(rest.len(), |end| end + 1));
            }
            None => return (cells, at),
        }
    }
}

/// A cell up to the next tab or the end of the line.
fn plain(text: &str) -> (String, usize) {
    let end = text.find(['\t', '\n', '\r']).unwrap_or(text.len());
    (text.get(..end).unwrap_or_default().to_owned(), end)
}

/// A cell in quotes; none if the quote that begins it is one of its words.
fn quoted(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix('"')?;
    let mut cell = String::new();
    let mut chars = inner.char_indices().peekable();
    while let Some((place, char)) = chars.next() {
        if char != '"' {
            cell.push(char);
            continue;
        }
        match chars.peek() {
            Some((_, '"')) => {
                chars.next();
                cell.push('"');
            }
            Some((_, '\t' | '\n' | '\r')) | None => return Some((cell, place + 2)),
            Some(_) => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_cell_keeps_its_line_breaks_and_quotes() {
        let pasted = "1\t\"Hội nghị \"\"Lắng nghe\"\"\r\ný kiến nhân dân\"\t2\r\n\r\n2\tViệc\t3";
        let rows = rows(pasted);
        assert_eq!(rows.len(), 2);
        assert_eq!(
            rows[0].cells,
            ["1", "Hội nghị \"Lắng nghe\" ý kiến nhân dân", "2"]
        );
        assert_eq!((rows[0].line, rows[1].line), (1, 4));
        assert_eq!(rows[1].cells, ["2", "Việc", "3"]);
        assert!(
            pasted.contains(&rows[0].raw),
            "what was pasted can be pasted again"
        );
    }

    #[test]
    fn a_quote_that_is_one_of_the_words_ends_nothing() {
        let rows = rows("1\t\"Camera với ANTT\" ở thôn\t1\n2\t\"chưa đóng\t1");
        assert_eq!(rows[0].cells, ["1", "\"Camera với ANTT\" ở thôn", "1"]);
        assert_eq!(rows[1].cells, ["2", "\"chưa đóng", "1"]);
    }
}
