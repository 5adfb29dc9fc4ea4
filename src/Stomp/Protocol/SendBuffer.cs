using System.Buffers;

namespace OpsAgent.Stomp.Protocol;

/// <summary>Bytes on their way out. Unlike other buffer writers it can take back a frame that could not be finished.</summary>
internal sealed class SendBuffer : IBufferWriter<byte>
{
    private const int Kept = 64 * 1024;
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Truncate(int length) => Length = length;

    /// <summary>Empties it, and gives back the memory that a burst took.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > Kept)
        {
            _bytes = [];
        }
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    private void Reserve(int sizeHint)
    {
        var needed = Length + Math.Max(sizeHint, 1);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max(needed, Math.Max(512L, _bytes.Length * 2L)), Array.MaxLength));
        }
    }
}
