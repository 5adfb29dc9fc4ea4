namespace OpsAgent.Build;

/// <summary>The one configuration: what is tested is what is published, and nothing is compiled twice.</summary>
internal static class Solution
{
    public const string Configuration = "Release";

    private static readonly string[] Quiet = ["-v", "q", "-nodeReuse:false"];

    /// <summary>All of it. With the ahead-of-time compiler fetched too, a later publish needs no network.</summary>
    public static int Build() => Build("OpsAgent.sln", "-p:PublishReadyToRun=true");

    /// <summary>A solution, or a part of it that a filter names.</summary>
    public static int Build(string solution, params string[] restore)
    {
        var code = Child.Run("dotnet", ["restore", solution, "--locked-mode", .. restore, .. Quiet]);
        return code != 0 ? code : Child.Run("dotnet", ["build", solution, "--no-restore", "-c", Configuration, .. Quiet]);
    }

    /// <summary>
    /// Lays the assemblies that were built into one room of a tree. Programs in one room share libraries: versions are central,
    /// and what was compiled ahead of time for other ones is compiled when it runs.
    /// </summary>
    public static int Publish(string project, string room, params string[] how) =>
        Child.Run("dotnet", ["publish", project, "--no-build", "-c", Configuration, "-o", room, .. how, .. Quiet]);
}
