using System.Text;

namespace OpsAgent.Tests.DummyDoer;

/// <summary>A record of starts that outlives everything: one line appended and synced, for tests of what runs only once.</summary>
internal static class Ledger
{
    public static int Append(string file, string line)
    {
        // Append mode is O_APPEND: a line of one write is never mixed with another's.
        using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
        stream.Flush(flushToDisk: true);
        return 0;
    }
}
