namespace OpsAgent.Capabilities.Credentials;

/// <summary>Reads what may be a credential, as the judge does: regular files only, so that a pipe holds up nobody. Links are followed.</summary>
public static class CredentialText
{
    /// <summary>The whole text; null if it can't be read, is empty or is too large for a credential.</summary>
    /// <param name="path">The file.</param>
    /// <param name="state">Good, missing or unreadable.</param>
    public static string? Read(string path, out CredentialState state)
    {
        using var file = CredentialFile.Open(path, follow: true, out state, out _);
        if (file is null)
        {
            return null;
        }

        string? text;
        try
        {
            text = file.Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            text = null;
        }

        state = text is null ? CredentialState.Unreadable : CredentialState.Good;
        return text;
    }
}
