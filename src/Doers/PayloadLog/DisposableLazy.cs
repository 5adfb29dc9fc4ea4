namespace OpsAgent.Doers.PayloadLog;

/// <summary>A value made when first asked for, and disposed only if it was made.</summary>
internal sealed class DisposableLazy<T>(Func<T> make) : IDisposable
    where T : class, IDisposable
{
    private T? _value;

    public T Value => _value ??= make();

    public void Dispose() => _value?.Dispose();
}
