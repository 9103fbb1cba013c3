//! `[credentials."https://prompts.example.com"]` in the config file: what is kept for each origin.
//!
//! Exactly one of `token`, `user` with `password`, and `helper`. No fault shows a value, and of the
//! keys only those that are known: a line that was mistyped may be a secret.

use super::ConfigError;
use super::credentials::{Credential, Origin, Secret, Stored};
use crate::error::Code;
use std::ops::Range;
use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value};

/// The table's name.
pub(super) const TABLE: &str = "credentials";

/// What one entry may hold.
const KEYS: [&str; 4] = ["token", "user", "password", "helper"];

/// What is wrong with an entry, and where.
pub(super) struct Fault {
    pub code: Code,
    pub span: Option<Range<usize>>,
    pub message: String,
}

/// Returns what each entry of the table `item` says.
pub(super) fn read(item: &Item) -> Vec<Result<(Origin, Stored), Fault>> {
    let fault = |code, item: &Item, message: String| Fault { code, span: item.span(), message };
    let Some(table) = item.as_table_like() else {
        return vec![Err(fault(Code::A0907, item, format!("`{TABLE}` is no table of origins")))];
    };
    let entry = |(name, item): (&str, &Item)| {
        let origin: Origin = name.parse().map_err(|error: super::credentials::OriginError| {
            // What is written there may be anything, so none of it is shown.
            let message =
                format!("a name under `{TABLE}` is no origin like `https://prompts.example.com`: {}", error.why);
            fault(Code::A0907, item, message)
        })?;
        let wrong = |code, item: &Item, why: &str| fault(code, item, format!("the credentials for {origin} {why}"));
        let table = item.as_table_like().ok_or_else(|| wrong(Code::A0907, item, "are no table"))?;
        if let Some((_, item)) = table.iter().find(|(key, _)| !KEYS.contains(key)) {
            return Err(wrong(Code::A0906, item, "hold something other than `token`, `user`, `password` and `helper`"));
        }
        let stored = stored(table).map_err(|why| wrong(Code::A0907, item, &why))?;
        Ok((origin, stored))
    };
    table.iter().map(entry).collect()
}

fn stored(table: &dyn TableLike) -> Result<Stored, String> {
    let text = |key: &str| match table.get(key) {
        None => Ok(None),
        Some(item) => item.as_str().map(Some).ok_or_else(|| format!("have a `{key}` that is no text in quotes")),
    };
    let cannot = |fault| format!("cannot be sent: {fault}");
    match (text("token")?, text("user")?, text("password")?, table.get("helper")) {
        (Some(token), None, None, None) => {
            Secret::token(token).map(|token| Stored::Credential(Credential::Token(token))).map_err(cannot)
        }
        (None, Some(user), Some(password), None) => {
            Credential::password(user, password).map(Stored::Credential).map_err(cannot)
        }
        (None, None, None, Some(helper)) => {
            words(helper).map(Stored::Helper).ok_or_else(|| "have a `helper` that names no program".into())
        }
        _ => Err("hold not exactly one of `token`, `user` with `password`, and `helper`".into()),
    }
}

/// Returns a helper's words: an array has them one by one, a text is divided at its blanks.
fn words(item: &Item) -> Option<Vec<String>> {
    let words: Vec<String> = match item.as_array() {
        Some(array) => array.iter().map(|word| word.as_str().map(str::to_owned)).collect::<Option<_>>()?,
        None => split(item.as_str()?),
    };
    is_program(&words).then_some(words)
}

