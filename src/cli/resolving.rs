//! How a command that chooses versions does it: `--resolution` and `--explain`.

use super::Session;
use crate::commands::Context;
use crate::commands::context::Resolving;
use crate::resolver::{Detail, Strategy};
use clap::ValueEnum;

/// Which of several versions is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Resolution {
    /// The highest
    Highest,
    /// The lowest, of everything
    Lowest,
    /// The lowest of what anvil.toml asks for, the highest of what that needs
    LowestDirect,
}

/// How much is told where no versions fit.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct ExplainOption {
    /// Where no versions fit, tell the whole derivation, step by step
    #[arg(long)]
    pub explain: bool,
}

/// How versions are chosen.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct ResolvingOptions {
    /// Which versions to take: highest, lowest or lowest-direct [default: highest]
    ///
    /// `lowest` is for testing that the lower bounds of requirements are true: each set is locked at the
    /// lowest version that will do, as if nothing had been locked before. `lowest-direct` does so with
    /// what anvil.toml asks for and takes the highest of everything else. What was chosen stays locked
    /// until `anvil update` moves it.
    #[arg(long, value_enum, value_name = "STRATEGY", hide_possible_values = true)]
    pub resolution: Option<Resolution>,

    /// How much is told where no versions fit.
    #[command(flatten)]
    pub explain: ExplainOption,
}

impl ExplainOption {
    /// Returns what the use case is given of the world.
    pub fn context(self, session: &Session) -> Context {
        let detail = if self.explain { Detail::Derivation } else { Detail::Conflicts };
        Context { resolving: Resolving { detail, ..Resolving::default() }, ..session.context() }
    }
}

impl ResolvingOptions {
    /// Returns what the use case is given of the world.
    pub fn context(self, session: &Session) -> Context {
        let mut context = self.explain.context(session);
        context.resolving.strategy = match self.resolution {
            None | Some(Resolution::Highest) => Strategy::Highest,
            Some(Resolution::Lowest) => Strategy::Lowest,
            Some(Resolution::LowestDirect) => Strategy::LowestDirect,
        };
        context
    }
}
