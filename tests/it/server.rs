//! A static HTTP server on the loopback interface, for registries: it serves a folder with ETags
//! and ranges, counts what is asked for, and misbehaves on request. As a proxy it has every host's files.

#![allow(dead_code, reason = "what a subject needs is here before its tests are")]

use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How the server misbehaves.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Answers with this status and an empty body.
    Status(u16),
    /// Answers 200 with a page of HTML, as a captive portal does.
    Html,
    /// Promises the whole body and ends the connection after so many bytes of it.
    CutAfter(usize),
    /// Ends the connection without an answer.
    HangUp,
    /// Answers in order, but late.
    Delay(Duration),
    /// Answers in order, but with a pause after each so many bytes of the body.
    Drip(usize, Duration),
    /// Answers with these bytes in place of the file's.
    Body(Vec<u8>),
    /// Answers with a redirect.
    Redirect(String),
}

/// One request, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `HEAD` …
    pub method: String,
    /// The path, with a leading `/`, without the query.
    pub path: String,
    /// The headers, names in lower case.
    pub headers: HashMap<String, String>,
    /// The status that it was answered with; 0 where the connection was ended.
    pub status: u16,
}

#[derive(Default)]
struct State {
    requests: Vec<Request>,
    /// By path prefix: the fault, and how many more times; the longest prefix counts.
    faults: Vec<(String, Fault, usize)>,
    cache_control: Option<String>,
    /// What the header `Authorization` must be, where the server is private.
    authorization: Option<String>,
    date: Option<String>,
}

/// A server that ends when it is dropped.
pub struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves `folder` on a free port.
    pub fn serve(folder: impl Into<PathBuf>) -> Self {
        let (folder, listener) = (folder.into(), TcpListener::bind("127.0.0.1:0").unwrap());
        let address = listener.local_addr().unwrap();
        let (state, ended) = (Arc::new(Mutex::new(State::default())), Arc::new(AtomicBool::new(false)));
        let (shared, over) = (state.clone(), ended.clone());
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), folder, state) = (stream, folder.clone(), shared.clone()) else { continue };
                // A connection that breaks is the client's business.
                thread::spawn(move || drop(converse(stream, &folder, &state)));
            }
        });
        Server { address, state, ended, thread: Some(thread) }
    }

    /// Returns the URL of `path`, which begins with `/` or is empty.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Misbehaves for every path that begins with `prefix`, until [`mend`](Self::mend).
    pub fn fault(&self, prefix: &str, fault: Fault) {
        self.fault_times(prefix, fault, usize::MAX);
    }

    /// Misbehaves for the next `times` requests whose path begins with `prefix`.
    pub fn fault_times(&self, prefix: &str, fault: Fault, times: usize) {
        self.state().faults.push((prefix.to_owned(), fault, times));
    }

    /// Behaves again.
    pub fn mend(&self) {
        self.state().faults.clear();
    }

    /// Sends this `Cache-Control` with every file.
    pub fn cache_control(&self, value: &str) {
        self.state().cache_control = Some(value.to_owned());
    }

    /// Answers 401 to whoever does not send this `Authorization` from now on.
    pub fn require(&self, authorization: &str) {
        self.state().authorization = Some(authorization.to_owned());
    }

    /// Returns the variable that holds a token for this server.
    pub fn variable(&self) -> String {
        format!("ANVIL_TOKEN_127_0_0_1_{}", self.address.port())
    }

    /// Sends this `Date` with every answer.
    pub fn date(&self, value: &str) {
        self.state().date = Some(value.to_owned());
    }

    /// Returns all requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    /// Returns how many requests so far had a path that begins with `prefix`.
    pub fn count(&self, prefix: &str) -> usize {
        self.state().requests.iter().filter(|request| request.path.starts_with(prefix)).count()
    }

    /// Forgets all requests so far.
    pub fn forget(&self) {
        self.state().requests.clear();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // It waits for a connection; this is one.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Answers the requests of one connection until the client or a fault ends it.
fn converse(stream: TcpStream, folder: &Path, state: &Mutex<State>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    while let Some(mut request) = read_request(&mut reader)? {
        let (fault, cache_control, date, is_stranger) = {
            let mut state = state.lock().unwrap();
            let sent = request.headers.get("authorization");
            let is_stranger = state.authorization.as_ref().is_some_and(|wanted| sent != Some(wanted));
            (take_fault(&mut state, &request.path), state.cache_control.clone(), state.date.clone(), is_stranger)
        };
        if let Some(Fault::Delay(time)) = &fault {
            thread::sleep(*time);
        }
        let mut response = match &fault {
            _ if is_stranger => Response::new(401, Vec::new()).header("WWW-Authenticate", "Bearer"),
            Some(Fault::HangUp) => {
                state.lock().unwrap().requests.push(request);
                return Ok(());
            }
            Some(Fault::Status(status)) => Response::new(*status, Vec::new()),
            Some(Fault::Html) => Response::new(200, b"<!doctype html><title>Sign in</title>\n".to_vec())
                .header("Content-Type", "text/html; charset=utf-8"),
            Some(Fault::Body(bytes)) => Response::new(200, bytes.clone()),
            Some(Fault::Redirect(to)) => Response::new(302, Vec::new()).header("Location", to),
            Some(Fault::CutAfter(_) | Fault::Delay(_) | Fault::Drip(..)) | None => file(folder, &request),
        };
        if let (Some(value), 200 | 206 | 304) = (&cache_control, response.status) {
            response = response.header("Cache-Control", value);
        }
        if let Some(date) = &date {
            response = response.header("Date", date);
        }
        request.status = response.status;
        let is_head = request.method == "HEAD";
        // Before the answer, so that a client that has it finds its request counted.
        state.lock().unwrap().requests.push(request);
        let mut body = std::mem::take(&mut response.body);
        response.headers.push(("Content-Length".to_owned(), body.len().to_string()));
        let mut head = format!("HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
        for (name, value) in &response.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        writer.write_all(format!("{head}\r\n").as_bytes())?;
        if let Some(Fault::CutAfter(bytes)) = fault {
            body.truncate(bytes);
            writer.write_all(&body)?;
            return Ok(());
        }
        if let Some(Fault::Drip(bytes, pause)) = fault {
            for bytes in body.chunks(bytes) {
                writer.write_all(bytes)?;
                thread::sleep(pause);
            }
        } else if !is_head {
            writer.write_all(&body)?;
        }
    }
    Ok(())
}

fn take_fault(state: &mut State, path: &str) -> Option<Fault> {
    let matching = state.faults.iter_mut().filter(|(prefix, _, times)| *times > 0 && path.starts_with(prefix.as_str()));
    let (_, fault, times) = matching.max_by_key(|(prefix, ..)| prefix.len())?;
    *times -= 1;
    Some(fault.clone())
}

fn read_request(reader: &mut BufReader<TcpStream>) -> std::io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default());
    // A proxy is asked for a whole URL; the host then stands among the headers, too.
    let target = target.strip_prefix("http://").map_or(target, |rest| rest.find('/').map_or("/", |at| &rest[at..]));
    let path = target.split('?').next().unwrap_or_default().to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    std::io::copy(&mut reader.take(length), &mut std::io::sink())?;
    Ok(Some(Request { method, path, headers, status: 0 }))
}

struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Response {
    fn new(status: u16, body: Vec<u8>) -> Self {
        Response { status, headers: Vec::new(), body }
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Answers with a file: 304 where the client has it, 206 where it wants the rest of it.
fn file(folder: &Path, request: &Request) -> Response {
    let relative = request.path.trim_start_matches('/');
    let escapes = relative.split('/').any(|segment| segment == "..");
    let Ok(bytes) = fs::read(folder.join(relative)) else { return Response::new(404, b"not found\n".to_vec()) };
    if escapes {
        return Response::new(404, Vec::new());
    }
    let hash = Sha256::digest(&bytes);
    let etag = format!("\"{}\"", hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>());
    if request.headers.get("if-none-match") == Some(&etag) {
        return Response::new(304, Vec::new()).header("ETag", &etag);
    }
    let from = request.headers.get("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
    let same = request.headers.get("if-range").is_none_or(|tag| *tag == etag);
    match from.and_then(|from| from.parse::<usize>().ok()).filter(|_| same) {
        Some(from) if from < bytes.len() => Response::new(206, bytes[from..].to_vec())
            .header("Content-Range", &format!("bytes {from}-{}/{}", bytes.len() - 1, bytes.len()))
            .header("ETag", &etag),
        Some(_) => Response::new(416, Vec::new()).header("Content-Range", &format!("bytes */{}", bytes.len())),
        None => Response::new(200, bytes).header("ETag", &etag).header("Accept-Ranges", "bytes"),
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        206 => "Partial Content",
        302 => "Found",
        304 => "Not Modified",
        404 => "Not Found",
        500 => "Internal Server Error",
        _ => "Answer",
    }
}

/// The server is a part of the tests that other tests lean on; so it has its own.
mod tests {
    use super::*;

    fn ask(server: &Server, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(server.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n").unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn it_serves_revalidates_resumes_and_misbehaves() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "0123456789").unwrap();
        let server = Server::serve(folder.path());
        server.cache_control("max-age=60");

        let whole = ask(&server, "/a.txt", "");
        assert!(whole.starts_with("HTTP/1.1 200 ") && whole.ends_with("\r\n\r\n0123456789"), "{whole}");
        assert!(whole.contains("Cache-Control: max-age=60"), "{whole}");
        let etag = whole.lines().find_map(|line| line.strip_prefix("ETag: ")).unwrap();
        assert!(ask(&server, "/a.txt", &format!("If-None-Match: {etag}\r\n")).starts_with("HTTP/1.1 304 "));
        let rest = ask(&server, "/a.txt", "Range: bytes=4-\r\n");
        assert!(rest.starts_with("HTTP/1.1 206 ") && rest.ends_with("\r\n\r\n456789"), "{rest}");
        assert!(ask(&server, "/b.txt", "").starts_with("HTTP/1.1 404 "));

        server.fault_times("/", Fault::Status(500), 1);
        assert!(ask(&server, "/a.txt", "").starts_with("HTTP/1.1 500 "));
        server.fault("/a", Fault::CutAfter(3));
        assert!(ask(&server, "/a.txt", "").ends_with("\r\n\r\n012"));
        server.mend();
        server.fault("/a", Fault::Html);
        assert!(ask(&server, "/a.txt", "").contains("text/html"));
        server.mend();
        assert_eq!(ask(&server, "/a.txt", ""), whole);
        assert_eq!(server.count("/a.txt"), 7);
    }
}
