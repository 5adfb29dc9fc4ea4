using System.Diagnostics.CodeAnalysis;
using System.Text;
using OpsAgent.Agent.Launching;

namespace OpsAgent.Agent.Boundaries;

/// <summary>
/// Kills the agent's own process at a boundary, for tests of what a crash leaves. One is armed by <see cref="Variable"/>; without it
/// each passage is one look at a null.
/// </summary>
internal sealed class FailPoints
{
    /// <summary><c>BOUNDARY:N</c>, for example <c>committed:3</c>: the third passage is the last thing that this process does.</summary>
    public const string Variable = "OPSAGENT_FAIL_AT";

    private static FailPoints? _armed;

    private readonly Boundary _boundary;
    private readonly string _text;
    private readonly Action _kill;
    private int _left;

    private FailPoints(Boundary boundary, int passages, Action? kill)
    {
        _boundary = boundary;
        _left = passages;
        _text = $"{boundary.ToString().ToLowerInvariant()}:{passages}";
        _kill = kill ?? KillOurselves;
    }

    /// <summary>What is armed, as it was given; null: nothing.</summary>
    public static string? Armed => _armed?._text;

    /// <summary>Arms what the variable says; false if it can't be read.</summary>
    public static bool TryArm(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        return TryRead(text, null, out _armed);
    }

    /// <summary>Reads a fail-point; false if it is none.</summary>
    public static bool TryRead(string text, Action? kill, [NotNullWhen(true)] out FailPoints? point)
    {
        var parts = text.Split(':');
        var known = Array.Find(Enum.GetValues<Boundary>(), b => b.ToString().Equals(parts[0], StringComparison.OrdinalIgnoreCase));
        point = parts.Length == 2 && known.ToString().Equals(parts[0], StringComparison.OrdinalIgnoreCase)
            && int.TryParse(parts[1], out var passages) && passages > 0
            ? new FailPoints(known, passages, kill)
            : null;
        return point is not null;
    }

    /// <summary>Told at each boundary.</summary>
    public static void Pass(Boundary boundary) => _armed?.Count(boundary);

    /// <summary>Counts a passage; the last one kills.</summary>
    public void Count(Boundary boundary)
    {
        if (boundary == _boundary && Interlocked.Decrement(ref _left) == 0)
        {
            _kill();
        }
    }

    // No log: its lines are written by another thread, which would not get there any more.
    private unsafe void KillOurselves()
    {
        var line = Encoding.ASCII.GetBytes($"opsagent: ends itself at {_text}\n");
        fixed (byte* bytes = line)
        {
            _ = Native.Write(2, bytes, (nuint)line.Length);
        }

        _ = Native.Kill(Environment.ProcessId, SignalNames.Kill);
    }
}
