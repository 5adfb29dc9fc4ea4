using OpsAgent.Doers.Facility;

namespace OpsAgent.Doers.PayloadLog.Archive;

/// <summary>The unpacked bytes on their way to the tar reader, counted against the limits.</summary>
internal sealed class UnpackedStream(Stream inner, long packedBytes, ArchiveLimits limits) : Stream
{
    private readonly long _ratioLimit = Math.Max(limits.RatioFloor, packedBytes * limits.Ratio);
    private long _total;

    /// <summary>True while a member's content is read; otherwise it is headers, which go into memory and must be small.</summary>
    public bool InContent { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _total;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = InContent ? inner.Read(buffer) : ReadHeader(buffer);
        _total += count;
        if (_total > limits.Bytes)
        {
            throw TooBig($"more than {limits.Bytes} bytes unpacked");
        }

        if (_total > _ratioLimit)
        {
            throw TooBig($"{_total} bytes out of {packedBytes}: a ratio beyond {limits.Ratio}");
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // Whole, so that a header block is seen as one and what it asks for is known before the reader takes memory for it.
    private int ReadHeader(Span<byte> buffer)
    {
        ThrowIfLong(buffer.Length);
        var count = inner.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        ThrowIfLong(ExtendedHeader.BytesAskedBy(buffer[..count]));
        return count;
    }

    private void ThrowIfLong(long bytes)
    {
        if (bytes > limits.HeaderBytes)
        {
            throw TooBig($"a member's header asks for {bytes} bytes, the limit is {limits.HeaderBytes}");
        }
    }

    private static DoerException TooBig(string what) => new(DoerExit.ArchiveTooBig, "tarball too big: " + what);
}
