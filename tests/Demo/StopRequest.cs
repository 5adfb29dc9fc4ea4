using System.Runtime.InteropServices;

namespace OpsAgent.Tests.Demo;

/// <summary>Ctrl-C, a signal that asks to end, or the end of whoever started the demo.</summary>
internal sealed class StopRequest : IDisposable
{
#pragma warning disable CA2213 // the lifeline's thread may cancel it to the very end
    private readonly CancellationTokenSource _stop = new();
#pragma warning restore CA2213
    private readonly List<PosixSignalRegistration> _signals = [];

    private StopRequest(bool lifeline)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, received =>
            {
                received.Cancel = true;
                _stop.Cancel();
            }));
        }

        if (lifeline)
        {
            // A read of the console can't be cancelled: this thread ends with the process.
            new Thread(HoldLifeline) { IsBackground = true, Name = "lifeline" }.Start();
        }
    }

    /// <summary>Cancelled once the demo is to end.</summary>
    public CancellationToken Token => _stop.Token;

    public static StopRequest Listen(bool lifeline) => new(lifeline);

    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    private void HoldLifeline()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
            // Nothing is said on it; only its end counts.
        }

        _stop.Cancel();
    }
}
