using System.Runtime.InteropServices;
using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.Facility;

/// <summary>
/// Runs a doer's work: turns signals into cancellation, every end into its exit code with at most one <c>ERROR:</c> line, and
/// writes <see cref="ResultFile"/> last.
/// </summary>
public static class DoerHost
{
    /// <summary>Runs <paramref name="work"/>, which may end with a result line and a code of its own, even after a signal.</summary>
    public static async Task<int> RunAsync(DoerLog log, TextWriter output, Func<CancellationToken, Task<DoerEnd>> work)
    {
        using var stop = new CancellationTokenSource();
        var signalled = DoerExit.Ok;
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            signalled = context.Signal switch
            {
                PosixSignal.SIGINT => DoerExit.Interrupted,
                PosixSignal.SIGHUP => DoerExit.HungUp,
                _ => DoerExit.Terminated,
            };
            stop.Cancel();
        }

        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);

        var (exit, result) = await EndOf(log, work, () => signalled, stop.Token);
        WriteResultLine(output, result);
        ResultFile.Write(Environment.GetEnvironmentVariable(ResultFile.Variable), (int)exit, result, log);
        return (int)exit;
    }

    private static async Task<DoerEnd> EndOf(
        DoerLog log, Func<CancellationToken, Task<DoerEnd>> work, Func<DoerExit> signalled, CancellationToken stop)
    {
        try
        {
            return await work(stop);
        }
        catch (Exception) when (signalled() != DoerExit.Ok)
        {
            log.Error($"ended by a signal, exit {(int)signalled()}");
            return new DoerEnd(signalled(), "");
        }
        catch (DoerException e)
        {
            log.Error(e.Message);
            return new DoerEnd(e.Exit, "");
        }
        catch (Exception e)
        {
            // The outermost boundary: an unknown failure must still end with one line and an exit code.
            var known = FileFault.Translate(e);
            log.Error(known?.Message ?? $"{e.GetType().Name}: {e.Message}");
            return new DoerEnd(known?.Exit ?? DoerExit.Failed, "");
        }
    }

    private static void WriteResultLine(TextWriter output, string result)
    {
        if (result.Length == 0)
        {
            return;
        }

        try
        {
            output.WriteLine(result);
            output.Flush();
        }
        catch (IOException)
        {
            // Nobody reads; result.json, written next, says the same.
        }
    }
}
