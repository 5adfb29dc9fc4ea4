using System.Net;
using OpsAgent.Agent.Hosting;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class StateLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("statelock-").FullName;

    [Fact]
    public void A_second_one_is_refused_and_told_who_holds_it()
    {
        using var first = StateLock.TryTake(_folder, out _);
        Assert.NotNull(first);
        Assert.Null(StateLock.TryTake(_folder, out var holder));
        Assert.Equal($"pid {Environment.ProcessId} on {Dns.GetHostName()}", holder);
    }

    [Fact]
    public void Once_let_go_it_can_be_taken_again()
    {
        StateLock.TryTake(_folder, out _)!.Dispose();
        using var again = StateLock.TryTake(_folder, out _);
        Assert.NotNull(again);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
