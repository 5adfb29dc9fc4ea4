using System.Security.Authentication;
using Polly;
using Polly.Retry;

namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>
/// Limits and repeats calls: refused or broken connections, silence, 408, 429 and 5xx are tried again; a failed certificate or a
/// refusal is not. Every call here only reads, so a repeat does no harm.
/// </summary>
internal sealed class RucioCall
{
    private readonly RucioOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationToken _total;
    private readonly ResiliencePipeline _pipeline;

    public RucioCall(RucioOptions options, DoerLog log, TimeProvider time, CancellationToken total)
    {
        _options = options;
        _time = time;
        _total = total;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<RucioPassingException>(),
            MaxRetryAttempts = options.Retries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = options.RetryDelay,
            UseJitter = true,
            DelayGenerator = static a => ValueTask.FromResult((a.Outcome.Exception as RucioPassingException)?.Wait),
            OnRetry = a =>
            {
                log.Line($"Rucio: {OneLine.Of(a.Outcome.Exception?.Message)}; again in {a.RetryDelay.TotalSeconds:0.0} s");
                return ValueTask.CompletedTask;
            },
        }).Build();
    }

    /// <summary>Runs the call; <paramref name="limit"/> is for each try, within the limit over all calls.</summary>
    public async Task<T> RunAsync<T>(string name, TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken stop)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop, _total);
        try
        {
            return await _pipeline.ExecuteAsync(async token => await OnceAsync(limit, call, token), all.Token);
        }
        catch (RucioPassingException e)
        {
            throw new DoerException(DoerExit.RucioUnreachable, $"Rucio {name} at {_options.Url.Authority}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new DoerException(
                DoerExit.RucioUnreachable,
                $"Rucio {name} at {_options.Url.Authority}: no answer within {_options.TotalLimit.TotalSeconds:0} s",
                e);
        }
    }

    private async Task<T> OnceAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken outer)
    {
        using var own = new CancellationTokenSource(limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(own.Token, outer);
        try
        {
            return await call(both.Token);
        }
        catch (OperationCanceledException e) when (!outer.IsCancellationRequested)
        {
            throw new RucioPassingException($"no answer within {limit.TotalSeconds:0} s", null, e);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            throw new DoerException(
                DoerExit.RucioUnreachable, $"Rucio at {_options.Url.Authority}: TLS failed: {e.InnerException.Message}", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new RucioPassingException((e.InnerException ?? e).Message, null, e);
        }
    }
}
