using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>Another program that holds the ledger's lock, as a backup or somebody's sqlite3 would, until it is let go.</summary>
internal sealed class LedgerLock : IAsyncDisposable
{
    private const string Program =
        "import sqlite3, sys\n"
        + "c = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)\n"
        + "c.execute('BEGIN EXCLUSIVE')\n"
        + "print('it holds the lock', flush=True)\n"
        + "sys.stdin.readline()\n"
        + "c.execute('COMMIT')\n";

    private readonly ChildProcess _holder;

    private LedgerLock(ChildProcess holder) => _holder = holder;

    public static async Task<LedgerLock> TakeAsync(string stateFolder)
    {
        var holder = ChildProcess.Start(
            "/usr/bin/python3", ["-c", Program, Path.Combine(stateFolder, "ledger.db")], new Dictionary<string, string>(), keepInput: true);
        await holder.WritesAsync("it holds the lock");
        return new LedgerLock(holder);
    }

    public async Task LetGoAsync()
    {
        await _holder.TellAsync("go");
        await _holder.ExitAsync();
    }

    public ValueTask DisposeAsync() => _holder.DisposeAsync();
}
