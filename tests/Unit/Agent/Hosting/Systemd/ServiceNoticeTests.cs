using OpsAgent.Agent.Hosting.Systemd;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting.Systemd;

public sealed class ServiceNoticeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Messages_arrive_at_a_socket_in_a_file_and_at_one_without(bool isAbstract)
    {
        using var socket = new NotifySocket(isAbstract);
        using var notice = new ServiceNotice(new Dictionary<string, string> { ["NOTIFY_SOCKET"] = socket.Name }, 1);
        Assert.True(notice.Listens);
        Assert.True(notice.TrySend("READY=1\nSTATUS=ö"));
        Assert.Equal(["READY=1\nSTATUS=ö"], socket.Take());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("relative")]
    [InlineData("vsock:2:1234")]
    public void Nothing_is_sent_where_nobody_asked_for_it(string? name)
    {
        var environment = new Dictionary<string, string> { ["WATCHDOG_USEC"] = "1000000" };
        if (name is not null)
        {
            environment["NOTIFY_SOCKET"] = name;
        }

        using var notice = new ServiceNotice(environment, 1);
        Assert.False(notice.Listens);
        Assert.Null(notice.Watchdog);
        Assert.False(notice.TrySend("READY=1"));
    }

    [Fact]
    public void A_socket_that_is_gone_is_no_error()
    {
        using var notice = new ServiceNotice(new Dictionary<string, string> { ["NOTIFY_SOCKET"] = "/nowhere/notify" }, 1);
        Assert.False(notice.TrySend("READY=1"));
    }

    [Theory]
    [InlineData("3000000", null, 3000)]
    [InlineData("3000000", "42", 3000)]
    [InlineData("3000000", "43", null)]
    [InlineData("3000000", "x", null)]
    [InlineData("0", null, null)]
    [InlineData("-1", null, null)]
    [InlineData("many", null, null)]
    public void The_watchdog_s_limit_is_this_process_s_own(string microseconds, string? pid, int? milliseconds)
    {
        var environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = "/nowhere/notify", ["WATCHDOG_USEC"] = microseconds };
        if (pid is not null)
        {
            environment["WATCHDOG_PID"] = pid;
        }

        using var notice = new ServiceNotice(environment, 42);
        Assert.Equal(milliseconds, (int?)notice.Watchdog?.TotalMilliseconds);
    }
}
