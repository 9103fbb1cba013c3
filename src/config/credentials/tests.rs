use super::*;
use crate::config::ConfigFile;
use crate::fs::Durability;

type Variables = Vec<(&'static str, String)>;

/// A user: variables, a config and a netrc.
struct User {
    folder: tempfile::TempDir,
    variables: Variables,
}

impl User {
    fn new() -> Self {
        User { folder: tempfile::tempdir().unwrap(), variables: Vec::new() }
    }

    fn with(mut self, variable: &'static str, value: &str) -> Self {
        self.variables.push((variable, value.to_owned()));
        self
    }

    fn netrc(self, text: &str) -> Self {
        let path = self.folder.path().join("netrc");
        fs::write(&path, text.as_bytes(), Durability::Derived).unwrap();
        let path = path.display().to_string();
        self.with("NETRC", &path)
    }

    fn config(self, text: &str) -> Self {
        fs::write_private(&self.path(), text.as_bytes()).unwrap();
        self
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    fn credentials(&self) -> Credentials {
        let config = ConfigFile::open(&self.path()).unwrap().values().unwrap();
        let variables = self.variables.clone();
        let environment =
            move |name: &str| variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| value.into());
        Credentials { patience: Duration::from_millis(300), ..Credentials::new(environment, &config) }
    }

    fn find(&self, origin: &str) -> Result<Option<(String, CredentialSource)>, Arc<CredentialError>> {
        let found = self.credentials().find(&origin.parse().unwrap())?;
        Ok(found.map(|found| (found.credential.header(), found.source.clone())))
    }

    fn header(&self, origin: &str) -> Option<String> {
        self.find(origin).unwrap().map(|(header, _)| header)
    }

    fn error(&self, origin: &str) -> Arc<CredentialError> {
        self.find(origin).unwrap_err()
    }
}

const X: &str = "https://x.example";

#[test]
fn the_variable_comes_first_then_the_config_then_netrc() {
    let user = User::new().netrc("machine x.example login ada password n");
    assert_eq!(user.header(X), Some("Basic YWRhOm4=".into()));
    let user = user.config("[credentials.\"https://x.example\"]\ntoken = \"c\"\n");
    assert_eq!(user.header(X), Some("Bearer c".into()));
    let user = user.with("ANVIL_TOKEN_X_EXAMPLE", "e");
    let (header, source) = user.find(X).unwrap().unwrap();
    assert_eq!((header.as_str(), source.to_string()), ("Bearer e", "from the variable `ANVIL_TOKEN_X_EXAMPLE`".into()));
    let empty = User::new().with("ANVIL_TOKEN_X_EXAMPLE", "");
    assert_eq!(empty.header(X), None);
}

#[test]
fn each_is_for_its_own_origin_alone() {
    let user = User::new()
        .with("ANVIL_TOKEN_A_EXAMPLE", "e")
        .config("[credentials.\"https://b.example:8443\"]\nuser = \"u\"\npassword = \"p\"\n")
        .netrc("machine c.example login l password n\ndefault login d password d\n");
    for origin in [
        "https://a.example:8443",
        "https://b.example",
        "https://x.a.example",
        "https://a-example",
        "https://other.example",
        "http://c.example",
    ] {
        assert_eq!(user.header(origin), None, "{origin}");
    }
    assert!(user.header("https://a.example").is_some());
    assert!(user.header("https://b.example:8443").is_some());
    assert!(user.header("https://c.example").is_some());
}

#[test]
fn the_variable_of_a_host_with_a_dash_is_told() {
    let user = User::new().with("ANVIL_TOKEN_MY_HOST_EXAMPLE", "e");
    let origin = "https://my-host.example".parse().unwrap();
    assert_eq!(user.header("https://my-host.example"), None);
    assert_eq!(user.credentials().mistaken_variable(&origin).as_deref(), Some("ANVIL_TOKEN_MY_HOST_EXAMPLE"));
    assert_eq!(
        user.with("ANVIL_TOKEN_MY__HOST_EXAMPLE", "f").header("https://my-host.example"),
        Some("Bearer f".into())
    );
}

#[test]
fn plain_http_gets_nothing_but_on_this_machine() {
    let user = User::new()
        .with("ANVIL_TOKEN_X_EXAMPLE", "hush")
        .config("[credentials.\"http://y.example\"]\ntoken = \"hush\"\n\n[credentials.\"http://z.example\"]\nhelper = \"none\"\n");
    for origin in ["http://x.example", "http://y.example", "http://z.example"] {
        let error = user.error(origin);
        assert!(matches!(*error, CredentialError::PlainHttp { .. }), "{error}");
        assert!(!error.to_string().contains("hush") && error.kind().exit_code() == 4, "{error}");
    }
    let here = User::new().with("ANVIL_TOKEN_127_0_0_1_8080", "e");
    assert_eq!(here.header("http://127.0.0.1:8080"), Some("Bearer e".into()));
}

#[test]
fn a_token_that_no_header_takes_is_refused_and_not_shown() {
    let user =
        User::new().with("ANVIL_TOKEN_X_EXAMPLE", "hush hush").netrc("machine y.example login a:b password hush");
    for origin in [X, "https://y.example"] {
        let error = user.error(origin);
        assert!(matches!(*error, CredentialError::Unsendable { .. }) && !error.to_string().contains("hush"), "{error}");
    }
}

#[test]
#[cfg(unix)]
fn a_config_that_others_can_read_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let token = User::new().config("[credentials.\"https://x.example\"]\ntoken = \"hush\"\n");
    let helper = User::new().config("[credentials.\"https://x.example\"]\nhelper = \"true\"\n");
    for (user, mode, refused) in [
        (&token, 0o600, false),
        (&token, 0o640, true),
        (&token, 0o604, true),
        (&helper, 0o644, false),
        (&helper, 0o664, true),
    ] {
        let file = fs::open(&user.path()).unwrap();
        file.set_permissions(PermissionsExt::from_mode(mode)).unwrap();
        let is_refused = user.find(X).is_err_and(|error| matches!(*error, CredentialError::Exposed { .. }));
        assert_eq!(is_refused, refused, "{mode:o}");
    }
}

