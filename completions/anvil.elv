
use builtin;
use str;

set edit:completion:arg-completer[anvil] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'anvil'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'anvil'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand init 'Make a prompt set, or an application that uses some'
            cand new 'Make a prompt'
            cand demo 'Set up a playground and run the main job in it'
            cand lint 'Check the manifest, front matter and templates'
            cand render 'Render a prompt with parameters'
            cand test 'Run the tests of prompts, on what they render to'
            cand show 'Show the facts of a prompt or a set'
            cand diff 'Compare two versions of the set'
            cand log 'List the versions, or follow one prompt'
            cand tokens 'Count the tokens of prompts'
            cand version 'Raise the version, commit and tag it'
            cand rollback 'Bring the content of an earlier version back'
            cand compat 'Say what changed for users, and the version that it needs'
            cand add 'Add a dependency'
            cand remove 'Remove a dependency'
            cand update 'Move locked sets to newer versions'
            cand lock 'Choose versions and write anvil.lock'
            cand pull 'Make the project match its manifest and lock'
            cand tree 'Show what depends on what'
            cand why 'Say why a set is there'
            cand outdated 'List sets that have newer versions'
            cand verify 'Check that nothing has moved, for CI'
            cand push 'Publish a version to a registry'
            cand publish 'Publish a version to a registry'
            cand yank 'Take a published version out of resolution'
            cand deprecate 'Advise against a published version'
            cand channel 'Name versions, as in `stable`'
            cand export 'Write the set and all it needs into one archive'
            cand import 'Take in what `export` wrote'
            cand registry 'Make and tend a static registry'
            cand cache 'Tend the cache'
            cand config 'Read and change the user''s configuration'
            cand explain 'Explain an error code'
            cand schema 'Print a JSON Schema, for editors'
            cand completions 'Print a completion script for a shell'
            cand man 'Print or write the manual pages'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'anvil;init'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --name 'The set''s name'
            cand --description 'One line about the set'
            cand --license 'The set''s licence, an SPDX expression'
            cand --prompts 'Where the prompts are, for prompts that are there already; may be given more than once'
            cand --registry 'The default registry: a folder or a URL'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --app 'Make an application, which uses sets and publishes none'
            cand --no-git 'Make no git repository'
            cand --dry-run 'Say what would be written, and write nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;new'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --kind 'What the prompt gives'
            cand --description 'One line about the prompt'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --dry-run 'Say what would be written, and write nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;demo'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;lint'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --fix 'Declare what is used, and write LF line ends'
            cand --dry-run 'With --fix: print what would be written, and write nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;render'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -p 'A parameter; `@FILE` takes a file''s text, `@-` what comes on stdin, `@@` stands for `@`'
            cand --param 'A parameter; `@FILE` takes a file''s text, `@-` what comes on stdin, `@@` stands for `@`'
            cand --params 'A JSON file with parameters, or `-` for stdin; `--param` comes before it'
            cand --test 'The parameters of the prompt''s test of this name; `--param` and `--params` come before them'
            cand --limit 'How much rendering may do: depth, steps, output (bytes), partials or time (such as 500ms)'
            cand --registry 'Read from this registry: its name in anvil.toml, a folder or a URL'
            cand --model 'The model of a request body [default: the provider''s first in `model.prefer`]'
            cand --format 'How the answer is written: text, json, or a request body for openai, anthropic or gemini'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --watch 'Render again whenever a file of the project changes, until Ctrl-C'
            cand --trace 'Show where each part of the text comes from: the template, a parameter, or a partial'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;test'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --filter 'Run only the tests whose names contain TEXT'
            cand --update 'Write the snapshots that differ or are missing, and remove those of no test; `--update=all` gives every test one'
            cand --format 'How the answer is written: text, json, junit, or a configuration of promptfoo'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;show'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --registry 'Read from this registry: its name in anvil.toml, a folder or a URL'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;diff'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -U 'Show N lines around each change'
            cand --unified 'Show N lines around each change'
            cand --registry 'The registry of `project/set@version`: its name in anvil.toml, a folder or a URL'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --stat 'Show how much changed in each file instead of the text'
            cand --rendered 'Compare what the tests of both sides render to'
            cand --exit-code 'Exit with 1 when there are differences'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;log'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -n 'List N entries at most'
            cand --limit 'List N entries at most'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;tokens'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -p 'A parameter to render the one prompt with, as for `anvil render`'
            cand --param 'A parameter to render the one prompt with, as for `anvil render`'
            cand --params 'A JSON file with parameters, or `-` for stdin; `--param` comes before it'
            cand --max 'Exit with 1 when a prompt gives more than N tokens, or, where it was not rendered, its template has more'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;version'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -m 'The message of the tag and the commit'
            cand --message 'The message of the tag and the commit'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --dry-run 'Say what would be done, and do nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;rollback'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --as 'The new version [default: the smallest that the change of the interface allows]'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --dry-run 'Say what would be done, and do nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;compat'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --registry 'The registry of `project/set@version`: its name in anvil.toml, a folder or a URL'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --exit-code 'Exit with 1 when a change is major, or a prompt could not be checked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;add'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --registry 'The registry to take them from: its name in anvil.toml, or where it is. A place becomes the default registry if there is none'
            cand --git 'A git repository to take the set from'
            cand --tag 'A tag of the git repository'
            cand --branch 'A branch of the git repository'
            cand --rev 'A commit of the git repository'
            cand --subdirectory 'The set''s folder in the git repository'
            cand --path 'A folder to take the set from'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --dry-run 'Say what would change, and change nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;remove'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --dry-run 'Say what would change, and change nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;update'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --precise 'Move the set to exactly this version'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --previous 'Move the set to the version that the lock held before, by its git history'
            cand --dry-run 'Say what would change, and change nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;lock'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --check 'Change nothing; exit with 1 where the lock does not answer anvil.toml. Uses no network'
            cand --dry-run 'Say what would change, and change nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;pull'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --locked 'Exit with 1 where the lock would change'
            cand --dry-run 'Say what would be done, and do nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;tree'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --depth 'Show N levels at most'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;why'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;outdated'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --exit-code 'Exit with 1 when there are any'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;verify'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;push'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --registry 'The registry: its name in anvil.toml, or a folder; without it the manifest''s default'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --allow-dirty 'Build the bundle from the working tree, without commit or tag'
            cand --allow-older 'Publish a version that is not above the newest'
            cand --allow-breaking 'Publish a version that promises less than it changes'
            cand --dry-run 'Say what would be published, and publish nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;publish'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --registry 'The registry: its name in anvil.toml, or a folder; without it the manifest''s default'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --allow-dirty 'Build the bundle from the working tree, without commit or tag'
            cand --allow-older 'Publish a version that is not above the newest'
            cand --allow-breaking 'Publish a version that promises less than it changes'
            cand --dry-run 'Say what would be published, and publish nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;yank'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --reason 'Why'
            cand --message 'What people should know'
            cand --registry 'The registry: its name in anvil.toml, or a folder; without it the manifest''s default'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --undo 'Offer the version again'
            cand --dry-run 'Say what would change, and change nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;deprecate'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --message 'What people should know'
            cand --replacement 'The set to use instead'
            cand --registry 'The registry: its name in anvil.toml, or a folder; without it the manifest''s default'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --undo 'Take the advice back'
            cand --dry-run 'Say what would change, and change nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;channel'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand set 'Make a channel name a version'
            cand list 'List the channels of a set'
            cand remove 'Remove a channel; no version changes'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'anvil;channel;set'= {
            cand --registry 'The registry: its name in anvil.toml, or a folder; without it the manifest''s default'
            cand --format 'How the answer is written: text or json'
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --dry-run 'Say what would change, and change nothing'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;channel;list'= {
            cand --registry 'The registry: its name in anvil.toml, a folder or a URL; without it the manifest''s default'
            cand --format 'How the answer is written: text or json'
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;channel;remove'= {
            cand --registry 'The registry: its name in anvil.toml, or a folder; without it the manifest''s default'
            cand --format 'How the answer is written: text or json'
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --dry-run 'Say what would change, and change nothing'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;channel;help'= {
            cand set 'Make a channel name a version'
            cand list 'List the channels of a set'
            cand remove 'Remove a channel; no version changes'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'anvil;channel;help;set'= {
        }
        &'anvil;channel;help;list'= {
        }
        &'anvil;channel;help;remove'= {
        }
        &'anvil;channel;help;help'= {
        }
        &'anvil;export'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -o 'The archive to write [default: named after the set and its version]'
            cand --output 'The archive to write [default: named after the set and its version]'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --allow-dirty 'Build this set''s bundle from the working tree, without commit or tag'
            cand --dry-run 'Say what would be written, and write nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;import'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --registry 'The registry''s folder to take the bundles into [default: the cache]'
            cand --on-conflict 'Go on where the same version is there with other bytes'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand --dry-run 'Say what would be taken in, and change nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;registry'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand init 'Make an empty registry'
            cand verify 'Check every index line and every bundle'
            cand rebuild 'Write catalog.jsonl anew from the index'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'anvil;registry;init'= {
            cand --id 'What the registry is called in locks: the host and path it will be read from, or a word for a local one'
            cand --format 'How the answer is written: text or json'
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --dry-run 'Say what would be written, and write nothing'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;registry;verify'= {
            cand --format 'How the answer is written: text or json'
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;registry;rebuild'= {
            cand --format 'How the answer is written: text or json'
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --dry-run 'Say what would change, and change nothing'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;registry;help'= {
            cand init 'Make an empty registry'
            cand verify 'Check every index line and every bundle'
            cand rebuild 'Write catalog.jsonl anew from the index'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'anvil;registry;help;init'= {
        }
        &'anvil;registry;help;verify'= {
        }
        &'anvil;registry;help;rebuild'= {
        }
        &'anvil;registry;help;help'= {
        }
        &'anvil;cache'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand dir 'Print where the cache is'
            cand clean 'Remove what is in the cache'
            cand verify 'Check every file in the cache that has a checksum; what fails is removed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'anvil;cache;dir'= {
            cand --format 'How the answer is written: text or json'
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;cache;clean'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --dry-run 'Say what would be removed, and remove nothing'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;cache;verify'= {
            cand --format 'How the answer is written: text or json'
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;cache;help'= {
            cand dir 'Print where the cache is'
            cand clean 'Remove what is in the cache'
            cand verify 'Check every file in the cache that has a checksum; what fails is removed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'anvil;cache;help;dir'= {
        }
        &'anvil;cache;help;clean'= {
        }
        &'anvil;cache;help;verify'= {
        }
        &'anvil;cache;help;help'= {
        }
        &'anvil;config'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List what is set and where it comes from'
            cand get 'Print one value'
            cand set 'Set a value'
            cand unset 'Take a value out'
            cand path 'Print where the configuration file is'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'anvil;config;list'= {
            cand --format 'How the answer is written: text or json'
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;config;get'= {
            cand --format 'How the answer is written: text or json'
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;config;set'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;config;unset'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;config;path'= {
            cand --format 'How the answer is written: text or json'
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;config;help'= {
            cand list 'List what is set and where it comes from'
            cand get 'Print one value'
            cand set 'Set a value'
            cand unset 'Take a value out'
            cand path 'Print where the configuration file is'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'anvil;config;help;list'= {
        }
        &'anvil;config;help;get'= {
        }
        &'anvil;config;help;set'= {
        }
        &'anvil;config;help;unset'= {
        }
        &'anvil;config;help;path'= {
        }
        &'anvil;config;help;help'= {
        }
        &'anvil;explain'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand --format 'How the answer is written: text or json'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;schema'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;completions'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'anvil;man'= {
            cand -C 'Run as if started in DIR'
            cand --directory 'Run as if started in DIR'
            cand --set 'Work on the member PROJECT/SET of the workspace'
            cand --color 'When to use colours: auto, always or never'
            cand -q 'Print answers and errors only'
            cand --quiet 'Print answers and errors only'
            cand -v 'Say more about what is done'
            cand --verbose 'Say more about what is done'
            cand --offline 'Use no network'
            cand -y 'Answer yes to every question'
            cand --yes 'Answer yes to every question'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'anvil;help'= {
            cand init 'Make a prompt set, or an application that uses some'
            cand new 'Make a prompt'
            cand demo 'Set up a playground and run the main job in it'
            cand lint 'Check the manifest, front matter and templates'
            cand render 'Render a prompt with parameters'
            cand test 'Run the tests of prompts, on what they render to'
            cand show 'Show the facts of a prompt or a set'
            cand diff 'Compare two versions of the set'
            cand log 'List the versions, or follow one prompt'
            cand tokens 'Count the tokens of prompts'
            cand version 'Raise the version, commit and tag it'
            cand rollback 'Bring the content of an earlier version back'
            cand compat 'Say what changed for users, and the version that it needs'
            cand add 'Add a dependency'
            cand remove 'Remove a dependency'
            cand update 'Move locked sets to newer versions'
            cand lock 'Choose versions and write anvil.lock'
            cand pull 'Make the project match its manifest and lock'
            cand tree 'Show what depends on what'
            cand why 'Say why a set is there'
            cand outdated 'List sets that have newer versions'
            cand verify 'Check that nothing has moved, for CI'
            cand push 'Publish a version to a registry'
            cand yank 'Take a published version out of resolution'
            cand deprecate 'Advise against a published version'
            cand channel 'Name versions, as in `stable`'
            cand export 'Write the set and all it needs into one archive'
            cand import 'Take in what `export` wrote'
            cand registry 'Make and tend a static registry'
            cand cache 'Tend the cache'
            cand config 'Read and change the user''s configuration'
            cand explain 'Explain an error code'
            cand schema 'Print a JSON Schema, for editors'
            cand completions 'Print a completion script for a shell'
            cand man 'Print or write the manual pages'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'anvil;help;init'= {
        }
        &'anvil;help;new'= {
        }
        &'anvil;help;demo'= {
        }
        &'anvil;help;lint'= {
        }
        &'anvil;help;render'= {
        }
        &'anvil;help;test'= {
        }
        &'anvil;help;show'= {
        }
        &'anvil;help;diff'= {
        }
        &'anvil;help;log'= {
        }
        &'anvil;help;tokens'= {
        }
        &'anvil;help;version'= {
        }
        &'anvil;help;rollback'= {
        }
        &'anvil;help;compat'= {
        }
        &'anvil;help;add'= {
        }
        &'anvil;help;remove'= {
        }
        &'anvil;help;update'= {
        }
        &'anvil;help;lock'= {
        }
        &'anvil;help;pull'= {
        }
        &'anvil;help;tree'= {
        }
        &'anvil;help;why'= {
        }
        &'anvil;help;outdated'= {
        }
        &'anvil;help;verify'= {
        }
        &'anvil;help;push'= {
        }
        &'anvil;help;yank'= {
        }
        &'anvil;help;deprecate'= {
        }
        &'anvil;help;channel'= {
        }
        &'anvil;help;export'= {
        }
        &'anvil;help;import'= {
        }
        &'anvil;help;registry'= {
        }
        &'anvil;help;cache'= {
        }
        &'anvil;help;config'= {
        }
        &'anvil;help;explain'= {
        }
        &'anvil;help;schema'= {
        }
        &'anvil;help;completions'= {
        }
        &'anvil;help;man'= {
        }
        &'anvil;help;help'= {
        }
    ]
    $completions[$command]
}
