//! Filters, each with what it is given.

use super::*;
use serde_json::{Value as Json, json};

fn filtered(input: Json, name: &str, arguments: &[Json]) -> Result<Json, String> {
    filtered_as(Dialect::Prompt, input, name, arguments)
}

fn filtered_as(dialect: Dialect, input: Json, name: &str, arguments: &[Json]) -> Result<Json, String> {
    let arguments: Vec<Value<'_>> = arguments.iter().map(Value::from).collect();
    let filter = find(name).unwrap();
    let call = Call {
        name: filter.name,
        input: &Value::from(&input),
        arguments: &arguments,
        keyword: &[],
        dialect,
        most_bytes: 4 * 1024 * 1024,
    };
    filter.apply(&call).map(|value| value.to_json())
}

#[test]
fn the_filters_are_sorted_and_take_no_more_arguments_than_there_is_room_for() {
    assert!(FILTERS.is_sorted_by(|a, b| a.name < b.name));
    assert!(FILTERS.iter().all(|filter| filter.most <= MAX_ARGUMENTS));
    assert!(FILTERS.iter().all(|filter| find(filter.name).is_some()) && find("shout").is_none());
}

#[test]
fn strings_are_cut_between_characters() {
    assert_eq!(filtered(json!("éèà"), "slice", &[json!(-2), json!(1)]), Ok(json!("è")));
    assert_eq!(filtered(json!("ééééé"), "truncate", &[json!(4)]), Ok(json!("é...")));
    assert_eq!(filtered(json!("a b c"), "truncatewords", &[json!(2)]), Ok(json!("a b...")));
    assert_eq!(filtered(json!("a b"), "truncatewords", &[json!(2)]), Ok(json!("a b")));
    assert_eq!(filtered(json!("a,b,,"), "split", &[json!(",")]), Ok(json!(["a", "b"])));
    assert_eq!(filtered(json!("aXbX"), "replace_last", &[json!("X"), json!("!")]), Ok(json!("aXb!")));
    assert_eq!(filtered(json!("éCOLE"), "capitalize", &[]), Ok(json!("École")));
    assert_eq!(filtered(json!(" \u{a0}x\0 "), "strip", &[]), Ok(json!("\u{a0}x")));
}

#[test]
fn html_and_urls_are_written_as_ruby_writes_them() {
    assert_eq!(filtered(json!("<é'\">&"), "escape", &[]), Ok(json!("&lt;é&#39;&quot;&gt;&amp;")));
    assert_eq!(filtered(json!("&lt;&#39;&x & <"), "escape_once", &[]), Ok(json!("&lt;&#39;&amp;x &amp; &lt;")));
    assert_eq!(
        filtered(json!("a<script>x</script><b\n>c</b><!-- > --><style>y</style>< d"), "strip_html", &[]),
        Ok(json!("ac< d"))
    );
    assert_eq!(filtered(json!("a b&é*~"), "url_encode", &[]), Ok(json!("a+b%26%C3%A9%2A~")));
    assert_eq!(filtered(json!("a+b%26%C3%A9%zz%"), "url_decode", &[]), Ok(json!("a b&é%zz%")));
    assert!(filtered(json!("%FF"), "url_decode", &[]).is_err());
    assert_eq!(filtered(json!("a\r\nb\rc\n"), "newline_to_br", &[]), Ok(json!("a<br />\nb\rc<br />\n")));
}

#[test]
fn lists_keep_the_order_of_their_objects_keys() {
    let people = json!([{ "z": 2, "a": "x" }, { "z": 1, "a": "y" }, { "a": "z" }]);
    assert_eq!(
        filtered(people.clone(), "sort", &[json!("z")]).unwrap().to_string(),
        r#"[{"z":1,"a":"y"},{"z":2,"a":"x"},{"a":"z"}]"#
    );
    assert_eq!(filtered(people.clone(), "map", &[json!("a")]), Ok(json!(["x", "y", "z"])));
    assert_eq!(filtered(people.clone(), "where", &[json!("a"), json!("y")]), Ok(json!([{ "z": 1, "a": "y" }])));
    assert_eq!(filtered(people, "find_index", &[json!("a"), json!("y")]), Ok(json!(1)));
    assert!(filtered(json!([1, "a", 2]), "sort", &[]).is_err());
    assert_eq!(filtered(json!([1, 1, "1", 1.5]), "uniq", &[]), Ok(json!([1, "1", 1.5])));
}

