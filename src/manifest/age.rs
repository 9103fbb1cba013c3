//! How old a version must be to be chosen: `minimum-release-age` of `[resolution]`.

const DAY: u64 = 24 * 60 * 60;

/// How old a version must be to be chosen. Waiting a few days lets others find what is wrong with
/// a release, or that it was not its author who published it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MinimumReleaseAge {
    /// Published at least so many seconds ago: `90m`, `12h`, `3d`, `2w`.
    Seconds(u64),
    /// Published before this instant, in seconds since 1970 in UTC: the end of the day that a date
    /// such as `2026-11-01` names.
    Before(u64),
}

impl MinimumReleaseAge {
    /// Returns the age that `text` writes, or nothing if it writes none.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(unit) = text.chars().last().filter(char::is_ascii_alphabetic) {
            let seconds = match unit {
                'm' => 60,
                'h' => 60 * 60,
                'd' => DAY,
                'w' => 7 * DAY,
                _ => return None,
            };
            return Some(MinimumReleaseAge::Seconds(number(&text[..text.len() - 1])?.checked_mul(seconds)?));
        }
        // RFC 3339, full-date.
        let (year, rest) = text.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return None;
        }
        let days = days_since_1970(number(year)?, number(month)?, number(day)?)?;
        Some(MinimumReleaseAge::Before((days + 1) * DAY))
    }

    /// Returns the instant at which a version must have been published already to be chosen, in
    /// seconds since 1970 in UTC; `now` is in the same.
    pub fn cutoff(self, now: u64) -> u64 {
        match self {
            MinimumReleaseAge::Seconds(seconds) => now.saturating_sub(seconds),
            MinimumReleaseAge::Before(instant) => instant,
        }
    }
}

/// Returns the number that `text` writes with digits alone; `parse` would take a sign too.
fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_since_1970(year: u64, month: u64, day: u64) -> Option<u64> {
    let lengths = [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = usize::try_from(month.checked_sub(1)?).ok()?;
    let length = *lengths.get(before)?;
    if year < 1970 || day < 1 || day > length {
        return None;
    }
    let years: u64 = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    let months: u64 = lengths.iter().take(before).sum();
    Some(years + months + day - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_a_number_with_a_unit() {
        let seconds = |text: &str| MinimumReleaseAge::parse(text).map(|age| age.cutoff(10_000_000));
        assert_eq!(seconds("90m"), Some(10_000_000 - 5_400));
        assert_eq!(seconds("12h"), Some(10_000_000 - 43_200));
        assert_eq!(seconds("3d"), Some(10_000_000 - 259_200));
        assert_eq!(seconds("2w"), Some(10_000_000 - 1_209_600));
        assert_eq!(seconds("99999w"), Some(0));
        for bad in
            ["", "d", "3", "3y", "-3d", "+3d", "3 d", "1.5d", "99999999999999999999w", "9999999999999999999w", "é"]
        {
            assert_eq!(MinimumReleaseAge::parse(bad), None, "{bad:?} was taken");
        }
    }

    #[test]
    fn a_date_stands_for_its_whole_day() {
        // `date -u -d '2026-11-02' +%s`
        assert_eq!(MinimumReleaseAge::parse("2026-11-01"), Some(MinimumReleaseAge::Before(1_793_577_600)));
        assert_eq!(MinimumReleaseAge::parse("2024-02-29"), Some(MinimumReleaseAge::Before(1_709_251_200)));
        for bad in ["2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "1969-12-31", "2026-1-1", "2026-11-01T10"] {
            assert_eq!(MinimumReleaseAge::parse(bad), None, "{bad:?} was taken");
        }
    }
}
