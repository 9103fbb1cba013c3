//! The register of error codes: one line a code, and no code without a page in `docs/errors/`.
//!
//! Codes are grouped by module in steps of a hundred and never change their meaning:
//! 00 names and addresses, 01 manifest, 02 front matter and parameters, 03 templates, 04 lock file,
//! 05 resolver, 06 registry and index, 07 bundles, 08 git (from 20 on: tests of prompts and request bodies), 09 files
//! and caches, 10 commands.

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
    /// The manifest asks for another Anvil than this one.
    A0113;
    /// The manifest has no such environment.
    A0114;
    /// A rule of an environment goes with another mode.
    A0115;
    /// A member of a workspace says what counts at the workspace's root alone.
    A0116;
    /// What should be inherited from a workspace is not there.
    A0117;
    /// Two members of a workspace are the same set.
    A0118;
    /// A folder cannot be a member of the workspace.
    A0119;
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
    /// A template could not be rendered with the values given.
    A0307;
    /// A template renders a prompt that cannot be found.
    A0350;
    /// Prompts render each other in a circle, or too deep.
    A0351;
    /// A partial is not given what it takes.
    A0353;
    /// An optional parameter is printed or looped over where it may be absent.
    A0354;
    /// A partial may be given nothing for a parameter that it needs.
    A0355;
    /// A partial is given a value that it never takes.
    A0356;
    /// A variable is read where it may not have been set.
    A0357;
    /// `forloop` is read where no loop sets it.
    A0358;
    /// A value is used as what it is not.
    A0359;
    /// An untrusted value flows into a system message.
    A0360;
    /// A branch is never taken, or a condition asks nothing.
    A0361;
    /// An item is used of a list that may not have it.
    A0362;
    /// A template has too many ways to follow all of them.
    A0363;
    /// Something is said twice, of which one counts.
    A0364;
    /// The lock file is not in its format.
    A0401;
    /// A newer Anvil wrote the lock file.
    A0402;
    /// Git left conflict markers in the lock file.
    A0403;
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
    /// What is required leads to more than is looked at.
    A0509;
    /// The machine's clock cannot be right, and the age of versions matters.
    A0510;
    /// A registry's own file cannot be used.
    A0601;
    /// An index file has a broken line.
    A0602;
    /// A registry's channels or catalog cannot be used.
    A0603;
    /// A registry is not believed to be what it says it is.
    A0604;
    /// A registry is another one than was expected.
    A0605;
    /// A registry could not be reached.
    A0606;
    /// A registry asks for authentication, or refuses it.
    A0607;
    /// What a registry answered cannot be used.
    A0608;
    /// There is no registry at a place.
    A0609;
    /// The place of a registry is not well formed or not supported.
    A0610;
    /// A bundle is missing on its registry, or its bytes are not those that were promised.
    A0611;
    /// Something is not in the cache, and the network may not be used.
    A0612;
    /// A version is published already, with other content.
    A0613;
    /// A version is not above the newest one published.
    A0614;
    /// A new set's name looks like one that exists.
    A0615;
    /// A registry has no such set or version.
    A0616;
    /// A folder cannot become a registry.
    A0617;
    /// What is to be published contradicts itself.
    A0618;
    /// The indexes of a registry are more than is read.
    A0619;
    /// The index of a registry contradicts a bundle.
    A0620;
    /// Credentials would be sent over plain http.
    A0625;
    /// Others on this machine can read the credentials in the config.
    A0626;
    /// A credential helper gave no answer.
    A0627;
    /// Credentials cannot be sent as they are.
    A0628;
    /// What should be an origin is none.
    A0629;
    /// A bundle that was fetched or imported is not valid.
    A0701;
    /// A set's files cannot be made into a bundle.
    A0702;
    /// A set's content is not what the lock promises.
    A0703;
    /// A set holds a path that cannot be unpacked everywhere.
    A0704;
    /// `[compat]` names what there is not, or would make a change count for less.
    A0710;
    /// A version promises less than it changes.
    A0711;
    /// There is no version to compare with.
    A0712;
    /// The folder is in no git repository, or not in this one.
    A0801;
    /// The git repository is of a kind that cannot be used here.
    A0802;
    /// A revision names nothing, several things, or is not well formed.
    A0803;
    /// Nothing can be committed as things stand.
    A0804;
    /// Git does not know who commits.
    A0805;
    /// A tag exists and names another commit.
    A0806;
    /// A git repository could not be read or written.
    A0807;
    /// The `git` program cannot be run.
    A0808;
    /// A git dependency's URL or reference is not acceptable, or not there.
    A0809;
    /// A git dependency could not be fetched.
    A0810;
    /// An assertion of a prompt's test says nothing that could be checked.
    A0820;
    /// A prompt's test gives parameters that the prompt does not take.
    A0821;
    /// A prompt has no such test.
    A0822;
    /// A request body cannot say what the prompt gave.
    A0824;
    /// A request body has no model.
    A0825;
    /// A snapshot lies outside the set's folder.
    A0826;
    /// A file or folder could not be read or written.
    A0901;
    /// Another process holds a lock that cannot be waited for, or the file system has no locks.
    A0902;
    /// A locked set is not unpacked.
    A0903;
    /// An unpacked set's files are not those that were unpacked.
    A0904;
    /// A link stands where sets are unpacked.
    A0905;
    /// The user's config is not TOML, or a key in it is unknown.
    A0906;
    /// A setting's value is not valid.
    A0907;
    /// There is no folder for the cache or the config.
    A0908;
    /// A question could not be asked, or was answered with no.
    A1001;
    /// A value that the command was given makes no sense.
    A1002;
    /// The answer could not be written, or stdin could not be read.
    A1003;
    /// Anvil itself is at fault.
    A1004;
    /// There is no project here.
    A1011;
    /// A set is not locked.
    A1012;
    /// The lock holds another version than was asked for, or from elsewhere.
    A1013;
    /// A locked set is not unpacked.
    A1014;
    /// A reference means no prompt, or two.
    A1015;
    /// Parameters are no object.
    A1016;
    /// Neither the folder nor one above it has a manifest.
    A1030;
    /// The manifest has no `[set]`.
    A1031;
    /// There is no lock.
    A1032;
    /// The lock has conflict markers.
    A1033;
    /// The manifest names no such registry.
    A1034;
    /// No registry of the manifest has this id.
    A1035;
    /// Two registries have one id.
    A1036;
    /// The lock does not answer the manifest.
    A1037;
    /// The set is not in the lock.
    A1038;
    /// The set has no such versions or commits.
    A1039;
    /// There is no set here.
    A1040;
    /// A set holds regular files alone.
    A1041;
    /// Another set is there.
    A1043;
    /// A path leaves its repository.
    A1044;
    /// A dependency needs a registry that this project does not have.
    A1045;
    /// The content is not the locked one.
    A1046;
    /// The lock gives no checksum.
    A1047;
    /// A registry has other bytes for a version than those that are locked.
    A1048;
    /// Files of the set are not committed.
    A1050;
    /// What would become a version has errors.
    A1051;
    /// A folder was named where a file should be.
    A1052;
    /// What is rendered of a dependency could not be checked.
    A1053;
    /// The version exists already.
    A1054;
    /// A later version is on this branch.
    A1055;
    /// The manifest says a version that was not asked for.
    A1056;
    /// The prompt exists already.
    A1057;
    /// The manifest has no place for a prompt of this name.
    A1058;
    /// The folder has a manifest already.
    A1059;
    /// A folder or glob that `init` was given is none.
    A1060;
    /// A prompt has no history.
    A1061;
    /// A new set has no name.
    A1062;
    /// A glob of the manifest matches no file.
    A1063;
    /// No member of the workspace is the set that was named.
    A1064;
    /// A set was to be published before another member of its workspace that it needs.
    A1065;
    /// A member of the workspace needs another version of a set than the one that is made.
    A1066;
    /// There is no project that could have this prompt.
    A1070;
    /// A file of parameters is no JSON object.
    A1071;
    /// There is nothing of this project's own to show.
    A1072;
    /// A name means a prompt and a set.
    A1073;
    /// An earlier version of the own set needs what is in no registry.
    A1074;
    /// No tag names the version.
    A1080;
    /// Nobody says which registry is meant.
    A1081;
    /// The registry has no such set or version.
    A1082;
    /// No side of a comparison, and no prompt or file on either, is called so.
    A1083;
    /// The new version is not above the newest one.
    A1084;
    /// The version's content cannot come back under this name.
    A1085;
    /// The lock held no other version or commit of the set before.
    A1086;
    /// A registry that is read over the web cannot be written.
    A1090;
    /// No set is named, and there is none here.
    A1091;
    /// A set that is to be published depends on a path or a git repository.
    A1092;
    /// A version has no tag.
    A1093;
    /// A version's tag names a commit that holds another version.
    A1094;
    /// What is to be exported comes from no registry.
    A1110;
    /// A file is no archive that `export` wrote.
    A1111;
    /// What is to be imported is there with other bytes.
    A1112;
    /// There is nothing to export.
    A1113;
    /// A registry no longer has what is to be exported.
    A1114;
    /// Another file is where an archive is to be written.
    A1115;
    /// The manifest was changed by somebody else meanwhile.
    A1130;
    /// There is no registry to add a set from.
    A1131;
    /// The set has no such channel.
    A1132;
    /// What is to be added contradicts itself.
    A1133;
    /// What is to be removed is no dependency.
    A1134;
    /// The manifest rules the version or the commit out.
    A1135;
    /// The folder of the demo holds something.
    A1150;
    /// A command of the demo cannot be started.
    A1151;
    /// A command of the demo came out otherwise than planned.
    A1152;
    /// An override is of a set that nothing needs.
    A1153;
    /// A locked commit is gone from its repository.
    A1154;
    /// Two locks cannot be merged.
    A1160;
    /// The lock of a revision cannot be read.
    A1161;
    /// There is no requirement to raise.
    A1162;
    /// A registry that is a folder takes no credentials.
    A1170;
    /// A secret stands on the command line.
    A1171;
    /// There is no credential to keep, or more than one.
    A1172;
    /// Nothing of a registry is to be mirrored.
    A1173;
    /// The sets of a registry cannot be listed.
    A1174;
    /// The environment does not let the lock change.
    A1180;
    /// What is asked for is not locked, and the environment takes nothing else.
    A1181;
    /// The record of reviews is not well formed.
    A1182;
    /// Nothing waits for review.
    A1183;
    /// Nobody is named who reviews.
    A1184;
    /// The proposed lock no longer answers the manifest.
    A1185;
    /// The environment takes no reviews, or it is not clear which one is meant.
    A1186;
    /// The key that signs reviews cannot be used.
    A1187;
    /// The file of allowed signers cannot be used.
    A1188;
    /// The lock lacks approvals.
    A1189;
    /// Only signed approvals count, and this one would not.
    A1190;
    /// A vendored set was changed and cannot be put back.
    A1200;
    /// No set has the channel of a live environment.
    A1201;
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