#[test]
fn nothing_grows_without_bound() {
    let long = json!("a".repeat(2 * 1024 * 1024 + 1));
    assert!(filtered(long.clone(), "append", std::slice::from_ref(&long)).is_err());
    assert!(filtered(long.clone(), "replace", &[json!("a"), long.clone()]).is_err());
    assert!(filtered(long, "split", &[json!("")]).is_err());
    for name in ["escape", "newline_to_br", "url_encode"] {
        assert!(filtered(json!("\n<".repeat(1024 * 1024)), name, &[]).is_err(), "{name}");
    }
}

#[test]
fn html_is_stripped_in_one_go_however_it_is_built() {
    let unclosed = "<script".repeat(200_000) + &"<style></style>".repeat(50_000);
    let begin = std::time::Instant::now();
    assert!(filtered(json!(unclosed), "strip_html", &[]).is_ok());
    assert!(begin.elapsed().as_secs() < 5, "{:?}", begin.elapsed());
}

#[test]
fn nil_is_for_default_alone() {
    assert_eq!(filtered(json!(null), "default", &[json!("x")]), Ok(json!("x")));
    assert!(filtered(json!(null), "upcase", &[]).is_err());
    assert!(filtered(json!("a"), "append", &[json!(null)]).is_err());
    assert_eq!(filtered_as(Dialect::Lax, json!(null), "upcase", &[]), Ok(json!("")));
}

#[test]
fn decimal_fractions_are_exact() {
    assert_eq!(filtered(json!(0.1), "plus", &[json!(0.2)]), Ok(json!(0.3)));
    assert_eq!(filtered(json!(183.357), "times", &[json!(12)]), Ok(json!(2200.284)));
    assert_eq!(filtered(json!("3.5"), "minus", &[json!("0.5")]), Ok(json!(3.0)));
    assert_eq!(filtered(json!(1.005), "round", &[json!(2)]), Ok(json!(1.01)));
    assert_eq!(filtered(json!(-2.5), "round", &[]), Ok(json!(-3)));
}

#[test]
fn whole_numbers_divide_downwards_and_never_wrap() {
    assert_eq!(filtered(json!(-7), "divided_by", &[json!(2)]), Ok(json!(-4)));
    assert_eq!(filtered(json!(-7), "modulo", &[json!(3)]), Ok(json!(2)));
    assert!(filtered(json!(i64::MAX), "plus", &[json!(1)]).is_err());
    assert!(filtered(json!(i64::MIN), "abs", &[]).is_err());
    assert!(filtered(json!(i64::MIN), "divided_by", &[json!(-1)]).is_err());
    assert_eq!(filtered(json!(i64::MIN), "modulo", &[json!(-1)]), Ok(json!(0)));
    assert!(filtered(json!(1), "divided_by", &[json!(0)]).is_err());
    assert!(filtered(json!(1e300), "ceil", &[]).is_err());
}

#[test]
fn tens_and_hundreds_round_too() {
    assert_eq!(filtered(json!(5.666), "round", &[json!(-2)]), Ok(json!(0)));
    assert_eq!(filtered(json!(151.2), "round", &[json!(-2)]), Ok(json!(200)));
    assert_eq!(filtered(json!(151), "round", &[json!(-2)]), Ok(json!(200)));
    assert_eq!(filtered(json!(5.5), "round", &[json!(i64::MIN)]), Ok(json!(0)));
}

