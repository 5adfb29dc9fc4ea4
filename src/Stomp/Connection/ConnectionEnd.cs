namespace OpsAgent.Stomp.Connection;

/// <summary>Why a connection ended: the first reason counts, what follows from it does not.</summary>
internal sealed class ConnectionEnd : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private string? _reason;

    public ConnectionEnd() => Token = _source.Token;

    public CancellationToken Token { get; }

    public bool HasEnded => Volatile.Read(ref _reason) is not null;

    public string Reason => Volatile.Read(ref _reason) ?? "not ended";

    /// <summary>True for the first reason. The token is left to <see cref="Cancel"/>, since there may be something to do before.</summary>
    public bool Set(string reason) => Interlocked.CompareExchange(ref _reason, reason, null) is null;

    /// <summary>Stops whoever works for the connection, on other threads than the caller's: it may be a sender's.</summary>
    public void Cancel() => _ = _source.CancelAsync();

    public void Dispose() => _source.Dispose();
}
