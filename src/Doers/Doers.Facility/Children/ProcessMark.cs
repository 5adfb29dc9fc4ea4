using System.Text;

namespace OpsAgent.Doers.Facility.Children;

/// <summary>A variable in a child's environment that all it starts inherits: by it they are found, whoever their parent is.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Value">What no other child's has.</param>
public sealed record ProcessMark(string Name, string Value)
{
    private readonly byte[] _entry = Encoding.UTF8.GetBytes($"{Name}={Value}");

    /// <summary>True if an environment, as <c>/proc/PID/environ</c> shows it, has the mark.</summary>
    internal bool IsIn(ReadOnlySpan<byte> environment)
    {
        foreach (var range in environment.Split((byte)0))
        {
            if (environment[range].SequenceEqual(_entry))
            {
                return true;
            }
        }

        return false;
    }
}
