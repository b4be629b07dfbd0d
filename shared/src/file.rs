//! Files of a record: the document itself, as it was issued. They travel, are kept and are forgotten as photos are
//! (announced, uploaded in parts, held, acknowledged), but nobody looks at them inside the app: they are downloaded.
//!
//! Only PDF is taken: it is the form in which a document is issued (Nghị định 30/2020/NĐ-CP). What a file is, its bytes say;
//! its name is only shown.

use crate::evidence::is_sha256_hex;
use crate::id::PhotoId;
use crate::json::{FromJson, ToJson};
use crate::kind;
use crate::problem::{FieldCode, FieldError, ProblemCode};
use crate::record::PhotoState;
use crate::text;
use serde::{Deserialize, Serialize};

/// The media type of a file.
pub const PDF: &str = "application/pdf";
/// Most files of one record.
pub const MAX_FILES: usize = 5;
/// Largest file in bytes: 20 MiB.
pub const MAX_FILE_BYTES: u64 = 20 * 1024 * 1024;
/// Longest name of a file, in characters.
pub const MAX_FILE_NAME: usize = 150;

/// A file as its record lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FileRef {
    /// Made by the device; one space of ids with photos.
    pub id: PhotoId,
    /// SHA-256 (hex) of the bytes that will be uploaded.
    pub sha256: String,
    /// Its name, at most [`MAX_FILE_NAME`] characters. It is shown and names the download, nothing else.
    pub name: String,
}

/// A file as the server shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileView {
    /// The file.
    pub id: PhotoId,
    /// SHA-256 (hex) that the record lists.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Whether the server holds the bytes.
    pub state: PhotoState,
    /// Bytes, once held.
    pub size: Option<u64>,
}

/// Why bytes are not taken as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFault {
    /// No PDF, whatever its name says.
    NotPdf,
    /// A PDF that was cut off or lacks what every PDF has.
    Broken,
    /// A PDF that opens only with a password, or is protected against reading.
    Locked,
    /// More than [`MAX_FILE_BYTES`].
    TooLarge,
}

impl FileFault {
    /// The problem that says so.
    pub fn code(self) -> ProblemCode {
        match self {
            Self::NotPdf => ProblemCode::NotPdf,
            Self::Broken => ProblemCode::FileBroken,
            Self::Locked => ProblemCode::FileLocked,
            Self::TooLarge => ProblemCode::TooLarge,
        }
    }
}

/// How far from its end a PDF says that it ends.
const END: usize = 2_048;

/// Looks at bytes that are to be a file. What is announced as a PDF but begins with anything else (a program, a web page, an
/// archive, a PDF behind something) is none.
pub fn inspect(bytes: &[u8]) -> Result<(), FileFault> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(FileFault::TooLarge);
    }
    if !matches!(
        bytes,
        [b'%', b'P', b'D', b'F', b'-', b'1' | b'2', b'.', b'0'..=b'9', ..]
    ) {
        return Err(FileFault::NotPdf);
    }
    let end = bytes.get(bytes.len().saturating_sub(END)..).unwrap_or(bytes);
    let is_whole = has(end, b"%%EOF") && has(end, b"startxref") && names(bytes, b"/Root");
    match (is_whole, names(bytes, b"/Encrypt")) {
        (false, _) => Err(FileFault::Broken),
        (true, true) => Err(FileFault::Locked),
        (true, false) => Ok(()),
    }
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Whether a key of a dictionary stands there, and not the beginning of a longer one.
fn names(bytes: &[u8], key: &[u8]) -> bool {
    let ends = |at: usize| {
        let next = bytes.get(at + key.len());
        !next.is_some_and(u8::is_ascii_alphanumeric)
    };
    let mut windows = bytes.windows(key.len()).enumerate();
    windows.any(|(at, window)| window == key && ends(at))
}

