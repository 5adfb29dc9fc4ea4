using System.CommandLine;
using System.Globalization;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Manual;

/// <summary>opsctl man: pages of the manual.</summary>
internal static class ManCommand
{
    public static Command Build(RootCommand root, GlobalOptions options, Surroundings surroundings)
    {
        var words = new Argument<string[]>("command")
        {
            Description = "whose page; opsctl's own if none is named",
            HelpName = "command",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var all = new Option<string?>("--all") { Description = "write every page into this folder, as opsctl-COMMAND.1", HelpName = "folder" };
        var command = new OpsCommand(
            "man",
            "Print a page of the manual, as man reads it.",
            "opsctl man work list > list.1 && man -l list.1",
            "opsctl man --all ~/.local/share/man/man1")
        {
            words, all,
        };
        command.SetAction(line =>
        {
            var asked = line.GetValue(words) ?? [];
            var screen = new Screen(surroundings, line.GetValue(options.Output));
            if (line.GetValue(all) is { } folder)
            {
                return asked.Length == 0
                    ? WriteAll(root, folder, surroundings, screen)
                    : throw Usage("--all takes no command", "leave one of them out");
            }

            var wanted = Find(root, asked);
            var text = ManPage.Of(wanted, Date(surroundings));
            if (screen.Json)
            {
                screen.Document(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("page", ManPage.FileOf(wanted));
                    writer.WriteString("text", text);
                    writer.WriteEndObject();
                });
            }
            else
            {
                surroundings.Out.Write(text);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static int WriteAll(RootCommand root, string folder, Surroundings surroundings, Screen screen)
    {
        var written = new List<string>();
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var command in CommandTree.Visible(root))
            {
                var path = Path.Combine(folder, ManPage.FileOf(command));
                File.WriteAllText(path, ManPage.Of(command, Date(surroundings)));
                written.Add(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Usage($"the pages can't be written: {e.Message}", "name a folder that this user may write into");
        }

        if (screen.Json)
        {
            screen.Document(writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("files");
                written.ForEach(writer.WriteStringValue);
                writer.WriteEndArray();
                writer.WriteEndObject();
            });
        }
        else
        {
            written.ForEach(file => screen.Line(file));
        }

        return ExitCode.Ok;
    }

    private static Command Find(RootCommand root, string[] path)
    {
        var all = CommandTree.Visible(root).ToDictionary(static c => string.Join(' ', CommandTree.PathOf(c).Skip(1)), StringComparer.Ordinal);
        var wanted = string.Join(' ', path);
        return all.GetValueOrDefault(wanted)
            ?? throw Usage($"opsctl has no command '{wanted}'", $"there are: {string.Join(", ", all.Keys.Skip(1))}");
    }

    /// <summary>Today; a build that wants the same bytes again sets the variable that others understand too.</summary>
    private static DateOnly Date(Surroundings surroundings) => DateOnly.FromDateTime(
        long.TryParse(surroundings.Variable("SOURCE_DATE_EPOCH"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime
            : surroundings.Time.GetUtcNow().UtcDateTime);

    private static OpsCtlException Usage(string message, string advice) => new(ExitCode.Usage, message, advice);
}
