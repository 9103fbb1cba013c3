use super::super::test_server::{Server, answer};
use super::*;
use crate::config::credentials::{Credential, Origin, Secret};
use crate::error::{Diagnose, Kind};
use crate::progress::Silent;
use std::thread;

fn settings() -> HttpSettings {
    HttpSettings {
        connect_timeout: Duration::from_secs(2),
        read_timeout: Duration::from_millis(300),
        retries: 2,
        backoff: Duration::from_millis(1),
    }
}

const ASK: Ask<'static> =
    Ask { path: "index/a/b.jsonl", wanted: "an index", limit: 1000, etag: None, cut: Cut::StartOver };

fn get(url: &str, ask: Ask<'static>) -> Result<Answer, RegistryError> {
    get_with(url, ask, Credentials::none())
}

fn get_with(url: &str, ask: Ask<'static>, credentials: Credentials) -> Result<Answer, RegistryError> {
    let url = Url::parse(&format!("{url}/")).unwrap();
    let http = Http::new(url, settings(), Arc::new(Silent), Arc::new(credentials)).unwrap();
    super::super::runtime::wait_for(async move { http.get(ask).await })
}

fn found(url: &str, ask: Ask<'static>) -> Found {
    match get(url, ask).unwrap() {
        Answer::Found(found) => found,
        _ => panic!("not found"),
    }
}

fn error(url: &str, ask: Ask<'static>) -> (Kind, String) {
    match get(url, ask) {
        Ok(_) => panic!("no error"),
        Err(error) => (error.kind(), error.to_string()),
    }
}

