//! Proxies, as `http_proxy`, `https_proxy` and `no_proxy` name them: the host of the registry exists
//! nowhere else.

use crate::assert_answer;
use crate::context::{Answer, TestContext};
use crate::server::{Fault, Server};
use crate::shelf::Shelf;
use snapbox::str;

/// An application whose registry only a proxy can reach, and that proxy.
fn project(registry: &str) -> (TestContext, Server) {
    let context = TestContext::new();
    let shelf = Shelf::new(&context, "registry", "test");
    shelf.publish("core/tone 1.4.2", &[]);
    let registries = format!("[registries]\ndefault = \"{registry}\"\n");
    context.write("anvil.toml", registries + "\n[dependencies]\n\"core/tone\" = \"^1.4\"\n");
    (context, Server::serve(&shelf.root))
}

fn pull(context: &TestContext, variables: &[(&str, &str)]) -> Answer {
    let mut command = context.anvil_command(&["pull"]);
    command.env("ANVIL_HTTP_RETRIES", "0").envs(variables.iter().copied());
    context.run(command, "")
}

#[test]
fn a_registry_is_read_through_the_proxy() {
    let (context, proxy) = project("http://prompts.invalid");
    pull(&context, &[("http_proxy", &proxy.url(""))]).success();
    let hosts: Vec<String> = proxy.requests().iter().map(|request| request.headers["host"].clone()).collect();
    assert!(!hosts.is_empty() && hosts.iter().all(|host| host == "prompts.invalid"), "{hosts:?}");
    context.anvil(&["verify"]).success();
}

#[test]
fn a_host_that_needs_no_proxy_is_asked_itself() {
    let (context, server) = project("http://127.0.0.1:1");
    let registry = server.url("");
    context.write("anvil.toml", context.read("anvil.toml").replace("http://127.0.0.1:1", &registry));
    // Nothing listens at the proxy's port.
    let variables = [("http_proxy", "http://127.0.0.1:1"), ("no_proxy", "127.0.0.1")];
    pull(&context, &variables).success();
}

#[test]
fn a_host_with_tls_is_tunnelled_to() {
    let (context, proxy) = project("https://prompts.invalid");
    let answer = pull(&context, &[("https_proxy", &proxy.url(""))]);
    assert_eq!(answer.code, 5, "{}", answer.shown());
    let asked: Vec<(String, String)> =
        proxy.requests().into_iter().map(|request| (request.method, request.path)).collect();
    assert!(asked.contains(&("CONNECT".into(), "prompts.invalid:443".into())), "{asked:?}");
}

#[test]
fn a_proxy_that_wants_a_login_says_so() {
    let (context, proxy) = project("http://prompts.invalid");
    proxy.fault("/", Fault::Status(407));
    assert_answer!(
        pull(&context, &[("http_proxy", &proxy.url(""))]),
        str![[r#"
exit: 4
--- stdout
--- stderr
error[A0607]: http://prompts.invalid/anvil-registry.json answered 407: the proxy asks for authentication

"#]]
    );
}

#[test]
fn a_proxy_that_is_down_is_told() {
    let (context, proxy) = project("http://prompts.invalid");
    let url = proxy.url("");
    drop(proxy);
    assert_answer!(
        pull(&context, &[("http_proxy", &url)]),
        str![[r#"
exit: 5
--- stdout
--- stderr
error[A0606]: cannot reach http://prompts.invalid/anvil-registry.json: the connection was refused, and `http_proxy` names a proxy that may stand between

"#]]
    );
}

#[test]
fn a_login_for_the_proxy_stands_in_its_variable() {
    let (context, proxy) = project("http://prompts.invalid");
    let url = proxy.url("").replace("http://", "http://user:word@");
    pull(&context, &[("http_proxy", &url)]).success();
    // user:word, as RFC 7617 writes it.
    let sent = |request: &crate::server::Request| request.headers.get("proxy-authorization").cloned();
    assert!(proxy.requests().iter().all(|request| sent(request).as_deref() == Some("Basic dXNlcjp3b3Jk")));
}

#[test]
fn a_proxy_that_wants_a_login_before_it_tunnels_says_so() {
    let (context, proxy) = project("https://prompts.invalid");
    proxy.fault("", Fault::Status(407));
    assert_answer!(
        pull(&context, &[("https_proxy", &proxy.url(""))]),
        str![[r#"
exit: 4
--- stdout
--- stderr
error[A0607]: https://prompts.invalid/anvil-registry.json answered 407: the proxy asks for authentication

"#]]
    );
}
