#compdef opsctl
# Completes the command line of opsctl in zsh.
#
# For one user:   opsctl completion zsh > ~/.zfunc/_opsctl   and in ~/.zshrc, before compinit:   fpath=(~/.zfunc $fpath)
# for all:        opsctl completion zsh > /usr/local/share/zsh/site-functions/_opsctl
# or in ~/.zshrc, after compinit:   source <(opsctl completion zsh)

_opsctl() {
    local program=${${(Q)words[1]}/#\~\//$HOME/} line word expl
    local -a answer whole wholeShown begun begunShown
    local -i width=0

    # The first line says who completes; then come words, each with a tab and its description.
    answer=("${(@f)$("$program" __complete zsh -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null </dev/null)}")
    case ${answer[1]-} in
        (words)
            shift answer
            for line in "${(@)answer}"; do
                word=${line%%$'\t'*}
                (( ${#word} > width )) && width=${#word}
            done
            for line in "${(@)answer}"; do
                word=${line%%$'\t'*}
                line="${(r:width:)word}  ${line#*$'\t'}"
                # A field's value follows at once: no space behind it.
                if [[ $word == *= ]]; then
                    begun+=("$word") begunShown+=("$line[1,COLUMNS-1]")
                else
                    whole+=("$word") wholeShown+=("$line[1,COLUMNS-1]")
                fi
            done
            # In the order that was answered: of requests the newest first.
            _wanted -V words expl 'word' compadd -l -d wholeShown -a whole
            _wanted -V fields expl 'field' compadd -l -d begunShown -S '' -a begun
            ;;
        (files|folders)
            [[ $PREFIX == --*=* ]] && compset -P '*='
            if [[ $answer[1] == folders ]]; then _files -/; else _files; fi
            ;;
    esac
}

# Run when the file is loaded from fpath as the function itself; only made known when it is sourced.
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _opsctl "$@"
else
    compdef _opsctl opsctl
fi
