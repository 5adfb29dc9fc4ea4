using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Handlers;

/// <summary>The umask is the whole process's, so nothing else may run meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class UmaskCollection
{
    public const string Name = "umask";
}

[Collection(UmaskCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed partial class FailureMarkerModeTests
{
    [Theory]
    [InlineData(0b000_111_111u)]
    [InlineData(0u)]
    public void Modes_are_what_the_web_tier_needs_whatever_the_umask(uint mask)
    {
        using var area = new ScratchArea();
        Directory.CreateDirectory(area.At("panda-logs"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var before = umask(mask);
        try
        {
            area.Markers.Write("panda-logs/41/7001/.error", "x", counts: true);
        }
        finally
        {
            _ = umask(before);
        }

        Assert.Equal("644", Octal(area.At("panda-logs/41/7001/.error")));
        Assert.Equal("2775", Octal(area.At("panda-logs/41/7001")));
        Assert.Equal("2775", Octal(area.At("panda-logs/41")));
        Assert.Equal("700", Octal(area.At("panda-logs")));
    }

    private static string Octal(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);

    [LibraryImport("libc")]
    private static partial uint umask(uint mask);
}
