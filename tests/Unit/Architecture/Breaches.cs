using Xunit;

namespace OpsAgent.Tests.Unit.Architecture;

internal static class Breaches
{
    /// <summary>Fails with every breach in full; xunit's own message would cut them off.</summary>
    public static void None(IEnumerable<string> breaches)
    {
        var found = string.Join('\n', breaches);
        Assert.True(found.Length == 0, found);
    }
}
