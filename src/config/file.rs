//! The config file: reading it with every fault at once, and changing it so that comments stay.

use super::credentials::{Origin, Stored};
use super::keys::{Key, TomlForm};
use super::{ConfigError, Environment, config_file, stored, unknown_key_hint};
use crate::error::{Code, Diagnostic};
use crate::fs;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml_edit::{Document, DocumentMut, Item, Table, TableLike, Value};

/// What the user's config says, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserConfig {
    path: PathBuf,
    values: BTreeMap<&'static str, String>,
    credentials: BTreeMap<Origin, Stored>,
}

impl UserConfig {
    /// Returns what the config says that `environment` leads to. Where there is none, or no place
    /// for one, it says nothing.
    ///
    /// # Errors
    /// When it cannot be read or is not valid.
    pub fn load(environment: Environment<'_>) -> Result<Self, ConfigError> {
        match config_file(environment) {
            Ok(path) => ConfigFile::open(&path)?.values(),
            Err(ConfigError::NoPlace { .. }) => Ok(UserConfig::default()),
            Err(error) => Err(error),
        }
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the value of `key` as text, if the config sets it.
    pub fn get(&self, key: &Key) -> Option<&str> {
        self.values.get(key.name).map(String::as_str)
    }

    /// Returns what the config says of credentials, by origin.
    pub fn credentials(&self) -> &BTreeMap<Origin, Stored> {
        &self.credentials
    }
}

/// The config file, to be read or changed. Only its syntax was checked, so that a file with a
/// wrong key or value can be mended with it.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    path: PathBuf,
    document: DocumentMut,
}

impl ConfigFile {
    /// Returns the config at `path`; a file that is not there is an empty one.
    ///
    /// # Errors
    /// When it cannot be read or is not TOML.
    pub fn open(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string_if_exists(path)?.unwrap_or_default();
        let document = Document::parse(text.as_str()).map_err(|error| {
            let place = Place { path, text: &text };
            let why = error.message().trim_end().replace('\n', "; ");
            ConfigError::Invalid(vec![place.fault(Code::A0906, error.span(), format!("the config is not TOML: {why}"))])
        })?;
        Ok(ConfigFile { path: path.to_owned(), document: document.into_mut() })
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns what the file says.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] with every unknown key and wrong value.
    pub fn values(&self) -> Result<UserConfig, ConfigError> {
        let text = self.document.to_string();
        let Ok(document) = Document::parse(text.as_str()) else {
            return Err(ConfigError::Invalid(Vec::new())); // What toml_edit writes, it reads.
        };
        let place = Place { path: &self.path, text: &text };
        let mut reading = Reading { place, values: BTreeMap::new(), credentials: BTreeMap::new(), faults: Vec::new() };
        reading.take_table(document.as_table(), "");
        let Reading { values, credentials, .. } = reading;
        match reading.faults.is_empty() {
            true => Ok(UserConfig { path: self.path.clone(), values, credentials }),
            false => Err(ConfigError::Invalid(reading.faults)),
        }
    }

    /// Sets `key` to the value that `text` writes; comments and order stay.
    ///
    /// # Errors
    /// [`ConfigError::Value`] when it is none of the setting's values, or something else stands
    /// where its table should be.
    pub fn set(&mut self, key: &Key, text: &str) -> Result<(), ConfigError> {
        let fault = |why: String| ConfigError::Value { place: format!("`{}`", key.name), text: text.to_owned(), why };
        (key.check)(text).map_err(fault)?;
        let mut value = to_toml(key, text);
        let (table, leaf) = match key.name.split_once('.') {
            Some((table, leaf)) => {
                let table = self.document.entry(table).or_insert_with(|| Item::Table(Table::new()));
                let table = table.as_table_like_mut();
                (table.ok_or_else(|| fault("the config has something else in place of its table".into()))?, leaf)
            }
            None => (self.document.as_table_mut() as &mut dyn TableLike, key.name),
        };
        match table.get_mut(leaf).and_then(Item::as_value_mut) {
            Some(old) => {
                *value.decor_mut() = old.decor().clone(); // The comment behind it.
                *old = value;
            }
            None => drop(table.insert(leaf, Item::Value(value))),
        }
        Ok(())
    }

    /// Keeps `credential` for `origin`, in the place of what was kept for it; comments and order stay.
    ///
    /// # Errors
    /// [`ConfigError::Value`] when something else stands where the table of credentials should be.
    pub fn set_credential(&mut self, origin: &Origin, credential: &Stored) -> Result<(), ConfigError> {
        stored::set(&mut self.document, origin, credential)
    }

