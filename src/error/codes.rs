//! The register of error codes: one line a code, and no code without a page in `docs/errors/`.
//!
//! Codes are grouped by module in steps of a hundred and never change their meaning:
//! 00 names and addresses, 01 manifest, 02 front matter and parameters, 03 templates, 04 lock file,
//! 05 resolver, 06 registry and index, 07 bundles, 08 git, 09 files and caches, 10 commands.

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $id:ident;)*) => {
        /// A stable error code such as `A0301`.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $id,)* }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$id,)*];

            /// Returns the code as it is printed.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$id => stringify!($id),)* }
            }

            /// Returns the page that explains the code, in Markdown.
            #[cfg(feature = "cli")]
            pub const fn page(self) -> &'static str {
                match self { $(Code::$id => include_str!(concat!("../../docs/errors/", stringify!($id), ".md")),)* }
            }
        }
    };
}

codes! {
    /// A set, prompt, registry or channel name is not well formed.
    A0001;
    /// An address is not well formed.
    A0002;
    /// A version or a requirement is not well formed.
    A0003;
    /// A digest or checksum is not well formed.
    A0004;
    /// The manifest has more faults than are shown.
    A0100;
    /// The manifest is not TOML.
    A0101;
    /// The manifest has a key that Anvil does not know.
    A0102;
    /// A value of the manifest has the wrong type.
    A0103;
    /// The manifest lacks a key.
    A0104;
    /// A value of the manifest is not well formed.
    A0105;
    /// The manifest asks for an edition of the prompt language that this Anvil does not speak.
    A0106;
    /// Two registries of the manifest have one id.
    A0107;
    /// The manifest names a credential.
    A0108;
    /// A dependency contradicts itself.
    A0109;
    /// A dependency names a registry that the manifest does not have.
    A0110;
    /// A git URL or reference is not allowed.
    A0111;
    /// The manifest lacks what a change is about.
    A0112;
    /// Front matter is not YAML, or uses what front matter leaves out.
    A0201;
    /// Front matter is not fenced as it should be.
    A0202;
    /// Front matter has a key that is unknown or reserved.
    A0203;
    /// A value in front matter has the wrong form.
    A0204;
    /// A parameter is not declared as it should be.
    A0205;
    /// Two prompts have one name, or a name is hidden by a dependency's.
    A0206;
    /// A prompt's file is not UTF-8.
    A0207;
    /// A prompt's file has CRLF line ends or a byte order mark.
    A0208;
    /// A prompt declares no parameters and takes its free variables.
    A0209;
    /// A value is not one that the parameters take.
    A0210;
    /// A set has no such prompt, or a private one.
    A0211;
    /// A parameter is declared and never read.
    A0212;
    /// A prompt with errors was asked for.
    A0213;
    /// A template reads a name or property that is not declared.
    A0301;
    /// A template's syntax is wrong.
    A0302;
    /// A template uses a tag or a filter that does not exist.
    A0303;
    /// A block of a template is not closed, or an end tag closes nothing.
    A0304;
    /// A message, or text, stands where it may not.
    A0305;
    /// A template is too large, too deep, or has a number that is.
    A0306;
    /// A template renders a prompt that cannot be found.
    A0350;
    /// Prompts render each other in a circle, or too deep.
    A0351;
    /// A partial stands where its roles, or its text, cannot.
    A0352;
    /// A partial is not given what it takes.
    A0353;
    /// An optional parameter is printed or looped over where it may be absent.
    A0354;
    /// A template could not be rendered with these values.
    A0355;
    /// The lock file is not in its format.
    A0401;
    /// A newer Anvil wrote the lock file.
    A0402;
    /// Git left conflict markers in the lock file.
    A0403;
    /// A file or folder could not be read or written.
    A0901;
    /// Another process holds a lock that cannot be waited for, or the file system has no locks.
    A0902;
}

impl Code {
    /// Returns the code that `text` names, in any case.
    pub fn parse(text: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