#[test]
fn a_file_comes_with_what_its_cache_needs() {
    let server = Server::start(|_, _| {
        answer("200 OK", &[("etag", "\"1\""), ("cache-control", "public, max-age=60"), ("age", "20")], "text")
    });
    let found = found(&server.url, ASK);
    assert_eq!(found.bytes, b"text");
    assert_eq!(found.etag.as_deref(), Some("\"1\""));
    assert_eq!(found.keep, Keep::For(Duration::from_secs(40)));
    let request = &server.requests()[0];
    assert_eq!(request.path, "/index/a/b.jsonl");
    assert_eq!(request.header("user-agent"), Some(concat!("anvil/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(request.header("accept-encoding"), Some("identity"));
}

#[test]
fn a_missing_file_is_no_error() {
    let server = Server::start(|_, _| answer("404 Not Found", &[], "<html>none</html>"));
    assert!(matches!(get(&server.url, ASK), Ok(Answer::Missing)));
    assert_eq!(server.count(), 1);
}

#[test]
fn a_failing_server_is_asked_again_and_then_given_up() {
    let server = Server::start(|_, before| match before {
        0 => answer("500 Internal Server Error", &[], ""),
        1 => answer("429 Too Many Requests", &[("retry-after", "0")], ""),
        _ => answer("200 OK", &[], "text"),
    });
    assert_eq!(found(&server.url, ASK).bytes, b"text");
    let server = Server::start(|_, _| answer("503 Service Unavailable", &[], ""));
    let (kind, message) = error(&server.url, ASK);
    assert_eq!((kind, server.count()), (Kind::Unreachable, 3));
    assert!(message.ends_with("/index/a/b.jsonl: it answered 503 Service Unavailable"), "{message}");
}

#[test]
fn a_server_that_wants_a_long_pause_is_given_up_at_once() {
    let server = Server::start(|_, _| answer("503 Service Unavailable", &[("retry-after", "3600")], ""));
    let (kind, message) = error(&server.url, ASK);
    assert_eq!((kind, server.count()), (Kind::Unreachable, 1));
    assert!(message.contains("asks to come back in 3600 s"), "{message}");
}

#[test]
fn authentication_is_its_own_kind() {
    let server = Server::start(|_, _| answer("403 Forbidden", &[], ""));
    let (kind, message) = error(&server.url, ASK);
    assert_eq!((kind, server.count()), (Kind::Authentication, 1));
    assert!(message.contains("answered 403"), "{message}");
}

#[test]
fn a_web_page_and_an_odd_status_are_named() {
    for headers in [&[("content-type", "text/html; charset=utf-8")][..], &[]] {
        let headers = headers.to_vec();
        let server = Server::start(move |_, _| answer("200 OK", &headers, "\n<!doctype HTML><html></html>"));
        let (kind, message) = error(&server.url, ASK);
        assert_eq!(kind, Kind::No);
        assert!(message.ends_with("answered with a web page, not with an index"), "{message}");
    }
    let server = Server::start(|_, _| answer("418 I'm a teapot", &[], ""));
    assert!(error(&server.url, ASK).1.contains("answered with 418 I'm a teapot, not with an index"));
}

#[test]
fn a_cut_answer_is_asked_for_again() {
    let server = Server::start(|_, before| match before {
        0 => answer("200 OK", &[("content-length", "9"), ("etag", "\"1\"")], "half"),
        _ => answer("200 OK", &[], "half text"),
    });
    assert_eq!(found(&server.url, ASK).bytes, b"half text");
    assert_eq!(server.requests()[1].header("range"), None, "the halves of two states would be mixed");
    let server = Server::start(|_, _| answer("200 OK", &[("content-length", "9")], "half"));
    let (kind, message) = error(&server.url, ASK);
    assert_eq!((kind, server.count()), (Kind::Unreachable, 3));
    assert!(message.ends_with("the answer was cut off"), "{message}");
}

#[test]
fn a_cut_bundle_is_resumed() {
    let ask = Ask { cut: Cut::Resume, ..ASK };
    let server = Server::start(|_, before| match before {
        0 => answer("200 OK", &[("content-length", "9"), ("etag", "\"1\"")], "half"),
        _ => answer("206 Partial Content", &[("content-range", "bytes 4-8/9"), ("etag", "\"1\"")], " text"),
    });
    assert_eq!(found(&server.url, ask).bytes, b"half text");
    let second = &server.requests()[1];
    assert_eq!((second.header("range"), second.header("if-range")), (Some("bytes=4-"), Some("\"1\"")));

    // A server without ranges sends all of it again; one that sends another part is not believed.
    let server = Server::start(|_, before| match before {
        0 => answer("200 OK", &[("content-length", "9")], "half"),
        1 => answer("206 Partial Content", &[("content-range", "bytes 5-8/9")], "text"),
        _ => answer("200 OK", &[], "half text"),
    });
    assert_eq!(found(&server.url, ask).bytes, b"half text");
    assert_eq!(server.requests()[2].header("range"), None);
}

#[test]
fn the_limit_is_held_with_and_without_an_announced_length() {
    let ask = Ask { limit: 8, ..ASK };
    let server = Server::start(|_, _| answer("200 OK", &[], "123456789"));
    assert!(error(&server.url, ask).1.contains("answered with more than 8 bytes"));
    let server = Server::start(|_, _| b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n123456789".to_vec());
    assert!(error(&server.url, ask).1.contains("answered with more than 8 bytes"));
    let server = Server::start(|_, _| answer("200 OK", &[], "12345678"));
    assert_eq!(found(&server.url, ask).bytes, b"12345678");
}

#[test]
fn what_is_held_already_is_not_sent_again() {
    let server = Server::start(|request, _| match request.header("if-none-match") {
        Some("\"1\"") => answer("304 Not Modified", &[("cache-control", "max-age=5")], ""),
        _ => answer("200 OK", &[], "text"),
    });
    let held = get(&server.url, Ask { etag: Some("\"1\""), ..ASK }).unwrap();
    assert!(matches!(held, Answer::Unchanged(Some(Keep::For(age))) if age == Duration::from_secs(5)));
    assert!(matches!(get(&server.url, Ask { etag: Some("\"2\""), ..ASK }), Ok(Answer::Found(_))));
}

#[test]
fn redirections_are_followed_but_not_for_ever() {
    let server = Server::start(|request, _| match request.path.as_str() {
        "/moved" => answer("200 OK", &[], "text"),
        _ => answer("302 Found", &[("location", "/moved")], ""),
    });
    assert_eq!(found(&server.url, ASK).bytes, b"text");
    let server = Server::start(|_, _| answer("302 Found", &[("location", "/again")], ""));
    let (kind, message) = error(&server.url, ASK);
    assert_eq!(kind, Kind::No);
    assert!(message.ends_with("answered with more than 5 redirections, not with an index"), "{message}");
}

#[test]
fn a_refused_port_a_slow_answer_and_an_unknown_host_are_told_apart() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (kind, message) = error(&format!("http://{free}"), ASK);
    assert_eq!(kind, Kind::Unreachable);
    assert!(message.ends_with("the connection was refused"), "{message}");

    let server = Server::start(|_, _| {
        thread::sleep(Duration::from_secs(3));
        Vec::new()
    });
    let (kind, message) = error(&server.url, ASK);
    assert_eq!((kind, server.count()), (Kind::Unreachable, 2));
    assert!(message.ends_with("nothing came for 0.3 s"), "{message}");

    // A label of more than 63 characters is refused by the resolver itself: nobody is asked.
    let host = format!("{}.invalid", "a".repeat(64));
    let (kind, message) = error(&format!("http://{host}"), ASK);
    assert_eq!(kind, Kind::Unreachable);
    assert!(message.ends_with(&format!("the host `{host}` cannot be resolved")), "{message}");
}

#[test]
fn what_is_no_tls_is_named_and_not_tried_again() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        use std::io::{Read, Write};
        let mut stream = listener.accept().unwrap().0;
        let _ = stream.read(&mut [0; 4096]);
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    });
    let (kind, message) = error(&url, ASK);
    server.join().unwrap();
    assert_eq!(kind, Kind::Unreachable);
    assert!(message.contains("the TLS connection failed"), "{message}");
}

