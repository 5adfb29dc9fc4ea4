namespace OpsAgent.Tests.Fuzz.Engine;

/// <summary>The files below Seeds, which the program carries.</summary>
internal static class SeedFiles
{
    /// <summary>Those of one target, in the order of their names.</summary>
    public static byte[][] Of(string target)
    {
        var names = typeof(SeedFiles).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(target + "/", StringComparison.Ordinal));
        byte[][] all = [.. names.Order(StringComparer.Ordinal).Select(Read)];
        return all.Length > 0 ? all : throw new InvalidOperationException($"no seeds for {target}");
    }

    /// <summary>The manifest as it is shipped.</summary>
    public static byte[] ShippedManifest() => Read("prodops.toml");

    private static byte[] Read(string name)
    {
        using var stream = typeof(SeedFiles).Assembly.GetManifestResourceStream(name)!;
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }
}
