namespace OpsAgent.Build;

/// <summary>Where things are.</summary>
internal static class Places
{
    public static readonly string Root = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;

    public static string In(params string[] parts) => Path.Combine([Root, .. parts]);
}
