using System.CommandLine;

namespace OpsAgent.OpsCtl.CommandLine;

/// <summary>A command with examples, which its help prints.</summary>
internal sealed class OpsCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}
