namespace OpsAgent.Tests.Support;

/// <summary>File modes as people write them: in octal.</summary>
public static class UnixMode
{
    /// <summary>The mode of a file or folder, for example <c>2775</c>.</summary>
    public static string Of(string path) =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : Convert.ToString((int)File.GetUnixFileMode(path), 8);

    /// <summary>Sets the mode, for example to <c>0640</c>.</summary>
    public static void Set(string path, string mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
        }
    }
}
