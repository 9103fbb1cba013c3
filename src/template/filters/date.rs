//! The `date` filter. It knows no clock: `now` and `today` are errors like any other text that names
//! no day, and every date is in UTC.

use super::{Call, Filtered};
use crate::template::Dialect;
use crate::template::value::Value;
use liquid::model::DateTime;
use std::time::Duration;

/// The first and the last second of the years 1 to 9999.
const SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// The longest format, and the widest field in one.
const LONGEST_FORMAT: usize = 1_000;
const WIDEST_FIELD: usize = 100;

/// What may stand between `%` and the width of a field.
const FLAGS: [char; 5] = ['-', '_', '0', '^', '#'];

/// The letters of the directives, but for those of zones.
const DIRECTIVES: &str = "%AaBbCcDdeFGgHhIjkLlMmNnPpRrSsTtUuVvWwXxYy";

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A moment: seconds since 1970 and billionths of a second after them.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Moment {
    seconds: i64,
    nanoseconds: u32,
    /// Seconds to the east of UTC of the zone that it was written in.
    offset: i64,
}

/// Returns the date that the input names, in the `strftime` format of Ruby.
///
/// # Errors
/// In a prompt when the input names no day (RFC 3339, `YYYY-MM-DD`, words that name year, month and
/// day, or seconds since 1970), and when the format is wrong. Liquid gives back what is no date.
pub(super) fn date<'a>(call: &Call<'_, 'a>) -> Filtered<'a> {
    let format = call.argument_text(0)?;
    if call.is_lax() && format.is_empty() {
        return Ok(call.input.clone());
    }
    let moment = match (call.input, call.input.as_str()) {
        (Value::Int(seconds), _) => Some(Moment { seconds: *seconds, nanoseconds: 0, offset: 0 }),
        (_, Some(text)) => parse(text.trim(), call.dialect),
        _ => None,
    };
    let Some(moment) = moment.filter(|moment| SECONDS.contains(&moment.seconds)) else {
        if call.is_lax() {
            return Ok(call.input.clone());
        }
        let shown =
            call.text().map_or_else(|_| call.input.kind().to_owned(), |text| format!("{:.40?}", text.into_owned()));
        return Err(format!("{shown} is no date; name year, month and day, and declare a parameter for today"));
    };
    check_format(&format)?;
    // A prompt's dates are in UTC; Liquid keeps the zone that a date was written in.
    let offset = if call.is_lax() { moment.offset } else { 0 };
    let Some(date) = moment.at(offset) else { return Err("the date is out of range".into()) };
    let format = for_the_crate(&format, if offset == 0 { "UTC" } else { "" });
    match date.format(&format) {
        Ok(text) => call.made(text),
        Err(error) => Err(format!("the format of the date is wrong: {error}")),
    }
}

impl Moment {
    /// Returns the moment as the crate has it, `offset` seconds to the east of UTC.
    fn at(self, offset: i64) -> Option<DateTime> {
        let (sign, size) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
        let midnight = format!("1970-01-01 00:00:00 {sign}{:02}{:02}", size / 3600, size / 60 % 60);
        let mut date = if offset == 0 { DateTime::default() } else { DateTime::from_str(&midnight)? };
        let seconds = self.seconds.checked_add(offset)?;
        let distance = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 {
            *date -= distance;
        } else {
            *date += distance;
        }
        *date += Duration::from_nanos(self.nanoseconds.into());
        Some(date)
    }
}

/// Returns a format as the crate takes it: with the name of the zone, where the crate prints the offset,
/// and with nothing behind `%` that is no directive. Ruby prints such as it is, and so does the crate, but
/// for letters that are not ASCII: at those it panics.
fn for_the_crate(format: &str, zone: &str) -> String {
    let mut out = String::with_capacity(format.len());
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        let (before, directive) = rest.split_at(at);
        out.push_str(before);
        let (kind, length) = directive_at(directive);
        match kind {
            Directive::Zone => out.push_str(zone),
            Directive::Known => out.push_str(&directive[..length]),
            Directive::Unknown => {
                out.push('%');
                out.push_str(&directive[..length]);
            }
        }
        rest = &directive[length..];
    }
    out + rest
}

