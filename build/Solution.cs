namespace OpsAgent.Build;

/// <summary>The one configuration: what is tested is what is published, and nothing is compiled twice.</summary>
internal static class Solution
{
    public const string Configuration = "Release";

    public static readonly string[] Quiet = ["-v", "q", "-nodeReuse:false"];

    public static int Build()
    {
        // PublishReadyToRun makes the restore fetch the ahead-of-time compiler too, so that a later publish needs no network.
        var code = Child.Run("dotnet", ["restore", "OpsAgent.sln", "--locked-mode", "-p:PublishReadyToRun=true", .. Quiet]);
        return code != 0 ? code : Child.Run("dotnet", ["build", "OpsAgent.sln", "--no-restore", "-c", Configuration, .. Quiet]);
    }
}
