//! Reviews that are signed, and projects in which only such count.

use crate::context::{Answer, TestContext};
use crate::review::{project, proposed};
use std::path::{Path, PathBuf};
use std::process::Command;

const SIGNED: &str = "\n[environments.staging]\nmode = \"review\"\n\n[trust]\nallowed-signers = \"allowed_signers\"\n";

/// Returns whether the tools of OpenSSH are here.
pub fn has_ssh_keygen() -> bool {
    let found = Command::new("ssh-keygen").arg("-?").output().is_ok();
    if !found {
        println!("skipped: there is no ssh-keygen");
    }
    found
}

/// Makes a key without a passphrase and returns where it is.
pub fn key(context: &TestContext, name: &str, more: &[&str]) -> PathBuf {
    let path = context.path(name);
    let mut command = context.command("ssh-keygen");
    command.args(["-q", "-C", "", "-f"]).arg(&path).args(more);
    if !more.contains(&"-N") {
        command.args(["-N", ""]);
    }
    context.run(command, "").success();
    path
}

pub fn public(path: &Path) -> String {
    std::fs::read_to_string(path.with_extension("pub")).unwrap().trim().to_owned()
}

pub fn with_key(context: &TestContext, key: &Path, arguments: &[&str]) -> Answer {
    let mut command = context.anvil_command(arguments);
    command.env("ANVIL_SIGNING_KEY", key);
    context.run(command, "")
}

#[track_caller]
fn refused(answer: &Answer, code: &str, words: &str) {
    assert_eq!(answer.code, 1, "{}", answer.shown());
    assert!(answer.stderr.contains(code) && answer.stderr.contains(words), "{}", answer.shown());
}

#[test]
fn openssh_accepts_what_is_signed_here() {
    if !has_ssh_keygen() {
        return;
    }
    for kind in [&["-t", "ed25519"][..], &["-t", "ecdsa", "-b", "256"], &["-t", "ecdsa", "-b", "384"]] {
        let (context, _) = project("\n[environments.staging]\nmode = \"review\"\n");
        let key = key(&context, "key", kind);
        context.anvil(&["pull", "--env", "staging"]).success();
        with_key(&context, &key, &["review", "approve", "--by", "Ada \"A.\" Ö"]).success();
        let line = context.read("anvil.reviews");
        let mut object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&line).unwrap();
        let signature = object.shift_remove("signature").unwrap().as_str().unwrap().to_owned();
        let armour = format!("-----BEGIN SSH SIGNATURE-----\n{signature}\n-----END SSH SIGNATURE-----\n");
        context.write("line.sig", armour);
        context.write("allowed_signers", format!("ada@example.com {}\n", public(&key)));
        let mut verify = context.command("ssh-keygen");
        verify.args([
            "-Y",
            "verify",
            "-f",
            "allowed_signers",
            "-I",
            "ada@example.com",
            "-n",
            "anvil-review@v1",
            "-s",
            "line.sig",
        ]);
        context.run(verify, &serde_json::Value::Object(object).to_string()).success();
    }
}

