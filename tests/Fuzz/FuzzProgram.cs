using OpsAgent.Tests.Fuzz.Engine;

namespace OpsAgent.Tests.Fuzz;

/// <summary>Runs what the command line asks for; 0 without a finding, 1 with one, 64 for a command line that makes no sense.</summary>
internal static class FuzzProgram
{
    public static int Run(string[] arguments, TextWriter says, TimeProvider time)
    {
        FuzzArguments asked;
        try
        {
            asked = FuzzArguments.Read(arguments);
        }
        catch (ArgumentException e)
        {
            says.WriteLine($"fuzz: {e.Message}");
            return 64;
        }

        if (asked.List)
        {
            says.WriteLine(string.Join('\n', FuzzTargets.Names));
            return 0;
        }

        return asked.Replay is { } input ? Replay(asked.Targets[0], File.ReadAllBytes(input), says) : RunAll(asked, says, time);
    }

    private static int RunAll(FuzzArguments asked, TextWriter says, TimeProvider time)
    {
        var findings = 0;
        foreach (var name in asked.Targets)
        {
            using var target = FuzzTargets.Create(name)!;
            using var book = new FindingBook(asked.Findings, name, asked.Size.Seed);
            findings += new Campaign(target, asked.Size, book, says, time).Run();
        }

        return findings == 0 ? 0 : 1;
    }

    private static int Replay(string name, byte[] input, TextWriter says)
    {
        using var target = FuzzTargets.Create(name)!;
        try
        {
            says.WriteLine($"{name}: {(target.Run(input) ? "taken" : "refused")}");
            return 0;
        }
        catch (Exception e)
        {
            // The finding itself, shown again.
            says.WriteLine($"FINDING: {name}: {e}");
            return 1;
        }
    }
}
