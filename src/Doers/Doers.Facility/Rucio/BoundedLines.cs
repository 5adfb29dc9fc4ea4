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
    /// <param name="call">The call that is answered, for messages.</param>
    /// <param name="stream">The answer.</param>
    /// <param name="totalLimit">The most bytes of it in all.</param>
    /// <param name="stop">Ends it.</param>
    public static async IAsyncEnumerable<ReadOnlySequence<byte>> OfAsync(
        string call, Stream stream, int totalLimit, [EnumeratorCancellation] CancellationToken stop)
    {
        void Check(bool holds, string what)
        {
            if (!holds)
            {
                throw new DoerException(DoerExit.RucioAnswerBad, $"Rucio {call}: the answer {what}");
            }
        }

        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 << 10, leaveOpen: true));
        var total = 0L;
        var left = 0L;
        while (true)
        {
            var read = await reader.ReadAsync(stop);
            var buffer = read.Buffer;
            total += buffer.Length - left;
            Check(total <= totalLimit, $"goes beyond {totalLimit >> 20} MiB");
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
