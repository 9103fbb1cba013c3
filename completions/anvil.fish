# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_anvil_global_optspecs
    string join \n C/directory= set= q/quiet v/verbose color= offline env= y/yes h/help V/version
end

function __fish_anvil_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_anvil_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_anvil_using_subcommand
    set -l cmd (__fish_anvil_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c anvil -n "__fish_anvil_needs_command" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_needs_command" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_needs_command" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_needs_command" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_needs_command" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_needs_command" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_needs_command" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_needs_command" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_needs_command" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_needs_command" -s V -l version -d 'Print version'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "init" -d 'Make a prompt set, or an application that uses some'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "new" -d 'Make a prompt'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "demo" -d 'Set up a playground and run the main job in it'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "lint" -d 'Check the manifest, front matter and templates'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "render" -d 'Render a prompt with parameters'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "test" -d 'Run the tests of prompts, on what they render to'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "show" -d 'Show the facts of a prompt or a set'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "diff" -d 'Compare two versions of the set'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "log" -d 'List the versions, or follow one prompt'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "tokens" -d 'Count the tokens of prompts'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "version" -d 'Raise the version, commit and tag it'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "rollback" -d 'Bring the content of an earlier version back'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "compat" -d 'Say what changed for users, and the version that it needs'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "add" -d 'Add a dependency'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "remove" -d 'Remove a dependency'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "update" -d 'Move locked sets to newer versions'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "lock" -d 'Choose versions and write anvil.lock'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "pull" -d 'Make the project match its manifest and lock'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "tree" -d 'Show what depends on what'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "why" -d 'Say why a set is there'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "outdated" -d 'List sets that have newer versions'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "verify" -d 'Check that nothing has moved, for CI'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "vendor" -d 'Copy the locked sets into the project, to be committed'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "review" -d 'Look at proposed updates, and approve or reject them'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "push" -d 'Publish a version to a registry'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "publish" -d 'Publish a version to a registry'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "yank" -d 'Take a published version out of resolution'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "deprecate" -d 'Advise against a published version'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "channel" -d 'Name versions, as in `stable`'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "export" -d 'Write the set and all it needs into one archive'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "import" -d 'Take in what `export` wrote'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "sbom" -d 'Write a bill of materials from the lock'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "registry" -d 'Make and tend a static registry'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "login" -d 'Keep credentials for a registry'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "logout" -d 'Forget the credentials for a registry'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "doctor" -d 'Look for what keeps Anvil from working'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "cache" -d 'Tend the cache'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "config" -d 'Read and change the user\'s configuration'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "explain" -d 'Explain an error code'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "schema" -d 'Print a JSON Schema, for editors'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "man" -d 'Print or write the manual pages'
complete -c anvil -n "__fish_anvil_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anvil -n "__fish_anvil_using_subcommand init" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand init" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand init" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand init" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand init" -l name -d 'The set\'s name' -r
complete -c anvil -n "__fish_anvil_using_subcommand init" -l description -d 'One line about the set' -r
complete -c anvil -n "__fish_anvil_using_subcommand init" -l license -d 'The set\'s licence, an SPDX expression' -r
complete -c anvil -n "__fish_anvil_using_subcommand init" -l prompts -d 'Where the prompts are, for prompts that are there already; may be given more than once' -r
complete -c anvil -n "__fish_anvil_using_subcommand init" -l registry -d 'The default registry: a folder or a URL' -r
complete -c anvil -n "__fish_anvil_using_subcommand init" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand init" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand init" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand init" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand init" -l app -d 'Make an application, which uses sets and publishes none'
complete -c anvil -n "__fish_anvil_using_subcommand init" -l workspace -d 'Make the root of a workspace: several sets with one anvil.lock'
complete -c anvil -n "__fish_anvil_using_subcommand init" -l no-git -d 'Make no git repository'
complete -c anvil -n "__fish_anvil_using_subcommand init" -l merge-driver -d 'Have git merge anvil.lock by what it says, with `anvil lock --merge-driver`'
complete -c anvil -n "__fish_anvil_using_subcommand init" -l dry-run -d 'Say what would be written, and write nothing'
complete -c anvil -n "__fish_anvil_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand new" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand new" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand new" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand new" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand new" -l kind -d 'What the prompt gives' -r -f -a "chat\t'Messages with roles'
text\t'One text'"
complete -c anvil -n "__fish_anvil_using_subcommand new" -l description -d 'One line about the prompt' -r
complete -c anvil -n "__fish_anvil_using_subcommand new" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand new" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand new" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand new" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand new" -l dry-run -d 'Say what would be written, and write nothing'
complete -c anvil -n "__fish_anvil_using_subcommand new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand demo" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand demo" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand demo" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand demo" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand demo" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand demo" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand demo" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand demo" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand lint" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand lint" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand lint" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand lint" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand lint" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand lint" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand lint" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand lint" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand lint" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand lint" -l fix -d 'Declare what is used, and write LF line ends'
complete -c anvil -n "__fish_anvil_using_subcommand lint" -l dry-run -d 'With --fix: print what would be written, and write nothing'
complete -c anvil -n "__fish_anvil_using_subcommand lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand render" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand render" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand render" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand render" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand render" -s p -l param -d 'A parameter; `@FILE` takes a file\'s text, `@-` what comes on stdin, `@@` stands for `@`' -r
complete -c anvil -n "__fish_anvil_using_subcommand render" -l params -d 'A JSON file with parameters, or `-` for stdin; `--param` comes before it' -r -F
complete -c anvil -n "__fish_anvil_using_subcommand render" -l test -d 'The parameters of the prompt\'s test of this name; `--param` and `--params` come before them' -r
complete -c anvil -n "__fish_anvil_using_subcommand render" -l limit -d 'How much rendering may do: depth, steps, output (bytes), partials or time (such as 500ms)' -r
complete -c anvil -n "__fish_anvil_using_subcommand render" -l registry -d 'Read from this registry: its name in anvil.toml, a folder or a URL' -r
complete -c anvil -n "__fish_anvil_using_subcommand render" -l model -d 'The model of a request body [default: the provider\'s first in `model.prefer`]' -r
complete -c anvil -n "__fish_anvil_using_subcommand render" -l format -d 'How the answer is written: text, json, or a request body for openai, anthropic or gemini' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'
openai\t'The body of a request to OpenAI\'s chat completions'
anthropic\t'The body of a request to Anthropic\'s messages'
gemini\t'The body of a request to Gemini\'s generateContent'"
complete -c anvil -n "__fish_anvil_using_subcommand render" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand render" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand render" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand render" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand render" -l watch -d 'Render again whenever a file of the project changes, until Ctrl-C'
complete -c anvil -n "__fish_anvil_using_subcommand render" -l trace -d 'Show where each part of the text comes from: the template, a parameter, or a partial'
complete -c anvil -n "__fish_anvil_using_subcommand render" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand test" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand test" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand test" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand test" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand test" -l filter -d 'Run only the tests whose names contain TEXT' -r
complete -c anvil -n "__fish_anvil_using_subcommand test" -l update -d 'Write the snapshots that differ or are missing, and remove those of no test; `--update=all` gives every test one' -r -f -a "known\t'Those that have one, and those without assertions'
all\t'Every test'"
complete -c anvil -n "__fish_anvil_using_subcommand test" -l format -d 'How the answer is written: text, json, junit, or a configuration of promptfoo' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'
junit\t'JUnit\'s XML, as CI reads it'
promptfoo\t'A configuration of promptfoo that asks the models'"
complete -c anvil -n "__fish_anvil_using_subcommand test" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand test" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand test" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand test" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand show" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand show" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand show" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand show" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand show" -l registry -d 'Read from this registry: its name in anvil.toml, a folder or a URL' -r
complete -c anvil -n "__fish_anvil_using_subcommand show" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand show" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand show" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand show" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand show" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand diff" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand diff" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand diff" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand diff" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand diff" -s U -l unified -d 'Show N lines around each change' -r
complete -c anvil -n "__fish_anvil_using_subcommand diff" -l registry -d 'The registry of `project/set@version`: its name in anvil.toml, a folder or a URL' -r
complete -c anvil -n "__fish_anvil_using_subcommand diff" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand diff" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand diff" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand diff" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand diff" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand diff" -l stat -d 'Show how much changed in each file instead of the text'
complete -c anvil -n "__fish_anvil_using_subcommand diff" -l rendered -d 'Compare what the tests of both sides render to'
complete -c anvil -n "__fish_anvil_using_subcommand diff" -l exit-code -d 'Exit with 1 when there are differences'
complete -c anvil -n "__fish_anvil_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand log" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand log" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand log" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand log" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand log" -s n -l limit -d 'List N entries at most' -r
complete -c anvil -n "__fish_anvil_using_subcommand log" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand log" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand log" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand log" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand log" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand tokens" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand tokens" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand tokens" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand tokens" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand tokens" -s p -l param -d 'A parameter to render the one prompt with, as for `anvil render`' -r
complete -c anvil -n "__fish_anvil_using_subcommand tokens" -l params -d 'A JSON file with parameters, or `-` for stdin; `--param` comes before it' -r -F
complete -c anvil -n "__fish_anvil_using_subcommand tokens" -l max -d 'Exit with 1 when a prompt gives more than N tokens, or, where it was not rendered, its template has more' -r
complete -c anvil -n "__fish_anvil_using_subcommand tokens" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand tokens" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand tokens" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand tokens" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand tokens" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand tokens" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand version" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand version" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand version" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand version" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand version" -s m -l message -d 'The message of the tag and the commit' -r
complete -c anvil -n "__fish_anvil_using_subcommand version" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand version" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand version" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand version" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand version" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand version" -l dry-run -d 'Say what would be done, and do nothing'
complete -c anvil -n "__fish_anvil_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand rollback" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand rollback" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand rollback" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand rollback" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand rollback" -l as -d 'The new version [default: the smallest that the change of the interface allows]' -r
complete -c anvil -n "__fish_anvil_using_subcommand rollback" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand rollback" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand rollback" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand rollback" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand rollback" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand rollback" -l dry-run -d 'Say what would be done, and do nothing'
complete -c anvil -n "__fish_anvil_using_subcommand rollback" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand compat" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand compat" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand compat" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand compat" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand compat" -l registry -d 'The registry of `project/set@version`: its name in anvil.toml, a folder or a URL' -r
complete -c anvil -n "__fish_anvil_using_subcommand compat" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand compat" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand compat" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand compat" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand compat" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand compat" -l exit-code -d 'Exit with 1 when a change is major, or a prompt could not be checked'
complete -c anvil -n "__fish_anvil_using_subcommand compat" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand add" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand add" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand add" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand add" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand add" -l registry -d 'The registry to take them from: its name in anvil.toml, or where it is. A place becomes the default registry if there is none' -r
complete -c anvil -n "__fish_anvil_using_subcommand add" -l git -d 'A git repository to take the set from' -r
complete -c anvil -n "__fish_anvil_using_subcommand add" -l tag -d 'A tag of the git repository' -r
complete -c anvil -n "__fish_anvil_using_subcommand add" -l branch -d 'A branch of the git repository' -r
complete -c anvil -n "__fish_anvil_using_subcommand add" -l rev -d 'A commit of the git repository' -r
complete -c anvil -n "__fish_anvil_using_subcommand add" -l subdirectory -d 'The set\'s folder in the git repository' -r
complete -c anvil -n "__fish_anvil_using_subcommand add" -l path -d 'A folder to take the set from' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand add" -l resolution -d 'Which versions to take: highest, lowest or lowest-direct [default: highest]' -r -f -a "highest\t'The highest'
lowest\t'The lowest, of everything'
lowest-direct\t'The lowest of what anvil.toml asks for, the highest of what that needs'"
complete -c anvil -n "__fish_anvil_using_subcommand add" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand add" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand add" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand add" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand add" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand add" -l override -d 'Write it into [override]: this is used wherever something needs the set, whatever it asks for'
complete -c anvil -n "__fish_anvil_using_subcommand add" -l dry-run -d 'Say what would change, and change nothing'
complete -c anvil -n "__fish_anvil_using_subcommand add" -l explain -d 'Where no versions fit, tell the whole derivation, step by step'
complete -c anvil -n "__fish_anvil_using_subcommand add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand remove" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand remove" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand remove" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand remove" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand remove" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand remove" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand remove" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand remove" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand remove" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand remove" -l override -d 'Take it out of [override], where `anvil add --override` writes'
complete -c anvil -n "__fish_anvil_using_subcommand remove" -l dry-run -d 'Say what would change, and change nothing'
complete -c anvil -n "__fish_anvil_using_subcommand remove" -l explain -d 'Where no versions fit, tell the whole derivation, step by step'
complete -c anvil -n "__fish_anvil_using_subcommand remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand update" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand update" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand update" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand update" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand update" -l precise -d 'Move the set to exactly this version, or one from git to this commit' -r
complete -c anvil -n "__fish_anvil_using_subcommand update" -l resolution -d 'Which versions to take: highest, lowest or lowest-direct [default: highest]' -r -f -a "highest\t'The highest'
lowest\t'The lowest, of everything'
lowest-direct\t'The lowest of what anvil.toml asks for, the highest of what that needs'"
complete -c anvil -n "__fish_anvil_using_subcommand update" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand update" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand update" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand update" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand update" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand update" -l previous -d 'Move the set to the version (or, from git, the commit) that the lock held before, by its git history'
complete -c anvil -n "__fish_anvil_using_subcommand update" -l breaking -d 'Raise requirements in anvil.toml to the newest versions, too, each as it is written: `^1.2` to `^2.0`'
complete -c anvil -n "__fish_anvil_using_subcommand update" -l dry-run -d 'Say what would change, and change nothing'
complete -c anvil -n "__fish_anvil_using_subcommand update" -l explain -d 'Where no versions fit, tell the whole derivation, step by step'
complete -c anvil -n "__fish_anvil_using_subcommand update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand lock" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand lock" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand lock" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand lock" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand lock" -l merge-driver -d 'Merge three locks as git\'s merge driver does, into OURS; exit with 1 and leave conflict markers where they cannot be merged' -r -F
complete -c anvil -n "__fish_anvil_using_subcommand lock" -l diff -d 'Say what the lock in the working tree means beside that of REV, for a review: versions, classes, tokens' -r
complete -c anvil -n "__fish_anvil_using_subcommand lock" -l resolution -d 'Which versions to take: highest, lowest or lowest-direct [default: highest]' -r -f -a "highest\t'The highest'
lowest\t'The lowest, of everything'
lowest-direct\t'The lowest of what anvil.toml asks for, the highest of what that needs'"
complete -c anvil -n "__fish_anvil_using_subcommand lock" -l format -d 'How the answer is written: text, json, and with `--diff` also markdown or github' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'
markdown\t'For a comment on a pull request; with `--diff`'
github\t'Annotations of a GitHub workflow; with `--diff`'"
complete -c anvil -n "__fish_anvil_using_subcommand lock" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand lock" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand lock" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand lock" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand lock" -l check -d 'Change nothing; exit with 1 where the lock does not answer anvil.toml. Uses no network'
complete -c anvil -n "__fish_anvil_using_subcommand lock" -l dry-run -d 'Say what would change, and change nothing'
complete -c anvil -n "__fish_anvil_using_subcommand lock" -l exit-code -d 'Exit with 1 when the locks differ'
complete -c anvil -n "__fish_anvil_using_subcommand lock" -l explain -d 'Where no versions fit, tell the whole derivation, step by step'
complete -c anvil -n "__fish_anvil_using_subcommand lock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand pull" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand pull" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand pull" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand pull" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand pull" -l resolution -d 'Which versions to take: highest, lowest or lowest-direct [default: highest]' -r -f -a "highest\t'The highest'
lowest\t'The lowest, of everything'
lowest-direct\t'The lowest of what anvil.toml asks for, the highest of what that needs'"
complete -c anvil -n "__fish_anvil_using_subcommand pull" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand pull" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand pull" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand pull" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand pull" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand pull" -l locked -d 'Exit with 1 where the lock would change'
complete -c anvil -n "__fish_anvil_using_subcommand pull" -l dry-run -d 'Say what would be done, and do nothing'
complete -c anvil -n "__fish_anvil_using_subcommand pull" -l explain -d 'Where no versions fit, tell the whole derivation, step by step'
complete -c anvil -n "__fish_anvil_using_subcommand pull" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand tree" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand tree" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand tree" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand tree" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand tree" -l depth -d 'Show N levels at most' -r
complete -c anvil -n "__fish_anvil_using_subcommand tree" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand tree" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand tree" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand tree" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand tree" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand tree" -l invert -d 'Show who needs the set, up to this project'
complete -c anvil -n "__fish_anvil_using_subcommand tree" -l duplicates -d 'Show the sets that several ask for and not all alike, and who asks for what'
complete -c anvil -n "__fish_anvil_using_subcommand tree" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand why" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand why" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand why" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand why" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand why" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand why" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand why" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand why" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand why" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand why" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand outdated" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand outdated" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand outdated" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand outdated" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand outdated" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand outdated" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand outdated" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand outdated" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand outdated" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand outdated" -l exit-code -d 'Exit with 1 when there are any'
complete -c anvil -n "__fish_anvil_using_subcommand outdated" -l no-compat -d 'Read indexes alone, and do not compare what the versions hold'
complete -c anvil -n "__fish_anvil_using_subcommand outdated" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand verify" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand verify" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand verify" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand verify" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand verify" -l format -d 'How the answer is written: text, json, github (workflow commands) or junit' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'
github\t'Workflow commands of GitHub, which shows them beside the files'
junit\t'The XML of JUnit'"
complete -c anvil -n "__fish_anvil_using_subcommand verify" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand verify" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand verify" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand verify" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand vendor" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand vendor" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand vendor" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand vendor" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand vendor" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand vendor" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand vendor" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand vendor" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand vendor" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand vendor" -l remove -d 'Remove anvil-vendor/, and unpack into .anvil/ again'
complete -c anvil -n "__fish_anvil_using_subcommand vendor" -l dry-run -d 'Say what would be done, and do nothing'
complete -c anvil -n "__fish_anvil_using_subcommand vendor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand review; and not __fish_seen_subcommand_from approve reject help" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand review; and not __fish_seen_subcommand_from approve reject help" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand review; and not __fish_seen_subcommand_from approve reject help" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand review; and not __fish_seen_subcommand_from approve reject help" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand review; and not __fish_seen_subcommand_from approve reject help" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand review; and not __fish_seen_subcommand_from approve reject help" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand review; and not __fish_seen_subcommand_from approve reject help" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand review; and not __fish_seen_subcommand_from approve reject help" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand review; and not __fish_seen_subcommand_from approve reject help" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand review; and not __fish_seen_subcommand_from approve reject help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand review; and not __fish_seen_subcommand_from approve reject help" -f -a "approve" -d 'Approve what is proposed, or anvil.lock where nothing is'
complete -c anvil -n "__fish_anvil_using_subcommand review; and not __fish_seen_subcommand_from approve reject help" -f -a "reject" -d 'Reject what is proposed, for good'
complete -c anvil -n "__fish_anvil_using_subcommand review; and not __fish_seen_subcommand_from approve reject help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from approve" -l by -d 'Who approves [default: git\'s user.name and user.email]' -r
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from approve" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from approve" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from approve" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from approve" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from approve" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from approve" -l current -d 'Approve anvil.lock as it is, whatever waits'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from approve" -l dry-run -d 'Say what would be done, and do nothing'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from approve" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from approve" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from approve" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from approve" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from approve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from reject" -l by -d 'Who rejects [default: git\'s user.name and user.email]' -r
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from reject" -l reason -d 'Why, for those who come later' -r
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from reject" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from reject" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from reject" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from reject" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from reject" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from reject" -l dry-run -d 'Say what would be done, and do nothing'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from reject" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from reject" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from reject" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from reject" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from reject" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from help" -f -a "approve" -d 'Approve what is proposed, or anvil.lock where nothing is'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from help" -f -a "reject" -d 'Reject what is proposed, for good'
complete -c anvil -n "__fish_anvil_using_subcommand review; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anvil -n "__fish_anvil_using_subcommand push" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand push" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand push" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand push" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand push" -l registry -d 'The registry: its name in anvil.toml, or a folder; without it the manifest\'s default' -r
complete -c anvil -n "__fish_anvil_using_subcommand push" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand push" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand push" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand push" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand push" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand push" -l allow-dirty -d 'Build the bundle from the working tree, without commit or tag'
complete -c anvil -n "__fish_anvil_using_subcommand push" -l allow-older -d 'Publish a version that is not above the newest'
complete -c anvil -n "__fish_anvil_using_subcommand push" -l allow-breaking -d 'Publish a version that promises less than it changes'
complete -c anvil -n "__fish_anvil_using_subcommand push" -l dry-run -d 'Say what would be published, and publish nothing'
complete -c anvil -n "__fish_anvil_using_subcommand push" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand publish" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand publish" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand publish" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand publish" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand publish" -l registry -d 'The registry: its name in anvil.toml, or a folder; without it the manifest\'s default' -r
complete -c anvil -n "__fish_anvil_using_subcommand publish" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand publish" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand publish" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand publish" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand publish" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand publish" -l allow-dirty -d 'Build the bundle from the working tree, without commit or tag'
complete -c anvil -n "__fish_anvil_using_subcommand publish" -l allow-older -d 'Publish a version that is not above the newest'
complete -c anvil -n "__fish_anvil_using_subcommand publish" -l allow-breaking -d 'Publish a version that promises less than it changes'
complete -c anvil -n "__fish_anvil_using_subcommand publish" -l dry-run -d 'Say what would be published, and publish nothing'
complete -c anvil -n "__fish_anvil_using_subcommand publish" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand yank" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand yank" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand yank" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand yank" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand yank" -l reason -d 'Why' -r -f -a "security\t'It does harm'
invalid\t'It does not do what it should'
other\t'Anything else'"
complete -c anvil -n "__fish_anvil_using_subcommand yank" -l message -d 'What people should know' -r
complete -c anvil -n "__fish_anvil_using_subcommand yank" -l registry -d 'The registry: its name in anvil.toml, or a folder; without it the manifest\'s default' -r
complete -c anvil -n "__fish_anvil_using_subcommand yank" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand yank" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand yank" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand yank" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand yank" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand yank" -l undo -d 'Offer the version again'
complete -c anvil -n "__fish_anvil_using_subcommand yank" -l dry-run -d 'Say what would change, and change nothing'
complete -c anvil -n "__fish_anvil_using_subcommand yank" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -l message -d 'What people should know' -r
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -l replacement -d 'The set to use instead' -r
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -l registry -d 'The registry: its name in anvil.toml, or a folder; without it the manifest\'s default' -r
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -l undo -d 'Take the advice back'
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -l dry-run -d 'Say what would change, and change nothing'
complete -c anvil -n "__fish_anvil_using_subcommand deprecate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and not __fish_seen_subcommand_from set list remove help" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand channel; and not __fish_seen_subcommand_from set list remove help" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand channel; and not __fish_seen_subcommand_from set list remove help" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand channel; and not __fish_seen_subcommand_from set list remove help" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand channel; and not __fish_seen_subcommand_from set list remove help" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and not __fish_seen_subcommand_from set list remove help" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and not __fish_seen_subcommand_from set list remove help" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and not __fish_seen_subcommand_from set list remove help" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and not __fish_seen_subcommand_from set list remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and not __fish_seen_subcommand_from set list remove help" -f -a "set" -d 'Make a channel name a version'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and not __fish_seen_subcommand_from set list remove help" -f -a "list" -d 'List the channels of a set'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and not __fish_seen_subcommand_from set list remove help" -f -a "remove" -d 'Remove a channel; no version changes'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and not __fish_seen_subcommand_from set list remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from set" -l registry -d 'The registry: its name in anvil.toml, or a folder; without it the manifest\'s default' -r
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from set" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from set" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from set" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from set" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from set" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from set" -l dry-run -d 'Say what would change, and change nothing'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from set" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from set" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from list" -l registry -d 'The registry: its name in anvil.toml, a folder or a URL; without it the manifest\'s default' -r
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from list" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from list" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from list" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from list" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from list" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from remove" -l registry -d 'The registry: its name in anvil.toml, or a folder; without it the manifest\'s default' -r
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from remove" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from remove" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from remove" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from remove" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from remove" -l dry-run -d 'Say what would change, and change nothing'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from remove" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from help" -f -a "set" -d 'Make a channel name a version'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the channels of a set'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a channel; no version changes'
complete -c anvil -n "__fish_anvil_using_subcommand channel; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anvil -n "__fish_anvil_using_subcommand export" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand export" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand export" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand export" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand export" -s o -l output -d 'The archive to write [default: named after the set and its version]' -r -F
complete -c anvil -n "__fish_anvil_using_subcommand export" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand export" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand export" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand export" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand export" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand export" -l allow-dirty -d 'Build this set\'s bundle from the working tree, without commit or tag'
complete -c anvil -n "__fish_anvil_using_subcommand export" -l dry-run -d 'Say what would be written, and write nothing'
complete -c anvil -n "__fish_anvil_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand import" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand import" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand import" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand import" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand import" -l registry -d 'The registry\'s folder to take the bundles into [default: the cache]' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand import" -l on-conflict -d 'Go on where the same version is there with other bytes' -r -f -a "keep\t'What is there stays'
replace\t'What comes replaces it, unless it is published'"
complete -c anvil -n "__fish_anvil_using_subcommand import" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand import" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand import" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand import" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand import" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand import" -l dry-run -d 'Say what would be taken in, and change nothing'
complete -c anvil -n "__fish_anvil_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand sbom" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand sbom" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand sbom" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand sbom" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand sbom" -l format -d 'The form: cyclonedx (1.6) or spdx (2.3), both JSON' -r -f -a "cyclonedx\t'CycloneDX 1.6'
spdx\t'SPDX 2.3'"
complete -c anvil -n "__fish_anvil_using_subcommand sbom" -s o -l output -d 'The file to write [default: stdout]' -r -F
complete -c anvil -n "__fish_anvil_using_subcommand sbom" -l name -d 'What to call a project that is no set [default: what its repository is called at git\'s remote `origin`, else its folder]' -r
complete -c anvil -n "__fish_anvil_using_subcommand sbom" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand sbom" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand sbom" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand sbom" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand sbom" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and not __fish_seen_subcommand_from init verify rebuild mirror help" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand registry; and not __fish_seen_subcommand_from init verify rebuild mirror help" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand registry; and not __fish_seen_subcommand_from init verify rebuild mirror help" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand registry; and not __fish_seen_subcommand_from init verify rebuild mirror help" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand registry; and not __fish_seen_subcommand_from init verify rebuild mirror help" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and not __fish_seen_subcommand_from init verify rebuild mirror help" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and not __fish_seen_subcommand_from init verify rebuild mirror help" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and not __fish_seen_subcommand_from init verify rebuild mirror help" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and not __fish_seen_subcommand_from init verify rebuild mirror help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and not __fish_seen_subcommand_from init verify rebuild mirror help" -f -a "init" -d 'Make an empty registry'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and not __fish_seen_subcommand_from init verify rebuild mirror help" -f -a "verify" -d 'Check every index line and every bundle'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and not __fish_seen_subcommand_from init verify rebuild mirror help" -f -a "rebuild" -d 'Write catalog.jsonl, and the snapshot of the index, anew from the index'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and not __fish_seen_subcommand_from init verify rebuild mirror help" -f -a "mirror" -d 'Copy a registry, or what a lock needs of it, into a folder'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and not __fish_seen_subcommand_from init verify rebuild mirror help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from init" -l id -d 'What the registry is called in locks: the host and path it will be read from, or a word for a local one' -r
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from init" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from init" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from init" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from init" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from init" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from init" -l dry-run -d 'Say what would be written, and write nothing'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from init" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from init" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from verify" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from verify" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from verify" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from verify" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from verify" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from verify" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from verify" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from rebuild" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from rebuild" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from rebuild" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from rebuild" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from rebuild" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from rebuild" -l snapshot -d 'Keep all index files in one from now on, index-snapshot.jsonl.gz, so that a first lock takes fewer requests. A registry that has it keeps it in step; to have it no longer, remove the file and rebuild'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from rebuild" -l dry-run -d 'Say what would change, and change nothing'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from rebuild" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from rebuild" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from rebuild" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from rebuild" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from rebuild" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from mirror" -l lock -d 'Copy only the versions that this lock names, or that in this folder [default: the project\'s]' -r -F
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from mirror" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from mirror" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from mirror" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from mirror" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from mirror" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from mirror" -l dry-run -d 'Say what would be copied, and copy nothing'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from mirror" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from mirror" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from mirror" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from mirror" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from mirror" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "init" -d 'Make an empty registry'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Check every index line and every bundle'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "rebuild" -d 'Write catalog.jsonl, and the snapshot of the index, anew from the index'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "mirror" -d 'Copy a registry, or what a lock needs of it, into a folder'
complete -c anvil -n "__fish_anvil_using_subcommand registry; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anvil -n "__fish_anvil_using_subcommand login" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand login" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand login" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand login" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand login" -l token -d 'Read a token from stdin, with `-`' -r
complete -c anvil -n "__fish_anvil_using_subcommand login" -l user -d 'Keep a user name and a password' -r
complete -c anvil -n "__fish_anvil_using_subcommand login" -l password -d 'Read the password from stdin, with `-`' -r
complete -c anvil -n "__fish_anvil_using_subcommand login" -l helper -d 'Ask this program for credentials each time, as git asks its helpers' -r -f -a "(__fish_complete_command)"
complete -c anvil -n "__fish_anvil_using_subcommand login" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand login" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand login" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand login" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand login" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand logout" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand logout" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand logout" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand logout" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand logout" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand logout" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand logout" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand logout" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand logout" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand doctor" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand doctor" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand doctor" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand doctor" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand doctor" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand doctor" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand doctor" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand doctor" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand doctor" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and not __fish_seen_subcommand_from dir clean verify help" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand cache; and not __fish_seen_subcommand_from dir clean verify help" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand cache; and not __fish_seen_subcommand_from dir clean verify help" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand cache; and not __fish_seen_subcommand_from dir clean verify help" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand cache; and not __fish_seen_subcommand_from dir clean verify help" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and not __fish_seen_subcommand_from dir clean verify help" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and not __fish_seen_subcommand_from dir clean verify help" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and not __fish_seen_subcommand_from dir clean verify help" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and not __fish_seen_subcommand_from dir clean verify help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and not __fish_seen_subcommand_from dir clean verify help" -f -a "dir" -d 'Print where the cache is'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and not __fish_seen_subcommand_from dir clean verify help" -f -a "clean" -d 'Remove what is in the cache'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and not __fish_seen_subcommand_from dir clean verify help" -f -a "verify" -d 'Check every file in the cache that has a checksum; what fails is removed'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and not __fish_seen_subcommand_from dir clean verify help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from dir" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from dir" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from dir" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from dir" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from dir" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from dir" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from dir" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from dir" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from dir" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from dir" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from clean" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from clean" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from clean" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from clean" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from clean" -l dry-run -d 'Say what would be removed, and remove nothing'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from clean" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from clean" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from clean" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from clean" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from clean" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from verify" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from verify" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from verify" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from verify" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from verify" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from verify" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from verify" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "dir" -d 'Print where the cache is'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "clean" -d 'Remove what is in the cache'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Check every file in the cache that has a checksum; what fails is removed'
complete -c anvil -n "__fish_anvil_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -f -a "list" -d 'List what is set and where it comes from'
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -f -a "get" -d 'Print one value'
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -f -a "set" -d 'Set a value'
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -f -a "unset" -d 'Take a value out'
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -f -a "path" -d 'Print where the configuration file is'
complete -c anvil -n "__fish_anvil_using_subcommand config; and not __fish_seen_subcommand_from list get set unset path help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from list" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from list" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from list" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from list" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from list" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from list" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from get" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from get" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from get" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from get" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from get" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from get" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from get" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from set" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from set" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from set" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from set" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from set" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from set" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from unset" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from unset" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from unset" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from unset" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from unset" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from unset" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from unset" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from unset" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from unset" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from path" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from path" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from path" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from path" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from path" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from path" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "list" -d 'List what is set and where it comes from'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "get" -d 'Print one value'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "set" -d 'Set a value'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "unset" -d 'Take a value out'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "path" -d 'Print where the configuration file is'
complete -c anvil -n "__fish_anvil_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c anvil -n "__fish_anvil_using_subcommand explain" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand explain" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand explain" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand explain" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand explain" -l format -d 'How the answer is written: text or json' -r -f -a "text\t'For people'
json\t'For programs; the shape is stable'"
complete -c anvil -n "__fish_anvil_using_subcommand explain" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand explain" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand explain" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand explain" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand schema" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand schema" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand schema" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand schema" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand schema" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand schema" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand schema" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand schema" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand completions" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand completions" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand completions" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand completions" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand completions" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand completions" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand completions" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand completions" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand completions" -s h -l help -d 'Print help'
complete -c anvil -n "__fish_anvil_using_subcommand man" -s C -l directory -d 'Run as if started in DIR' -r -f -a "(__fish_complete_directories)"
complete -c anvil -n "__fish_anvil_using_subcommand man" -l set -d 'Work on the member PROJECT/SET of the workspace' -r
complete -c anvil -n "__fish_anvil_using_subcommand man" -l color -d 'When to use colours: auto, always or never' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c anvil -n "__fish_anvil_using_subcommand man" -l env -d 'Work by the rules of the environment NAME of anvil.toml (also: ANVIL_ENV)' -r
complete -c anvil -n "__fish_anvil_using_subcommand man" -s q -l quiet -d 'Print answers and errors only'
complete -c anvil -n "__fish_anvil_using_subcommand man" -s v -l verbose -d 'Say more about what is done'
complete -c anvil -n "__fish_anvil_using_subcommand man" -l offline -d 'Use no network'
complete -c anvil -n "__fish_anvil_using_subcommand man" -s y -l yes -d 'Answer yes to every question'
complete -c anvil -n "__fish_anvil_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "init" -d 'Make a prompt set, or an application that uses some'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "new" -d 'Make a prompt'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "demo" -d 'Set up a playground and run the main job in it'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "lint" -d 'Check the manifest, front matter and templates'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "render" -d 'Render a prompt with parameters'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "test" -d 'Run the tests of prompts, on what they render to'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "show" -d 'Show the facts of a prompt or a set'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "diff" -d 'Compare two versions of the set'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "log" -d 'List the versions, or follow one prompt'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "tokens" -d 'Count the tokens of prompts'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "version" -d 'Raise the version, commit and tag it'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "rollback" -d 'Bring the content of an earlier version back'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "compat" -d 'Say what changed for users, and the version that it needs'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "add" -d 'Add a dependency'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "remove" -d 'Remove a dependency'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "update" -d 'Move locked sets to newer versions'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "lock" -d 'Choose versions and write anvil.lock'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "pull" -d 'Make the project match its manifest and lock'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "tree" -d 'Show what depends on what'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "why" -d 'Say why a set is there'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "outdated" -d 'List sets that have newer versions'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "verify" -d 'Check that nothing has moved, for CI'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "vendor" -d 'Copy the locked sets into the project, to be committed'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "review" -d 'Look at proposed updates, and approve or reject them'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "push" -d 'Publish a version to a registry'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "yank" -d 'Take a published version out of resolution'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "deprecate" -d 'Advise against a published version'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "channel" -d 'Name versions, as in `stable`'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "export" -d 'Write the set and all it needs into one archive'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "import" -d 'Take in what `export` wrote'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "sbom" -d 'Write a bill of materials from the lock'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "registry" -d 'Make and tend a static registry'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "login" -d 'Keep credentials for a registry'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "logout" -d 'Forget the credentials for a registry'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "doctor" -d 'Look for what keeps Anvil from working'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "cache" -d 'Tend the cache'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "config" -d 'Read and change the user\'s configuration'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "explain" -d 'Explain an error code'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "schema" -d 'Print a JSON Schema, for editors'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "completions" -d 'Print a completion script for a shell'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "man" -d 'Print or write the manual pages'
complete -c anvil -n "__fish_anvil_using_subcommand help; and not __fish_seen_subcommand_from init new demo lint render test show diff log tokens version rollback compat add remove update lock pull tree why outdated verify vendor review push yank deprecate channel export import sbom registry login logout doctor cache config explain schema completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
