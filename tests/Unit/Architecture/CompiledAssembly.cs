using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace OpsAgent.Tests.Unit.Architecture;

/// <summary>What the compiler wrote down, without loading it.</summary>
internal static class CompiledAssembly
{
    public static IReadOnlyList<string> References(string path) => Read(path, reader =>
        reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name)));

    /// <summary>Full names of the types of other assemblies that are used.</summary>
    public static IReadOnlyList<string> ForeignTypes(string path) => Read(path, reader =>
        reader.TypeReferences.Select(reader.GetTypeReference)
            .Select(type => $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}"));

    private static List<string> Read(string path, Func<MetadataReader, IEnumerable<string>> facts)
    {
        using var file = new PEReader(File.OpenRead(path));
        return [.. facts(file.GetMetadataReader())];
    }
}
