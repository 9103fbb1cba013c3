//! What is done in the playground, command by command.

use crate::error::shell_word;
use std::fmt;

/// One part of the story.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    /// What it is about, one sentence.
    pub title: &'static str,
    /// What is done, in order.
    pub steps: &'static [Step],
}

/// Whose command it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Anvil's own.
    Anvil,
    /// Git's.
    Git,
}

/// One line that a person would type. [`Display`](fmt::Display) shows it so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Goes to a folder, as seen from the present one.
    Enter(&'static str),
    /// Runs a command that must end with this exit code.
    Run(Program, &'static [&'static str], i32),
    /// Copies a draft to a place below the present folder.
    Copy(&'static str, &'static str),
    /// Shows a file below the present folder.
    Show(&'static str),
    /// Puts the second text for the first in a file below the present folder, in whose path a segment
    /// `*` stands for any.
    Replace(&'static str, &'static str, &'static str),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Enter(folder) => write!(f, "cd {folder}"),
            Step::Copy(draft, to) => write!(f, "cp ../drafts/{draft} {to}"),
            Step::Show(path) => write!(f, "cat {path}"),
            Step::Replace(old, new, path) => write!(f, "perl -pi -e 's/{old}/{new}/' {path}"),
            Step::Run(program, arguments, _) => {
                f.write_str(match program {
                    Program::Anvil => "anvil",
                    Program::Git => "git",
                })?;
                arguments.iter().try_for_each(|argument| write!(f, " {}", shell_word(argument)))
            }
        }
    }
}

const fn anvil(arguments: &'static [&'static str]) -> Step {
    Step::Run(Program::Anvil, arguments, 0)
}

const fn git(arguments: &'static [&'static str]) -> Step {
    Step::Run(Program::Git, arguments, 0)
}

/// Renders the reply for the ticket that lies among the drafts.
const RENDER: Step = anvil(&["render", "support/desk/reply", "--params", "../drafts/ticket.json"]);

/// The whole story.
pub const ACTS: &[Act] = &[
    Act {
        title: "A registry is a folder, or any web host that serves one.",
        steps: &[anvil(&["registry", "init", "registry", "--id", "demo"])],
    },
    Act {
        title: "A prompt set is a git repository with a manifest. One set says how the team sounds.",
        steps: &[
            anvil(&["init", "tone", "--name", "core/tone", "--license", "MIT", "--registry", "registry"]),
            Step::Enter("tone"),
            Step::Copy("house-style.prompt.md", "prompts/house-style.prompt.md"),
            Step::Show("prompts/house-style.prompt.md"),
            anvil(&["lint"]),
            git(&["add", "--all"]),
            git(&["commit", "--quiet", "--message", "Say how we sound"]),
            anvil(&["version", "1.0.0"]),
            anvil(&["push"]),
        ],
    },
    Act {
        title: "Another set builds on it. Roles are blocks, so what a customer writes can make no message.",
        steps: &[
            Step::Enter(".."),
            anvil(&["init", "desk", "--name", "support/desk", "--license", "MIT", "--registry", "registry"]),
            Step::Enter("desk"),
            anvil(&["add", "core/tone"]),
            Step::Copy("reply.prompt.md", "prompts/reply.prompt.md"),
            Step::Show("prompts/reply.prompt.md"),
            anvil(&["lint"]),
            anvil(&["render", "reply", "--params", "../drafts/ticket.json"]),
            git(&["add", "--all"]),
            git(&["commit", "--quiet", "--message", "Draft replies to tickets"]),
            anvil(&["version", "1.0.0"]),
            anvil(&["push"]),
        ],
    },
    Act {
        title: "An application depends on it. The lock holds the exact bytes of both sets.",
        steps: &[
            Step::Enter(".."),
            anvil(&["init", "app", "--app", "--registry", "registry"]),
            Step::Enter("app"),
            anvil(&["add", "support/desk"]),
            Step::Show("anvil.lock"),
            anvil(&["tree"]),
            git(&["add", "--all"]),
            git(&["commit", "--quiet", "--message", "Use support/desk 1.0.0"]),
        ],
    },
    Act {
        title: "CI proves that nothing moved, and says so when something did.",
        steps: &[
            anvil(&["pull", "--locked"]),
            anvil(&["verify"]),
            Step::Replace("twenty", "ninety", ".anvil/sets/core/tone/*/prompts/house-style.prompt.md"),
            Step::Run(Program::Anvil, &["verify"], 1),
            anvil(&["pull", "--locked"]),
            anvil(&["verify"]),
        ],
    },
    Act {
        title: "The prompt changes: a parameter is added, and a rule.",
        steps: &[
            Step::Enter("../desk"),
            Step::Copy("reply.2.prompt.md", "prompts/reply.prompt.md"),
            anvil(&["diff"]),
            git(&["commit", "--quiet", "--all", "--message", "Reply in the language that is asked for"]),
            anvil(&["version", "minor"]),
            anvil(&["push"]),
            Step::Enter("../tone"),
            Step::Copy("house-style.2.prompt.md", "prompts/house-style.prompt.md"),
            git(&["commit", "--quiet", "--all", "--message", "Promise nothing, and sound formal on request"]),
            anvil(&["version", "minor"]),
            anvil(&["push"]),
            anvil(&["log"]),
        ],
    },
    Act {
        title: "The application stays where it is until it asks for more.",
        steps: &[
            Step::Enter("../app"),
            anvil(&["outdated"]),
            anvil(&["update"]),
            RENDER,
            git(&["commit", "--quiet", "--all", "--message", "Take the newest prompts"]),
        ],
    },
    Act {
        title: "It can go back at once, alone.",
        steps: &[anvil(&["rollback", "support/desk"]), anvil(&["tree"]), anvil(&["verify"])],
    },
    Act {
        title: "So can the author: the old content becomes a new version, since history only grows.",
        steps: &[
            Step::Enter("../desk"),
            anvil(&["rollback", "1.0.0"]),
            anvil(&["push"]),
            anvil(&["log"]),
            anvil(&["registry", "verify", "../registry"]),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_can_be_typed_as_it_is_shown() {
        assert_eq!(
            git(&["commit", "--message", "Say it's ours"]).to_string(),
            r"git commit --message 'Say it'\''s ours'"
        );
        assert_eq!(Step::Replace("a", "b", ".anvil/*/c").to_string(), "perl -pi -e 's/a/b/' .anvil/*/c");
    }
}
