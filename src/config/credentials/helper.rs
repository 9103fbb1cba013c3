//! Credential helpers: programs that know secrets so that Anvil need not keep any.
//!
//! The protocol is git's (gitcredentials(7)), so that its helpers work as they are: the program is
//! run with `get` behind its own arguments, is told `protocol` and `host` on stdin, a line each and
//! an empty line, and answers with `username` and `password` in the same form, or `authtype` and
//! `credential`. No answer means that it knows nothing. A `password` without a `username` is a
//! bearer token. What it says on stderr is passed on to the user, who may be asked there ([`Said`]); what it
//! answers is shown to nobody.

use super::said::{Said, Tell};
use super::{Credential, Origin, Secret, SecretFault};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

/// The most bytes of an answer that are read.
const LIMIT: u64 = 64 << 10;

/// How often it is looked whether the helper says something to people.
const GLANCE: Duration = Duration::from_millis(50);

/// What git leaves in the environment to point its programs at a repository.
const FOREIGN: [&str; 4] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_CONFIG"];

/// Why a helper gave no answer.
#[derive(Debug)]
pub(super) struct Failure {
    /// What became of it, after its name.
    pub why: String,
    /// Whether there is no such program.
    pub missing: bool,
}

/// Returns what the helper that `words` name answers for `origin`, or nothing where it knows nothing.
/// It runs in `folder`, without a shell; `tell` is told what it says beside.
pub(super) fn get(
    words: &[String],
    folder: Option<&Path>,
    origin: &Origin,
    (patience, tell): (Duration, &Tell),
) -> Result<Option<Result<Credential, SecretFault>>, Failure> {
    let failed = |why: String| Failure { why, missing: false };
    let (program, arguments) = words.split_first().ok_or_else(|| failed("is not named".into()))?;
    let mut command = Command::new(program);
    command.args(arguments).arg("get").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(folder) = folder {
        command.current_dir(folder);
    }
    for variable in FOREIGN {
        command.env_remove(variable);
    }
    let mut child = command.spawn().map_err(|error| Failure {
        why: format!("cannot be run: {error}"),
        missing: error.kind() == std::io::ErrorKind::NotFound,
    })?;
    let question = format!("protocol={}\nhost={}\n\n", origin.scheme(), origin.host_and_port());
    if let Some(mut stdin) = child.stdin.take() {
        let _ = stdin.write_all(question.as_bytes()); // One that answers without having read is as good.
    }
    let answer = read(&mut child, patience, tell)?;
    let status = child.wait().map_err(|error| failed(format!("cannot be waited for: {error}")))?;
    if !status.success() {
        return Err(failed(format!("failed ({status})")));
    }
    let text = String::from_utf8(answer).map_err(|_| failed("answered with what is not UTF-8".into()))?;
    Ok(parse(&text))
}

/// Reads all that `child` answers; one that takes too long, or says too much, is ended.
fn read(child: &mut Child, patience: Duration, tell: &Tell) -> Result<Vec<u8>, Failure> {
    let mut said = Said::on(child.stderr.take());
    let deadline = Instant::now() + patience;
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut answer = Vec::new();
            let read = stdout.take(LIMIT + 1).read_to_end(&mut answer).map(|_| answer);
            let _ = sender.send(read); // Nobody listens any more where it took too long.
        });
    }
    let answered = loop {
        let rest = deadline.saturating_duration_since(Instant::now());
        match receiver.recv_timeout(rest.min(GLANCE)) {
            Err(RecvTimeoutError::Timeout) if !rest.is_zero() => said.pass_on(b"", tell),
            answered => break answered,
        }
    };
    let why = match answered {
        Ok(Ok(answer)) if answer.len() as u64 > LIMIT => format!("answered with more than {LIMIT} bytes"),
        Ok(Ok(answer)) => loop {
            match child.try_wait() {
                Ok(None) if Instant::now() < deadline => {
                    said.pass_on(&answer, tell);
                    std::thread::sleep(Duration::from_millis(2));
                }
                Ok(None) => break format!("was not done after {} s", patience.as_secs()),
                _ => {
                    said.end(&answer, tell);
                    return Ok(answer);
                }
            }
        },
        Ok(Err(error)) => format!("cannot be read from: {error}"),
        Err(_) => format!("gave no answer for {} s", patience.as_secs()),
    };
    let _ = child.kill(); // It may have ended just now, which is as well.
    let _ = child.wait();
    said.end(b"", tell);
    Err(Failure { why, missing: false })
}

/// Returns the credential in a helper's answer. The last of several lines of one name counts, as in git.
fn parse(text: &str) -> Option<Result<Credential, SecretFault>> {
    let last = |name: &str| {
        let values = text.lines().filter_map(|line| line.split_once('=')).filter(|(key, _)| *key == name);
        values.map(|(_, value)| value).next_back().filter(|value| !value.is_empty())
    };
    if let Some(credential) = last("credential") {
        return Some(match last("authtype").map(str::to_ascii_lowercase).as_deref() {
            Some("bearer") => Secret::token(credential).map(Credential::Token),
            _ => Err(SecretFault::Scheme),
        });
    }
    let password = last("password")?;
    Some(match last("username") {
        Some(user) => Credential::password(user, password),
        None => Secret::token(password).map(Credential::Token),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_git_writes_them() {
        let header = |text| parse(text).map(|found| found.map(|credential| credential.header()));
        assert_eq!(header("username=ada\npassword=hush\n"), Some(Ok("Basic YWRhOmh1c2g=".into())));
        assert_eq!(header("password=hush\r\n"), Some(Ok("Bearer hush".into())));
        assert_eq!(header("authtype=Bearer\ncredential=hush\n"), Some(Ok("Bearer hush".into())));
        assert_eq!(header("authtype=NTLM\ncredential=hush\n"), Some(Err(SecretFault::Scheme)));
        assert_eq!(header("password=a=b\nusername=x\npassword=c=d"), Some(Ok("Basic eDpjPWQ=".into())));
        assert_eq!(header("quit=1\n"), None);
        assert_eq!(header(""), None);
        assert_eq!(header("password=\n"), None);
    }
}