#[test]
fn where_trust_asks_for_signatures_only_signed_approvals_count() {
    if !has_ssh_keygen() {
        return;
    }
    let (context, _) = project(SIGNED);
    let (ada, stranger) = (key(&context, "ada", &["-t", "ed25519"]), key(&context, "stranger", &["-t", "ed25519"]));
    refused(&context.anvil(&["pull", "--env", "staging"]), "A1188", "allowed_signers");
    context.write("allowed_signers", format!("ada@example.com namespaces=\"anvil-review@v1\" {}\n", public(&ada)));
    context.anvil(&["pull", "--env", "staging"]).success();
    refused(&context.anvil(&["review", "approve", "--by", "Ada"]), "A1190", "no key is set");
    refused(&with_key(&context, &stranger, &["review", "approve"]), "A1190", &public(&stranger));
    // A line that somebody wrote by hand does not count either.
    let pending = proposed(&context);
    let digest = anvil::digest::Sha256::of(&pending);
    let forged = format!(
        "{{\"v\":1,\"environment\":\"staging\",\"decision\":\"approve\",\"digest\":\"sha256:{digest}\",\"by\":\"Ada\",\"at\":\"2026-01-02T03:04:05Z\",\"signature\":\"U1NIU0lH\"}}\n"
    );
    context.write("anvil.reviews", &forged);
    let shown = context.anvil(&["review"]).success();
    assert!(shown.stderr.contains("line 1 of anvil.reviews, by Ada, does not count"), "{}", shown.shown());
    let approved = with_key(&context, &ada, &["review", "approve"]).success();
    assert!(approved.stdout.contains("by ada@example.com, signed"), "{}", approved.shown());
    assert_eq!(context.read("anvil.lock"), pending);
    context.anvil(&["pull", "--env", "staging"]).success();
    context.anvil(&["verify", "--env", "staging"]).success();
    // A line that was changed afterwards is signed no longer.
    let record = context.read("anvil.reviews");
    context.write("anvil.reviews", record.replace("\"by\":\"Example", "\"by\":\"Another"));
    let broken = context.anvil(&["verify", "--env", "staging"]);
    assert_eq!(broken.code, 1);
    assert!(broken.stdout.contains("anvil.lock has no signed approval"), "{}", broken.shown());
    assert!(broken.stdout.contains("not a valid one by an allowed key"), "{}", broken.shown());
    // A list that cannot be understood is told with its line.
    context.write("allowed_signers", "ada@example.com nonsense\n");
    refused(&context.anvil(&["review"]), "A1188", "line 1 of `allowed_signers`");
}

#[test]
fn a_key_that_cannot_sign_is_told() {
    if !has_ssh_keygen() {
        return;
    }
    let (context, _) = project("\n[environments.staging]\nmode = \"review\"\n");
    context.anvil(&["pull", "--env", "staging"]).success();
    let locked = key(&context, "locked", &["-t", "ed25519", "-N", "secret"]);
    let rsa = key(&context, "rsa", &["-t", "rsa", "-b", "2048"]);
    let before = context.files("");
    refused(&with_key(&context, &locked, &["review", "approve"]), "A1187", "is encrypted");
    refused(&with_key(&context, &rsa, &["review", "approve"]), "A1187", "is of the kind `ssh-rsa`");
    refused(&with_key(&context, &context.path("none"), &["review", "approve"]), "A1187", "cannot be read");
    context.write("../broken", "no key");
    refused(&with_key(&context, &context.path("broken"), &["review", "reject"]), "A1187", "no private key");
    let after: Vec<_> = context.files("");
    assert!(after == before, "something was changed");
    // The user's config names a key as well, from home.
    std::fs::create_dir_all(context.path("home/.ssh")).unwrap();
    key(&context, "home/.ssh/id", &["-t", "ed25519"]);
    context.anvil(&["config", "set", "signing.key", "~/.ssh/id"]).success();
    let approved = context.anvil(&["review", "approve", "--format", "json"]).success().json();
    assert_eq!((&approved["signed"], &approved["taken"]), (&true.into(), &true.into()));
}

/// An agent that goes with the test.
#[cfg(unix)]
struct Agent(std::process::Child);