/// Returns the words of a helper that a person wrote in one.
pub fn split(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// Returns whether the first of `words` names a program: by a whole path, or by its name alone. A
/// relative path would be looked for in whatever project the command runs.
pub fn is_program(words: &[String]) -> bool {
    words.first().is_some_and(|program| {
        let is_name = !program.contains(['/', '\\']) && !program.is_empty();
        is_name || std::path::Path::new(program).is_absolute()
    })
}

/// Keeps `stored` for `origin`.
pub(super) fn set(document: &mut DocumentMut, origin: &Origin, stored: &Stored) -> Result<(), ConfigError> {
    let in_the_way = || ConfigError::InTheWay { name: TABLE };
    let all = document.entry(TABLE).or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let all = all.as_table_like_mut().ok_or_else(in_the_way)?;
    let mut entry = Table::new();
    let mut put = |key: &str, value: Value| drop(entry.insert(key, Item::Value(value)));
    match stored {
        Stored::Credential(Credential::Token(token)) => put("token", token.expose().into()),
        Stored::Credential(Credential::Password { user, password }) => {
            put("user", user.as_str().into());
            put("password", password.expose().into());
        }
        Stored::Helper(words) if words.iter().any(|word| word.is_empty() || word.contains(char::is_whitespace)) => {
            put("helper", words.iter().collect::<Array>().into());
        }
        Stored::Helper(words) => put("helper", words.join(" ").into()),
    }
    // However the origin is written there, it is one.
    let name = name_of(all, origin).unwrap_or_else(|| origin.to_string());
    match all.get_mut(&name).and_then(Item::as_table_mut) {
        Some(old) => {
            let decor = old.decor().clone();
            entry.set_position(old.position());
            *entry.decor_mut() = decor;
            *old = entry;
        }
        None => drop(all.insert(&name, Item::Table(entry))),
    }
    Ok(())
}

/// Takes out what is kept for `origin`. Returns whether there was something.
pub(super) fn remove(document: &mut DocumentMut, origin: &Origin) -> bool {
    let Some(all) = document.get_mut(TABLE).and_then(Item::as_table_like_mut) else { return false };
    let mut found = false;
    while let Some(name) = name_of(all, origin) {
        found |= all.remove(&name).is_some();
    }
    if all.is_empty() {
        document.remove(TABLE);
    }
    found
}

fn name_of(all: &dyn TableLike, origin: &Origin) -> Option<String> {
    let mut names = all.iter().map(|(name, _)| name);
    names.find(|name| name.parse::<Origin>().is_ok_and(|other| other == *origin)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        "https://prompts.example.com".parse().unwrap()
    }

    fn written(before: &str, stored: &Stored) -> String {
        let mut document: DocumentMut = before.parse().unwrap();
        set(&mut document, &origin(), stored).unwrap();
        let read = read(document.get(TABLE).unwrap());
        let kept = read.into_iter().flatten().find(|(kept, _)| *kept == origin()).unwrap();
        assert_eq!(kept.1, *stored);
        document.to_string()
    }

    fn token(text: &str) -> Stored {
        Stored::Credential(Credential::Token(Secret::token(text).unwrap()))
    }

    #[test]
    fn what_is_kept_is_written_as_people_write_it_and_read_again() {
        assert_eq!(written("", &token("hush")), "[credentials.\"https://prompts.example.com\"]\ntoken = \"hush\"\n");
        let password = Stored::Credential(Credential::password("ada", "h \"u\" sh").unwrap());
        assert!(written("color = \"auto\"\n", &password).starts_with("color = \"auto\"\n\n[credentials."));
        let helper = Stored::Helper(split("git credential-store"));
        assert!(written("", &helper).ends_with("\nhelper = \"git credential-store\"\n"));
        let helper = Stored::Helper(vec!["/opt/my helper".into(), "x".into()]);
        assert!(written("", &helper).ends_with("\nhelper = [\"/opt/my helper\", \"x\"]\n"));
    }

    #[test]
    fn one_origin_has_one_entry_however_it_is_written() {
        let before =
            "# mine\n[credentials.\"https://Prompts.example.com:443/\"]\ntoken = \"old\"\n\n[http]\ntimeout = 3\n";
        let after = written(before, &token("new"));
        assert_eq!(after, before.replace("old", "new"));
        let mut document: DocumentMut = after.parse().unwrap();
        assert!(remove(&mut document, &origin()) && !remove(&mut document, &origin()));
        assert!(!document.to_string().contains("credentials"));
    }

    #[test]
    fn what_is_wrong_is_told_without_a_secret() {
        for text in [
            "credentials = \"hush\"",
            "[credentials]\ntoken = \"hush\"",
            "[credentials.\"https://hush@x.example\"]\ntoken = \"x\"",
            "[credentials.\"https://x.example/acme\"]\ntoken = \"hush\"",
            "[credentials.\"https://x.example\"]\ntoken = \"hush hush\"",
            "[credentials.\"https://x.example\"]\nhush = 1",
            "[credentials.\"https://x.example\"]\ntoken = \"hush\"\nuser = \"hush\"",
            "[credentials.\"https://x.example\"]\nuser = \"hush\"",
            "[credentials.\"https://x.example\"]\nhelper = \"./hush\"",
            "[credentials.\"https://x.example\"]\nhelper = \"\"",
            "[credentials.\"https://x.example\"]\ntoken = 3",
        ] {
            let document: DocumentMut = text.parse().unwrap();
            let faults: Vec<Fault> = read(document.get(TABLE).unwrap()).into_iter().filter_map(Result::err).collect();
            assert_eq!(faults.len(), 1, "{text}");
            assert!(!faults[0].message.contains("hush"), "{}", faults[0].message);
        }
    }
}
