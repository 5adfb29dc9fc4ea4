using System.Text;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// What each doer, and all that inherits its environment, carries in it: whose it is. One attempt, or any attempt at a
/// request, or any doer at all.
/// </summary>
internal sealed class DoerMark
{
    /// <summary>The variable's name.</summary>
    public const string Variable = "OPSAGENT_MARK";

    private readonly byte[] _entry;
    private readonly Extent _extent;

    private DoerMark(string entry, Extent extent)
    {
        _entry = Encoding.UTF8.GetBytes(entry);
        _extent = extent;
    }

    private enum Extent
    {
        Attempt = 0,
        Request = 1,
        Everything = 2,
    }

    /// <summary>Any agent's mark on any doer.</summary>
    public static DoerMark OfAnyDoer { get; } = new($"{Variable}=", Extent.Everything);

    /// <summary>The marks of all doers of one state folder.</summary>
    public static DoerMark OfState(string stateId) => new($"{Variable}={stateId}:", Extent.Everything);

    /// <summary>The mark of one attempt.</summary>
    public static DoerMark Of(string stateId, RequestId request, int attempt) => new($"{Variable}={Value(stateId, request, attempt)}", Extent.Attempt);

    /// <summary>The mark of a run: of an attempt, or of the look-ups of its request, so that the end of one is never the end of the other.</summary>
    public static DoerMark Of(string stateId, RunContext run) => new($"{Variable}={Value(stateId, run)}", Extent.Attempt);

    /// <summary>The marks of all attempts at a request, not of its look-ups.</summary>
    public static DoerMark OfAnyAttempt(string stateId, RequestId request) => new($"{Variable}={stateId}:{request.Value}:", Extent.Request);

    /// <summary>The variable's value.</summary>
    public static string Value(string stateId, RequestId request, int attempt) => $"{stateId}:{request.Value}:{attempt}";

    /// <summary>The same for a run.</summary>
    public static string Value(string stateId, RunContext run) =>
        run.IsLookUp ? $"{stateId}:{run.RequestId.Value}:look" : Value(stateId, run.RequestId, run.Attempt);

    /// <summary>
    /// True if one entry of an environment (<c>NAME=value</c>) is this mark; <paramref name="attempt"/> is then what it says, 0 for a look-up.
    /// </summary>
    public bool Matches(ReadOnlySpan<byte> entry, out int attempt)
    {
        attempt = 0;
        if (!entry.StartsWith(_entry))
        {
            return false;
        }

        if (_extent == Extent.Everything)
        {
            return true;
        }

        if (_extent == Extent.Attempt)
        {
            _ = int.TryParse(entry[(entry.LastIndexOf((byte)':') + 1)..], out attempt);
            return entry.Length == _entry.Length;
        }

        // A request id may hold colons, so "a" must not take the marks of "a:1": after the prefix only the attempt may follow.
        var number = entry[_entry.Length..];
        return number.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && int.TryParse(number, out attempt);
    }
}
