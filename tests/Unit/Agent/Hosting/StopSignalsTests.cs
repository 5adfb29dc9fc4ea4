using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Hosting;
using OpsAgent.Agent.Work;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class StopSignalsTests
{
    private readonly DrainPace _pace = new();
    private readonly DeliberateStop _stop = new(Mock.Of<IHostApplicationLifetime>());
    private readonly StopSignals _signals;

    public StopSignalsTests() => _signals = new StopSignals(_pace, _stop, NullLogger<StopSignals>.Instance);

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public void The_first_signal_begins_a_warm_stop_and_the_second_makes_it_soft(PosixSignal signal)
    {
        Send(signal);
        Assert.False(_pace.Soft.IsCompleted);
        Send(signal);
        Assert.True(_pace.Soft.IsCompleted);
        Assert.False(_pace.Cold.IsCompleted);
    }

    [Fact]
    public void The_first_SIGTERM_after_a_shutdown_makes_it_soft()
    {
        _stop.Request();
        Assert.False(_pace.Soft.IsCompleted);
        Send(PosixSignal.SIGTERM);
        Assert.True(_pace.Soft.IsCompleted);
        Assert.False(_pace.Cold.IsCompleted);
    }

    [Fact]
    public void A_shutdown_after_a_SIGTERM_hurries_nothing()
    {
        Send(PosixSignal.SIGTERM);
        _stop.Request();
        Assert.False(_pace.Soft.IsCompleted);
    }

    [Fact]
    public void SIGQUIT_makes_it_cold_whatever_came_before()
    {
        Send(PosixSignal.SIGQUIT);
        Assert.True(_pace.Cold.IsCompleted);
    }

    private void Send(PosixSignal signal)
    {
        var context = new PosixSignalContext(signal);
        if (signal == PosixSignal.SIGQUIT)
        {
            _signals.OnQuit(context);
        }
        else
        {
            _signals.OnTerm(context);
        }

        // Its default action would end the agent.
        Assert.True(context.Cancel);
    }
}
