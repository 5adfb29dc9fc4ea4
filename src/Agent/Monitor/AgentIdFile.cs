namespace OpsAgent.Agent.Monitor;

/// <summary>The id that the monitor gave this agent, kept in the state folder for all its starts.</summary>
internal sealed class AgentIdFile(string stateDirectory)
{
    private const int MaxLength = 40;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Its path.</summary>
    public string Path { get; } = System.IO.Path.Combine(stateDirectory, "agent.id");

    /// <summary>True for what may be the end of an agent's name.</summary>
    public static bool IsValid(string id) =>
        id.Length is > 0 and <= MaxLength && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>The kept id; null if there is none that can be used.</summary>
    public string? Read()
    {
        try
        {
            return File.Exists(Path) && File.ReadAllText(Path).Trim() is var id && IsValid(id) ? id : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An id that can't be read is asked for again; nothing else depends on it.
            return null;
        }
    }

    /// <summary>Keeps an id, by rename.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Write(string id)
    {
        var partial = Path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var writer = new StreamWriter(partial, options))
        {
            writer.WriteLine(id);
        }

        File.Move(partial, Path, overwrite: true);
    }
}
