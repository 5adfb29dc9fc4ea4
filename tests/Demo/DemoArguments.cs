namespace OpsAgent.Tests.Demo;

/// <summary>What the demo was called with.</summary>
/// <param name="Folder">Holds the published tree, and everything that the demo makes.</param>
/// <param name="Keep">Leave all running until it is interrupted.</param>
/// <param name="Breakage">What to break; null: nothing.</param>
/// <param name="Lifeline">End when standard input does: whoever started the demo holds its other end.</param>
internal sealed record DemoArguments(string Folder, bool Keep, Breakage? Breakage, bool Lifeline)
{
    public const string Usage = "usage: opsagent-demo FOLDER [--keep] [--break rucio|door|disk] [--lifeline]; ./build.sh demo does what FOLDER needs";

    /// <summary>Null if they are wrong.</summary>
    public static DemoArguments? Parse(string[] arguments)
    {
        if (arguments is not [var folder, .. var rest] || folder.StartsWith('-'))
        {
            return null;
        }

        var parsed = new DemoArguments(Path.GetFullPath(folder), Keep: false, Breakage: null, Lifeline: false);
        for (var i = 0; i < rest.Length; i++)
        {
            switch (rest[i])
            {
                case "--keep":
                    parsed = parsed with { Keep = true };
                    break;
                case "--lifeline":
                    parsed = parsed with { Lifeline = true };
                    break;
                case "--break" when Breakage.All.FirstOrDefault(b => b.Name == rest.ElementAtOrDefault(i + 1)) is { } breakage:
                    parsed = parsed with { Breakage = breakage };
                    i++;
                    break;
                default:
                    return null;
            }
        }

        return parsed;
    }
}