#[test]
fn an_answer_whose_head_never_ends_is_given_up() {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nx: ");
                while stream.write_all(b"x").is_ok() {
                    thread::sleep(Duration::from_millis(50));
                }
            });
        }
    });
    let (kind, message) = error(&url, ASK);
    assert_eq!(kind, Kind::Unreachable);
    assert!(message.ends_with("nothing came for 0.3 s"), "{message}");
}

#[test]
fn cache_control_is_read_strictly() {
    let keep_of = |value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, value.parse().unwrap());
        keep(&headers)
    };
    assert_eq!(keep(&HeaderMap::new()), Keep::For(Duration::ZERO));
    assert_eq!(keep_of("max-age=\"60\""), Keep::For(Duration::from_secs(60)));
    assert_eq!(keep_of("Max-Age=60, No-Cache"), Keep::For(Duration::ZERO));
    assert_eq!(keep_of("max-age=60, no-store"), Keep::Never);
    assert_eq!(keep_of("max-age=-1"), Keep::For(Duration::ZERO));
}

#[test]
fn a_date_to_come_back_at_is_understood() {
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, "Sun, 06 Nov 1994 08:49:37 GMT".parse().unwrap());
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_770);
    assert_eq!(retry_after(&headers, now), Some(Duration::from_secs(7)));
}

#[test]
fn no_redirection_leads_from_https_to_http() {
    let url = |text: &str| Url::parse(text).unwrap();
    let (safe, open) = (url("https://a.example/x"), url("http://b.example/x"));
    assert_eq!(refusal(std::slice::from_ref(&safe), &open), Some("a redirection from https to http".into()));
    assert_eq!(refusal(&[open.clone(), safe.clone()], &open), Some("a redirection from https to http".into()));
    assert_eq!(refusal(&[open], &safe), None);
    assert_eq!(refusal(&vec![safe.clone(); 5], &safe), None);
    assert_eq!(refusal(&vec![safe.clone(); 6], &safe), Some("more than 5 redirections".into()));
}

