namespace OpsAgent.Tests.Support.StompPy;

/// <summary>Where stomp.py connects to.</summary>
/// <param name="Port">On localhost.</param>
/// <param name="User">Login.</param>
/// <param name="Passcode">Passcode.</param>
/// <param name="CaFile">TLS with that CA; null: plain text.</param>
public sealed record StompPyEndpoint(int Port, string User, string Passcode, string? CaFile = null)
{
    /// <summary>Debian's own interpreter, which has the packaged stomp.py.</summary>
    public const string Python = "/usr/bin/python3";

    /// <summary>The script.</summary>
    public static string Script => Path.Combine(AppContext.BaseDirectory, "StompPy", "stomp_peer.py");

    /// <summary>The environment that the script reads.</summary>
    public Dictionary<string, string> Environment(bool contentLength = false) => new()
    {
        ["STOMP_PORT"] = Port.ToString(),
        ["STOMP_USER"] = User,
        ["STOMP_PASSCODE"] = Passcode,
        ["STOMP_CA"] = CaFile ?? "",
        ["STOMP_CONTENT_LENGTH"] = contentLength ? "1" : "0",
    };
}