/// What stands behind a `%`.
enum Directive {
    /// The zone, which has a name here.
    Zone,
    /// What the crate knows, or the end of the format, which it refuses.
    Known,
    Unknown,
}

/// Returns what `text` begins with, which is a `%`, and how long that is: `%-d`, `%^10A`, `%::z`.
fn directive_at(text: &str) -> (Directive, usize) {
    let behind = text[1..].trim_start_matches(FLAGS).trim_start_matches(|c: char| c.is_ascii_digit());
    let colons = behind.len() - behind.trim_start_matches(':').len();
    let letters = behind[colons..].strip_prefix(['E', 'O']).unwrap_or(&behind[colons..]);
    let Some(letter) = letters.chars().next() else { return (Directive::Known, text.len()) };
    let length = text.len() - letters.len() + letter.len_utf8();
    let kind = match (letter, colons) {
        ('Z', 0) => Directive::Zone,
        ('z', 0..=2) => Directive::Known,
        (letter, 0) if DIRECTIVES.contains(letter) => Directive::Known,
        // Another one may begin at a `%` that ends nothing.
        ('%', _) => return (Directive::Unknown, length - 1),
        _ => Directive::Unknown,
    };
    (kind, length)
}

fn check_format(format: &str) -> Result<(), String> {
    let width = |field: &str| {
        let field = field.trim_start_matches(FLAGS);
        let digits = field.bytes().take_while(u8::is_ascii_digit).count();
        field[..digits].parse::<usize>().map_or(digits > 0, |width| width > WIDEST_FIELD)
    };
    match format.len() > LONGEST_FORMAT || format.split('%').skip(1).any(width) {
        true => Err("the format of the date is too long".into()),
        false => Ok(()),
    }
}

/// Returns the moment that `text` names.
fn parse(text: &str, dialect: Dialect) -> Option<Moment> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(|seconds| Moment { seconds, nanoseconds: 0, offset: 0 });
    }
    if text.len() > 100 {
        return None;
    }
    let mut date = Parts::default();
    // `2026-03-01T23:30:00Z` falls apart like `2026-03-01 23:30:00 Z`.
    let separated = text.to_ascii_lowercase().replace(',', " ");
    for word in separated.split_ascii_whitespace() {
        match word.split_once('t').filter(|(day, _)| day.len() == 10 && day.starts_with(|c: char| c.is_ascii_digit())) {
            Some((day, time)) => {
                date.take(day)?;
                date.take(time)?;
            }
            None => date.take(word)?,
        }
    }
    date.moment(dialect)
}

/// What the words of a date have named so far.
#[derive(Default)]
struct Parts {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    /// Seconds since midnight, and billionths.
    time: Option<(i64, u32)>,
    /// Seconds to the east of UTC.
    offset: Option<i64>,
    afternoon: Option<bool>,
}

