using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OpsAgent.Build;

/// <summary>
/// Builds what the demo needs, publishes it into a temporary folder and runs it there, so that nothing in the checkout is used
/// once the demo plays: it may be built again meanwhile, and another demo may play beside it.
/// </summary>
internal static class Demo
{
    private const int NotHere = 69;
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] arguments)
    {
        Check(arguments);
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("demo: the agent is a program for Linux; run this there");
            return NotHere;
        }

        using var interrupt = new Interrupt();
        var folder = Directory.CreateTempSubdirectory("opsagent-demo-").FullName;
        try
        {
            Console.WriteLine("Building what the demo needs; from a clean checkout this takes a minute or so ...");
            var code = await PrepareAsync(folder);
            code = code == 0 && !interrupt.Came ? Play(folder, arguments, interrupt) : code;
            return interrupt.Came && code != 0 ? Interrupted : code;
        }
        finally
        {
            Remove(folder);
        }
    }

    private static void Check(string[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            var breaks = arguments[i] == "--break";
            if (breaks ? arguments.ElementAtOrDefault(++i) is not ("rucio" or "door" or "disk") : arguments[i] != "--keep")
            {
                throw new UsageException(breaks ? "--break rucio, door or disk" : $"demo knows no '{arguments[i]}'");
            }
        }
    }

    private static async Task<int> PrepareAsync(string folder)
    {
        using var alone = await BuildLock.TakeAsync(Places.In("artifacts", "build.lock"), Console.Out, TimeProvider.System);
        var code = Solution.BuildQuickly(Path.Combine("build", "demo.slnf"));
        string[] doers = ["PayloadLog", "RucioSnapshot", "SubmitTask"];
        code = code != 0 ? code : Deploy.Fill(Path.Combine(folder, "tree"), doers.Select(doer => Places.In("src", "Doers", doer)));
        return code != 0 ? code : Solution.Publish(Places.In("tests", "Demo"), Path.Combine(folder, "program"));
    }

    /// <summary>Runs it. Its standard input is its lifeline: when that ends, as when this program is killed, it tidies up.</summary>
    private static int Play(string folder, string[] arguments, Interrupt interrupt)
    {
        var program = Path.Combine(folder, "program", "opsagent-demo.dll");
        var mark = Guid.NewGuid().ToString("N");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, folder, "--lifeline", .. arguments])
        {
            RedirectStandardInput = true,
            Environment = { [Child.Mark] = mark },
        })!;
        using var cut = interrupt.Token.Register(process.StandardInput.Close);
        process.WaitForExit();
        return Child.EndMarked(mark, "demo") == 0 ? process.ExitCode : 1;
    }

    /// <summary>What the demo did not remove itself; what it keeps to be looked at stays.</summary>
    private static void Remove(string folder)
    {
        foreach (var made in (string[])["tree", "program"])
        {
            if (Directory.Exists(Path.Combine(folder, made)))
            {
                Directory.Delete(Path.Combine(folder, made), recursive: true);
            }
        }

        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    /// <summary>Ctrl-C reaches the programs that were started too; this one stays until they have ended, and tidies up.</summary>
    private sealed class Interrupt : IDisposable
    {
        private readonly CancellationTokenSource _came = new();
        private readonly List<PosixSignalRegistration> _signals = [];

        public Interrupt()
        {
            foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            {
                _signals.Add(PosixSignalRegistration.Create(signal, received =>
                {
                    received.Cancel = true;
                    _came.Cancel();
                }));
            }
        }

        public CancellationToken Token => _came.Token;

        public bool Came => _came.IsCancellationRequested;

        public void Dispose()
        {
            _signals.ForEach(signal => signal.Dispose());
            _came.Dispose();
        }
    }
}
