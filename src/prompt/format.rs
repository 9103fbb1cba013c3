//! `format`: the forms that a text can be held to.

/// A form of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A calendar date, `2026-11-23` (`full-date` of RFC 3339).
    Date,
    /// A date with time and offset, `2026-11-23T05:00:00Z` (`date-time` of RFC 3339).
    DateTime,
    /// An absolute URI (RFC 3986).
    Uri,
    /// An address for mail, as a browser's form takes it (HTML, "valid e-mail address").
    Email,
}

impl Format {
    /// Returns the format called `name`.
    pub fn parse(name: &str) -> Option<Format> {
        [Format::Date, Format::DateTime, Format::Uri, Format::Email].into_iter().find(|format| format.name() == name)
    }

    /// Returns the name as front matter writes it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Date => "date",
            Format::DateTime => "date-time",
            Format::Uri => "uri",
            Format::Email => "email",
        }
    }

    /// Returns what a text of the form looks like, for messages.
    pub fn described(self) -> &'static str {
        match self {
            Format::Date => "a date such as 2026-11-23",
            Format::DateTime => "a date and time such as 2026-11-23T05:00:00Z",
            Format::Uri => "a URI such as https://example.com/a",
            Format::Email => "an e-mail address",
        }
    }

    /// Returns whether `text` has the form.
    pub fn matches(self, text: &str) -> bool {
        match self {
            Format::Date => is_date(text),
            Format::DateTime => is_date_time(text),
            Format::Uri => is_uri(text),
            Format::Email => is_email(text),
        }
    }
}

/// Returns the number that exactly `width` digits write.
fn digits(text: &str, width: usize) -> Option<u32> {
    (text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let mut next = |width| parts.next().and_then(|part| digits(part, width));
    let (Some(year), Some(month), Some(day)) = (next(4), next(2), next(2)) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else { return false };
    let Some(at) = time.find(['Z', 'z', '+', '-']) else { return false };
    let (clock, offset) = time.split_at(at);
    let (clock, fraction) = clock.split_once('.').map_or((clock, None), |(clock, fraction)| (clock, Some(fraction)));
    let fraction_is_fine = fraction.is_none_or(|f| !f.is_empty() && f.bytes().all(|byte| byte.is_ascii_digit()));
    let offset_is_fine = match offset.strip_prefix(['+', '-']) {
        Some(offset) => is_clock(offset, 2),
        None => offset.len() == 1,
    };
    is_date(date) && is_clock(clock, 3) && fraction_is_fine && offset_is_fine
}

/// Returns whether `text` is `HH:MM` or `HH:MM:SS`; second 60 is a leap second.
fn is_clock(text: &str, parts: usize) -> bool {
    let split: Vec<&str> = text.split(':').collect();
    let limits = [23, 59, 60];
    split.len() == parts
        && split.iter().zip(limits).all(|(part, limit)| digits(part, 2).is_some_and(|number| number <= limit))
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_is_fine = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    let percents_are_fine = rest
        .split('%')
        .skip(1)
        .all(|after| after.as_bytes().get(..2).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit)));
    scheme_is_fine && !rest.is_empty() && rest.chars().all(allowed) && percents_are_fine
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let local_allowed = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let label_is_fine = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    !local.is_empty() && local.chars().all(local_allowed) && domain.split('.').all(label_is_fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_that_exist() {
        for good in ["2024-02-29", "2000-02-29", "1999-12-31"] {
            assert!(Format::Date.matches(good), "{good}");
        }
        for bad in [
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-01",
            "2024-1-01",
            "24-01-01",
            "2024-01-01x",
            "+024-01-01",
            "",
        ] {
            assert!(!Format::Date.matches(bad), "{bad}");
        }
    }

    #[test]
    fn times_have_an_offset() {
        for good in ["2026-11-23T05:00:00Z", "2026-11-23t05:00:60.25z", "2026-11-23T05:00:00+05:30"] {
            assert!(Format::DateTime.matches(good), "{good}");
        }
        for bad in [
            "2026-11-23",
            "2026-11-23T05:00:00",
            "2026-11-23T24:00:00Z",
            "2026-11-23T05:00Z",
            "2026-11-23T05:00:00.Z",
            "2026-11-23T05:00:00Zx",
            "2026-11-23T05:00:00+5",
        ] {
            assert!(!Format::DateTime.matches(bad), "{bad}");
        }
    }

    #[test]
    fn uris_are_absolute_and_addresses_have_a_domain() {
        for good in ["https://example.com/a?b#c", "mailto:a@b.c", "urn:x:%20"] {
            assert!(Format::Uri.matches(good), "{good}");
        }
        for bad in ["/a", "a b:c", "https://exa mple.com", "x:%2", "x:é", "https:"] {
            assert!(!Format::Uri.matches(bad), "{bad}");
        }
        assert!(Format::Email.matches("a.b+c@example.com"));
        for bad in ["a", "@b.c", "a@", "a@b..c", "a@-b", "a@b@c", "a b@c"] {
            assert!(!Format::Email.matches(bad), "{bad}");
        }
    }
}
