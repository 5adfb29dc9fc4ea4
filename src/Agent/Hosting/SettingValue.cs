namespace OpsAgent.Agent.Hosting;

/// <summary>A setting's value in force, and who gave it.</summary>
/// <param name="Setting">Which.</param>
/// <param name="Text">The value.</param>
/// <param name="Origin"><c>default</c>, <c>FILE:LINE</c>, <c>environment NAME</c> or <c>command line</c>.</param>
internal sealed record SettingValue(Setting Setting, string Text, string Origin)
{
    /// <summary>The value as it may be shown.</summary>
    public string Shown => Setting.Secret && Text.Length > 0 ? "(hidden)" : Text;
}
