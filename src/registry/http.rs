//! Reading over HTTP: one GET at a time, tried again where that helps, with every failure told
//! apart and told in words.

use super::authorization::Authorization;
use super::error::Refusal;
use super::{HttpSettings, RegistryError, tls};
use crate::config::credentials::Credentials;
use crate::index::is_web_page;
use crate::progress::Progress;
use reqwest::header::{
    ACCEPT_ENCODING, AGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap,
    IF_NONE_MATCH, IF_RANGE, RANGE, RETRY_AFTER,
};
use reqwest::{Client, Response, StatusCode, Url, Version, redirect};
use std::collections::hash_map::RandomState;
use std::error::Error as StdError;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// How many requests are under way at once, each on a connection of its own, which are kept for the next ones.
const CONCURRENCY: usize = 50;
/// How many more there may be with HTTP/2, where they share one. Servers take 100 at a time or more; what is above a
/// server's number waits within the client.
const SHARED: usize = 150;
/// How many redirections are followed.
const REDIRECTIONS: usize = 5;
/// The fewest bytes that each stretch of the time-out must bring while an answer is under way, so that no
/// server holds us for ever by the drop.
const TRICKLE: usize = 1024;
/// The longest a server may tell us to wait before the next try; one that wants more is given up.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// How many characters of a header are told.
const MOST_TOLD: usize = 40;

/// One host's files below one URL.
pub(super) struct Http {
    client: Client,
    root: Url,
    settings: HttpSettings,
    permits: Semaphore,
    /// Whether the host was seen to answer many requests over one connection.
    shares: AtomicBool,
    /// The environment variable that names a proxy for this host's scheme, for messages. Its value may hold a login.
    proxy: Option<&'static str>,
    progress: Arc<dyn Progress>,
    authorization: Authorization,
    /// Whether somebody was told that the server stalls; one line for all requests is enough.
    told: AtomicBool,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    /// Relative to the registry's root.
    pub path: &'a str,
    /// What it is, for messages: "an index".
    pub wanted: &'static str,
    /// The most bytes that are read.
    pub limit: u64,
    /// Of what is there already, for "not modified".
    pub etag: Option<&'a str>,
    /// What to do about an answer that is cut.
    pub cut: Cut,
}

/// What to do about an answer that is cut.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Ask for all of it again.
    StartOver,
    /// Ask for the rest: the path names the content, so that halves of two answers fit together.
    Resume,
}

/// What came.
pub(super) enum Answer {
    /// The file.
    Found(Found),
    /// What is there already still holds: for so long, or for as long as before where the server does not say.
    Unchanged(Option<Keep>),
    /// There is no such file.
    Missing,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Found(found) => write!(f, "fetched {} bytes", found.bytes.len()),
            Answer::Unchanged(_) => f.write_str("unchanged"),
            Answer::Missing => f.write_str("not there"),
        }
    }
}

/// A file.
pub(super) struct Found {
    /// All of it.
    pub bytes: Vec<u8>,
    /// By which the server knows it again.
    pub etag: Option<String>,
    /// Whether and how long it may be used without asking.
    pub keep: Keep,
}

/// What `Cache-Control` allows (RFC 9111), as far as a private cache has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// It may not be stored.
    Never,
    /// It may be used for so long without asking; zero means that each use asks.
    For(Duration),
}

/// Why one try failed.
enum Failure {
    /// Another try would fail too.
    Lasting(RegistryError),
    /// Another try may help, perhaps only after some time.
    Passing { error: RegistryError, after: Option<Duration> },
    /// Nothing, or next to nothing, came for so long that more than one other try would keep people waiting
    /// for too long. With the cause in words.
    Stalled(RegistryError, String),
}

/// What a cut answer left behind.
#[derive(Default)]
struct Partial {
    bytes: Vec<u8>,
    etag: Option<String>,
}

impl Http {
    /// Returns a client for the files below `root`, whose path ends in `/`.
    ///
    /// # Errors
    /// [`RegistryError::Client`] when TLS or the proxy variables cannot be set up.
    pub fn new(
        root: Url,
        settings: HttpSettings,
        progress: Arc<dyn Progress>,
        credentials: Arc<Credentials>,
    ) -> Result<Self, RegistryError> {
        let tls = tls::client_config().map_err(|error| RegistryError::Client { why: error.to_string() })?;
        Self::over(tls, root, settings, progress, credentials)
    }

