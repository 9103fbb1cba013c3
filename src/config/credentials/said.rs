//! What a credential helper says on stderr: to people, who may be asked there to do something.
//!
//! It is passed on line by line, soon, so that a question is seen while the helper waits; bounded, so that none fills
//! the terminal; and without what it knows: some print the credential itself when they are told to be talkative. Whoever
//! passes a line on to a terminal makes it safe for that.

use std::io::Read;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Who is told what a helper says: a line each.
pub type Tell = dyn Fn(&str) + Send + Sync;

/// How many lines are passed on, and how many characters of each.
const LINES: usize = 20;
const WIDTH: usize = 400;

/// The most bytes that wait to be passed on.
const HELD: usize = 16 << 10;

/// How long a line is held back: most helpers answer meanwhile, and then it is known what must not be shown.
const PAUSE: Duration = Duration::from_millis(200);

/// What the names of secrets end in, as in `password=…`, `api_token: …` or `Authorization: …`.
const SECRETS: [&str; 5] = ["password", "credential", "token", "secret", "authorization"];

/// What a helper says, as it comes.
pub(super) struct Said {
    chunks: Receiver<Vec<u8>>,
    held: Vec<u8>,
    since: Instant,
    told: usize,
}

impl Said {
    /// Listens to `stderr`, to its end, so that who writes there never has to wait.
    pub fn on(stderr: Option<impl Read + Send + 'static>) -> Self {
        let (sender, chunks) = channel();
        if let Some(stderr) = stderr {
            thread::spawn(move || listen(stderr, &sender));
        }
        Said { chunks, held: Vec::new(), since: Instant::now(), told: 0 }
    }

    /// Passes on what was held back for long enough, without what `answer`, as far as it is there, has of secrets.
    pub fn pass_on(&mut self, answer: &[u8], tell: &Tell) {
        while let Ok(chunk) = self.chunks.try_recv() {
            self.hold(&chunk);
        }
        if !self.held.is_empty() && self.since.elapsed() >= PAUSE {
            self.tell_held(answer, tell);
        }
    }

    /// Passes on all that was said. A program that the helper left running may hold stderr open, and is not waited for.
    pub fn end(mut self, answer: &[u8], tell: &Tell) {
        let end = Instant::now() + PAUSE;
        while let Ok(chunk) = self.chunks.recv_timeout(end.saturating_duration_since(Instant::now())) {
            self.hold(&chunk);
        }
        self.tell_held(answer, tell);
    }

    fn hold(&mut self, chunk: &[u8]) {
        if self.held.is_empty() {
            self.since = Instant::now();
        }
        let room = HELD.saturating_sub(self.held.len());
        self.held.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }

    fn tell_held(&mut self, answer: &[u8], tell: &Tell) {
        let held = std::mem::take(&mut self.held);
        let secrets = secrets(answer);
        for line in String::from_utf8_lossy(&held).split(['\n', '\r']).filter(|line| !line.trim().is_empty()) {
            self.told += 1;
            match self.told {
                ..=LINES => tell(&shortened(&without(line, &secrets))),
                told if told == LINES + 1 => tell("… (it says more, which is not shown)"),
                _ => return,
            }
        }
    }
}

fn listen(mut stderr: impl Read, sender: &Sender<Vec<u8>>) {
    let mut chunk = [0; 4096];
    let mut sent = 0;
    while let Ok(length @ 1..) = stderr.read(&mut chunk) {
        // What is never shown need not be kept; it is read all the same.
        if sent < LINES * HELD && sender.send(chunk[..length].to_vec()).is_ok() {
            sent += length;
        }
    }
}

/// Returns the values of a helper's answer, but for those that are shown elsewhere.
fn secrets(answer: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(answer);
    let values = text.lines().filter_map(|line| line.split_once('='));
    let secret = values.filter(|(key, _)| !matches!(*key, "protocol" | "host" | "path" | "username" | "authtype"));
    // What is as short as this stands in any text.
    secret.map(|(_, value)| value.trim().to_owned()).filter(|value| value.len() > 3).collect()
}

/// Returns `line` without `secrets`, and without what it says of one by its name.
fn without(line: &str, secrets: &[String]) -> String {
    let mut line = line.to_owned();
    for secret in secrets {
        line = line.replace(secret.as_str(), "***");
    }
    let lower = line.to_ascii_lowercase();
    let named = |name: &str| {
        let found = lower.match_indices(name).filter_map(|(at, _)| {
            let end = at + name.len();
            let sign = lower[end..].trim_start_matches(['"', '\'', ' ']);
            sign.starts_with(['=', ':']).then(|| lower.len() - sign.len() + 1)
        });
        found.min()
    };
    match SECRETS.iter().filter_map(|name| named(name)).min() {
        Some(end) if !line[end..].trim().is_empty() => format!("{} ***", &line[..end]),
        _ => line,
    }
}

fn shortened(line: &str) -> String {
    match line.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_passed_on_by_its_value_or_by_its_name() {
        let secrets = secrets(b"protocol=https\nusername=ada\npassword=hush-hush\n");
        assert_eq!(secrets, ["hush-hush"]);
        for (line, expected) in [
            ("ada has hush-hush!", "ada has ***!"),
            ("password=other", "password= ***"),
            ("trace: \"token\": \"abc\"", "trace: \"token\": ***"),
            ("Authorization: Bearer abc", "Authorization: ***"),
            ("Password: ", "Password: "),
            ("enter the password of ada", "enter the password of ada"),
            ("no token for https://x.example", "no token for https://x.example"),
        ] {
            assert_eq!(without(line, &secrets), expected);
        }
    }
}
