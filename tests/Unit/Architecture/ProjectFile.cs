using System.Xml.Linq;

namespace OpsAgent.Tests.Unit.Architecture;

/// <summary>What a project file says about the project's neighbours.</summary>
internal sealed record ProjectFile(string Path, XDocument Xml)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string AssemblyName => Xml.Descendants("AssemblyName").SingleOrDefault()?.Value ?? Name;

    public IEnumerable<string> References =>
        Xml.Descendants("ProjectReference").Select(reference => NameOf((string)reference.Attribute("Include")!));

    public IEnumerable<XElement> Packages => Xml.Descendants("PackageReference");

    public bool IsSource => Path.StartsWith("src/", StringComparison.Ordinal);

    private static string NameOf(string reference) => System.IO.Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'));
}