fn ada(url: &str) -> Credentials {
    let origin: Origin = url.parse().unwrap();
    Credentials::given(&origin, Credential::password("ada", "hush").unwrap())
}

const ADA: Option<&str> = Some("Basic YWRhOmh1c2g=");

#[test]
fn the_first_request_proves_who_asks() {
    let server = Server::start(|request, _| match request.header("authorization") {
        ADA => answer("200 OK", &[], "text"),
        _ => answer("401 Unauthorized", &[("www-authenticate", "Basic")], ""),
    });
    assert!(matches!(get_with(&server.url, ASK, ada(&server.url)), Ok(Answer::Found(_))));
    assert_eq!(server.count(), 1);
    let (kind, message) = error(&server.url, ASK);
    assert_eq!(kind, Kind::Authentication);
    assert!(message.contains("401: authentication is needed, and there are no credentials for"), "{message}");
    let elsewhere = get_with(&server.url, ASK, ada("http://127.0.0.1:1"));
    assert!(elsewhere.is_err(), "the credential of another port was sent");
}

#[test]
fn a_refusal_says_whose_credentials_it_is_about() {
    let server = Server::start(|_, _| answer("401 Unauthorized", &[], ""));
    let Err(error) = get_with(&server.url, ASK, ada(&server.url)) else { panic!("no error") };
    assert!(error.to_string().ends_with("answered 401: the password that was given was refused"), "{error}");
    let Err(error) = get(&server.url, ASK) else { panic!("no error") };
    assert_eq!(error.hints()[0].command.as_deref(), Some(format!("anvil login {}", server.url).as_str()));
}

#[test]
fn a_server_that_takes_no_token_is_told_of() {
    let hints = |challenges: &'static [(&str, &str)], credentials: Option<Credential>| {
        let server = Server::start(move |_, _| answer("401 Unauthorized", challenges, ""));
        let origin: Origin = server.url.parse().unwrap();
        let answered = match credentials {
            Some(credential) => get_with(&server.url, ASK, Credentials::given(&origin, credential)),
            None => get(&server.url, ASK),
        };
        let Err(error) = answered else { panic!("no error") };
        (server.url.clone(), error.hints().iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    };
    let token = || Some(Credential::Token(Secret::token("hush").unwrap()));
    const BASIC: &[(&str, &str)] = &[("www-authenticate", "Basic realm=\"a, Bearer b\"")];
    let (url, told) = hints(BASIC, None);
    assert!(told.contains(&format!("`anvil login {url} --user NAME`")) && !told.contains("ANVIL_TOKEN"), "{told}");
    let (url, told) = hints(BASIC, token());
    assert!(
        told.contains(&format!("`anvil login {url} --user NAME`")) && told.contains("nothing was stored"),
        "{told}"
    );
    const BOTH: &[(&str, &str)] = &[("www-authenticate", "basic realm=x, Bearer"), ("www-authenticate", "Digest")];
    assert!(!hints(BOTH, None).1.contains("--user"));
    assert!(!hints(&[], token()).1.contains("--user"));
}

#[test]
fn no_redirection_takes_credentials_to_another_origin() {
    let other = Server::start(|request, _| match request.path.starts_with("/private") {
        true => answer("401 Unauthorized", &[], ""),
        false => answer("200 OK", &[], "text"),
    });
    let to = other.url.clone();
    let server = Server::start(move |request, before| match (request.path.as_str(), before) {
        ("/index/a/b.jsonl", 0) => answer("302 Found", &[("location", "/here")], ""),
        ("/index/a/b.jsonl", _) => answer("302 Found", &[("location", &format!("{to}/private?signed=hush"))], ""),
        _ => answer("302 Found", &[("location", &format!("{to}/there"))], ""),
    });
    assert!(matches!(get_with(&server.url, ASK, ada(&server.url)), Ok(Answer::Found(_))));
    let Err(error) = get_with(&server.url, ASK, ada(&server.url)) else { panic!("no error") };
    let wanted = format!("it sends on to {}, which asks for authentication and is given none", other.url);
    assert!(error.to_string().ends_with(&wanted), "{error}");
    assert!(server.requests().iter().all(|request| request.header("authorization") == ADA));
    assert_eq!(other.count(), 2);
    assert!(other.requests().iter().all(|request| request.header("authorization").is_none()));
}

