namespace OpsAgent.Stomp.Protocol;

/// <summary>What client and server agreed to speak.</summary>
internal enum StompVersion
{
    V10,
    V11,
    V12,
}

internal static class StompVersions
{
    public static bool TryParse(string text, out StompVersion version)
    {
        version = text switch { "1.2" => StompVersion.V12, "1.1" => StompVersion.V11, _ => StompVersion.V10 };
        return text is "1.0" or "1.1" or "1.2";
    }

    public static string Text(this StompVersion version) => version switch
    {
        StompVersion.V12 => "1.2",
        StompVersion.V11 => "1.1",
        _ => "1.0",
    };
}
