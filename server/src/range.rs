//! Which part of a file a request asks for (RFC 9110 §14): one range of bytes, as browsers and download tools send it to
//! go on where a download broke off.

use actix_web::http::header::{HeaderMap, IF_RANGE, RANGE};

/// What is wanted of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All of it.
    Whole,
    /// The bytes from `from` up to, and without, `to`.
    Part {
        /// First byte.
        from: u64,
        /// The byte behind the last.
        to: u64,
    },
    /// A part that the file does not have.
    Nothing,
}

/// Reads `Range` and `If-Range`. Several ranges, other units and a range of another version of the file mean the whole.
pub fn wanted(headers: &HeaderMap, tag: &str, size: u64) -> Wanted {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let is_same = headers.get(IF_RANGE).is_none() || text(IF_RANGE) == Some(tag);
    let range = text(RANGE).and_then(|range| range.strip_prefix("bytes="));
    let Some((first, last)) = range.filter(|_| is_same).and_then(|range| range.split_once('-')) else {
        return Wanted::Whole;
    };
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(from), _) if from >= size => Wanted::Nothing,
        (Ok(from), Ok(last)) if last >= from => Wanted::Part {
            from,
            to: last.saturating_add(1).min(size),
        },
        (Ok(from), _) if last.is_empty() => Wanted::Part { from, to: size },
        (_, Ok(length)) if first.is_empty() => match length.min(size) {
            0 => Wanted::Nothing,
            length => Wanted::Part {
                from: size - length,
                to: size,
            },
        },
        _ => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn of(range: &'static str, if_range: Option<&'static str>) -> Wanted {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, HeaderValue::from_static(range));
        if let Some(tag) = if_range {
            headers.insert(IF_RANGE, HeaderValue::from_static(tag));
        }
        wanted(&headers, "\"a\"", 100)
    }

    #[test]
    fn one_range_is_read_and_everything_else_is_the_whole_file() {
        assert_eq!(wanted(&HeaderMap::new(), "\"a\"", 100), Wanted::Whole);
        assert_eq!(of("bytes=40-", None), Wanted::Part { from: 40, to: 100 });
        assert_eq!(of("bytes=0-9", None), Wanted::Part { from: 0, to: 10 });
        assert_eq!(of("bytes=90-500", None), Wanted::Part { from: 90, to: 100 });
        assert_eq!(of("bytes=-30", None), Wanted::Part { from: 70, to: 100 });
        assert_eq!(of("bytes=100-", None), Wanted::Nothing);
        assert_eq!(of("bytes=-0", None), Wanted::Nothing);
        for odd in ["bytes=1-2,5-6", "lines=1-2", "bytes=9-1", "bytes=x-y", "bytes=-"] {
            assert_eq!(of(odd, None), Wanted::Whole, "{odd}");
        }
    }

    #[test]
    fn a_range_of_another_version_is_the_whole_file() {
        assert_eq!(of("bytes=40-", Some("\"a\"")), Wanted::Part { from: 40, to: 100 });
        assert_eq!(of("bytes=40-", Some("\"b\"")), Wanted::Whole);
    }
}
