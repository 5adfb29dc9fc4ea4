using System.Text;
using OpsAgent.Agent.Launching;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

public sealed class ProcStatTests
{
    private const string Rest =
        "S 100 4242 4200 0 -1 4194304 176 0 0 0 1 2 0 0 20 0 1 0 987654321 2990080 230 18446744073709551615 1 2 3 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 10 11 12 13 14 15 140737488347135 0\n";

    [Theory]
    [InlineData("sleep")]
    [InlineData("a b")]
    [InlineData(") R 1 1 1 (")]
    [InlineData("")]
    [InlineData("\n)")]
    public void The_name_may_hold_anything(string name)
    {
        Assert.True(ProcStat.TryParse(Encoding.UTF8.GetBytes($"4242 ({name}) {Rest}"), out var stat));
        Assert.Equal(new ProcStat(4242, 'S', 100, 4242, 4200, 4194304, 987654321, 1, 15, 140737488347135), stat);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4242")]
    [InlineData("4242 (x)")]
    [InlineData("4242 (x) ")]
    [InlineData("4242 (x) S 1 1")]
    [InlineData("x (x) S 1 1 1")]
    [InlineData("4242 (x) S a b c 0 -1 0 0 0 0 0 0 0 0 0 0 0 0 0 5 0")]
    public void What_is_no_stat_is_refused(string text) => Assert.False(ProcStat.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData('Z', true)]
    [InlineData('X', true)]
    [InlineData('T', false)]
    [InlineData('D', false)]
    public void Only_what_waits_to_be_reaped_is_dead(char state, bool dead) =>
        Assert.Equal(dead, default(ProcStat) with { State = state } is { IsDead: true });

    [Fact]
    public void This_process_can_be_read()
    {
        Assert.True(ProcStat.TryRead(Environment.ProcessId, out var stat));
        Assert.Equal(Environment.ProcessId, stat.Pid);
        Assert.True(stat.StartTime > 0);
        Assert.NotEqual(0ul, stat.CodeStart);
        Assert.InRange(stat.EnvironmentEnd, stat.EnvironmentStart + 1, ulong.MaxValue);
        Assert.False(stat.IsKernelThread);
        Assert.False(ProcStat.TryRead(int.MaxValue, out _));
        Assert.Contains(ProcessTable.Read(), p => p.Pid == stat.Pid && p.StartTime == stat.StartTime);
    }
}
