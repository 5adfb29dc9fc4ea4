# Completes the command line of opsctl in fish.
#
# For one user:   opsctl completion fish > ~/.config/fish/completions/opsctl.fish
# for all:        opsctl completion fish > /usr/share/fish/vendor_completions.d/opsctl.fish
# for a session:  opsctl completion fish | source

# Asks what may stand at the cursor. False: paths, which fish completes itself where nothing else does.
function __opsctl_ask
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -g __opsctl_words

    # Variables that are set for this one command.
    while string match -qr '^\w+=' -- $words[1]
        set -e words[1]
    end
    set -l program (string replace -r '^~/' $HOME/ -- $words[1])
    set -e words[1]

    # The first line says who completes; then come words, each with a tab and its description.
    set -l answer ($program __complete fish -- $words "$current" 2>/dev/null </dev/null)
    switch "$answer[1]"
        case words
            set -e answer[1]
            set __opsctl_words $answer
        case files
            return 1
        case folders
            set -l option (string match -r -- '^--[^=]*=' $current)
            set __opsctl_words "$option"(__fish_complete_directories (string replace -r -- '^--[^=]*=' '' $current) '')
    end
    return 0
end

complete -c opsctl -n __opsctl_ask -f -k -a '$__opsctl_words'
