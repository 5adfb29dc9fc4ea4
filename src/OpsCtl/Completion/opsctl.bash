# Completes the command line of opsctl in bash 4.4 or later.
#
# For one user:   opsctl completion bash > ~/.local/share/bash-completion/completions/opsctl
# for all:        opsctl completion bash > /usr/share/bash-completion/completions/opsctl
# without the bash-completion package, in ~/.bashrc:   source <(opsctl completion bash)

_opsctl() {
    local program=${1/#\~\//$HOME/}
    local -a answer
    COMPREPLY=()

    # The first line says who completes; the words after it hold nothing that a shell would read, and are not expanded here.
    mapfile -t answer < <("$program" __complete bash -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null </dev/null)
    case ${answer[0]-} in
        words)
            COMPREPLY=("${answer[@]:1}")
            # A field's value follows at once.
            if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
            ;;
        files) compopt -o default 2>/dev/null ;;
        folders) compopt -o dirnames 2>/dev/null ;;
    esac
}

complete -o nosort -F _opsctl opsctl
