using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>Lines of a stream that comes from outside: bounded in all and each.</summary>
internal static class BoundedLines
{
    public const int TotalLimit = 16 << 20;
    public const int LineLimit = 1 << 20;

    /// <summary>Each line that is not blank; what follows the last line break counts as a line.</summary>
    public static async IAsyncEnumerable<ReadOnlySequence<byte>> OfAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken stop)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 << 10, leaveOpen: true));
        var total = 0L;
        var left = 0L;
        while (true)
        {
            var read = await reader.ReadAsync(stop);
            var buffer = read.Buffer;
            total += buffer.Length - left;
            Check(total <= TotalLimit, $"goes beyond {TotalLimit >> 20} MiB");
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                Check(line.Length <= LineLimit, $"has a line beyond {LineLimit >> 20} MiB");
                if (!IsBlank(line))
                {
                    yield return line;
                }

                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            Check(buffer.Length <= LineLimit, $"has a line beyond {LineLimit >> 20} MiB");
            if (read.IsCompleted)
            {
                if (!IsBlank(buffer))
                {
                    yield return buffer;
                }

                break;
            }

            left = buffer.Length;
            reader.AdvanceTo(buffer.Start, buffer.End);
        }

        await reader.CompleteAsync();
    }

    private static void Check(bool holds, string what)
    {
        if (!holds)
        {
            throw new DoerException(DoerExit.RucioAnswerBad, "Rucio replicas/list: the answer " + what);
        }
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return false;
            }
        }

        return true;
    }
}
