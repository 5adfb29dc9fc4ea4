namespace OpsAgent.Tests.Fuzz.Engine;

/// <summary>Gives its bytes in pieces of chance sizes, as a socket does.</summary>
internal sealed class CutStream(byte[] bytes, Dice dice) : MemoryStream(bytes, writable: false)
{
    private readonly int _most = dice.Of(1, 3, 50, 5000);

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Some(buffer.Length)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Some(count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Some(buffer.Length)], cancellationToken);

    // A long input in single bytes would only take time.
    private int Some(int wanted) => Math.Min(wanted, Length > 4000 ? Math.Max(1000, _most) : dice.Between(1, _most));
}
