# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_procglass_global_optspecs
    string join \n h/help V/version
end

function __fish_procglass_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_procglass_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_procglass_using_subcommand
    set -l cmd (__fish_procglass_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c procglass -n "__fish_procglass_needs_command" -s h -l help -d 'Print help'
complete -c procglass -n "__fish_procglass_needs_command" -s V -l version -d 'Print version'
complete -c procglass -n "__fish_procglass_needs_command" -f -a "show" -d 'Print processes, the process tree, sockets, open files, findings or problems; of several bundles also the systems, their connections, what they share, their stories, or the changes from one to the next'
complete -c procglass -n "__fish_procglass_needs_command" -f -a "ask" -d 'Ask which of many systems has, listens on, is connected to or mentions an address, a network, a port, an id or a hash'
complete -c procglass -n "__fish_procglass_needs_command" -f -a "explain" -d 'Explain the rules behind findings, or the query language'
complete -c procglass -n "__fish_procglass_needs_command" -f -a "correlate" -d 'Find the systems and processes behind the lines of firewall and flow logs'
complete -c procglass -n "__fish_procglass_needs_command" -f -a "verify" -d 'Check bundles against their own SHA256SUMS and say what is missing'
complete -c procglass -n "__fish_procglass_needs_command" -f -a "report" -d 'Make one HTML file that shows the bundles to anyone, offline'
complete -c procglass -n "__fish_procglass_needs_command" -f -a "completions" -d 'Print a shell\'s completions for this command line'
complete -c procglass -n "__fish_procglass_needs_command" -f -a "man" -d 'Print a man page, or write all of them into a folder'
complete -c procglass -n "__fish_procglass_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c procglass -n "__fish_procglass_using_subcommand show" -l format -d 'How to print' -r -f -a "table\t'Columns for people'
json\t'One array of objects'
csv\t'RFC 4180 with a header'"
complete -c procglass -n "__fish_procglass_using_subcommand show" -l filter -d 'Only rows that match, such as `user:www-data is:deleted`' -r
complete -c procglass -n "__fish_procglass_using_subcommand show" -l fail-on -d 'Exit with 4 when something at least this serious is found, whatever is shown' -r -f -a "note\t''
low\t''
medium\t''
high\t''
critical\t''"
complete -c procglass -n "__fish_procglass_using_subcommand show" -l notes -d 'Notes of analysts (docs/notes.md): adds a column `notes`; what they explained does not count for --fail-on' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand show" -l indicators -d 'Also look for these: addresses, networks, SHA-256s, paths or names, one a line (text or CSV)' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand show" -l group -d 'Of `systems`: count them by account, region, cluster, service, image, kind, ...' -r
complete -c procglass -n "__fish_procglass_using_subcommand show" -l passphrase-file -d 'The passphrase of an encrypted bundle is the first line of this file; several are tried in turn' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand show" -l identity -d 'Open a bundle that is encrypted for a recipient with this identity of age (age-keygen)' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand show" -l limit -d 'Unpack up to so many bytes of a bundle whose source you trust, however well it compresses [32G, 150 times]' -r
complete -c procglass -n "__fish_procglass_using_subcommand show" -l sources -d 'Add where each field was read: the member and the place in it'
complete -c procglass -n "__fish_procglass_using_subcommand show" -l siblings -d 'Of `changes`: what sets the first bundle apart from all the others'
complete -c procglass -n "__fish_procglass_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c procglass -n "__fish_procglass_using_subcommand ask" -l format -d 'How to print' -r -f -a "table\t'Columns for people'
json\t'One array of objects'
csv\t'RFC 4180 with a header'"
complete -c procglass -n "__fish_procglass_using_subcommand ask" -l passphrase-file -d 'The passphrase of an encrypted bundle is the first line of this file; several are tried in turn' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand ask" -l identity -d 'Open a bundle that is encrypted for a recipient with this identity of age (age-keygen)' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand ask" -l limit -d 'Unpack up to so many bytes of a bundle whose source you trust, however well it compresses [32G, 150 times]' -r
complete -c procglass -n "__fish_procglass_using_subcommand ask" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c procglass -n "__fish_procglass_using_subcommand explain" -s h -l help -d 'Print help'
complete -c procglass -n "__fish_procglass_using_subcommand correlate" -l format -d 'How to print' -r -f -a "table\t'Columns for people'
json\t'One array of objects'
csv\t'RFC 4180 with a header'"
complete -c procglass -n "__fish_procglass_using_subcommand correlate" -l summary -d 'Print sums instead of records' -r -f -a "processes\t'Each process, and each system where no process is named'
talkers\t'Remote addresses that talked to a known system but belong to none'"
complete -c procglass -n "__fish_procglass_using_subcommand correlate" -l log-format -d 'The format of all logs, instead of what each one looks like' -r
complete -c procglass -n "__fish_procglass_using_subcommand correlate" -l fields -d 'The order of fields of VPC flow records without a header, such as `version srcaddr dstaddr`' -r
complete -c procglass -n "__fish_procglass_using_subcommand correlate" -l columns -d 'Columns of a table, by name or place, such as `source=Src IP,destination=4`' -r
complete -c procglass -n "__fish_procglass_using_subcommand correlate" -l zone -d 'UTC offset for timestamps without one' -r
complete -c procglass -n "__fish_procglass_using_subcommand correlate" -l passphrase-file -d 'The passphrase of an encrypted bundle is the first line of this file; several are tried in turn' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand correlate" -l identity -d 'Open a bundle that is encrypted for a recipient with this identity of age (age-keygen)' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand correlate" -l limit -d 'Unpack up to so many bytes of a bundle whose source you trust, however well it compresses [32G, 150 times]' -r
complete -c procglass -n "__fish_procglass_using_subcommand correlate" -l all -d 'Also print records that match no system'
complete -c procglass -n "__fish_procglass_using_subcommand correlate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c procglass -n "__fish_procglass_using_subcommand verify" -l passphrase-file -d 'The passphrase of an encrypted bundle is the first line of this file; several are tried in turn' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand verify" -l identity -d 'Open a bundle that is encrypted for a recipient with this identity of age (age-keygen)' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand verify" -l limit -d 'Unpack up to so many bytes of a bundle whose source you trust, however well it compresses [32G, 150 times]' -r
complete -c procglass -n "__fish_procglass_using_subcommand verify" -s h -l help -d 'Print help'
complete -c procglass -n "__fish_procglass_using_subcommand report" -s o -l output -d 'Where to write the report' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand report" -l redact -d 'Leave these out, for good: environment, arguments, users, addresses, paths, host, evidence, recovered' -r
complete -c procglass -n "__fish_procglass_using_subcommand report" -l notes -d 'Put notes of analysts into it, as "Save report" in the viewer does (docs/notes.md); may be given several times' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand report" -l passphrase-file -d 'Encrypt the report: only who types the first line of this file can read it' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand report" -l limit -d 'Unpack up to so many bytes of a bundle whose source you trust, however well it compresses [32G, 150 times]' -r
complete -c procglass -n "__fish_procglass_using_subcommand report" -l input-passphrase-file -d 'The passphrase of an encrypted bundle that goes in; several are tried in turn' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand report" -l identity -d 'Open a bundle that is encrypted for a recipient with this identity of age (age-keygen)' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand report" -l viewer -d 'Use this viewer.html instead of the built-in one' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand report" -l force -d 'Make it even when browsers will open it slowly'
complete -c procglass -n "__fish_procglass_using_subcommand report" -s h -l help -d 'Print help'
complete -c procglass -n "__fish_procglass_using_subcommand completions" -s h -l help -d 'Print help'
complete -c procglass -n "__fish_procglass_using_subcommand man" -s o -l output -d 'Write all pages into this folder' -r -F
complete -c procglass -n "__fish_procglass_using_subcommand man" -s h -l help -d 'Print help'
complete -c procglass -n "__fish_procglass_using_subcommand help; and not __fish_seen_subcommand_from show ask explain correlate verify report completions man help" -f -a "show" -d 'Print processes, the process tree, sockets, open files, findings or problems; of several bundles also the systems, their connections, what they share, their stories, or the changes from one to the next'
complete -c procglass -n "__fish_procglass_using_subcommand help; and not __fish_seen_subcommand_from show ask explain correlate verify report completions man help" -f -a "ask" -d 'Ask which of many systems has, listens on, is connected to or mentions an address, a network, a port, an id or a hash'
complete -c procglass -n "__fish_procglass_using_subcommand help; and not __fish_seen_subcommand_from show ask explain correlate verify report completions man help" -f -a "explain" -d 'Explain the rules behind findings, or the query language'
complete -c procglass -n "__fish_procglass_using_subcommand help; and not __fish_seen_subcommand_from show ask explain correlate verify report completions man help" -f -a "correlate" -d 'Find the systems and processes behind the lines of firewall and flow logs'
complete -c procglass -n "__fish_procglass_using_subcommand help; and not __fish_seen_subcommand_from show ask explain correlate verify report completions man help" -f -a "verify" -d 'Check bundles against their own SHA256SUMS and say what is missing'
complete -c procglass -n "__fish_procglass_using_subcommand help; and not __fish_seen_subcommand_from show ask explain correlate verify report completions man help" -f -a "report" -d 'Make one HTML file that shows the bundles to anyone, offline'
complete -c procglass -n "__fish_procglass_using_subcommand help; and not __fish_seen_subcommand_from show ask explain correlate verify report completions man help" -f -a "completions" -d 'Print a shell\'s completions for this command line'
complete -c procglass -n "__fish_procglass_using_subcommand help; and not __fish_seen_subcommand_from show ask explain correlate verify report completions man help" -f -a "man" -d 'Print a man page, or write all of them into a folder'
complete -c procglass -n "__fish_procglass_using_subcommand help; and not __fish_seen_subcommand_from show ask explain correlate verify report completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c procglass -n "__fish_procglass_using_subcommand show" -a "processes" -d 'One row for each process'
complete -c procglass -n "__fish_procglass_using_subcommand show" -a "tree" -d 'The processes below their parents'
complete -c procglass -n "__fish_procglass_using_subcommand show" -a "sockets" -d 'One row for each socket, with its holders'
complete -c procglass -n "__fish_procglass_using_subcommand show" -a "files" -d 'One row for each open file'
complete -c procglass -n "__fish_procglass_using_subcommand show" -a "findings" -d 'What the rules found, with its proof'
complete -c procglass -n "__fish_procglass_using_subcommand show" -a "problems" -d 'What could not be collected or read'
complete -c procglass -n "__fish_procglass_using_subcommand show" -a "systems" -d 'One row for each system, or with --group for each group'
complete -c procglass -n "__fish_procglass_using_subcommand show" -a "connections" -d 'Connections between systems, joined at both ends'
complete -c procglass -n "__fish_procglass_using_subcommand show" -a "shared" -d 'What several systems have in common'
complete -c procglass -n "__fish_procglass_using_subcommand show" -a "stories" -d 'Findings of all systems that belong together'
complete -c procglass -n "__fish_procglass_using_subcommand show" -a "changes" -d 'The differences between two snapshots, the earlier one first'
complete -c procglass -n "__fish_procglass_using_subcommand completions" -a "bash"
complete -c procglass -n "__fish_procglass_using_subcommand completions" -a "zsh"
complete -c procglass -n "__fish_procglass_using_subcommand completions" -a "fish"
