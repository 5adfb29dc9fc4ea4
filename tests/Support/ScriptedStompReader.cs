using System.Runtime.InteropServices;
using System.Text;

namespace OpsAgent.Tests.Support;

/// <summary>Frames out of bytes, for a test's server: as simple as can be.</summary>
internal sealed class ScriptedStompReader(Action<ScriptedStompFrame> onFrame)
{
    private readonly List<byte> _bytes = [];
    private int _heartBeats;

    public int HeartBeats => Volatile.Read(ref _heartBeats);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        while (TakeHeartBeat() || TakeFrame())
        {
        }
    }

    private bool TakeHeartBeat()
    {
        if (_bytes.Count == 0 || _bytes[0] != '\n')
        {
            return false;
        }

        _bytes.RemoveAt(0);
        Interlocked.Increment(ref _heartBeats);
        return true;
    }

    private bool TakeFrame()
    {
        var bytes = CollectionsMarshal.AsSpan(_bytes);
        var head = bytes.IndexOf("\n\n"u8);
        if (head < 0)
        {
            return false;
        }

        var lines = Encoding.UTF8.GetString(bytes[..head]).Split('\n');
        var headers = lines.Skip(1).Select(l => l.Split(':', 2)).Select(p => KeyValuePair.Create(p[0], p[1])).ToList();
        var length = headers.Where(h => h.Key == "content-length").Select(h => int.Parse(h.Value)).FirstOrDefault(-1);
        var body = head + 2;
        var end = length >= 0 ? body + length : body + bytes[body..].IndexOf((byte)0);
        if (end < body || end >= bytes.Length)
        {
            return false;
        }

        var frame = new ScriptedStompFrame(lines[0], headers, bytes[body..end].ToArray());
        _bytes.RemoveRange(0, end + 1);
        onFrame(frame);
        return true;
    }
}
