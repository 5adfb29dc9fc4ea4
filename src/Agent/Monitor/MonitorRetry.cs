using Polly;
using Polly.Retry;

namespace OpsAgent.Agent.Monitor;

/// <summary>Tries a call again while a later try may succeed: from 1 s on, twice as long each time, at most a minute apart.</summary>
internal static class MonitorRetry
{
    /// <summary>The longest pause between two tries.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>Returns the first reply that is done or refused, or that <paramref name="goesOn"/> does not want tried again.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="goesOn">Asked with the reply and the number of tries so far.</param>
    /// <param name="onRetry">Told of a reply and of the pause after it.</param>
    public static ResiliencePipeline<MonitorReply> Build(
        TimeProvider time, Func<MonitorReply, int, bool> goesOn, Action<MonitorReply, TimeSpan> onRetry)
    {
        var builder = new ResiliencePipelineBuilder<MonitorReply> { TimeProvider = time };
        return builder.AddRetry(new RetryStrategyOptions<MonitorReply>
        {
            ShouldHandle = args => ValueTask.FromResult(
                args.Outcome.Result is { MayPass: true } reply && goesOn(reply, args.AttemptNumber + 1)),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = FirstPause,
            MaxDelay = LongestPause,
            OnRetry = args =>
            {
                onRetry(args.Outcome.Result!, args.RetryDelay);
                return ValueTask.CompletedTask;
            },
        }).Build();
    }
}
