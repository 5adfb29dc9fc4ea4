using System.Globalization;
using OpsAgent.Tests.Fuzz.Engine;

namespace OpsAgent.Tests.Fuzz;

/// <summary>The command line, read.</summary>
internal sealed record FuzzArguments
{
    public IReadOnlyList<string> Targets { get; private init; } = [.. FuzzTargets.Names];

    public CampaignSize Size { get; private init; } = new();

    /// <summary>An input to run instead.</summary>
    public string? Replay { get; private init; }

    public string Findings { get; private init; } = Path.Combine("artifacts", "fuzz");

    /// <summary>True: only name the targets.</summary>
    public bool List { get; private init; }

    /// <exception cref="ArgumentException">It makes no sense; the message says why.</exception>
    public static FuzzArguments Read(string[] arguments)
    {
        var read = new FuzzArguments();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--list")
            {
                read = read with { List = true };
                continue;
            }

            read = read.With(arguments[i], i + 1 < arguments.Length ? arguments[++i] : throw new ArgumentException($"{arguments[i]} of what?"));
        }

        return read.Replay is null || read.Targets.Count == 1 ? read : throw new ArgumentException("--replay needs its one --target");
    }

    private FuzzArguments With(string option, string value) => option switch
    {
        "--target" when FuzzTargets.Names.Contains(value) => this with { Targets = [value] },
        "--target" => throw new ArgumentException($"no target '{value}': there are {string.Join(", ", FuzzTargets.Names)}"),
        "--seconds" => this with { Size = Size with { Time = TimeSpan.FromSeconds(Number(option, value)) } },
        "--cases" => this with { Size = Size with { Cases = Number(option, value) } },
        "--case" => this with { Size = Size with { From = Number(option, value), Cases = 1 } },
        "--seed" => this with { Size = Size with { Seed = (ulong)Number(option, value) } },
        "--replay" => this with { Replay = value },
        "--findings" => this with { Findings = value },
        _ => throw new ArgumentException($"unknown option {option}"),
    };

    private static long Number(string option, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ArgumentException($"{option} of how many?");
}
