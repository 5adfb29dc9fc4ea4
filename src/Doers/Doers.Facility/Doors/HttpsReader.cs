using System.Buffers;

namespace OpsAgent.Doers.Facility.Doors;

/// <summary>Reads an https door with the proxy as client certificate. Redirects are reported, not followed.</summary>
internal sealed class HttpsReader(HttpClient http) : IDoorReader
{
    private const long SizeLimit = 2L << 30;
    private const int BlockSize = 256 << 10;

    public async Task CopyAsync(Door door, string file, TimeSpan limit, CancellationToken stop)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(door.Url), HttpCompletionOption.ResponseHeadersRead, stop);
            ThrowUnlessFile(response);
            await using var body = await response.Content.ReadAsStreamAsync(stop);
            await WriteAsync(body, file, stop);
        }
        catch (HttpRequestException e)
        {
            throw new DoorFailedException((e.InnerException ?? e).Message, inner: e);
        }
    }

    private static void ThrowUnlessFile(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            var where = OneLine.Of(response.Headers.Location?.OriginalString, 100);
            throw new DoorFailedException($"answered {status}, a redirect to {where}; not followed");
        }

        if (status != 200)
        {
            throw new DoorFailedException($"answered {status}");
        }

        if (response.Content.Headers.ContentLength > SizeLimit)
        {
            throw new DoerException(DoerExit.ArchiveTooBig, $"the file has {response.Content.Headers.ContentLength} bytes: too big");
        }
    }

    private static async Task WriteAsync(Stream body, string file, CancellationToken stop)
    {
        await using var target = new FileStream(file, FileMode.Truncate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            var total = 0L;
            int count;
            while ((count = await ReadAsync(body, block, stop)) > 0)
            {
                if ((total += count) > SizeLimit)
                {
                    throw new DoerException(DoerExit.ArchiveTooBig, $"the file goes beyond {SizeLimit} bytes: too big");
                }

                await target.WriteAsync(block.AsMemory(0, count), stop);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    // Only the read is the door's: a write that fails, on a full disk for one, fails behind any other door too.
    private static async Task<int> ReadAsync(Stream body, byte[] block, CancellationToken stop)
    {
        try
        {
            return await body.ReadAsync(block, stop);
        }
        catch (IOException e)
        {
            throw new DoorFailedException((e.InnerException ?? e).Message, inner: e);
        }
    }
}
