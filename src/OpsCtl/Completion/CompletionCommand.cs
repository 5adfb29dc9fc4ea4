using System.CommandLine;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Completion;

/// <summary>opsctl completion: the script that makes a shell ask this program.</summary>
internal static class CompletionCommand
{
    public static Command Build(GlobalOptions options, Surroundings surroundings)
    {
        var shell = new Argument<string>("shell") { Description = "whose script: bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new OpsCommand(
            "completion",
            "Print a script that completes opsctl's command line in a shell. Its first lines say where to put it.",
            "opsctl completion bash > ~/.local/share/bash-completion/completions/opsctl",
            "opsctl completion fish > ~/.config/fish/completions/opsctl.fish",
            "source <(opsctl completion zsh)  # for this session")
        {
            shell,
        };
        command.SetAction(line =>
        {
            var name = line.GetRequiredValue(shell);
            if (line.GetValue(options.Output) == OutputFormat.Json)
            {
                new Screen(surroundings, OutputFormat.Json).Document(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("shell", name);
                    writer.WriteString("script", Script(name));
                    writer.WriteEndObject();
                });
            }
            else
            {
                surroundings.Out.Write(Script(name));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>As it lies beside this file.</summary>
    public static string Script(string shell)
    {
        using var script = new StreamReader(typeof(CompletionCommand).Assembly.GetManifestResourceStream($"opsctl.{shell}")
            ?? throw new InvalidOperationException($"this program was built without opsctl.{shell}"));
        return script.ReadToEnd();
    }
}
