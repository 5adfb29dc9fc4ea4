using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// The output of one run on its way to its file: the first part as it comes, the last part from memory when it ends, between them a
/// line that says how much is missing. Never waits for a disk.
/// </summary>
internal sealed class RunLog
{
    private readonly Lock _gate = new();
    private readonly RunLogWriter _writer;
    private readonly RunLogFile _file;
    private readonly TimeProvider _time;
    private readonly LineCutter _stdout;
    private readonly LineCutter _stderr;
    private readonly TailBuffer _tail;
    private readonly ArrayBufferWriter<byte> _piece = new();
    private readonly byte[] _stamp = new byte[40];
    private int _stampLength;
    private long _headLeft;
    private int _lines;
    private long _tailLines;
    private long _tailBytes;
    private long _skipped;
    private long _dropped;
    private bool _isComplete;

    public RunLog(RunLogWriter writer, RunLogFile file, RunLogShare share, TimeProvider time, string begin)
    {
        _writer = writer;
        _file = file;
        _time = time;
        _headLeft = share.Head;
        _tail = new TailBuffer(share.Tail);
        _stdout = new LineCutter(new Sink(this, "out"), share.Line);
        _stderr = new LineCutter(new Sink(this, "err"), share.Line);
        Say(begin);
        Send(isLast: false);
    }

    /// <summary>Takes the next piece of stdout.</summary>
    public void PushStdout(ReadOnlySpan<byte> piece) => Push(_stdout, piece);

    /// <summary>Takes the next piece of stderr.</summary>
    public void PushStderr(ReadOnlySpan<byte> piece) => Push(_stderr, piece);

    /// <summary>So many bytes of stdout come between the last piece and the next, and are not read.</summary>
    public void SkipStdout(long bytes) => Skip(_stdout, bytes);

    /// <summary>The same of stderr.</summary>
    public void SkipStderr(long bytes) => Skip(_stderr, bytes);

    /// <summary>Ends it: the last part goes to the file. More than once does nothing more.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            if (_isComplete)
            {
                return;
            }

            _isComplete = true;
            Stamp();
            _stdout.Flush();
            _stderr.Flush();
            AppendTail();
            Say("end of output");
            Send(isLast: true);
        }
    }

    private void Push(LineCutter cutter, ReadOnlySpan<byte> piece)
    {
        lock (_gate)
        {
            if (!_isComplete)
            {
                Stamp();
                cutter.Push(piece);
                Send(isLast: false);
            }
        }
    }

    private void Skip(LineCutter cutter, long bytes)
    {
        lock (_gate)
        {
            if (_isComplete)
            {
                return;
            }

            // Half a line before the gap and half a line behind it are two lines.
            Stamp();
            cutter.Flush();
            _headLeft = 0;
            _skipped += bytes;
        }
    }

    /// <summary>Once for all lines of a piece: they came together.</summary>
    private void Stamp() =>
        Utf8.TryWrite(_stamp, CultureInfo.InvariantCulture, $"{_time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'}", out _stampLength);

    private void Take(string stream, ReadOnlySpan<byte> line, bool isCut)
    {
        Span<byte> head = stackalloc byte[_stamp.Length];
        Utf8.TryWrite(head[_stampLength..], CultureInfo.InvariantCulture, $" {stream} ", out var length);
        _stamp.AsSpan(0, _stampLength).CopyTo(head);
        length += _stampLength;
        var end = isCut ? " [cut]\n"u8 : "\n"u8;
        var size = length + line.Length + end.Length;
        if (_tailLines == 0 && size <= _headLeft)
        {
            _headLeft -= size;
            _lines++;
            _piece.Write(head[..length]);
            _piece.Write(line);
            _piece.Write(end);
            return;
        }

        // From the first line on that finds no room all go to the last part, so that the gap is one.
        _tailLines++;
        _tailBytes += size;
        _tail.Push(head[..length]);
        _tail.Push(line);
        _tail.Push(end);
    }

    private void AppendTail()
    {
        var kept = _tail.Bytes;
        if (kept.Length < _tailBytes)
        {
            kept = kept[(kept.IndexOf((byte)'\n') + 1)..];
        }

        var lines = kept.Count((byte)'\n');
        if (lines < _tailLines)
        {
            Say(string.Create(
                CultureInfo.InvariantCulture, $"{_tailLines - lines} lines ({_tailBytes - kept.Length} bytes) are left out here"));
        }

        if (_skipped > 0)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"{_skipped} bytes more were printed faster than they could be read"));
        }

        _piece.Write(kept);
        _lines += lines;
    }

    private void Say(string text) => _piece.Write(Encoding.UTF8.GetBytes($"{Prefix("agent")}{LogText.Clean(text)}\n"));

    private string Prefix(string stream) =>
        string.Create(CultureInfo.InvariantCulture, $"{_time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {stream} ");

    private void Send(bool isLast)
    {
        if (_piece.WrittenCount == 0)
        {
            return;
        }

        var bytes = _piece.WrittenSpan.ToArray();
        if (_dropped > 0)
        {
            bytes = [.. Encoding.UTF8.GetBytes($"{Prefix("agent")}{_dropped} lines were dropped: the disk did not keep up\n"), .. bytes];
        }

        if (_writer.TryAdd(_file, bytes, _lines, isLast))
        {
            _dropped = 0;
        }
        else
        {
            _dropped += _lines;
        }

        _piece.ResetWrittenCount();
        _lines = 0;
    }

    private sealed class Sink(RunLog log, string stream) : ILineSink
    {
        public void Take(ReadOnlySpan<byte> line, bool isCut) => log.Take(stream, line, isCut);
    }
}