#[cfg(unix)]
impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[cfg(unix)]
fn an_agent_signs_with_a_key_that_is_nowhere_else() {
    if !has_ssh_keygen() {
        return;
    }
    let (context, _) = project(SIGNED);
    let ada = key(&context, "ada", &["-t", "ed25519"]);
    context.write("allowed_signers", format!("ada@example.com {}\n", public(&ada)));
    context.anvil(&["pull", "--env", "staging"]).success();
    let socket = context.path("agent");
    let public = ada.with_extension("pub");
    let approve = || {
        let mut command = context.anvil_command(&["review", "approve"]);
        command.env("ANVIL_SIGNING_KEY", &public).env("SSH_AUTH_SOCK", &socket);
        context.run(command, "")
    };
    let elsewhere = context.path("elsewhere");
    std::fs::rename(&ada, &elsewhere).unwrap();
    let before = context.files("");
    refused(&approve(), "A1187", "the agent did not sign");
    assert!(context.files("") == before, "something was changed");

    let mut command = context.command("ssh-agent");
    let spawned = command.args(["-D", "-a"]).arg(&socket).stdout(std::process::Stdio::null()).spawn();
    let Ok(agent) = spawned.map(Agent) else {
        println!("skipped: there is no ssh-agent");
        return;
    };
    for _ in 0..100 {
        if socket.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let mut add = context.command("ssh-add");
    add.arg("-q").arg(&elsewhere).env("SSH_AUTH_SOCK", &socket);
    context.run(add, "").success();
    let approved = approve().success();
    assert!(approved.stdout.contains("by ada@example.com, signed"), "{}", approved.shown());
    drop(agent);
    context.anvil(&["pull", "--env", "staging"]).success();
    context.anvil(&["verify", "--env", "staging"]).success();
}

#[test]
fn a_kind_of_key_that_does_not_count_is_told_with_those_that_do() {
    if !has_ssh_keygen() {
        return;
    }
    let (context, _) = project("\n[environments.staging]\nmode = \"review\"\napprovals = 2\n");
    context.anvil(&["pull", "--env", "staging"]).success();
    // Somebody signs with RSA by other means than Anvil.
    let rsa = key(&context, "rsa", &["-t", "rsa", "-b", "2048"]);
    context.anvil(&["review", "approve", "--by", "Ada"]).success();
    let line = context.read("anvil.reviews").trim().to_owned();
    let mut sign = context.command("ssh-keygen");
    sign.args(["-q", "-Y", "sign", "-n", "anvil-review@v1", "-f"]).arg(&rsa);
    let armour = context.run(sign, &line).success().stdout;
    let signature: String = armour.lines().filter(|line| !line.starts_with('-')).collect();
    let signed = format!("{},\"signature\":\"{signature}\"}}\n", line.strip_suffix('}').unwrap());
    context.write("anvil.reviews", signed);
    context.write("allowed_signers", format!("ada@example.com {}\n", public(&rsa)));
    let manifest = context.read("anvil.toml");
    context.write("anvil.toml", format!("{manifest}\n[trust]\nallowed-signers = \"allowed_signers\"\n"));
    let told = context.anvil(&["review"]).success();
    let why = "it is signed with a key of a kind that does not count: Ed25519 and ECDSA (P-256, P-384) do";
    assert!(told.shown().contains(why), "{}", told.shown());

    // Nor does Anvil, by the key itself or by the agent.
    let before = context.files("");
    for key in [rsa.clone(), rsa.with_extension("pub")] {
        let answer = with_key(&context, &key, &["review", "approve"]);
        refused(&answer, "A1187", "is of the kind `ssh-rsa`");
        assert!(
            answer.stderr.contains("signatures count by Ed25519 and ECDSA (P-256, P-384) keys"),
            "{}",
            answer.shown()
        );
        assert!(!answer.stderr.contains("agent"), "{}", answer.shown());
    }
    assert!(context.files("") == before, "something was changed");

    // Certificates are none of them either.
    let (authority, ada) = (key(&context, "ca", &["-t", "ed25519"]), key(&context, "ada", &["-t", "ed25519"]));
    let mut certify = context.command("ssh-keygen");
    certify.args(["-q", "-I", "ada", "-s"]).arg(&authority).arg(ada.with_extension("pub"));
    context.run(certify, "").success();
    let certificate = context.path("ada-cert.pub");
    let answer = with_key(&context, &certificate, &["review", "approve"]);
    refused(&answer, "A1187", "is of the kind `ssh-ed25519-cert-v01@openssh.com`");
    let text = std::fs::read_to_string(&certificate).unwrap();
    context.write("allowed_signers", format!("ada@example.com {text}"));
    refused(&context.anvil(&["review"]), "A1188", "it holds a certificate, and no signature by one is checked");
}
