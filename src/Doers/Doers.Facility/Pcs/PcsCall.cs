using System.Security.Authentication;
using Polly;
using Polly.Retry;

namespace OpsAgent.Doers.Facility.Pcs;

/// <summary>
/// Limits and repeats calls: refused or broken connections, silence, 408, 429 (after its Retry-After) and 5xx are tried again; any
/// other refusal, a redirect or a failed certificate is not.
/// </summary>
internal sealed class PcsCall(PcsOptions options, DoerLog log, TimeProvider time)
{
    /// <summary>Runs the call with at most <paramref name="retries"/> more tries, until <paramref name="limit"/> ends.</summary>
    public async Task<T> RunAsync<T>(
        string name, int retries, Func<CancellationToken, Task<T>> call, CancellationToken limit, CancellationToken stop)
    {
        PcsException? last = null;
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop, limit);
        try
        {
            return await Pipeline(retries, e => last = e).ExecuteAsync(async token => await OnceAsync(name, call, token), all.Token);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            var told = last is null ? $"PCS {name} at {options.Url.Authority}: no answer in time" : $"{last.Message}; no time for another try";
            throw new PcsException(told, last?.Status, isPassing: true, e);
        }
    }

    private ResiliencePipeline Pipeline(int retries, Action<PcsException?> onRetry) => retries == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<PcsException>(e => e.IsPassing),
            MaxRetryAttempts = retries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = options.RetryDelay,
            MaxDelay = options.LongestDelay,
            UseJitter = true,
            DelayGenerator = static a => ValueTask.FromResult((a.Outcome.Exception as PcsException)?.Wait),
            OnRetry = a =>
            {
                onRetry(a.Outcome.Exception as PcsException);
                log.Line($"{OneLine.Of(a.Outcome.Exception?.Message)}; again in {a.RetryDelay.TotalSeconds:0.0} s");
                return ValueTask.CompletedTask;
            },
        }).Build();

    private async Task<T> OnceAsync<T>(string name, Func<CancellationToken, Task<T>> call, CancellationToken outer)
    {
        using var own = new CancellationTokenSource(options.TryLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(own.Token, outer);
        try
        {
            return await call(both.Token);
        }
        catch (OperationCanceledException e) when (!outer.IsCancellationRequested)
        {
            throw Failed(name, $"no answer within {options.TryLimit.TotalSeconds:0.#} s", isPassing: true, e);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            throw Failed(name, $"TLS failed: {e.InnerException.Message}", isPassing: false, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Failed(name, (e.InnerException ?? e).Message, isPassing: true, e);
        }
    }

    private PcsException Failed(string name, string what, bool isPassing, Exception inner) =>
        new($"PCS {name} at {options.Url.Authority}: {what}", null, isPassing, inner);
}
