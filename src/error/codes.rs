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
    /// No choice of versions satisfies every requirement.
    A0501;
    /// One set is asked for from more than one source.
    A0502;
    /// Sets need each other in a circle.
    A0503;
    /// Resolution was stopped before there was an answer.
    A0504;
    /// A set does not exist.
    A0505;
    /// No version of a set that can be used satisfies a requirement.
    A0506;
    /// A set is not in the cache, and the network may not be used.
    A0507;
    /// A dependency names a registry that the project has not configured.
    A0508;
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
