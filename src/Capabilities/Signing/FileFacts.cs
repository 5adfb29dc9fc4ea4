namespace OpsAgent.Capabilities.Signing;

/// <summary>What a key's file is judged by.</summary>
/// <param name="Owner">The user's number.</param>
/// <param name="Mode">Type and permissions.</param>
/// <param name="ChangedAt">When its content was changed last.</param>
internal readonly record struct FileFacts(uint Owner, int Mode, DateTimeOffset ChangedAt)
{
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>True for a file that is no folder, link, device or pipe.</summary>
    public bool IsRegular => (Mode & TypeMask) == Regular;
}