/// A name without folders, marks that file systems read, and what hides its end; `.pdf` at its end.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let kept: String = text::clean(last)
        .chars()
        .filter(|c| !c.is_control() && !"<>:\"|?*".contains(*c))
        .collect();
    let bare = kept.trim();
    let cut = bare.len().saturating_sub(4);
    let stem = match bare.get(cut..) {
        Some(end) if end.eq_ignore_ascii_case(".pdf") => bare.get(..cut).unwrap_or(bare),
        _ => bare,
    };
    let stem = stem.trim_start_matches(['.', ' ']);
    let stem: String = stem.chars().take(MAX_FILE_NAME - 4).collect();
    match stem.trim() {
        "" => String::new(),
        stem => format!("{stem}.pdf"),
    }
}

/// Checks and cleans the files of a draft of this kind. `is_taken` knows the ids of its photos.
pub(crate) fn check(
    files: &mut [FileRef],
    kind: &str,
    is_taken: impl Fn(PhotoId) -> bool,
    errors: &mut Vec<FieldError>,
) {
    let most = kind::find(kind).map_or(0, |kind| kind.files);
    if files.is_empty() {
        return;
    }
    if most == 0 {
        errors.push(FieldError::new("files", FieldCode::Unknown));
    } else if files.len() > most {
        errors.push(FieldError::new("files", FieldCode::TooLong).with("max", most));
    }
    let ids: Vec<PhotoId> = files.iter().map(|file| file.id).collect();
    for (i, file) in files.iter_mut().enumerate() {
        file.name = clean_name(&file.name);
        if file.name.is_empty() {
            errors.push(FieldError::new(format!("files.{i}.name"), FieldCode::Required));
        }
        if is_taken(file.id) || ids.iter().take(i).any(|id| *id == file.id) {
            errors.push(FieldError::new(format!("files.{i}.id"), FieldCode::Duplicate));
        }
        if !is_sha256_hex(&file.sha256) {
            errors.push(FieldError::new(format!("files.{i}.sha256"), FieldCode::BadFormat));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pdf(more: &str) -> Vec<u8> {
        format!(
            "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n{more}\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
        )
        .into_bytes()
    }

    #[test]
    fn a_whole_pdf_is_taken() {
        assert_eq!(inspect(&pdf("")), Ok(()));
        assert_eq!(inspect(&pdf("<</EncryptMetadata true>>")), Ok(()));
    }

    #[test]
    fn what_is_no_pdf_by_its_bytes_is_refused() {
        let behind = [b"<html>".as_slice(), &pdf("")].concat();
        for bytes in [
            &b""[..],
            b"MZ\x90\0",
            b"\x7fELF",
            b"<!doctype html>",
            b"PK\x03\x04",
            b"\xd0\xcf\x11\xe0",
            b"%PDF",
            &behind,
        ] {
            assert_eq!(inspect(bytes), Err(FileFault::NotPdf));
        }
    }

    #[test]
    fn a_pdf_that_is_cut_off_locked_or_too_large_says_so() {
        let whole = pdf("");
        for keep in [10, 40, whole.len() - 20] {
            assert_eq!(inspect(&whole[..keep]), Err(FileFault::Broken), "{keep}");
        }
        assert_eq!(inspect(&pdf("<</Encrypt 5 0 R>>")), Err(FileFault::Locked));
        let large = vec![b' '; MAX_FILE_BYTES as usize + 1];
        assert_eq!(inspect(&large), Err(FileFault::TooLarge));
    }

    #[test]
    fn a_name_is_what_people_read_and_no_path() {
        let names = [
            ("Kế hoạch 12.pdf", "Kế hoạch 12.pdf"),
            ("C:\\Users\\a\\KH 12.PDF", "KH 12.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("văn\u{202e}fdp.exe", "vănfdp.exe.pdf"),
            ("a\"b<c>.pdf", "abc.pdf"),
            ("  .pdf", ""),
            ("...", ""),
        ];
        for (name, expected) in names {
            assert_eq!(clean_name(name), expected, "{name}");
        }
        let long = clean_name(&"ă".repeat(400));
        assert_eq!(long.chars().count(), MAX_FILE_NAME);
        assert_eq!(clean_name(&long), long);
    }
}