#[cfg(unix)]
mod helpers {
    use super::*;

    /// A user whose helper is this script.
    fn user(script: &str) -> User {
        let user = User::new();
        let path = user.folder.path().join("helper");
        fs::write(&path, script.as_bytes(), Durability::Derived).unwrap();
        let entry = format!("[credentials.\"https://x.example\"]\nhelper = [\"/bin/sh\", {:?}, \"two words\"]\n", path);
        user.config(&entry)
    }

    #[test]
    fn a_helper_is_asked_as_git_asks_and_once_in_a_process() {
        let user = user(
            "echo \"$1|$2|$(cat)\" >> \"$(dirname \"$0\")/asked\"\necho note >&2\necho username=ada\necho password=hush\n",
        );
        let credentials = user.credentials();
        let origin = X.parse().unwrap();
        for _ in 0..2 {
            assert_eq!(credentials.find(&origin).unwrap().unwrap().credential.header(), "Basic YWRhOmh1c2g=");
        }
        let asked = fs::read_to_string(&user.folder.path().join("asked")).unwrap();
        assert_eq!(asked, "two words|get|protocol=https\nhost=x.example\n");
    }

    #[test]
    fn a_helper_that_knows_nothing_leaves_it_to_netrc() {
        let user = user("exit 0\n").netrc("machine x.example login ada password n");
        assert_eq!(user.header(X), Some("Basic YWRhOm4=".into()));
    }

    #[test]
    fn a_helper_that_fails_is_an_error_without_its_answer() {
        for (script, why) in [
            ("echo password=hush\nexit 3\n", "failed"),
            ("echo password=hush hush\n", "cannot be sent"),
            ("echo password=hush\nexec sleep 5\n", "gave no answer"),
            ("exec >&-\nexec sleep 5\n", "was not done"),
            ("yes password=hush\n", "more than 65536 bytes"),
            ("printf 'password=\\377hush\\n'\n", "not UTF-8"),
        ] {
            let error = user(script).error(X).to_string();
            assert!(error.contains(why) && !error.contains("hush"), "{script}: {error}");
        }
        let user = User::new().config("[credentials.\"https://x.example\"]\nhelper = \"no-such-program-at-all\"\n");
        assert_eq!(user.error(X).kind().exit_code(), 3);
    }
}
