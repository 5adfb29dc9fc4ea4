namespace OpsAgent.Build;

/// <summary>The one configuration: what is tested is what is published, and nothing is compiled twice.</summary>
internal static class Solution
{
    public const string Configuration = "Release";

    private static readonly string[] Quiet = ["-v", "q", "-nodeReuse:false"];

    // What has one project's work to do is done sooner without a second process to hand it to.
    private static readonly string[] Single = [.. Quiet, "-m:1"];

    // Many times what a slow machine takes from an empty package cache: whoever waits is to hear that it hangs.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    /// <summary>All of it. With the ahead-of-time compiler fetched too, a later publish needs no network.</summary>
    public static int Build() => Build("OpsAgent.sln", ["-p:PublishReadyToRun=true"], []);

    /// <summary>
    /// What a filter names, for somebody who waits to see it run: without the analyzers, which take a third of the time. Whoever
    /// changes a file has its project analyzed by the next build, and the tests are always built whole.
    /// </summary>
    public static int BuildQuickly(string filter) => Build(filter, [], ["-p:RunAnalyzers=false"]);

    /// <summary>One project and what it is made of.</summary>
    public static int BuildOne(string project) => Build(project, ["-p:PublishReadyToRun=true"], []);

    private static int Build(string solution, string[] restore, string[] build)
    {
        var code = Run(["restore", solution, "--locked-mode", .. restore, .. Single]);
        return code != 0 ? code : Run(["build", solution, "--no-restore", "-c", Configuration, .. build, .. Quiet]);
    }

    /// <summary>
    /// Lays the assemblies that were built into one room of a tree. Programs in one room share libraries: versions are central,
    /// and what was compiled ahead of time for other ones is compiled when it runs.
    /// </summary>
    public static int Publish(string project, string room, params string[] how) =>
        Run(["publish", project, "--no-build", "-c", Configuration, "-o", room, .. how, .. Single]);

    private static int Run(string[] arguments) => Child.Run("dotnet", arguments, limit: Limit);
}