    /// Takes out what is kept for `origin`. Returns whether there was something.
    pub fn remove_credential(&mut self, origin: &Origin) -> bool {
        stored::remove(&mut self.document, origin)
    }

    /// Takes out whatever stands under `name`, known or not. Returns whether there was something.
    pub fn unset(&mut self, name: &str) -> bool {
        let mut table: &mut dyn TableLike = self.document.as_table_mut();
        let mut rest = name;
        loop {
            if table.remove(rest).is_some() {
                return true;
            }
            let Some((first, below)) = rest.split_once('.') else { return false };
            let Some(next) = table.get_mut(first).and_then(Item::as_table_like_mut) else { return false };
            (table, rest) = (next, below);
        }
    }

    /// Writes the file, readable for its owner alone. Returns whether its text changed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self) -> Result<bool, ConfigError> {
        // Many keep their config elsewhere and link it here: the link stays.
        Ok(fs::write_private(&fs::followed(&self.path)?, self.document.to_string().as_bytes())?)
    }
}

fn to_toml(key: &Key, text: &str) -> Value {
    use super::keys::SettingValue;
    match key.toml {
        TomlForm::Text => Value::from(text),
        TomlForm::Flag => Value::from(bool::parse(text) == Ok(true)),
        TomlForm::Number => Value::from(text.parse::<i64>().unwrap_or_default()), // It was checked.
    }
}

/// Where faults are found. The text itself is never shown, since it may hold secrets.
struct Place<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Place<'_> {
    fn fault(&self, code: Code, span: Option<Range<usize>>, message: String) -> Diagnostic {
        let start = span.map_or(0, |span| span.start.min(self.text.len()));
        let line = self.text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
        Diagnostic::error(code, format!("{message} (line {line} of `{}`)", self.path.display()))
    }
}

/// The values and faults found so far.
struct Reading<'a> {
    place: Place<'a>,
    values: BTreeMap<&'static str, String>,
    credentials: BTreeMap<Origin, Stored>,
    faults: Vec<Diagnostic>,
}

