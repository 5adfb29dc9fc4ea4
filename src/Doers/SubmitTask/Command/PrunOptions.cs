using OpsAgent.Doers.Facility;

namespace OpsAgent.Doers.SubmitTask.Command;

/// <summary>The options of <c>prun</c> that a command may have; all others are refused.</summary>
internal sealed class PrunOptions
{
    /// <summary>The environment variable that allows more.</summary>
    public const string Variable = "SUBMIT_PRUN_OPTIONS";

    // What PCS writes.
    private static readonly string[] WithValue =
    [
        "--exec", "--outDS", "--containerImage", "--site", "--workingGroup", "--resourceType", "--prodSourceLabel", "--vo",
        "--processingType", "--nJobs", "--nEventsPerJob", "--nCore", "--outputs",
    ];

    private static readonly string[] Bare = ["--official", "--noBuild", "--expertOnly_skipScout"];

    private readonly Dictionary<string, bool> _takesValue;

    private PrunOptions(Dictionary<string, bool> takesValue) => _takesValue = takesValue;

    /// <summary>Those that PCS writes.</summary>
    public static PrunOptions Default { get; } = new(
        WithValue.Select(name => (name, true)).Concat(Bare.Select(name => (name, false)))
            .ToDictionary(o => o.name, o => o.Item2, StringComparer.Ordinal));

    /// <summary>Those and what <see cref="Variable"/> names: words apart by blanks, <c>--name=</c> with a value, <c>--name</c> without.</summary>
    public static PrunOptions From(DoerEnvironment environment)
    {
        var all = new Dictionary<string, bool>(Default._takesValue, StringComparer.Ordinal);
        foreach (var word in (environment.Value(Variable) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = word.TrimEnd('=');
            if (!name.StartsWith("--", StringComparison.Ordinal) || name.Length < 3 || !name[2..].All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw new DoerException(
                    DoerExit.Configuration, $"{Variable}: '{OneLine.Of(word)}' is neither --name nor --name= (an option with a value)");
            }

            all[name] = word.EndsWith('=');
        }

        return new PrunOptions(all);
    }

    /// <summary>True if it takes a value, false if not, null if it is not allowed.</summary>
    public bool? TakesValue(string name) => _takesValue.TryGetValue(name, out var takes) ? takes : null;
}
