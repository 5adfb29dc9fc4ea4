using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace OpsAgent.OpsCtl.Terminal;

/// <summary>Tells of changes of the terminal by the signals that announce them.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class TerminalSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public TerminalSignals(Action<TerminalChange> onChange)
    {
        Follow(PosixSignal.SIGWINCH, _ => onChange(TerminalChange.Resized));
        Follow(PosixSignal.SIGCONT, _ => onChange(TerminalChange.Resumed));
        Follow(PosixSignal.SIGTSTP, context =>
        {
            // The runtime does not stop a program that is told of this signal.
            context.Cancel = true;
            onChange(TerminalChange.Suspending);
            Posix.StopThisProcess();
        });
    }

    public void Dispose() => _registrations.ForEach(static r => r.Dispose());

    private void Follow(PosixSignal signal, Action<PosixSignalContext> act) => _registrations.Add(PosixSignalRegistration.Create(signal, act));
}
