using System.Runtime.InteropServices;

namespace OpsAgent.Tests.DummyDoer;

/// <summary>Commands that take time.</summary>
internal static class Waiting
{
    /// <summary>Longer than any test; a leftover of a failed test ends some time all the same.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(1000);

    public static int For(TimeSpan time)
    {
        Ready();
        using var never = new ManualResetEvent(false);
        never.WaitOne(time);
        return 0;
    }

    /// <summary>Holds so much memory at once; 70 if it is not to be had.</summary>
    public static int Holding(int mebibytes)
    {
        var held = new List<byte[]>();
        try
        {
            while (held.Count < mebibytes)
            {
                held.Add(new byte[1024 * 1024]);
            }
        }
        catch (OutOfMemoryException)
        {
            return 70;
        }

        return held.TrueForAll(static block => block[0] == 0) ? 0 : 1;
    }

    /// <summary>A byte on stderr now and then.</summary>
    public static int Tick(int count, int milliseconds)
    {
        using var never = new ManualResetEvent(false);
        for (var i = 0; i < count; i++)
        {
            Console.Error.Write('.');
            never.WaitOne(milliseconds);
        }

        return 0;
    }

    public static int IgnoringTerm()
    {
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static context => context.Cancel = true);
        return For(Long);
    }

    public static int ExitingOnTerm(int code)
    {
        using var gone = new ManualResetEvent(false);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            gone.Set();
        });
        Ready();
        gone.WaitOne(Long);
        Console.Out.WriteLine("ended in good order");
        return code;
    }

    public static int KilledBy(string signal)
    {
        Shell.Run($"kill -{signal} {Environment.ProcessId}");
        return For(Long);
    }

    public static int ForFile(string file, int code)
    {
        Ready();
        using var never = new ManualResetEvent(false);
        while (!File.Exists(file))
        {
            never.WaitOne(10);
        }

        return code;
    }

    /// <summary>Tells the test that all is as it wants it; by rename, so that it is seen complete or not at all.</summary>
    public static void Ready()
    {
        File.WriteAllText("ready.tmp", $"{Environment.ProcessId}\n");
        File.Move("ready.tmp", "ready", overwrite: true);
    }
}