impl Reading<'_> {
    /// Takes the table's settings in, and those of its tables. TOML's own limit bounds the depth.
    fn take_table(&mut self, table: &dyn TableLike, prefix: &str) {
        for (name, item) in table.iter() {
            let name = format!("{prefix}{name}");
            if let Ok(key) = Key::find(&name) {
                self.take_value(key, item);
                continue;
            }
            if name == stored::TABLE {
                self.take_credentials(item);
                continue;
            }
            let below = format!("{name}.");
            match item.as_table_like() {
                Some(table) if super::KEYS.iter().any(|key| key.name.starts_with(&below)) => {
                    self.take_table(table, &below);
                }
                _ => {
                    let message = format!("there is no setting `{name}`");
                    let fault = self.place.fault(Code::A0906, item.span(), message);
                    self.faults.push(fault.hint(unknown_key_hint(&name)));
                }
            }
        }
    }

    fn take_credentials(&mut self, item: &Item) {
        for entry in stored::read(item) {
            match entry {
                Ok((origin, credential)) => drop(self.credentials.insert(origin, credential)),
                Err(stored::Fault { code, span, message }) => {
                    self.faults.push(self.place.fault(code, span, message));
                }
            }
        }
    }

    fn take_value(&mut self, key: &'static Key, item: &Item) {
        let text = match key.toml {
            TomlForm::Text => item.as_str().map(str::to_owned).ok_or("it takes a text in quotes"),
            TomlForm::Flag => item.as_bool().map(|flag| flag.to_string()).ok_or("it takes `true` or `false`"),
            TomlForm::Number => item.as_integer().map(|number| number.to_string()).ok_or("it takes a whole number"),
        };
        match text.map_err(str::to_owned).and_then(|text| (key.check)(&text).map(|()| text)) {
            Ok(text) => drop(self.values.insert(key.name, text)),
            Err(why) => {
                let message = format!("the value of `{}` is not valid: {why}", key.name);
                self.faults.push(self.place.fault(Code::A0907, item.span(), message));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Diagnose;
    use crate::fs::Durability;

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        fs::write(&path, text.as_bytes(), Durability::Derived).unwrap();
        (folder, path)
    }

    fn key(name: &str) -> &'static Key {
        Key::find(name).unwrap()
    }

    fn faults(text: &str) -> Vec<String> {
        let (_folder, path) = file(text);
        let error = ConfigFile::open(&path).and_then(|file| file.values()).unwrap_err();
        let shown = format!(" of `{}`)", path.display());
        error.diagnostics().iter().map(|fault| fault.message.replace(&shown, ")")).collect()
    }

    #[test]
    fn values_are_read_and_a_missing_file_says_nothing() {
        let (_folder, path) = file("color = \"never\"\noffline = true\nhttp.retries = 0\n[http]\n");
        assert!(ConfigFile::open(&path).is_err(), "TOML allows no table twice");
        let (_folder, path) = file("color = \"never\"\noffline = true\n[http]\nretries = 0\ntimeout = 5\n");
        let config = ConfigFile::open(&path).unwrap().values().unwrap();
        let values: Vec<_> = super::super::KEYS.iter().map(|key| config.get(key)).collect();
        assert_eq!(values, [None, Some("never"), Some("0"), Some("5"), Some("true"), None]);
        let missing = ConfigFile::open(&path.with_file_name("other")).unwrap();
        assert_eq!(missing.values().unwrap().get(key("color")), None);
    }

    #[test]
    fn all_faults_are_told_at_once_with_their_lines() {
        assert_eq!(
            faults("colour = 1\noffline = \"yes\"\n\n[http]\ntimeout = 0\ntimeot = 3\n[other]\nx = 1\n"),
            [
                "there is no setting `colour` (line 1)",
                "the value of `offline` is not valid: it takes `true` or `false` (line 2)",
                "the value of `http.timeout` is not valid: it takes a whole number from 1 to 3600 (line 5)",
                "there is no setting `http.timeot` (line 6)",
                "there is no setting `other` (line 7)",
            ]
        );
        let (_folder, path) = file("colour = 1\n");
        let error = ConfigFile::open(&path).unwrap().values().unwrap_err();
        assert_eq!(error.diagnostics()[0].hints[0].message, "did you mean `color`?");
        assert_eq!(error.kind().exit_code(), 1);
    }

    #[test]
    fn no_fault_shows_what_may_be_a_secret() {
        for text in ["token = \"hunter2\"", "[tokens]\nx = \"hunter2\"", "token = hunter2", "token = \"hunter2\n"] {
            assert!(faults(text).iter().all(|fault| !fault.contains("hunter2")), "{:?}", faults(text));
        }
    }

    #[test]
    fn a_change_keeps_comments_and_order() {
        let (_folder, path) = file("# mine\ncolor = \"auto\" # for now\n\n[http]\n# slow line\ntimeout = 60\n");
        let mut file = ConfigFile::open(&path).unwrap();
        file.set(key("color"), "never").unwrap();
        file.set(key("offline"), "1").unwrap();
        file.set(key("http.retries"), "5").unwrap();
        assert!(file.save().unwrap());
        assert!(!file.save().unwrap());
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            "# mine\ncolor = \"never\" # for now\noffline = true\n\n[http]\n# slow line\ntimeout = 60\nretries = 5\n"
        );
        assert!(file.unset("http.timeout") && file.unset("offline"));
        assert!(!file.unset("http.timeout") && !file.unset("nothing.at.all"));
        file.save().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "# mine\ncolor = \"never\" # for now\n\n[http]\nretries = 5\n");
    }

    #[test]
    fn an_empty_config_gets_tables_as_people_write_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anvil/config.toml");
        let mut file = ConfigFile::open(&path).unwrap();
        file.set(key("http.timeout"), "5").unwrap();
        file.set(key("color"), "always").unwrap();
        file.save().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "color = \"always\"\n\n[http]\ntimeout = 5\n");
    }

    #[test]
    fn a_wrong_value_is_not_set_and_a_wrong_key_can_be_unset() {
        let (_folder, path) = file("colour = \"x\"\nhttp = 3\n");
        let mut file = ConfigFile::open(&path).unwrap();
        let error = file.set(key("color"), "purple").unwrap_err();
        assert_eq!(error.to_string(), "`purple` is not a value of `color`: it takes `auto`, `always` or `never`");
        assert!(file.set(key("http.timeout"), "5").is_err());
        assert!(file.values().is_err());
        assert!(file.unset("colour") && file.unset("http"));
        assert!(file.values().is_ok());
        let error = Key::find("colour").unwrap_err();
        assert_eq!((error.kind().exit_code(), error.hints()[0].message.as_str()), (2, "did you mean `color`?"));
    }

    #[test]
    #[cfg(unix)]
    fn the_file_is_for_its_owner_and_a_link_stays_a_link() {
        use std::os::unix::fs::PermissionsExt;
        let (folder, path) = file("");
        let link = folder.path().join("link.toml");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let mut file = ConfigFile::open(&link).unwrap();
        file.set(key("color"), "never").unwrap();
        file.save().unwrap();
        assert_eq!(fs::kind(&link), Some(fs::EntryKind::Other));
        assert_eq!(fs::read_to_string(&path).unwrap(), "color = \"never\"\n");
        assert_eq!(fs::open(&path).unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}
