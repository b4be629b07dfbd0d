//! Style sheets: `@import "name.css";` is replaced by the file, comments and indentation go.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// The sheet with everything that it imports, made small.
pub fn flatten(folder: &Path, name: &str) -> Result<String> {
    Ok(minify(&inline(folder, name)?))
}

fn inline(folder: &Path, name: &str) -> Result<String> {
    let path = folder.join(name);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut sheet = String::with_capacity(text.len());
    for line in text.lines() {
        match imported(line) {
            Some(other) => sheet.push_str(&inline(folder, other)?),
            None => sheet.push_str(line),
        }
        sheet.push('\n');
    }
    Ok(sheet)
}

/// The name in `@import "name";` or `@import url("name");`.
fn imported(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("@import")?.trim();
    let rest = rest.strip_prefix("url(").unwrap_or(rest);
    let quote = rest.chars().next().filter(|c| "\"'".contains(*c))?;
    let name = rest.strip_prefix(quote)?.split(quote).next()?;
    Some(name.strip_prefix("./").unwrap_or(name))
}

/// Drops comments, and white space where a line begins or ends. Strings on one line stay as they are.
fn minify(sheet: &str) -> String {
    let mut bare = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, tail)| tail);
    }
    bare.push_str(rest);
    let mut small = String::with_capacity(bare.len());
    for line in bare.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let needs_space = !small.is_empty() && !small.ends_with(['{', '}', ';', ',']);
        if needs_space && !line.starts_with(['{', '}']) {
            small.push(' ');
        }
        small.push_str(line);
    }
    small
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_sheet_means_the_same() {
        let sheet = "/* why */\na,\nb {\n  margin: 0 auto; /* no */\n  grid-area:\n    main;\n}\n";
        assert_eq!(minify(sheet), "a,b {margin: 0 auto;grid-area: main;}");
    }

    #[test]
    fn imports_are_read_in_each_of_their_forms() {
        assert_eq!(imported("@import \"tokens.css\";"), Some("tokens.css"));
        assert_eq!(imported("@import url('./tokens.css');"), Some("tokens.css"));
        assert_eq!(imported("a { }"), None);
    }
}
