//! `anvil explain`.

use super::args::FormatOption;
use super::output::STRONG;
use super::{CliError, Outcome, Session};
use crate::error::{Code, Result, suggest};

/// Explain an error code
///
/// Prints the page of the code; without CODE the list of all.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  anvil explain A0301")]
pub struct Args {
    /// The code, as in `error[A0301]`
    #[arg(value_name = "CODE")]
    pub code: Option<String>,

    /// How the answer is written.
    #[command(flatten)]
    pub format: FormatOption,
}

#[derive(serde::Serialize)]
struct Page {
    code: &'static str,
    title: &'static str,
    page: &'static str,
}

impl Page {
    fn of(code: Code) -> Self {
        let page = code.page();
        let heading = page.lines().next().unwrap_or_default();
        // `# A0301: a template reads a name …`; a test holds that every page begins so.
        let title = heading.split_once(": ").map_or(heading, |(_, title)| title);
        Page { code: code.as_str(), title, page }
    }
}

/// Runs the command.
pub fn run(args: Args, session: &Session) -> Result<Outcome> {
    match args.code {
        Some(text) => {
            let page = Page::of(find(&text)?);
            session.answer(args.format.format, &page, || page.page.to_owned())?;
        }
        None => {
            let pages: Vec<Page> = Code::ALL.iter().copied().map(Page::of).collect();
            session.answer(args.format.format, &pages, || {
                pages.iter().map(|page| format!("{STRONG}{}{STRONG:#}  {}\n", page.code, page.title)).collect()
            })?;
        }
    }
    Ok(Outcome::Done)
}

/// Returns the code that `text` means; `0301` and `a0301` mean `A0301`.
fn find(text: &str) -> Result<Code, CliError> {
    let asked = text.trim_start_matches("error[").trim_end_matches(']');
    Code::parse(asked).or_else(|| Code::parse(&format!("A{asked}"))).ok_or_else(|| CliError::UnknownCode {
        text: text.to_owned(),
        suggestion: suggest(&asked.to_ascii_uppercase(), Code::ALL.iter().map(|code| code.as_str())),
    })
}