#[test]
fn a_string_counts_by_what_it_begins_with() {
    assert_eq!(filtered(json!("12 apples"), "plus", &[json!("-2")]), Ok(json!(10)));
    assert_eq!(filtered(json!("apples"), "plus", &[json!(1)]), Ok(json!(1)));
}

fn dated(input: &str, with: &str) -> Result<String, String> {
    filtered(json!(input), "date", &[json!(with)]).map(|value| value.as_str().unwrap_or_default().to_owned())
}

#[test]
fn every_way_to_name_a_day_is_read_and_comes_out_in_utc() {
    for (input, expected) in [
        ("2026-03-01T23:30:00-05:00", "2026-03-02 04:30:00"),
        ("2026-03-01T23:30:00.250Z", "2026-03-01 23:30:00"),
        ("2026-03-01 23:30:00 +0100", "2026-03-01 22:30:00"),
        ("2024-02-29", "2024-02-29 00:00:00"),
        ("March 14, 2016", "2016-03-14 00:00:00"),
        ("Mon, 14 Mar 2016 12:05 AM", "2016-03-14 00:05:00"),
        ("14th sept 2016 3:04 pm UTC", "2016-09-14 15:04:00"),
        ("1152098955", "2006-07-05 11:29:15"),
        ("1901-12-13 20:45:52.5", "1901-12-13 20:45:52"),
        ("0001-01-01", "0001-01-01 00:00:00"),
    ] {
        assert_eq!(dated(input, "%Y-%m-%d %H:%M:%S").as_deref(), Ok(expected), "{input}");
    }
}

#[test]
fn what_names_no_day_is_an_error() {
    for input in [
        "2026-03-01T23:59:59+026666666666666666:00",
        "2026-03-01 99999999999999999:00",
        "now",
        " NOW ",
        "Today",
        "",
        "March 2016",
        "2023-02-29",
        "2026-13-01",
        "03/04/2016",
        "-1",
        "99999999999999",
    ] {
        assert!(dated(input, "%Y").is_err(), "{input}");
    }
}

#[test]
fn liquid_keeps_the_zone_of_a_date_and_what_is_no_date() {
    let lax = |input: Json, with: &str| filtered_as(Dialect::Lax, input, "date", &[json!(with)]).unwrap();
    assert_eq!(lax(json!("2026-03-01T23:30:00-05:00"), "%H:%M %z"), json!("23:30 -0500"));
    assert_eq!(lax(json!("2026-03-01T00:30:00+05:30"), "%d %H:%M %z %s"), json!("01 00:30 +0530 1772305200"));
    assert_eq!(lax(json!("March 2016"), "%F"), json!("2016-03-01"));
    assert_eq!(lax(json!("no date"), "%F"), json!("no date"));
    assert_eq!(lax(json!([1]), "%F"), json!([1]));
}

#[test]
fn formats_are_rubys_and_bounded() {
    assert_eq!(dated("2026-03-01", "%b %-d, %y %Z %%Z").as_deref(), Ok("Mar 1, 26 UTC %Z"));
    assert_eq!(dated("2026-03-01", "%^Z|%10é|%Oé|%é%Y").as_deref(), Ok("UTC|%10é|%Oé|%é2026"));
    assert_eq!(dated("2026-03-01", "%^%é|%:é|%10:%Y|%q|%-").as_deref().ok(), None);
    assert_eq!(dated("2026-03-01", "%^%é|%:é|%10:%Y|%q|%:::z").as_deref(), Ok("%é|%:é|%10:2026|%q|%:::z"));
    assert_eq!(dated("2026-03-01", "%:z %::z %Ey %010e").as_deref(), Ok("+00:00 +00:00:00 26 0000000001"));
    assert!(dated("2026-03-01", "%999999999Y").is_err());
    assert!(dated("2026-03-01", "%99999999999999999999999Y").is_err());
    assert!(dated("2026-03-01", "%").is_err());
}
