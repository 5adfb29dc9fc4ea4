using System.Diagnostics;
using System.Text;
using OpsAgent.Tests.Support;

namespace OpsAgent.Tests.Contract.Shells;

/// <summary>
/// A real shell at a real terminal, somebody typing. Each shell's start-up file binds Ctrl-G to writing the line as it stands into
/// a file and clearing it, so that what a key has made of the line is read without looking at the screen.
/// </summary>
public sealed class InteractiveShell : IAsyncDisposable
{
    private const string Prompt = "READY> ";
    private readonly ShellScene _scene;
    private readonly Process _terminal;
    private readonly StringBuilder _screen = new();
    private readonly Task _reading;

    private InteractiveShell(ShellScene scene, string command)
    {
        _scene = scene;
        var start = new ProcessStartInfo("/usr/bin/script", ["-qfec", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = scene.Home,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        start.Environment.Clear();
        foreach (var (name, value) in scene.Environment)
        {
            start.Environment[name] = value;
        }

        _terminal = Process.Start(start)!;
        _reading = ReadAsync();
    }

    /// <summary>Everything that it has drawn so far.</summary>
    public string Screen
    {
        get
        {
            lock (_screen)
            {
                return _screen.ToString();
            }
        }
    }

    private string LineFile => Path.Combine(_scene.Home, "line");

    /// <summary>bash, with nothing but the script.</summary>
    public static Task<InteractiveShell> BashAsync(ShellScene scene)
    {
        var file = scene.Write("bashrc", $$"""
            PS1='{{Prompt}}'
            source ~/opsctl.bash
            bind 'set enable-bracketed-paste off'
            dump() { printf '%s' "$READLINE_LINE" >~/line.new; mv ~/line.new ~/line; READLINE_LINE=; READLINE_POINT=0; }
            bind -x '"\C-g": dump'
            """);
        return StartAsync(scene, $"bash --noprofile --rcfile {file} -i");
    }

    /// <summary>zsh with its completion system; the script in its function path, or sourced.</summary>
    public static Task<InteractiveShell> ZshAsync(ShellScene scene, bool sourced = false)
    {
        scene.Write(".zshrc", $$"""
            PS1='{{Prompt}}'
            {{(sourced ? "" : "fpath=(~/functions $fpath)")}}
            autoload -U compinit; compinit -u -D
            {{(sourced ? "source ~/functions/_opsctl" : "")}}
            dump() { print -rn -- $BUFFER >~/line.new; mv ~/line.new ~/line; BUFFER= }
            zle -N dump; bindkey '^G' dump
            zle -C all-matches complete-word _generic; bindkey '\e*' all-matches
            zstyle ':completion:all-matches::::' completer _all_matches _complete
            zstyle ':completion:all-matches:*' insert true
            """);
        return StartAsync(scene, "zsh -d -i");
    }

    /// <summary>fish.</summary>
    public static Task<InteractiveShell> FishAsync(ShellScene scene)
    {
        var file = scene.Write("config.fish", $$"""
            source ~/opsctl.fish
            function fish_prompt; echo -n '{{Prompt}}'; end
            function fish_greeting; end
            function dump; commandline | string collect >~/line.new; mv ~/line.new ~/line; commandline -r ''; end
            bind \cg dump
            """);
        return StartAsync(scene, $"fish --no-config -i -C 'source {file}'");
    }

    /// <summary>Types until the line is as expected: on a busy machine the program may have taken longer than it lets itself.</summary>
    public async Task MakesAsync(string keys, string expected)
    {
        var line = "";
        await Eventually.HoldsAsync(
            () => (line = TypeAsync(keys).GetAwaiter().GetResult()) == expected,
            () => $"'{keys}' made '{line}', not '{expected}'",
            TimeSpan.FromMinutes(1));
    }

    /// <summary>What the shell has made of the line after these keys.</summary>
    public async Task<string> TypeAsync(string keys)
    {
        File.Delete(LineFile);
        await _terminal.StandardInput.WriteAsync(keys + "\a");
        await _terminal.StandardInput.FlushAsync();
        await Eventually.HoldsAsync(() => File.Exists(LineFile), () => $"a line after '{keys}':\n{Screen}");
        return (await File.ReadAllTextAsync(LineFile)).TrimEnd('\n');
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The end of its input is the end of the shell, and then of the terminal.
        _terminal.StandardInput.Close();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        try
        {
            await _terminal.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            _terminal.Kill(entireProcessTree: true);
            await _terminal.WaitForExitAsync();
        }

        await _reading;
        _terminal.Dispose();
    }

    private static async Task<InteractiveShell> StartAsync(ShellScene scene, string command)
    {
        var shell = new InteractiveShell(scene, command);
        await Eventually.HoldsAsync(() => shell.Screen.Contains(Prompt, StringComparison.Ordinal), () => $"a prompt:\n{shell.Screen}");
        return shell;
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        while (await _terminal.StandardOutput.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_screen)
            {
                _screen.Append(buffer, 0, count);
            }
        }
    }
}
