namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>The whole of an answer that comes from outside, up to a limit.</summary>
internal static class BoundedAnswer
{
    private const int BlockSize = 16 << 10;

    /// <summary>All of it; <see cref="DoerException"/> when it goes beyond <paramref name="limit"/> bytes.</summary>
    /// <param name="call">The call that is answered, for messages.</param>
    /// <param name="stream">The answer.</param>
    /// <param name="limit">The most bytes of it.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(string call, Stream stream, int limit, CancellationToken stop)
    {
        using var all = new MemoryStream();
        var block = new byte[BlockSize];
        int count;
        while ((count = await stream.ReadAsync(block, stop)) > 0)
        {
            if (all.Length + count > limit)
            {
                throw new DoerException(DoerExit.RucioAnswerBad, $"Rucio {call}: the answer goes beyond {limit >> 20} MiB");
            }

            await all.WriteAsync(block.AsMemory(0, count), stop);
        }

        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }
}
