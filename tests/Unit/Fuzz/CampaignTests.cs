using OpsAgent.Tests.Fuzz;
using OpsAgent.Tests.Fuzz.Engine;
using Xunit;

namespace OpsAgent.Tests.Unit.Fuzz;

/// <summary>The engine finds what is planted, and finds it again.</summary>
public sealed class CampaignTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opsagent-fuzz-").FullName;
    private readonly StringWriter _says = new();

    public static TheoryData<string> Targets => [.. FuzzTargets.Names];

    public void Dispose()
    {
        _says.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_planted_fault_is_found_written_down_and_told_with_its_case()
    {
        var findings = Run(new Planted(input => input[0] == 77 ? throw new FormatException("planted") : true), new CampaignSize { Cases = 3000 });

        Assert.InRange(findings, 1, 20);
        var input = Directory.GetFiles(_folder, "*.input")[0];
        Assert.Equal(77, File.ReadAllBytes(input)[0]);
        Assert.Contains("planted", File.ReadAllText(Path.ChangeExtension(input, ".txt")), StringComparison.Ordinal);
        Assert.Contains("FINDING: planted, seed 7, case", _says.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Too_much_memory_is_a_finding()
    {
        Run(new Planted(_ => new byte[2 << 20].Length > 0), new CampaignSize { Cases = 1 });

        Assert.Contains("too much memory", _says.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_case_that_hangs_is_a_finding_and_does_not_hang_the_run()
    {
        using var never = new ManualResetEventSlim();
        var hangs = new Planted(_ =>
        {
            never.Wait();
            return true;
        });

        Assert.Equal(1, Run(hangs, new CampaignSize { Cases = 1, CaseLimit = TimeSpan.FromMilliseconds(50) }));

        Assert.Contains("hangs", _says.ToString(), StringComparison.Ordinal);
        never.Set();
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_case_is_the_same_whatever_went_before_it(string name)
    {
        using var one = FuzzTargets.Create(name)!;
        using var other = FuzzTargets.Create(name)!;
        for (var number = 0; number < 20; number++)
        {
            one.Make(new Dice(3, number));
        }

        Assert.Equal(one.Make(new Dice(7, 100)), other.Make(new Dice(7, 100)));
        Assert.True(Enumerable.Range(0, 20).Select(n => Convert.ToHexString(one.Make(new Dice(7, n)))).Distinct().Count() > 1, "all cases are one");
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Each_target_takes_some_cases_and_refuses_some(string name)
    {
        using var target = FuzzTargets.Create(name)!;
        var taken = Enumerable.Range(0, 300).Select(n => target.Run(target.Make(new Dice(7, n)))).ToList();

        Assert.Contains(true, taken);
        Assert.Contains(false, taken);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Each_target_has_seeds_of_which_it_takes_some_and_cases_are_made_of_them(string name)
    {
        using var target = FuzzTargets.Create(name)!;
        var seeds = SeedFiles.Of(name);

        Assert.Contains(true, seeds.Select(target.Run).ToList());
        var whole = seeds.Select(Convert.ToHexString).ToHashSet();
        if (name is "tarball" or "signature")
        {
            // The others always damage them.
            Assert.Contains(Enumerable.Range(0, 300), n => whole.Contains(Convert.ToHexString(target.Make(new Dice(7, n)))));
        }
    }

    [Theory]
    [InlineData("--target nothing", "no target")]
    [InlineData("--seconds x", "how many")]
    [InlineData("--target", "of what")]
    [InlineData("--replay x", "needs its one --target")]
    public void A_wrong_command_line_is_told(string line, string told)
    {
        Assert.Equal(64, FuzzProgram.Run(line.Split(' '), _says, TimeProvider.System));
        Assert.Contains(told, _says.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_runs_the_one_input()
    {
        var path = Path.Combine(_folder, "x.input");
        File.WriteAllText(path, "prun --noBuild");

        Assert.Equal(0, FuzzProgram.Run(["--target", "prun", "--replay", path], _says, TimeProvider.System));
        Assert.Contains("prun: taken", _says.ToString(), StringComparison.Ordinal);
    }

    private int Run(ITarget target, CampaignSize size)
    {
        using var book = new FindingBook(_folder, target.Name, size.Seed);
        return new Campaign(target, size, book, _says, TimeProvider.System).Run();
    }

    private sealed class Planted(Func<byte[], bool> run) : ITarget
    {
        public string Name => "planted";

        public long AllocationLimit => 1 << 20;

        public byte[] Make(Dice dice) => [(byte)dice.Below(256)];

        public bool Run(byte[] input) => run(input);

        public void Dispose()
        {
        }
    }
}