impl Parts {
    /// Takes in one word; nothing when it is none of a date's, or names a second time what was named.
    fn take(&mut self, word: &str) -> Option<()> {
        let is_short_for = |name: &str| word.len() >= 3 && name.starts_with(word.trim_end_matches('.'));
        if let Some(month) = MONTHS.iter().position(|name| is_short_for(name)) {
            return set(&mut self.month, i64::try_from(month).ok()? + 1);
        }
        if WEEKDAYS.iter().any(|name| is_short_for(name)) {
            return Some(());
        }
        match word {
            "am" | "pm" => return set(&mut self.afternoon, word == "pm"),
            "z" | "utc" | "gmt" => return set(&mut self.offset, 0),
            _ => {}
        }
        if word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit()) {
            return self.take_time(word);
        }
        if word.starts_with(['+', '-']) {
            return set(&mut self.offset, offset(word)?);
        }
        let mut numbers = word.split(['-', '/']);
        let (first, rest) = (numbers.next()?, numbers.collect::<Vec<_>>());
        match rest[..] {
            [month, day] if first.len() == 4 => {
                set(&mut self.year, number(first)?)?;
                set(&mut self.month, number(month)?)?;
                set(&mut self.day, number(day)?)
            }
            [] if first.len() == 4 && number(first).is_some() => set(&mut self.year, number(first)?),
            [] => {
                let digits = first.trim_end_matches(|c: char| c.is_ascii_alphabetic());
                let ending = &first[digits.len()..];
                (digits.len() <= 2 && ["", "st", "nd", "rd", "th"].contains(&ending)).then_some(())?;
                set(&mut self.day, number(digits)?)
            }
            _ => None,
        }
    }

    /// Takes in `23:30`, `23:30:00.5`, and a zone that follows without a blank.
    fn take_time(&mut self, word: &str) -> Option<()> {
        let end = word.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(word.len());
        let (time, zone) = word.split_at(end);
        if !zone.is_empty() {
            self.take(zone)?;
        }
        let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
        let mut numbers = time.split(':').map(number);
        let (hour, minute, second) = (numbers.next()??, numbers.next()??, numbers.next().unwrap_or(Some(0))?);
        let in_range = hour < 24 && minute < 60 && second <= 60 && numbers.next().is_none();
        let nanoseconds: String = fraction.chars().chain("000000000".chars()).take(9).collect();
        let nanoseconds = u32::try_from(number(&nanoseconds)?).ok()?;
        in_range.then_some(())?;
        set(&mut self.time, (hour * 3600 + minute * 60 + second, nanoseconds))
    }

    fn moment(self, dialect: Dialect) -> Option<Moment> {
        let (year, month, day) = match dialect {
            Dialect::Prompt => (self.year?, self.month?, self.day?),
            // What Ruby does not find it takes for the first, as far as that needs no clock.
            Dialect::Lax => (self.year?, self.month.unwrap_or(1), self.day.unwrap_or(1)),
        };
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days_in_month = match month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        ((1..=9999).contains(&year) && (1..=days_in_month).contains(&day)).then_some(())?;
        let (mut seconds, nanoseconds) = self.time.unwrap_or_default();
        if let Some(afternoon) = self.afternoon {
            // 12 am is midnight and 12 pm is noon.
            let hour = seconds / 3600;
            ((1..=12).contains(&hour) && self.time.is_some()).then_some(())?;
            seconds += (i64::from(afternoon) * 12 - if hour == 12 { 12 } else { 0 }) * 3600;
        }
        let offset = self.offset.unwrap_or(0);
        let seconds = days_since_1970(year, month, day) * 86_400 + seconds - offset;
        Some(Moment { seconds, nanoseconds, offset })
    }
}

/// Sets what has not been set yet.
fn set<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    slot.is_none().then(|| *slot = Some(value))
}

/// Returns what digits alone say.
fn number(digits: &str) -> Option<i64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// Returns the seconds of `+05:00` or `-0500`.
fn offset(word: &str) -> Option<i64> {
    let digits: String = word.chars().skip(1).filter(|c| *c != ':').collect();
    (digits.len() == 4).then_some(())?;
    let (hours, minutes) = (number(digits.get(..2)?)?, number(digits.get(2..)?)?);
    let seconds = hours * 3600 + minutes * 60;
    (hours < 24 && minutes < 60).then_some(if word.starts_with('-') { -seconds } else { seconds })
}

/// Returns the days from 1970-01-01 to a day of the Gregorian calendar, after Howard Hinnant's
/// `days_from_civil` (chrono-Compatible Low-Level Date Algorithms).
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the leap day is the last one.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}