    /// Returns a client that connects as `tls` has it.
    fn over(
        tls: rustls::ClientConfig,
        root: Url,
        settings: HttpSettings,
        progress: Arc<dyn Progress>,
        credentials: Arc<Credentials>,
    ) -> Result<Self, RegistryError> {
        let client = |why: String| RegistryError::Client { why };
        let builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(concat!("anvil/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(settings.connect_timeout)
            .read_timeout(settings.read_timeout)
            // A header that is none must not hide the status, by which it is told what is wrong.
            .http1_ignore_invalid_headers_in_responses(true)
            .redirect(redirect::Policy::custom(follow));
        #[cfg(test)] // Tests speak to this machine, whatever proxy it has.
        let builder = builder.no_proxy();
        let authorization = Authorization::new(&root, credentials);
        // What is on this machine is reached directly, so that no proxy reads what is meant for it.
        let builder = if authorization.is_loopback() { builder.no_proxy() } else { builder };
        let http = builder.build().map_err(|error| client(last_cause(&error).to_string()))?;
        Ok(Http {
            client: http,
            proxy: proxy_variable(root.scheme(), |variable| {
                !authorization.is_loopback() && std::env::var_os(variable).is_some_and(|it| !it.is_empty())
            }),
            authorization,
            root,
            settings,
            permits: Semaphore::new(CONCURRENCY),
            shares: AtomicBool::new(false),
            progress,
            told: AtomicBool::new(false),
        })
    }

    /// Returns what the server has at the path of `ask`.
    ///
    /// Failures to connect, time-outs, cut answers and the statuses that pass (408, 425, 429, 5xx) are
    /// tried again after a growing, jittered pause, or after what the server asks for; but after one
    /// answer that did not come, once at most.
    ///
    /// # Errors
    /// With the URL and the cause; see [`RegistryError`].
    pub async fn get(&self, ask: Ask<'_>) -> Result<Answer, RegistryError> {
        let _permit = self.permits.acquire().await;
        let url = self.url(ask.path)?;
        self.authorization.find(&*self.progress).await?;
        let mut partial = Partial::default();
        let (mut tried, mut most) = (0, self.settings.retries);
        loop {
            let (error, after) = match self.attempt(&url, ask, &mut partial).await {
                Ok(answer) => {
                    self.progress.detail(format_args!("{url}: {answer}"));
                    return Ok(answer);
                }
                Err(Failure::Lasting(error)) => return Err(error),
                Err(Failure::Passing { error, after }) => (error, after),
                Err(Failure::Stalled(error, why)) => {
                    most = most.min(tried + 1);
                    if tried < most && !self.told.swap(true, Ordering::Relaxed) {
                        let host = url.host_str().unwrap_or_default();
                        self.progress.waiting(&format!("{host}: {why}, trying again"));
                    }
                    (error, None)
                }
            };
            if ask.cut == Cut::StartOver {
                partial = Partial::default();
            }
            if tried >= most || after.is_some_and(|after| after > LONGEST_PAUSE) {
                return Err(error);
            }
            let pause = after.unwrap_or_else(|| jittered(self.settings.backoff * 2u32.saturating_pow(tried)));
            tried += 1;
            self.progress.detail(format_args!("{error}; trying again in {:.1} s", pause.as_secs_f32()));
            tokio::time::sleep(pause).await;
        }
    }

    /// Returns what the server has at the path of `ask`, tried once: for what can be done without.
    ///
    /// # Errors
    /// Those of [`Http::get`].
    pub async fn get_once(&self, ask: Ask<'_>) -> Result<Answer, RegistryError> {
        let _permit = self.permits.acquire().await;
        let url = self.url(ask.path)?;
        match self.attempt(&url, ask, &mut Partial::default()).await {
            Ok(answer) => {
                self.progress.detail(format_args!("{url}: {answer}"));
                Ok(answer)
            }
            Err(Failure::Lasting(error) | Failure::Passing { error, .. } | Failure::Stalled(error, _)) => Err(error),
        }
    }

    /// Returns whether requests carry a credential.
    ///
    /// # Errors
    /// When there is one and it cannot be used.
    pub async fn has_credentials(&self) -> Result<bool, RegistryError> {
        self.authorization.find(&*self.progress).await?;
        Ok(self.authorization.header().is_some())
    }

    /// Tells the curious what became of the file at `path`.
    pub fn tell(&self, path: &str, what: &str) {
        self.progress.detail(format_args!("{}{path}: {what}", self.root));
    }

    /// Tells the curious that the file at `path` need not be asked for.
    pub fn tell_cached(&self, path: &str) {
        self.progress.detail(format_args!("{}{path}: from the cache", self.root));
    }

    fn url(&self, path: &str) -> Result<Url, RegistryError> {
        self.root.join(path).map_err(|error| RegistryError::Client { why: format!("`{path}` is no path: {error}") })
    }

    async fn attempt(&self, url: &Url, ask: Ask<'_>, partial: &mut Partial) -> Result<Answer, Failure> {
        // Nothing here decompresses; a host that compresses on its own would give bytes that no checksum fits.
        let mut request = self.client.get(url.clone()).header(ACCEPT_ENCODING, "identity");
        // The client drops it where a redirection leaves the host or the port.
        if let Some(value) = self.authorization.header() {
            request = request.header(AUTHORIZATION, value);
        }
        if partial.bytes.is_empty() {
            if let Some(etag) = ask.etag {
                request = request.header(IF_NONE_MATCH, etag);
            }
        } else {
            request = request.header(RANGE, format!("bytes={}-", partial.bytes.len()));
            if let Some(etag) = partial.etag.as_deref().filter(|etag| !etag.starts_with("W/")) {
                request = request.header(IF_RANGE, etag); // RFC 9110, 13.1.5: strong ones alone.
            }
        }
        let response = request.send().await.map_err(|error| self.failure(url, ask, &error))?;
        if response.version() == Version::HTTP_2 && !self.shares.swap(true, Ordering::Relaxed) {
            self.permits.add_permits(SHARED);
        }
        let status = response.status();
        match status {
            StatusCode::OK => *partial = Partial { bytes: Vec::new(), etag: text(response.headers(), ETAG) },
            StatusCode::PARTIAL_CONTENT if continues(response.headers(), partial.bytes.len()) => {}
            StatusCode::NOT_MODIFIED if ask.etag.is_some() => {
                let says = response.headers().contains_key(CACHE_CONTROL);
                return Ok(Answer::Unchanged(says.then(|| keep(response.headers()))));
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(Answer::Missing),
            StatusCode::PROXY_AUTHENTICATION_REQUIRED => return Err(proxy_refuses(url)),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                let why = Box::new(self.authorization.refusal(response.url(), response.headers()));
                let url = url.to_string();
                return Err(Failure::Lasting(RegistryError::Authentication { url, status: status.as_u16(), why }));
            }
            StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PARTIAL_CONTENT if !partial.bytes.is_empty() => {
                *partial = Partial::default();
                return Err(passing(url, "the rest of a cut answer was refused".into(), None));
            }
            _ if passes(status) => {
                let after = retry_after(response.headers(), SystemTime::now());
                let pause = after.filter(|after| *after > LONGEST_PAUSE);
                let pause =
                    pause.map_or(String::new(), |after| format!(", and asks to come back in {} s", after.as_secs()));
                return Err(passing(url, format!("it answered {status}{pause}"), after));
            }
            _ => return Err(unusable(url, ask, status.to_string())),
        }
        if let Some(encoding) = encoding(response.headers(), ask) {
            return Err(Failure::Lasting(RegistryError::Encoded {
                url: url.to_string(),
                encoding,
                wanted: ask.wanted,
            }));
        }
        self.body(url, ask, response, partial).await
    }

    /// Reads the answer's body onto the end of `partial`, and never more than the limit.
    async fn body(
        &self,
        url: &Url,
        ask: Ask<'_>,
        mut response: Response,
        partial: &mut Partial,
    ) -> Result<Answer, Failure> {
        let too_large = || unusable(url, ask, format!("more than {} bytes", ask.limit));
        let rest = ask.limit.saturating_sub(partial.bytes.len() as u64);
        if response.content_length().is_some_and(|length| length > rest) {
            return Err(too_large());
        }
        let html = text(response.headers(), CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/html"));
        let keep = keep(response.headers());
        let mut pace = Pace::new(self.settings.read_timeout);
        while let Some(chunk) = pace.chunk(url, &mut response).await?.map_err(|error| self.failure(url, ask, &error))? {
            if (partial.bytes.len() + chunk.as_ref().len()) as u64 > ask.limit {
                return Err(too_large());
            }
            partial.bytes.extend_from_slice(chunk.as_ref());
        }
        if html || is_web_page(&partial.bytes) {
            return Err(unusable(url, ask, "a web page".into()));
        }
        let Partial { bytes, etag } = std::mem::take(partial);
        Ok(Answer::Found(Found { bytes, etag, keep }))
    }

    /// Sorts a failure of the client into those that pass and those that last.
    fn failure(&self, url: &Url, ask: Ask<'_>, error: &reqwest::Error) -> Failure {
        if error.is_redirect() {
            return unusable(url, ask, last_cause(error).to_string());
        }
        // The tunnel's error has no type that could be asked for.
        if error.is_connect() && last_cause(error).to_string().contains("proxy authorization required") {
            return proxy_refuses(url);
        }
        // What answers is there, and is no server of files. Its words alone tell: the type is one of the client's own.
        let cause = last_cause(error).to_string();
        if cause.starts_with("invalid ") && cause.ends_with(" parsed") {
            return unusable(url, ask, format!("what is no HTTP ({cause})"));
        }
        let unreachable = |why: String| RegistryError::Unreachable { url: url.to_string(), why };
        if let Some(error) = find::<rustls::Error>(error) {
            return Failure::Lasting(unreachable(format!("the TLS connection failed: {error}")));
        }
        let why = if error.is_timeout() {
            match error.is_connect() {
                true => format!("connecting took longer than {} s", seconds(self.settings.connect_timeout)),
                false => format!("nothing came for {} s", seconds(self.settings.read_timeout)),
            }
        } else if error.is_dns() {
            format!("the host `{}` cannot be resolved", url.host_str().unwrap_or_default())
        } else {
            match find::<io::Error>(error).map(io::Error::kind) {
                Some(io::ErrorKind::ConnectionRefused) => "the connection was refused".into(),
                Some(io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe) => {
                    "the connection was cut".into()
                }
                Some(io::ErrorKind::UnexpectedEof) => "the answer was cut off".into(),
                _ if error.is_body() || error.is_decode() => "the answer was cut off".into(),
                _ => last_cause(error).to_string(),
            }
        };
        if error.is_timeout() && !error.is_connect() {
            return stalled(url, why);
        }
        let why = match self.proxy.filter(|_| error.is_connect()) {
            Some(variable) => format!("{why}, and `{variable}` names a proxy that may stand between"),
            None => why,
        };
        match error.is_builder() {
            true => Failure::Lasting(unreachable(why)),
            false => Failure::Passing { error: unreachable(why), after: None },
        }
    }
}

/// How fast an answer comes.
struct Pace {
    window: Duration,
    end: Instant,
    brought: usize,
}

impl Pace {
    fn new(window: Duration) -> Self {
        Pace { window, end: Instant::now() + window, brought: 0 }
    }

    /// Returns the next piece of `response`, if each window brings enough.
    async fn chunk(
        &mut self,
        url: &Url,
        response: &mut Response,
    ) -> Result<reqwest::Result<Option<impl AsRef<[u8]> + use<>>>, Failure> {
        loop {
            match tokio::time::timeout_at(self.end, response.chunk()).await {
                Ok(chunk) => {
                    self.brought += chunk.as_ref().ok().and_then(Option::as_ref).map_or(0, |bytes| bytes.len());
                    return Ok(chunk);
                }
                Err(_) if self.brought >= TRICKLE => *self = Pace::new(self.window),
                Err(_) => {
                    let time = seconds(self.window);
                    return Err(stalled(
                        url,
                        match self.brought {
                            0 => format!("nothing came for {time} s"),
                            1 => format!("only 1 byte came in {time} s"),
                            brought => format!("only {brought} bytes came in {time} s"),
                        },
                    ));
                }
            }
        }
    }
}

/// Returns which variable names the proxy for hosts of `scheme`, if one that `is_set` does: those that curl
/// made the custom, which `reqwest` follows.
fn proxy_variable(scheme: &str, is_set: impl Fn(&str) -> bool) -> Option<&'static str> {
    let own: &[&str] = if scheme == "https" { &["https_proxy", "HTTPS_PROXY"] } else { &["http_proxy", "HTTP_PROXY"] };
    own.iter().chain(&["all_proxy", "ALL_PROXY"]).find(|variable| is_set(variable)).copied()
}

/// Follows a redirection, but not from https to http, and not for ever.
fn follow(attempt: redirect::Attempt) -> redirect::Action {
    match refusal(attempt.previous(), attempt.url()) {
        Some(why) => attempt.error(why),
        None => attempt.follow(),
    }
}

/// Returns why a redirection to `next` is refused after the requests to `previous`, if it is.
fn refusal(previous: &[Url], next: &Url) -> Option<String> {
    if previous.len() > REDIRECTIONS {
        return Some(format!("more than {REDIRECTIONS} redirections"));
    }
    let leaves_safety = previous.last().is_some_and(|from| from.scheme() == "https") && next.scheme() != "https";
    if leaves_safety {
        return Some("a redirection from https to http".into());
    }
    // The client takes one host and port for one origin, and would send credentials along.
    let is_other = |from: &Url| from.scheme() != next.scheme() && from.host() == next.host();
    let changes = previous
        .last()
        .is_some_and(|from| is_other(from) && from.port_or_known_default() == next.port_or_known_default());
    changes.then(|| "a redirection from http to https on the same port".into())
}

fn proxy_refuses(url: &Url) -> Failure {
    let (url, why) = (url.to_string(), Box::new(Refusal::Proxy));
    Failure::Lasting(RegistryError::Authentication { url, status: 407, why })
}

fn passing(url: &Url, why: String, after: Option<Duration>) -> Failure {
    Failure::Passing { error: RegistryError::Unreachable { url: url.to_string(), why }, after }
}

fn stalled(url: &Url, why: String) -> Failure {
    Failure::Stalled(RegistryError::Unreachable { url: url.to_string(), why: why.clone() }, why)
}

fn unusable(url: &Url, ask: Ask<'_>, got: String) -> Failure {
    Failure::Lasting(RegistryError::Unusable { url: url.to_string(), got, wanted: ask.wanted })
}

fn passes(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS)
}

fn text(headers: &HeaderMap, name: reqwest::header::HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// Returns how the answer is encoded, where that was not asked for and makes it another file. What is packed itself is
/// often said to be encoded as it is packed, and is the file all the same.
fn encoding(headers: &HeaderMap, ask: Ask<'_>) -> Option<String> {
    let value = headers.get(CONTENT_ENCODING)?;
    let encoding = String::from_utf8_lossy(value.as_bytes()).trim().to_ascii_lowercase();
    let is_its_own = ask.path.ends_with(".gz") && matches!(encoding.as_str(), "gzip" | "x-gzip");
    let is_told = !encoding.is_empty() && encoding != "identity" && !is_its_own;
    is_told.then(|| encoding.chars().take(MOST_TOLD).collect())
}

/// Returns whether a partial answer goes on at byte `at`, as `Content-Range: bytes 5-9/10` does at 5.
fn continues(headers: &HeaderMap, at: usize) -> bool {
    let start = text(headers, CONTENT_RANGE)
        .and_then(|range| range.strip_prefix("bytes ")?.split_once('-')?.0.trim().parse::<usize>().ok());
    at > 0 && start == Some(at)
}

/// Returns what `Cache-Control` and `Age` allow. Without `max-age` nothing is taken as fresh.
fn keep(headers: &HeaderMap) -> Keep {
    let mut max_age = 0;
    for value in headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok()) {
        for directive in value.split(',').map(|directive| directive.trim().to_ascii_lowercase()) {
            match directive.split_once('=').unwrap_or((&directive, "")) {
                ("no-store", _) => return Keep::Never,
                ("no-cache", _) => return Keep::For(Duration::ZERO),
                ("max-age", seconds) => max_age = seconds.trim_matches('"').parse::<u32>().unwrap_or(0),
                _ => {}
            }
        }
    }
    let age = text(headers, AGE).and_then(|age| age.parse::<u32>().ok()).unwrap_or(0);
    Keep::For(Duration::from_secs(max_age.saturating_sub(age).into()))
}

/// Returns how long the server asks to wait: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER)?;
    if let Ok(seconds) = value.trim().parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let format = time::format_description::well_known::Rfc2822;
    let date = time::OffsetDateTime::parse(value.trim(), &format).ok()?;
    Some(SystemTime::from(date).duration_since(now).unwrap_or_default())
}

/// Returns a length between half and all of `pause`, so that many clients do not come back at once.
fn jittered(pause: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish(); // Seeded anew; good enough to spread by.
    pause.mul_f64(0.5 + (random % 1024) as f64 / 2048.0)
}

fn seconds(duration: Duration) -> f32 {
    duration.as_secs_f32()
}

/// Returns the innermost cause, which says the most.
fn last_cause(error: &dyn StdError) -> &dyn StdError {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause
}

/// Returns the cause that is an `E`, if there is one; what `io::Error` wraps counts too.
fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause = match wrapped {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
#[path = "http_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "http2_tests.rs"]
mod http2_tests;
