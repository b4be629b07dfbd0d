//! A lean HTTP/1.1 client on one connection that is kept alive, so that the load driver measures the server and not
//! itself. It speaks just what this server answers: a status, headers, a body with a length.

use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Wire {
    /// Connects to an origin such as `http://127.0.0.1:8080`.
    pub async fn connect(origin: &str) -> io::Result<Self> {
        let address = origin.trim_start_matches("http://");
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    /// Sends a request in as many pieces of body as there are, and reads the answer. `head` is the request line and the
    /// headers, each with its line end, without length and without the empty line.
    pub async fn send(&mut self, head: &str, body: &[&[u8]]) -> io::Result<Answer> {
        let length: usize = body.iter().map(|piece| piece.len()).sum();
        let mut request = Vec::with_capacity(head.len() + 64 + length.min(4096));
        request.extend_from_slice(head.as_bytes());
        request.extend_from_slice(format!("host: keng\r\ncontent-length: {length}\r\n\r\n").as_bytes());
        if length <= 4096 {
            body.iter().for_each(|piece| request.extend_from_slice(piece));
            self.stream.write_all(&request).await?;
        } else {
            self.stream.write_all(&request).await?;
            for piece in body {
                self.stream.write_all(piece).await?;
            }
        }
        self.read().await
    }

    async fn read(&mut self) -> io::Result<Answer> {
        self.buffer.clear();
        let head_end = loop {
            let searched = self.buffer.len().saturating_sub(3);
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let end = self.buffer.get(searched..).and_then(|new| find(new, b"\r\n\r\n"));
            if let Some(at) = end {
                break searched + at + 4;
            }
        };
        let head = String::from_utf8_lossy(self.buffer.get(..head_end).unwrap_or_default()).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other("an answer without a status"))?;
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse::<usize>().ok())?
        });
        let end = head_end + length.unwrap_or(0);
        while self.buffer.len() < end {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let body = self.buffer.get(head_end..end).unwrap_or_default().to_vec();
        Ok(Answer { status, body })
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
