using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Dispatch;

public sealed class OverfullNoticeTests : ILogger<OverfullNotice>
{
    private readonly FakeTime _time = new();
    private readonly OverfullNotice _notice;
    private int _lines;

    public OverfullNoticeTests()
    {
        var composer = new EventComposer(Options.Create(new EventsOptions()), NullLogger<EventComposer>.Instance);
        _notice = new OverfullNotice(new Mock<IMessageBus>().Object, composer, _time, this);
    }

    [Fact]
    public void It_is_logged_once_a_second_wherever_the_clock_is_set()
    {
        Refuse();
        Refuse();
        Assert.Equal(1, _lines);

        _time.Jump(TimeSpan.FromDays(-1));
        Refuse();
        Assert.Equal(1, _lines);
        _time.Advance(TimeSpan.FromSeconds(1));
        Refuse();
        Assert.Equal(2, _lines);
        _time.Jump(TimeSpan.FromDays(1));
        Refuse();
        Assert.Equal((2, 5), (_lines, _notice.Refused));
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _lines++;

    private void Refuse() => _notice.Publish(new Refusal { RequestId = new RequestId("r"), Reason = "full", HasCallersRequestId = true });
}