#[test]
fn a_port_does_not_change_its_scheme() {
    let (open, safe) =
        (Url::parse("http://a.example:8443/x").unwrap(), Url::parse("https://a.example:8443/x").unwrap());
    assert!(refusal(&[open], &safe).is_some());
}

#[test]
fn over_plain_http_nothing_is_asked_with_credentials() {
    let (kind, message) = match get_with("http://x.invalid", ASK, ada("http://x.invalid")) {
        Err(error) => (error.kind(), error.to_string()),
        Ok(_) => panic!("no error"),
    };
    assert_eq!(kind, Kind::Authentication);
    assert!(message.contains("plain http would show them") && !message.contains("hush"), "{message}");
}

#[test]
fn a_header_that_is_none_hides_no_status() {
    for header in ["x-odd: a\u{1}b", "x-odd: a\u{7f}b", "x odd: a", "x\u{1}odd: a", "no colon"] {
        for (status, expected) in [("401 Unauthorized", Kind::Authentication), ("403 Forbidden", Kind::Authentication)]
        {
            let server = Server::start(move |_, _| {
                format!("HTTP/1.1 {status}\r\n{header}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").into_bytes()
            });
            let (kind, message) = error(&server.url, ASK);
            assert_eq!((kind, server.count()), (expected, 1), "{header:?}: {message}");
        }
        let server = Server::start(move |_, _| {
            format!("HTTP/1.1 404 Not Found\r\n{header}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").into_bytes()
        });
        assert!(matches!(get(&server.url, ASK), Ok(Answer::Missing)), "{header:?}");
    }
    // Where the status itself cannot be read, somebody answered all the same.
    for head in ["HTTP/1.1 401 Unauthorized\r\nx-odd: a\u{0}b", "HTTP/1.1 4x1 Odd", "SSH-2.0-OpenSSH_10.0"] {
        let server = Server::start(move |_, _| format!("{head}\r\ncontent-length: 0\r\n\r\n").into_bytes());
        let (kind, message) = error(&server.url, ASK);
        assert_eq!((kind, server.count()), (Kind::No, 1), "{head:?}: {message}");
        assert!(message.contains("answered with what is no HTTP ("), "{message}");
    }
}

#[test]
fn what_is_encoded_unasked_is_told_with_what_to_do() {
    let server = Server::start(|_, _| answer("200 OK", &[("content-encoding", "GZip")], "\u{1f}packed"));
    let error = get(&server.url, ASK).err().unwrap();
    assert!(
        error.to_string().ends_with("answered with an index as `gzip`, though it was asked to send the file as it is"),
        "{error}"
    );
    assert!(error.hints()[0].message.contains("Accept-Encoding: identity"), "{error:?}");
    assert_eq!((error.code(), server.count()), (crate::error::Code::A0608, 1));
    let server = Server::start(|_, _| answer("200 OK", &[("content-encoding", "identity")], "text"));
    assert_eq!(found(&server.url, ASK).bytes, b"text");
    // Servers say of a packed file that it is encoded so, and send it as it is.
    let bundle = Ask { path: "bundles/a/b-1.0.0-0.tar.gz", wanted: "a bundle", cut: Cut::Resume, ..ASK };
    let server = Server::start(|_, _| answer("200 OK", &[("content-encoding", "gzip")], "text"));
    assert_eq!(found(&server.url, bundle).bytes, b"text");
    let server = Server::start(|_, _| answer("200 OK", &[("content-encoding", "br")], "text"));
    assert!(get(&server.url, bundle).is_err());
}
