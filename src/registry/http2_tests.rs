//! HTTP/2 over TLS, against a server of the few frames that it takes (RFC 9113).

use super::super::{runtime, tls};
use super::*;
use crate::config::credentials::Credentials;
use crate::progress::Silent;
use data_encoding::BASE64;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, ServerConfig, ServerConnection, SignatureScheme, StreamOwned};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::AtomicUsize;
use std::thread;

/// A key for tests alone, and the certificate that it signed for `localhost`.
const KEY: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgS+EW0SU7PNFAVEPteDxzV3uBqUTyvJrKuwgMladCD5ihRANC\
    AARVBPGusHh5XXTegjed442sJAZMb/QYBzzOqiT7Tj7OzrAjir8uRKxyTA1HDp1P4kM7plGdMV0I5jRWPI+s5fX4";
const CERTIFICATE: &str = "MIIBmzCCAUGgAwIBAgIUGta9QdGxzjiFDiGdglrvL3IonnAwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbG9jYWxob3N0MCAX\
    DTI2MTEyNDAwMjUwM1oYDzIxMjYxMDMxMDAyNTAzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO\
    PQMBBwNCAARVBPGusHh5XXTegjed442sJAZMb/QYBzzOqiT7Tj7OzrAjir8uRKxyTA1HDp1P4kM7plGdMV0I5jRWPI+s5fX4\
    o28wbTAdBgNVHQ4EFgQUsNXRkhPep6txzybuQk/trCCudRYwHwYDVR0jBBgwFoAUsNXRkhPep6txzybuQk/trCCudRYwDwYD\
    VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZIzj0EAwIDSAAwRQIgTvQ4PMNg/7l7VW5C\
    m0BJjhoHv9tzVxraKHOZ2JYgc58CIQDhoAQ5dfYtHmtcLAyNkmJri8SxUuryiPslF9AsrTY9Qw==";

/// Believes that certificate, and checks that the server has its key.
#[derive(Debug)]
struct Believing(Arc<rustls::crypto::CryptoProvider>);

impl ServerCertVerifier for Believing {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        assert_eq!(**end_entity, BASE64.decode(CERTIFICATE.as_bytes()).unwrap());
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// A server that speaks HTTP/2, or HTTP/1.1 alone, and what it saw.
struct Server {
    url: String,
    connections: Arc<AtomicUsize>,
    /// The most requests that were open at once.
    open: Arc<AtomicUsize>,
}

const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

impl Server {
    /// Starts a server that answers the first request at once, the next ones when `together` of them are open, and
    /// from then on each at once.
    fn start(protocols: &[&str], together: usize) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let [key, certificate] = [KEY, CERTIFICATE].map(|text| BASE64.decode(text.as_bytes()).unwrap());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.into()], PrivateKeyDer::try_from(key).unwrap())
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        let (listener, config) = (TcpListener::bind("127.0.0.1:0").unwrap(), Arc::new(config));
        let url = format!("https://{}", listener.local_addr().unwrap());
        let (connections, open) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let server = Server { url, connections: connections.clone(), open: open.clone() };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                connections.fetch_add(1, Ordering::SeqCst);
                let (config, open) = (config.clone(), open.clone());
                thread::spawn(move || {
                    let connection = ServerConnection::new(config).unwrap();
                    let mut tls = StreamOwned::new(connection, stream);
                    let mut first = [0; 24];
                    if tls.read_exact(&mut first).is_ok() {
                        match tls.conn.alpn_protocol() {
                            Some(b"h2") => serve(&mut tls, &open, together),
                            _ => serve_1(&mut tls),
                        }
                    }
                });
            }
        });
        server
    }
}

/// Speaks HTTP/2 after the client's preface.
fn serve(tls: &mut StreamOwned<ServerConnection, std::net::TcpStream>, most: &AtomicUsize, together: usize) {
    tls.write_all(&frame(SETTINGS, 0, 0, &[])).unwrap();
    let mut open = Vec::new();
    let mut needed = [1, together].into_iter();
    let mut need = needed.next().unwrap_or(1);
    let mut head = [0; 9];
    while tls.read_exact(&mut head).is_ok() {
        let [a, b, c, kind, flags, stream @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        if tls.read_exact(&mut payload).is_err() {
            return;
        }
        match kind {
            SETTINGS if flags & ACK == 0 => tls.write_all(&frame(SETTINGS, ACK, 0, &[])).unwrap(),
            PING if flags & ACK == 0 => tls.write_all(&frame(PING, ACK, 0, &payload)).unwrap(),
            HEADERS => open.push(u32::from_be_bytes(stream)),
            _ => {}
        }
        most.fetch_max(open.len(), Ordering::SeqCst);
        if open.len() >= need {
            need = needed.next().unwrap_or(1);
            for stream in open.drain(..) {
                // 0x88 is `:status: 200` in the static table of HPACK (RFC 7541).
                let answer = [frame(HEADERS, END_HEADERS, stream, &[0x88]), frame(0, END_STREAM, stream, b"text")];
                if tls.write_all(&answer.concat()).is_err() {
                    return;
                }
            }
        }
    }
}

/// Answers one request of HTTP/1.1, whose beginning was read.
fn serve_1(tls: &mut StreamOwned<ServerConnection, std::net::TcpStream>) {
    let mut read = vec![0; 4096];
    let _ = tls.read(&mut read);
    let _ = tls.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\ntext");
}

fn http(server: &Server) -> Arc<Http> {
    let mut tls = tls::client_config().unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    tls.dangerous().set_certificate_verifier(Arc::new(Believing(provider)));
    let settings = HttpSettings { read_timeout: Duration::from_secs(10), retries: 0, ..HttpSettings::default() };
    let root = Url::parse(&format!("{}/", server.url)).unwrap();
    Arc::new(Http::over(tls, root, settings, Arc::new(Silent), Arc::new(Credentials::none())).unwrap())
}

/// Asks `http` for so many files at once and returns how many came.
fn ask(http: &Arc<Http>, count: usize) -> usize {
    let http = http.clone();
    let work = async move {
        let ask = Ask { path: "index/a/b.jsonl", wanted: "an index", limit: 1000, etag: None, cut: Cut::StartOver };
        let tasks: Vec<_> = (0..count)
            .map(|_| {
                let http = http.clone();
                tokio::spawn(async move { http.get(ask).await.map(|it| matches!(it, Answer::Found(_))) })
            })
            .collect();
        let mut came = 0;
        for task in tasks {
            came += usize::from(task.await.unwrap()?);
        }
        Ok(came)
    };
    runtime::wait_for(work).unwrap()
}

#[test]
fn many_requests_share_one_connection_where_the_server_speaks_http_2() {
    // More than HTTP/1.1 would have connections: this server would wait for them for ever.
    const TOGETHER: usize = CONCURRENCY + 50;
    let server = Server::start(&["h2", "http/1.1"], TOGETHER);
    let client = http(&server);
    // The first answer tells which protocol it is.
    assert_eq!(ask(&client, 1), 1);
    assert!(client.shares.load(Ordering::SeqCst), "HTTP/2 was not agreed on");
    assert_eq!(ask(&client, TOGETHER), TOGETHER);
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
    assert_eq!(server.open.load(Ordering::SeqCst), TOGETHER);
}

#[test]
fn a_server_of_http_1_alone_is_spoken_to_as_before() {
    let server = Server::start(&["http/1.1"], 1);
    let client = http(&server);
    assert_eq!(ask(&client, 3), 3);
    assert_eq!(client.permits.available_permits(), CONCURRENCY);
    assert_eq!(server.connections.load(Ordering::SeqCst), 3);
}
